//! Listings of folders.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::{BoxStream, Stream, TryStreamExt};

use super::error::{PathIoOperation, PathIoResult};
use super::stat::PathStat;

/// One entry of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPath {
    /// The listed path, `/`, and the entry's name: relative where the listed path
    /// was relative.
    pub path: String,
    /// What is known of it, from the same pass.
    pub stat: PathStat,
}

impl ListedPath {
    /// The entry's name, without the folder.
    pub fn name(&self) -> &str {
        super::path::file_name(&self.path)
    }
}

/// A listing: a stream of entries, in no order.
///
/// Nothing happens before the first item is asked for. A path where nothing
/// stands lists as empty, and so does a file. After the last item, or an error,
/// the listing is spent.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, MemoryPathIo, MkdirOptions};
/// use futures::TryStreamExt;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::pathio::PathIoResult<()> {
/// let io = MemoryPathIo::new();
/// io.mkdir("a/b", MkdirOptions::new().parents(true)).await?;
/// assert_eq!(io.list("a").collect_paths().await?, ["a/b"]);
///
/// let mut entries = io.list("/a");
/// while let Some(entry) = entries.try_next().await? {
///     assert!(entry.path == "/a/b" && entry.stat.is_dir());
/// }
/// # Ok(()) }
/// ```
#[doc(alias = "AbstractAsyncLister")]
pub struct Lister {
    entries: Option<BoxStream<'static, PathIoResult<ListedPath>>>,
    path: String,
}

impl Lister {
    /// A listing of `path` from a stream that does nothing before it is polled.
    pub fn new(
        path: &str,
        entries: impl Stream<Item = PathIoResult<ListedPath>> + Send + 'static,
    ) -> Self {
        Self {
            entries: Some(Box::pin(entries)),
            path: path.to_owned(),
        }
    }

    /// The path that is listed, as the caller gave it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The paths of all entries.
    ///
    /// Takes memory for all of them.
    ///
    /// # Errors
    ///
    /// The first error of the listing.
    pub async fn collect_paths(self) -> PathIoResult<Vec<String>> {
        self.map_ok(|entry| entry.path).try_collect().await
    }
}

impl Stream for Lister {
    type Item = PathIoResult<ListedPath>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(entries) = &mut this.entries else {
            return Poll::Ready(None);
        };
        let item = std::task::ready!(entries.as_mut().poll_next(cx));
        if !matches!(item, Some(Ok(_))) {
            this.entries = None;
        }
        Poll::Ready(
            item.map(|item| item.map_err(|error| error.located(PathIoOperation::List, &this.path))),
        )
    }
}

impl fmt::Debug for Lister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lister")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
