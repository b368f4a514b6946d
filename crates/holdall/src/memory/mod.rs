//! The memory backend: a tree of folders behind one lock.

mod content;
mod driver;
mod tree;

pub use driver::MemoryDriver;

use crate::backend::DriverBackend;

/// A store in memory: for tests, examples and exploration.
///
/// It supports every capability but [`Glob`](crate::Capability::Glob). A
/// listing costs the folder's own children, not the store's size. Content is
/// shared, never copied, on its way in and out, so a small slice of a large
/// buffer keeps that buffer alive. Clones share the tree; it is gone with the
/// last of them.
///
/// ```
/// use holdall::{AsyncMemoryBackend, AsyncStore};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// store.write("hello.txt", "hello").await?;
/// assert_eq!(store.read_text("hello.txt").await?, "hello");
/// # Ok(()) }
/// ```
pub type AsyncMemoryBackend = DriverBackend<MemoryDriver>;

impl AsyncMemoryBackend {
    /// An empty store called `async-memory`.
    pub fn new() -> Self {
        Self::from_driver(MemoryDriver::named("async-memory"))
    }
}

impl Default for AsyncMemoryBackend {
    fn default() -> Self {
        Self::new()
    }
}
