//! Homes: the parts of what is served that users see.

use std::sync::Arc;

use async_trait::async_trait;
use holdall::pathio::{AbstractPathIo, PathIoResult, PathName};

/// Gives users their homes: folders of what is served.
///
/// A home is confined: nothing in it, a link neither, leads out of it.
#[async_trait]
pub trait Homes: Send + Sync + 'static {
    /// The path IO whose root is the folder `path` of what is served.
    ///
    /// # Errors
    ///
    /// Those of the storage. The login fails, and the log has them.
    async fn home(&self, path: &PathName) -> PathIoResult<Arc<dyn AbstractPathIo>>;
}

#[async_trait]
impl<H: Homes + ?Sized> Homes for Arc<H> {
    async fn home(&self, path: &PathName) -> PathIoResult<Arc<dyn AbstractPathIo>> {
        H::home(self, path).await
    }
}
