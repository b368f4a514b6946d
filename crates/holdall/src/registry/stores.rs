//! The registry: stores by name and by URL, over backends that they share.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::backend_config::{BackendConfig, StoreProfile};
use super::config::RegistryConfig;
use super::environment::Environment;
use super::factory::{BackendFactory, OpenedBackend};
use super::info::{BackendInfo, RegistryInfo, StoreInfo};
use super::suggest;
use super::types::Types;
use super::url::BackendUrl;
use crate::backend::{AsyncBackend, Backend};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::store::{AsyncStore, Store};

/// Opens the stores of a [`RegistryConfig`] by name, and others by URL.
///
/// A backend is opened at its first use, once, and shared by all stores on it:
/// those that are awaited and those that block. The registry owns the backends:
/// closing a store that it gave out does nothing, and
/// [`aclose`](Self::aclose) or [`close`](Self::close) closes them all.
///
/// The types `memory` and, as far as the features of the build go, `local` and
/// `azure` are built in; [`RegistryBuilder::register_backend`] adds others.
///
/// ```
/// use holdall::registry::{BackendConfig, Registry, RegistryConfig, StoreProfile};
///
/// # fn main() -> holdall::Result<()> {
/// let config = RegistryConfig::new()
///     .with_backend("scratch", BackendConfig::new("memory"))
///     .with_store("logs", StoreProfile::new("scratch").with_root_path("logs"));
/// let registry = Registry::new(config)?;
/// registry.blocking_store("logs")?.write("today.txt", "hello")?;
/// registry.close()?;
/// # Ok(()) }
/// ```
pub struct Registry {
    config: RegistryConfig,
    types: Types,
    environment: Environment,
    opened: Mutex<Opened>,
}

/// The backends that are open.
#[derive(Default)]
struct Opened {
    named: BTreeMap<String, OpenedBackend>,
    by_url: Vec<(BackendConfig, OpenedBackend)>,
}

impl Opened {
    /// All of them; none is open any more.
    fn take(&mut self) -> Vec<OpenedBackend> {
        let Self { named, by_url } = std::mem::take(self);
        let by_url = by_url.into_iter().map(|(_, backend)| backend);
        named.into_values().chain(by_url).collect()
    }
}

/// Builds a [`Registry`] with types and an environment of its own.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct RegistryBuilder {
    types: Types,
    environment: Environment,
}

impl RegistryBuilder {
    /// Adds the type `kind`, in place of one of that name. URLs with that scheme
    /// are its, too, if the factory takes them.
    pub fn register_backend(mut self, kind: &str, factory: impl BackendFactory + 'static) -> Self {
        self.types.add(kind, Arc::new(factory));
        self
    }

    /// Where URLs find credentials, such as `AZURE_STORAGE_KEY`; the process's
    /// environment by default.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Checks `config`, types and options included. No I/O.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for a store on a backend
    /// that is not there, for an unknown type, and for an option that is
    /// unknown, missing or of the wrong type. The message has the file and the
    /// line, and the nearest name that there is.
    pub fn build(self, config: RegistryConfig) -> Result<Registry> {
        config.validate()?;
        for backend in config.backends().values() {
            checked(&self.types, backend)?;
        }
        Ok(Registry {
            config,
            types: self.types,
            environment: self.environment,
            opened: Mutex::default(),
        })
    }
}

impl Registry {
    /// A registry with the types that are built in.
    ///
    /// # Errors
    ///
    /// As [`RegistryBuilder::build`].
    pub fn new(config: RegistryConfig) -> Result<Self> {
        Self::builder().build(config)
    }

