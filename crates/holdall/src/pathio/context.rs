//! What `open` returns: a file to be.

use std::fmt;
use std::future::IntoFuture;

use futures::future::BoxFuture;

use super::error::{PathIoOperation, PathIoResult};
use super::file::{AsyncPathFile, PathFile};
use super::mode::OpenMode;

/// What [`AbstractPathIo::open`](super::AbstractPathIo::open) returns: nothing
/// has been opened yet.
///
/// Awaited, it is the open file, and ending that is the caller's.
/// [`AsyncPathIoContext::run`] opens, and ends the file by what came of it.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, MemoryPathIo, OpenMode};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::pathio::PathIoResult<()> {
/// let io = MemoryPathIo::new();
/// io.open("note", OpenMode::Write)
///     .run(async |file| file.write("hello").await)
///     .await?;
///
/// let mut file = io.open("note", OpenMode::Read).await?;
/// assert_eq!(file.read(100).await?, "hello");
/// file.close().await?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is opened before it is awaited"]
pub struct AsyncPathIoContext<'a> {
    opening: BoxFuture<'a, PathIoResult<Box<dyn PathFile>>>,
    path: &'a str,
    mode: OpenMode,
}

impl<'a> AsyncPathIoContext<'a> {
    pub(super) fn new(
        opening: BoxFuture<'a, PathIoResult<Box<dyn PathFile>>>,
        path: &'a str,
        mode: OpenMode,
    ) -> Self {
        Self {
            opening,
            path,
            mode,
        }
    }

    /// Opens the file, lets `work` have it, and closes it if that succeeds; if it
    /// fails, or is dropped, the file is given up.
    ///
    /// # Errors
    ///
    /// Those of opening, of `work`, and of [`AsyncPathFile::close`].
    pub async fn run<T>(
        self,
        work: impl AsyncFnOnce(&mut AsyncPathFile) -> PathIoResult<T>,
    ) -> PathIoResult<T> {
        let mut file = self.await?;
        let value = work(&mut file).await?;
        file.close().await?;
        Ok(value)
    }
}

impl<'a> IntoFuture for AsyncPathIoContext<'a> {
    type Output = PathIoResult<AsyncPathFile>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let opened = self.opening.await;
            let file = opened.map_err(|error| error.located(PathIoOperation::Open, self.path))?;
            Ok(AsyncPathFile::new(file, self.path, self.mode))
        })
    }
}

impl fmt::Debug for AsyncPathIoContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncPathIoContext")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
