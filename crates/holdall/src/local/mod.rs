//! The local-disk backend.
//!
//! The root is an open folder, and every path resolves beneath it: a link that
//! leads out is never followed, also not one that is swapped in midway. New
//! content is staged beside its place and shows there in one step.

mod attributes;
mod builder;
mod copy;
mod driver;
mod errors;
mod inspect;
mod lock;
mod names;
mod parents;
mod publish;
mod read;
mod remove;
mod remove_tree;
mod rename;
mod scan;
mod staged;
mod system;
#[cfg(all(test, target_os = "linux"))]
mod tests;
mod xattr;

pub use builder::{LocalBackend, LocalBuilder, SyncPolicy};
pub use driver::LocalDriver;

use std::path::Path;
use std::sync::Arc;

use crate::backend::{AsyncBackend, DriverBackend, IntoAsyncBackend};
use crate::error::Result;

/// A folder of the local disk, native to async: what the cache has is read
/// where the caller is, and everything else is one hop to a thread.
///
/// ```
/// use holdall::{AsyncLocalBackend, AsyncStore};
///
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let store = AsyncStore::new(AsyncLocalBackend::new(folder.path())?, "")?;
/// store.write("reports/q1.csv", "a,b\n1,2\n").await?;
/// assert_eq!(store.read_text("reports/q1.csv").await?, "a,b\n1,2\n");
/// # Ok(()) }
/// ```
pub type AsyncLocalBackend = DriverBackend<LocalDriver>;

impl AsyncLocalBackend {
    /// The folder `root`, which is made where it is missing.
    ///
    /// # Errors
    ///
    /// As [`LocalBuilder::build`].
    pub fn new(root: impl AsRef<Path>) -> Result<Self> {
        Self::builder(root).build()
    }

    /// The folder `root`, with options.
    pub fn builder(root: impl AsRef<Path>) -> LocalBuilder<Self> {
        LocalBuilder::new(root)
    }
}

impl From<LocalDriver> for AsyncLocalBackend {
    fn from(driver: LocalDriver) -> Self {
        Self::from_driver(driver)
    }
}

impl IntoAsyncBackend for LocalBackend {
    fn into_async_backend(self) -> Arc<dyn AsyncBackend> {
        Arc::new(AsyncLocalBackend::from(self.into_driver()))
    }
}