    /// A builder, to add types of backend.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder {
            types: Types::built_in(),
            environment: Environment::process(),
        }
    }

    /// The configuration.
    pub fn config(&self) -> &RegistryConfig {
        &self.config
    }

    /// The store `name`, to be awaited. Opens its backend at the first use.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for a name that is not
    /// configured; the message has the nearest. Whatever the backend says when
    /// it is opened, with its name in front.
    #[doc(alias = "get_store")]
    pub fn store(&self, name: &str) -> Result<AsyncStore> {
        let profile = self.profile(name)?;
        let backend = self.with_named(profile.backend(), |opened| Ok(opened.awaited()))?;
        AsyncStore::borrowing(backend, profile.root_path())
    }

    /// The store `name`, for code that blocks. A backend that is awaited goes
    /// behind an [`AsyncBackendSyncAdapter`](crate::AsyncBackendSyncAdapter).
    ///
    /// # Errors
    ///
    /// As [`store`](Self::store).
    pub fn blocking_store(&self, name: &str) -> Result<Store> {
        let profile = self.profile(name)?;
        let backend = self.with_named(profile.backend(), OpenedBackend::for_blocking)?;
        Store::borrowing(backend, profile.root_path())
    }

    /// The backend `name`, to be awaited.
    ///
    /// # Errors
    ///
    /// As [`store`](Self::store).
    pub fn backend(&self, name: &str) -> Result<Arc<dyn AsyncBackend>> {
        self.with_named(name, |opened| Ok(opened.awaited()))
    }

    /// The backend `name`, for code that blocks.
    ///
    /// # Errors
    ///
    /// As [`store`](Self::store).
    pub fn blocking_backend(&self, name: &str) -> Result<Arc<dyn Backend>> {
        self.with_named(name, OpenedBackend::for_blocking)
    }

    /// The store at `url`, to be awaited. URLs of one backend share it.
    ///
    /// | URL | the store |
    /// |---|---|
    /// | `memory:PATH` | a folder in memory, shared by this registry's `memory:` URLs |
    /// | `file:///PATH` | a folder of this machine's disk |
    /// | `azure://CONTAINER/PATH` | a folder of a container |
    /// | `TYPE://...` | whatever the factory of a registered type makes of it |
    ///
    /// An `azure` URL finds its account in the variables that the Azure tools
    /// read: `AZURE_STORAGE_CONNECTION_STRING`, or else `AZURE_STORAGE_ACCOUNT`
    /// or `AZURE_STORAGE_SERVICE_ENDPOINT` with `AZURE_STORAGE_KEY`,
    /// `AZURE_STORAGE_SAS_TOKEN`, or neither for a credential of Entra.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for a URL that names
    /// nothing here, and whatever the backend says when it is opened.
    pub fn store_at(&self, url: &str) -> Result<AsyncStore> {
        let (backend, path) = self.with_url(url, |opened| Ok(opened.awaited()))?;
        AsyncStore::borrowing(backend, path.trim_matches('/'))
    }

    /// The store at `url`, for code that blocks.
    ///
    /// # Errors
    ///
    /// As [`store_at`](Self::store_at).
    pub fn blocking_store_at(&self, url: &str) -> Result<Store> {
        let (backend, path) = self.with_url(url, OpenedBackend::for_blocking)?;
        Store::borrowing(backend, path.trim_matches('/'))
    }

    /// The types, backends and stores, without secrets. Opens nothing.
    pub fn info(&self) -> RegistryInfo {
        let opened = self.opened.lock();
        let backends = self
            .config
            .backends()
            .iter()
            .map(|(name, backend)| BackendInfo {
                name: name.clone(),
                kind: backend.kind().to_owned(),
                options: backend.options().clone(),
                retry: backend.retry().cloned(),
                open: opened.named.contains_key(name),
            });
        let stores = self.config.stores().iter().map(|(name, profile)| {
            let backend = self.config.backends().get(profile.backend());
            StoreInfo {
                name: name.clone(),
                backend: profile.backend().to_owned(),
                kind: backend.map_or("", BackendConfig::kind).to_owned(),
                root_path: profile.root_path().to_owned(),
            }
        });
        RegistryInfo {
            types: self.types.names().map(str::to_owned).collect(),
            backends: backends.collect(),
            stores: stores.collect(),
        }
    }

    /// Closes all backends that are open. What is asked for afterwards is
    /// opened anew.
    ///
    /// # Errors
    ///
    /// The first that a backend reports; the others are closed all the same.
    pub async fn aclose(&self) -> Result<()> {
        let backends = self.opened.lock().take();
        let mut outcome = Ok(());
        for backend in backends {
            outcome = first(outcome, backend.awaited().aclose().await);
        }
        outcome
    }

    /// As [`aclose`](Self::aclose), for code that blocks.
    ///
    /// # Errors
    ///
    /// As [`aclose`](Self::aclose);
    /// [`InsideAsync`](ErrorKind::InsideAsync) in an async task.
    pub fn close(&self) -> Result<()> {
        let backends = self.opened.lock().take();
        let mut outcome = Ok(());
        for mut backend in backends {
            let closed = backend.for_blocking().and_then(|backend| backend.close());
            outcome = first(outcome, closed);
        }
        outcome
    }

    fn profile(&self, name: &str) -> Result<&StoreProfile> {
        let stores = self.config.stores();
        stores
            .get(name)
            .ok_or_else(|| unknown("store", name, stores.keys()))
    }

    /// What `pick` gives of the backend `name`, which is opened where it is not.
    fn with_named<T>(
        &self,
        name: &str,
        pick: impl FnOnce(&mut OpenedBackend) -> Result<T>,
    ) -> Result<T> {
        let backends = self.config.backends();
        let config = backends
            .get(name)
            .ok_or_else(|| unknown("backend", name, backends.keys()))?;
        let mut opened = self.opened.lock();
        if let Some(backend) = opened.named.get_mut(name) {
            return pick(backend);
        }
        let mut backend = self.open(config)?;
        let picked = pick(&mut backend);
        opened.named.insert(name.to_owned(), backend);
        picked
    }

    /// What `pick` gives of the backend that `url` names, and the path in it.
    fn with_url<T>(
        &self,
        url: &str,
        pick: impl FnOnce(&mut OpenedBackend) -> Result<T>,
    ) -> Result<(T, String)> {
        let url = BackendUrl::parse(url)?;
        let target = self.types.locate(&url, &self.environment)?;
        let mut opened = self.opened.lock();
        let mut known = opened.by_url.iter_mut();
        if let Some((_, backend)) = known.find(|(config, _)| *config == target.config) {
            return Ok((pick(backend)?, target.path));
        }
        let mut backend = self.open(&target.config)?;
        let picked = pick(&mut backend);
        opened.by_url.push((target.config, backend));
        Ok((picked?, target.path))
    }

    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        let factory = checked(&self.types, config)?;
        factory.open(config).map_err(|error| config.located(error))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("config", &self.config)
            .field("types", &self.types)
            .finish_non_exhaustive()
    }
}

/// The factory of `config`, which finds nothing wrong with it. A policy is
/// checked for every type, also where nothing is tried again.
fn checked<'a>(types: &'a Types, config: &BackendConfig) -> Result<&'a dyn BackendFactory> {
    let factory = types.of(config)?;
    config.check_retry()?;
    factory.check(config)?;
    Ok(factory)
}

/// The first failure of several; the later ones are logged.
fn first(outcome: Result<()>, next: Result<()>) -> Result<()> {
    match (outcome, next) {
        (Err(first), Err(error)) => {
            tracing::warn!(%error, "a further backend did not close well");
            Err(first)
        }
        (Err(first), Ok(())) => Err(first),
        (Ok(()), next) => next,
    }
}

fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a String>) -> Error {
    let hint = suggest::hint(name, names.map(String::as_str));
    let name = name.escape_debug();
    Error::new(
        ErrorKind::InvalidArgument,
        format!("no {what} is configured under the name '{name}'; {hint}"),
    )
    .with_operation(Operation::Open)
}
