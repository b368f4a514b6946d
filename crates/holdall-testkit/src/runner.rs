//! Runs the suite against backends from a factory.

use std::any::Any;
use std::fmt;
use std::future::IntoFuture;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use futures::stream::StreamExt;
use holdall::{AsyncBackend, Backend, IntoAsyncBackend, IntoBackend};

use crate::blocking::Blocking;
use crate::fixture::Fixture;
use crate::report::{CaseReport, Report, Verdict};
use crate::stop::Checked;
use crate::suite::{Calls, Case, cases};

/// How long a case may take unless the run says otherwise. Only a hang takes
/// anywhere near as long.
const WATCHDOG: Duration = Duration::from_secs(120);

/// A fresh backend for one case, with whatever must outlive it.
pub struct Instance {
    backend: Arc<dyn AsyncBackend>,
    blocking: Option<Arc<dyn Backend>>,
    kept: Vec<Box<dyn Any + Send>>,
}

impl Instance {
    /// An instance of `backend`.
    pub fn new(backend: impl IntoAsyncBackend) -> Self {
        Self {
            backend: backend.into_async_backend(),
            blocking: None,
            kept: Vec::new(),
        }
    }

    /// An instance of a `backend` whose calls block. The cases of awaited calls
    /// reach it through [`Blocking`], those of blocking ones directly.
    pub fn blocking(backend: impl IntoBackend) -> Self {
        let backend = backend.into_backend();
        Self {
            backend: Arc::new(Blocking::new(Arc::clone(&backend))),
            blocking: Some(backend),
            kept: Vec::new(),
        }
    }

    /// Keeps `guard`, such as a temporary folder, until the case is over.
    #[must_use]
    pub fn keeping(mut self, guard: impl Any + Send) -> Self {
        self.kept.push(Box::new(guard));
        self
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("backend", &self.backend.name())
            .finish_non_exhaustive()
    }
}

impl<B: IntoAsyncBackend> From<B> for Instance {
    fn from(backend: B) -> Self {
        Self::new(backend)
    }
}

/// A case of a suite: what a [`Conformance`] runs, and a [`Report`] lists.
pub trait SuiteCase: Clone + Send + Sync + 'static {
    /// What the case is run against.
    type Instance: Send + 'static;

    /// All cases of the suite, grouped by family.
    fn all() -> Vec<Self>;

    /// The name: the family and the rule, such as `write/at_folder`.
    fn name(&self) -> &str;

    /// The rule: one sentence that says what must hold.
    fn rule(&self) -> &str;

    /// What an instance calls itself.
    fn subject(instance: &Self::Instance) -> String;

    /// Runs the case; the instance is dropped when it is over.
    fn judge(self, instance: Self::Instance) -> BoxFuture<'static, Verdict>;
}

type Factory<I> = Arc<dyn Fn() -> BoxFuture<'static, I> + Send + Sync>;

/// A run of a suite that is yet to begin: configure it, then await it.
#[must_use = "a run begins when it is awaited"]
pub struct Conformance<C: SuiteCase = Case> {
    factory: Factory<C::Instance>,
    name: Option<String>,
    only: Option<Vec<String>>,
    watchdog: Duration,
    concurrency: usize,
}

/// Runs the contract against the backends that `factory` makes, one per case.
///
/// Await the result for a [`Report`]. See [the crate](crate) for an example.
pub fn conformance<F, Fut>(factory: F) -> Conformance
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
    Fut::Output: Into<Instance>,
{
    Conformance::new(factory)
}

/// As [`conformance`], for a [`Backend`] whose calls block: the whole suite,
/// but for what is about giving up a call, and with the cases that are about
/// blocking calls alone.
///
/// ```
/// # use holdall::MemoryBackend;
/// # #[tokio::main] async fn main() {
/// holdall_testkit::sync_conformance(MemoryBackend::new)
/// #   .only(["sync/"])
///     .await
///     .assert_passed();
/// # }
/// ```
///
/// A backend that needs something beside it goes into an
/// [`Instance::blocking`], which [`conformance`] takes.
pub fn sync_conformance<F, B>(factory: F) -> Conformance
where
    F: Fn() -> B + Send + Sync + 'static,
    B: IntoBackend,
{
    conformance(move || std::future::ready(Instance::blocking(factory())))
}

