//! [`AsyncStore`]: the store whose calls are awaited.

#[cfg(feature = "pathio")]
mod folders;
mod inspect;
mod list;
mod manage;
mod observed;
mod read;
mod write;

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::base::Base;
use crate::backend::{AsyncBackend, IntoAsyncBackend};
use crate::capability::{Capability, CapabilitySet};
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Operation, Result};
use crate::model::ResolutionPlan;

/// A folder of a backend as a store: every path is relative to it, checked,
/// and never leads out of it.
///
/// Paths are normalised as [`RemotePath`](crate::RemotePath) has it. Where a folder is named, `""`
/// and `"."` are the store's root; where a file is named, they are
/// [`InvalidPath`](ErrorKind::InvalidPath). The rules of every operation, with
/// the order of its errors, stand on [`AsyncBackend`].
///
/// Methods that return a stream are plain functions: a wrong path, option or
/// capability is reported at the call, the backend's errors with the stream's
/// first item.
///
/// A store is cheap to clone, never changes, and can be shared by any number
/// of tasks. Futures may be dropped at any point: a change that has not been
/// committed then never happens.
///
/// ```
/// use holdall::{AsyncMemoryBackend, AsyncStore, WriteOptions};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "reports")?;
/// store.write("2026/q1.csv", "a,b\n1,2\n").await?;
/// store.write_with("2026/q1.csv", "a,b\n3,4\n", WriteOptions::new().overwrite(true)).await?;
///
/// let mut files = store.list_files("2026")?;
/// while let Some(file) = files.next().await {
///     let file = file?;
///     println!("{} {} bytes", file.path, file.size);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct AsyncStore {
    base: Base<dyn AsyncBackend>,
}

impl AsyncStore {
    /// A store over `backend`, rooted at its folder `root_path`; `""` is the
    /// backend's own root. The folder need not exist. No I/O.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed root, also `"."`
    /// and `"/"`.
    pub fn new(backend: impl IntoAsyncBackend, root_path: &str) -> Result<Self> {
        let base = Base::new(backend.into_async_backend(), root_path)?;
        Ok(Self { base })
    }

    /// A store that does not own its backend: closing it does nothing.
    #[cfg(feature = "registry")]
    pub(crate) fn borrowing(backend: Arc<dyn AsyncBackend>, root_path: &str) -> Result<Self> {
        let base = Base::new(backend, root_path)?.borrowing();
        Ok(Self { base })
    }

    /// A store rooted at the folder `subpath` of this one, over the same backend.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for an empty or malformed path.
    pub fn child(&self, subpath: &str) -> Result<Self> {
        let base = self.base.child(subpath)?;
        Ok(Self { base })
    }

    /// The root, relative to the backend's; empty for the backend's own.
    pub fn root_path(&self) -> &str {
        self.base.root()
    }

    /// The backend beneath.
    pub fn backend(&self) -> &Arc<dyn AsyncBackend> {
        &self.base.backend
    }

    /// What the backend can do.
    pub fn capabilities(&self) -> CapabilitySet {
        self.base.backend.capabilities()
    }

    /// Whether the backend can do `capability`.
    pub fn supports(&self, capability: Capability) -> bool {
        self.capabilities().supports(capability)
    }

    /// Whether the backend answers.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) where the container or the root is
    /// gone, [`PermissionDenied`](ErrorKind::PermissionDenied) where access is
    /// refused, [`BackendUnavailable`](ErrorKind::BackendUnavailable) where it
    /// cannot be reached.
    pub async fn ping(&self) -> Result<()> {
        self.observed(Operation::Ping, "", self.base.backend.check_health())
            .await
    }

    /// Releases what the backend holds, for every store over it. On a
    /// [`child`](Self::child) nothing happens. Calling it again does nothing.
    ///
    /// # Errors
    ///
    /// The backend's error; what could be released is released.
    pub async fn aclose(&self) -> Result<()> {
        if !self.base.owns_backend {
            return Ok(());
        }
        self.observed(Operation::Close, "", self.base.backend.aclose())
            .await
    }

    /// How `key` maps to storage, without any I/O. The plan's key is `key` as
    /// it was given.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed key.
    pub fn resolve(&self, key: &str) -> Result<ResolutionPlan> {
        self.base.resolve(key)
    }

    /// The backend's own spelling of `key`; the inverse of
    /// [`to_key`](Self::to_key).
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed key.
    pub fn native_path(&self, key: &str) -> Result<String> {
        self.base.native_path(key)
    }

    /// The store's key of a native path; `""` for the store's root.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a path outside the store.
    pub fn to_key(&self, native_path: &str) -> Result<String> {
        self.base.to_key(native_path)
    }

    /// The backend's native handle of type `T`. Using it ties the caller to
    /// the backend.
    ///
    /// # Errors
    ///
    /// [`CapabilityNotSupported`](ErrorKind::CapabilityNotSupported) where the
    /// backend has no such handle.
    pub fn unwrap<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        self.base.unwrap()
    }
}

impl PartialEq for AsyncStore {
    /// The same backend object and the same root.
    fn eq(&self, other: &Self) -> bool {
        self.base == other.base
    }
}

impl Eq for AsyncStore {}

impl Hash for AsyncStore {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.base.hash(state);
    }
}

impl fmt::Debug for AsyncStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.base.describe("AsyncStore", f)
    }
}
