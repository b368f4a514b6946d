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
#[cfg(feature = "pathio")]
pub(crate) mod tree;
mod xattr;

pub use builder::{LocalBuilder, SyncPolicy};
pub use driver::LocalDriver;

use std::path::Path;

use crate::backend::{AsyncDriverBackend, DriverBackend};
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
pub type AsyncLocalBackend = AsyncDriverBackend<LocalDriver>;

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

/// A folder of the local disk as a backend.
///
/// Stores take it as it is: [`AsyncStore`](crate::AsyncStore) turns it into an
/// [`AsyncLocalBackend`].
///
/// # What it promises
///
/// - **Confinement.** The root is an open folder, and every path resolves
///   beneath it, also while links are swapped about. A relative link that stays
///   inside is what it points to; a write, a rename or a delete acts on the
///   link itself. A link that leads out, as every absolute one does, or goes
///   in a circle is neither listed nor counted, and using it is
///   [`InvalidPath`](crate::ErrorKind::InvalidPath).
/// - **All or nothing.** A write shows at its path in one step, whole, and
///   without `overwrite` exactly one of any number of writers wins: threads,
///   processes, machines. What is being written has a name that no listing
///   shows, or none; what a crash leaves behind is swept.
/// - **Durability.** [`SyncPolicy`] says what survives a power loss.
/// - **Permissions.** New files and folders follow the umask; a replaced file
///   keeps its permission bits, but never set-uid or set-gid.
/// - **User metadata** is kept in an extended attribute,
///   `user.holdall.metadata`, where the file system has such.
///
/// Pipes, sockets and devices exist, but are never listed, read or waited for.
/// Files whose names are not UTF-8 or hold a backslash are not listed, with a
/// warning for each, and go with their folder in a recursive delete.
///
/// If the root folder itself is removed, writes are
/// [`NotFound`](crate::ErrorKind::NotFound) until the backend is built anew.
///
/// # Systems
///
/// Linux 5.6 and later resolves paths by openat2, and 5.12 and later answers
/// cached reads without leaving the caller's thread. Other systems, and
/// sandboxes that refuse openat2, go through cap-std with the same promises.
/// A file system without hard links or an exclusive rename cannot create a
/// file without `overwrite`: it is refused rather than raced.
pub type LocalBackend = DriverBackend<LocalDriver>;

impl LocalBackend {
    /// The folder `root`, which is made where it is missing.
    ///
    /// # Errors
    ///
    /// As [`LocalBuilder::build`].
    pub fn new(root: impl AsRef<Path>) -> Result<Self> {
        Self::builder(root).build()
    }

    /// The folder `root`, with options.
    pub fn builder(root: impl AsRef<Path>) -> LocalBuilder {
        LocalBuilder::new(root)
    }

    /// The root as it was opened: absolute, without links.
    pub fn root(&self) -> &Path {
        self.driver().root_path()
    }
}

impl From<LocalDriver> for LocalBackend {
    fn from(driver: LocalDriver) -> Self {
        Self::from_driver(driver)
    }
}
