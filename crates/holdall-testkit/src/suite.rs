//! Cases, and the suite that they make up.

use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt};
use holdall::driver::Namespace;
use holdall::{AsyncBackend, Capability};

use crate::blocking_fixture::BlockingFixture;
use crate::fixture::Fixture;
use crate::in_place::{apart, in_place};
use crate::stop::Checked;

/// How the calls of a subject are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calls {
    /// They are futures, which can be given up at each of their await points.
    Awaited,
    /// They block until they are done: the subject is a
    /// [`Backend`](holdall::Backend).
    Blocking,
}

type Body = Arc<dyn Fn(Fixture) -> BoxFuture<'static, Checked> + Send + Sync>;

/// One rule of the contract and how it is checked.
#[derive(Clone)]
pub struct Case {
    name: String,
    rule: String,
    needs: Vec<Capability>,
    namespace: Option<Namespace>,
    calls: Option<Calls>,
    body: Body,
}

impl Case {
    /// The name: the family and the rule, such as `write/at_folder`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rule: one sentence that says what must hold.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The capabilities without which the case does not apply.
    pub fn needs(&self) -> &[Capability] {
        &self.needs
    }

    /// The only namespace that the rule is about; `None` for both.
    pub fn namespace(&self) -> Option<Namespace> {
        self.namespace
    }

    /// The only kind of calls that the rule is about; `None` for both.
    pub fn calls(&self) -> Option<Calls> {
        self.calls
    }

    /// Why the case does not apply to `backend`; `None` where it does.
    pub(crate) fn skip_reason(&self, backend: &dyn AsyncBackend, calls: Calls) -> Option<String> {
        match (self.calls, calls) {
            (Some(Calls::Awaited), Calls::Blocking) => {
                return Some("a call that blocks cannot be given up".to_owned());
            }
            (Some(Calls::Blocking), Calls::Awaited) => {
                return Some("the calls do not block".to_owned());
            }
            _ => {}
        }
        let capabilities = backend.capabilities();
        let missing = self.needs.iter().find(|&&c| !capabilities.supports(c));
        if let Some(missing) = missing {
            return Some(format!("the backend does not support '{missing}'"));
        }
        match (self.namespace, backend.namespace()) {
            (Some(Namespace::Flat), Namespace::Hierarchical) => {
                Some("the namespace is hierarchical".to_owned())
            }
            (Some(Namespace::Hierarchical), Namespace::Flat) => {
                Some("the namespace is flat".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) fn run(&self, fixture: Fixture) -> BoxFuture<'static, Checked> {
        (self.body)(fixture)
    }

    /// Restricts the case to backends whose folders are nodes.
    pub(crate) fn hierarchical(&mut self) -> &mut Self {
        self.namespace = Some(Namespace::Hierarchical);
        self
    }

    /// Restricts the case to subjects whose calls are made in this way.
    pub(crate) fn only_for(&mut self, calls: Calls) -> &mut Self {
        self.calls = Some(calls);
        self
    }

    /// Restricts the case to backends whose folders are only implied by keys.
    pub(crate) fn flat(&mut self) -> &mut Self {
        self.namespace = Some(Namespace::Flat);
        self
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name)
            .field("rule", &self.rule)
            .field("needs", &self.needs)
            .field("namespace", &self.namespace)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

/// All cases of the contract, grouped by family.
pub fn cases() -> Vec<Case> {
    let mut suite = Suite { cases: Vec::new() };
    crate::cases::register(&mut suite);
    suite.cases
}

/// Collects the cases of all families.
pub(crate) struct Suite {
    cases: Vec<Case>,
}

impl Suite {
    /// The cases of one family; its name leads the name of each.
    pub(crate) fn family(&mut self, name: &'static str) -> Family<'_> {
        Family { suite: self, name }
    }
}

/// Adds cases to one family.
pub(crate) struct Family<'a> {
    suite: &'a mut Suite,
    name: &'static str,
}

impl Family<'_> {
    /// Adds a case. `rule` says what must hold; `needs` is what the body calls.
    pub(crate) fn case<F, Fut>(
        &mut self,
        name: impl AsRef<str>,
        rule: impl Into<String>,
        needs: impl IntoIterator<Item = Capability>,
        body: F,
    ) -> CaseHandle<'_>
    where
        F: Fn(Fixture) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Checked> + Send + 'static,
    {
        self.suite.cases.push(Case {
            name: format!("{}/{}", self.name, name.as_ref()),
            rule: rule.into(),
            needs: needs.into_iter().collect(),
            namespace: None,
            calls: None,
            body: Arc::new(move |fixture| body(fixture).boxed()),
        });
        CaseHandle(self.suite.cases.last_mut())
    }

    /// Adds a case of blocking calls, whose body runs on a plain thread.
    pub(crate) fn blocking_case<F>(
        &mut self,
        name: impl AsRef<str>,
        rule: impl Into<String>,
        needs: impl IntoIterator<Item = Capability>,
        body: F,
    ) where
        F: Fn(&BlockingFixture) -> Checked + Send + Sync + 'static,
    {
        let body = Arc::new(body);
        let case = self.case(name, rule, needs, move |t| {
            let body = Arc::clone(&body);
            async move { in_place(|| apart(|| body(&t.blocking()?))) }
        });
        case.only_for(Calls::Blocking);
    }
}

/// Restricts the case that was just added.
pub(crate) struct CaseHandle<'a>(Option<&'a mut Case>);

impl CaseHandle<'_> {
    /// See [`Case::hierarchical`].
    pub(crate) fn hierarchical(self) {
        if let Some(case) = self.0 {
            case.hierarchical();
        }
    }

    /// See [`Case::only_for`].
    pub(crate) fn only_for(self, calls: Calls) {
        if let Some(case) = self.0 {
            case.only_for(calls);
        }
    }

    /// See [`Case::flat`].
    pub(crate) fn flat(self) {
        if let Some(case) = self.0 {
            case.flat();
        }
    }
}