impl<C: SuiteCase> Conformance<C> {
    /// A run of the suite against what `factory` makes, once per case.
    pub fn new<F, Fut>(factory: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Into<C::Instance>,
    {
        let processors = std::thread::available_parallelism().map_or(2, NonZero::get);
        Self {
            factory: Arc::new(move || factory().map(Into::into).boxed()),
            name: None,
            only: None,
            watchdog: WATCHDOG,
            concurrency: processors * 2,
        }
    }

    /// What the report calls the subject; by default what it calls itself.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Runs only the cases whose names are among `names`, or begin with one of
    /// them that ends in `/`.
    pub fn only<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.only = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// How long a case may take before it counts as hanging; two minutes by
    /// default.
    pub fn watchdog(mut self, watchdog: Duration) -> Self {
        self.watchdog = watchdog;
        self
    }

    /// How many cases run at once; by default two per processor.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency.max(1);
        self
    }

    fn selects(&self, case: &C) -> bool {
        let matches = |wanted: &String| {
            case.name() == wanted || (wanted.ends_with('/') && case.name().starts_with(wanted))
        };
        self.only
            .as_ref()
            .is_none_or(|names| names.iter().any(matches))
    }

    /// Runs the cases on the current runtime.
    async fn run(self) -> Report<C> {
        let selected: Vec<C> = C::all().into_iter().filter(|c| self.selects(c)).collect();
        let runs = futures::stream::iter(selected).map(|case| {
            let (judged, making) = (case.clone(), Arc::clone(&self.factory));
            let running = tokio::spawn(async move { judged.judge(making().await).await });
            watch(case, running, self.watchdog)
        });
        let reports = runs.buffered(self.concurrency).collect().await;
        let name = match self.name {
            Some(name) => name,
            None => C::subject(&(self.factory)().await),
        };
        Report::new(name, reports)
    }
}

/// A runtime of its own lets a case that blocks its thread be told from one
/// that works, whatever runtime the caller has.
fn run_apart<C: SuiteCase>(run: Conformance<C>) -> std::io::Result<Report<C>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(run.concurrency.max(4))
        .enable_all()
        .build()?;
    let report = runtime.block_on(run.run());
    runtime.shutdown_background();
    Ok(report)
}

impl<C: SuiteCase> IntoFuture for Conformance<C> {
    type Output = Report<C>;
    type IntoFuture = BoxFuture<'static, Report<C>>;

    fn into_future(self) -> Self::IntoFuture {
        let (send, receive) = tokio::sync::oneshot::channel();
        let name = self.name.clone().unwrap_or_default();
        let thread = std::thread::Builder::new()
            .name("conformance".to_owned())
            .spawn(move || send.send(run_apart(self)).is_ok());
        async move {
            let broken = |message: String| Report::broken(name, message);
            match (thread, receive.await) {
                (Err(error), _) => broken(format!("no thread for the run: {error}")),
                (_, Ok(Ok(report))) => report,
                (_, Ok(Err(error))) => broken(format!("no runtime for the run: {error}")),
                (_, Err(_)) => broken("the run broke down".to_owned()),
            }
        }
        .boxed()
    }
}

impl SuiteCase for Case {
    type Instance = Instance;

    fn all() -> Vec<Self> {
        cases()
    }

    fn name(&self) -> &str {
        self.name()
    }

    fn rule(&self) -> &str {
        self.rule()
    }

    fn subject(instance: &Instance) -> String {
        instance.backend.name().to_owned()
    }

    fn judge(self, instance: Instance) -> BoxFuture<'static, Verdict> {
        run_case(self, instance).boxed()
    }
}

async fn run_case(case: Case, instance: Instance) -> Verdict {
    let Instance {
        backend,
        blocking,
        kept,
    } = instance;
    let calls = match blocking {
        Some(_) => Calls::Blocking,
        None => Calls::Awaited,
    };
    if let Some(reason) = case.skip_reason(&*backend, calls) {
        return Verdict::Skipped(reason);
    }
    let checked: Checked = async {
        let fixture = Fixture::new(Arc::clone(&backend), blocking)?;
        case.run(fixture).await
    }
    .await;
    drop(backend);
    drop(kept);
    checked.into()
}

async fn watch<C>(
    case: C,
    mut running: tokio::task::JoinHandle<Verdict>,
    watchdog: Duration,
) -> CaseReport<C> {
    let verdict = match tokio::time::timeout(watchdog, &mut running).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => Verdict::Failed(format!("the case broke down: {error}")),
        Err(_) => {
            running.abort();
            Verdict::Failed(format!("the case hangs: no end within {watchdog:?}"))
        }
    };
    CaseReport { case, verdict }
}

impl<C: SuiteCase> fmt::Debug for Conformance<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance")
            .field("name", &self.name)
            .field("only", &self.only)
            .field("watchdog", &self.watchdog)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
