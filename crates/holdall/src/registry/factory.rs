//! How a registry opens backends of a type.

use std::sync::Arc;

use super::backend_config::BackendConfig;
use super::environment::Environment;
use super::url::BackendUrl;
use crate::adapters::AsyncBackendSyncAdapter;
use crate::backend::{AsyncBackend, Backend, DriverBackend, IntoAsyncBackend, IntoBackend};
use crate::driver::Driver;
use crate::error::{Error, ErrorKind, Operation, Result};

/// Opens the backends of one type, for a [`Registry`](super::Registry).
///
/// A function from a [`BackendConfig`] is one already:
///
/// ```
/// use holdall::AsyncMemoryBackend;
/// use holdall::registry::{BackendConfig, OpenedBackend, Registry, RegistryConfig, StoreProfile};
///
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Options { bucket: String }
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let config = RegistryConfig::new()
///     .with_backend("main", BackendConfig::new("mine").with_option("bucket", "b"))
///     .with_store("files", StoreProfile::new("main"));
/// let registry = Registry::builder()
///     .register_backend("mine", |config: &BackendConfig| {
///         let options: Options = config.read_options()?;
///         # let _ = options.bucket;
///         Ok(OpenedBackend::new(AsyncMemoryBackend::new()))
///     })
///     .build(config)?;
/// registry.store("files")?.write("a.txt", "a").await?;
/// # Ok(()) }
/// ```
pub trait BackendFactory: Send + Sync {
    /// Checks the configuration when a registry is built, without any I/O, so
    /// that a fault shows then and not at the first use. By default nothing is
    /// checked.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument), as
    /// [`read_options`](BackendConfig::read_options) has it.
    fn check(&self, config: &BackendConfig) -> Result<()> {
        let _ = config;
        Ok(())
    }

    /// Opens a backend. A registry does it once for each that is used.
    ///
    /// # Errors
    ///
    /// Whatever the backend says; the registry adds its name.
    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend>;

    /// What backend `url` names, and which path in it; the scheme is the type's
    /// name. By default the type has no URLs.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for a URL that names
    /// nothing.
    fn locate(&self, url: &BackendUrl, environment: &Environment) -> Result<UrlTarget> {
        let _ = environment;
        Err(Error::new(
            ErrorKind::InvalidArgument,
            format!("backends of the type '{}' have no URLs", url.scheme()),
        )
        .with_operation(Operation::Open))
    }
}

impl<F> BackendFactory for F
where
    F: Fn(&BackendConfig) -> Result<OpenedBackend> + Send + Sync,
{
    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        self(config)
    }
}

/// What a URL names: a backend and a path in it.
#[derive(Debug, Clone, PartialEq)]
pub struct UrlTarget {
    /// The backend.
    pub config: BackendConfig,
    /// The path, `""` for the backend's root.
    pub path: String,
}

/// A backend that is open, for callers that await and for those that block.
pub struct OpenedBackend {
    awaited: Arc<dyn AsyncBackend>,
    blocking: Option<Arc<dyn Backend>>,
}

impl OpenedBackend {
    /// A backend that is awaited. Callers that block have it through an
    /// [`AsyncBackendSyncAdapter`].
    pub fn new(backend: impl IntoAsyncBackend) -> Self {
        Self {
            awaited: backend.into_async_backend(),
            blocking: None,
        }
    }

    /// A backend that blocks. Callers that await have it through a
    /// [`SyncBackendAdapter`](crate::SyncBackendAdapter).
    pub fn blocking(backend: impl IntoBackend) -> Self {
        let backend = backend.into_backend();
        Self {
            awaited: Arc::clone(&backend).into_async_backend(),
            blocking: Some(backend),
        }
    }

    /// A backend over a driver that need not wait, which serves both natively.
    pub fn from_driver<D: Driver>(backend: DriverBackend<D>) -> Self {
        Self {
            awaited: backend.clone().into_async_backend(),
            blocking: Some(backend.into_backend()),
        }
    }

    /// For callers that await.
    pub(super) fn awaited(&self) -> Arc<dyn AsyncBackend> {
        Arc::clone(&self.awaited)
    }

    /// For callers that block; makes the adapter where there is none.
    pub(super) fn for_blocking(&mut self) -> Result<Arc<dyn Backend>> {
        if let Some(backend) = &self.blocking {
            return Ok(Arc::clone(backend));
        }
        let adapter = AsyncBackendSyncAdapter::new(self.awaited())?.into_backend();
        self.blocking = Some(Arc::clone(&adapter));
        Ok(adapter)
    }
}
