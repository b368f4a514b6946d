//! The way back: a backend over any path IO.

mod driver;
mod parents;
mod refusals;
mod write;

use std::sync::Arc;

pub use self::driver::PathIoDriver;
use super::io::AbstractPathIo;
use crate::backend::AsyncDriverBackend;

/// A backend over any path IO, so that whatever has only the interface of files
/// and folders can be a store.
///
/// The contract kernel keeps the rules. The path IO is asked for what it can
/// promise: nothing shows before a file is closed, and a write without
/// `overwrite` stands on [`PathFile::require_new`](super::PathFile::require_new), a
/// rename without it on [`AbstractPathIo::rename_new`]. Where the path IO has
/// neither, such calls are
/// [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported); overwriting
/// works. Content for a folder that is missing is spooled, and the folder made
/// when the write is complete. How durable a write is, is up to the path IO.
///
/// A path IO follows links that stay in its root, and so does everything here,
/// also a recursive listing and a recursive delete.
///
/// There is no user metadata, no version tag and no native glob, and a rename is
/// not said to be atomic.
///
/// ```
/// use std::sync::Arc;
///
/// use holdall::AsyncStore;
/// use holdall::pathio::{MemoryPathIo, PathIoBackend};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::Result<()> {
/// let io = Arc::new(MemoryPathIo::new());
/// let store = AsyncStore::new(PathIoBackend::new(io), "")?;
/// store.write("reports/q1.csv", "a,b\n").await?;
/// assert!(store.write("reports/q1.csv", "again").await.is_err());
/// assert_eq!(store.read_text("reports/q1.csv").await?, "a,b\n");
/// # Ok(()) }
/// ```
pub type PathIoBackend = AsyncDriverBackend<PathIoDriver>;

impl PathIoBackend {
    /// The backend over `io`.
    pub fn new(io: Arc<dyn AbstractPathIo>) -> Self {
        Self::from_driver(PathIoDriver::new(io))
    }
}
