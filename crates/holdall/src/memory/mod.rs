//! The memory backend: a tree of folders behind one lock.

mod builder;
mod content;
mod driver;
mod tree;

pub use builder::MemoryBuilder;
pub use driver::MemoryDriver;

use crate::backend::{AsyncDriverBackend, DriverBackend};

/// A store in memory: for tests, examples and exploration.
///
/// It supports every capability but [`Glob`](crate::Capability::Glob). A
/// listing costs the folder's own children, not the store's size. Content is
/// shared, never copied, on its way in and out, so a small slice of a large
/// buffer keeps that buffer alive. Clones share the tree; it is gone with the
/// last of them. A million files of 100 bytes each in a thousand folders take
/// about 330 bytes a file, their content included.
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
pub type AsyncMemoryBackend = AsyncDriverBackend<MemoryDriver>;

impl AsyncMemoryBackend {
    /// An empty store called `async-memory`.
    pub fn new() -> Self {
        Self::from_driver(MemoryDriver::named("async-memory"))
    }

    /// An empty store, with options.
    pub fn builder() -> MemoryBuilder<Self> {
        MemoryBuilder::new()
    }
}

impl Default for AsyncMemoryBackend {
    fn default() -> Self {
        Self::new()
    }
}

/// A store in memory for code that blocks; as [`AsyncMemoryBackend`], less
/// [`LazyRead`](crate::Capability::LazyRead), since a blocking read has the
/// content at hand when it opens.
///
/// ```
/// use holdall::{MemoryBackend, Store};
///
/// # fn main() -> holdall::Result<()> {
/// let store = Store::new(MemoryBackend::new(), "")?;
/// store.write("hello.txt", "hello")?;
/// assert_eq!(store.read_text("hello.txt")?, "hello");
/// # Ok(()) }
/// ```
pub type MemoryBackend = DriverBackend<MemoryDriver>;

impl MemoryBackend {
    /// An empty store called `memory`.
    pub fn new() -> Self {
        Self::from_driver(MemoryDriver::named("memory").without_lazy_read())
    }

    /// An empty store, with options.
    pub fn builder() -> MemoryBuilder {
        MemoryBuilder::new()
    }
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self::new()
    }
}
