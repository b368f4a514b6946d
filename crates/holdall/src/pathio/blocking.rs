//! Trees of files whose calls block, and how such calls are run: what
//! [`PathIo`](super::PathIo), [`AsyncPathIo`](super::AsyncPathIo) and
//! [`MemoryPathIo`](super::MemoryPathIo) have in common.

use std::future::Future;
use std::io::SeekFrom;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{Stream, TryStreamExt, iter, try_unfold};

use super::connection::Connection;
use super::error::{PathIoErrorKind, PathIoOperation, PathIoResult};
use super::file::PathFile;
use super::io::{AbstractPathIo, MkdirOptions, SharedState};
use super::lister::{ListedPath, Lister};
use super::mode::OpenMode;
use super::path::{PathName, join};
use super::stat::PathStat;
use crate::Timestamp;

/// Files and folders beneath a root. Each call does all of its work before it
/// returns; what it means and how it fails stands at [`AbstractPathIo`].
pub(crate) trait Tree: Send + Sync + 'static {
    type File: TreeFile;
    type Scan: TreeScan;

    /// Checks a path as a caller gave it.
    fn path(&self, path: &str) -> PathIoResult<PathName> {
        PathName::new(path)
    }

    /// What all path IOs over this tree share, to make more of them.
    fn state(&self) -> Option<SharedState> {
        None
    }

    fn open(&self, path: &PathName, mode: OpenMode) -> PathIoResult<Self::File>;

    fn stat(&self, path: &PathName) -> PathIoResult<PathStat>;

    /// As [`Tree::stat`]; `None` where the answer might have to be waited for.
    fn stat_at_hand(&self, path: &PathName) -> Option<PathIoResult<PathStat>> {
        let _ = path;
        None
    }

    /// The content of a file of less than `limit` bytes; `None` where it is longer,
    /// or might have to be waited for.
    #[cfg(feature = "local")]
    fn content_at_hand(&self, path: &PathName, limit: usize) -> Option<PathIoResult<Bytes>> {
        let _ = (path, limit);
        None
    }

    /// Begins a listing. [`PathIoErrorKind::NotFound`] and
    /// [`PathIoErrorKind::NotADirectory`] mean that it is empty.
    fn scan(&self, path: &PathName) -> PathIoResult<Self::Scan>;

    fn mkdir(&self, path: &PathName, options: MkdirOptions) -> PathIoResult<()>;

    fn rmdir(&self, path: &PathName) -> PathIoResult<()>;

    fn unlink(&self, path: &PathName) -> PathIoResult<()>;

    fn rename(&self, source: &PathName, destination: &PathName) -> PathIoResult<()>;

    fn rename_new(&self, source: &PathName, destination: &PathName) -> PathIoResult<()>;

    fn set_modified(&self, path: &PathName, modified: Timestamp) -> PathIoResult<()>;
}

/// An open file of a tree; dropped, it was given up. The rules are those of
/// [`PathFile`].
pub(crate) trait TreeFile: Send + 'static {
    fn read(&mut self, max: usize) -> PathIoResult<Bytes>;

    fn write(&mut self, data: Bytes) -> PathIoResult<()>;

    fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64>;

    fn require_new(&mut self) -> PathIoResult<()>;

    fn close(self) -> PathIoResult<()>;
}

/// A listing in progress.
pub(crate) trait TreeScan: Send + 'static {
    /// Some more entries by name; none at the end and only there.
    fn next_batch(&mut self) -> PathIoResult<Vec<(String, PathStat)>>;
}

/// Where the calls of a tree run.
pub(crate) trait Runner: Clone + Send + Sync + 'static {
    /// Waits until calls that begin now see what was done before.
    fn ready(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Runs a job that blocks.
    fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> PathIoResult<T> + Send + 'static,
    ) -> impl Future<Output = PathIoResult<T>> + Send;

    /// Opens a file of a tree, all of whose calls will run here.
    fn open<T: Tree>(
        &self,
        tree: Arc<T>,
        path: PathName,
        mode: OpenMode,
    ) -> impl Future<Output = PathIoResult<Box<dyn PathFile>>> + Send;
}

/// Runs every call where its caller is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InPlace;

impl Runner for InPlace {
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> PathIoResult<T> + Send + 'static,
    ) -> PathIoResult<T> {
        job()
    }

    async fn open<T: Tree>(
        &self,
        tree: Arc<T>,
        path: PathName,
        mode: OpenMode,
    ) -> PathIoResult<Box<dyn PathFile>> {
        Ok(Box::new(InPlaceFile(Ok(tree.open(&path, mode)?))))
    }
}

/// A file, or why it was given up: one that did not take all that was written must
/// never show.
struct InPlaceFile<F>(PathIoResult<F>);

impl<F> InPlaceFile<F> {
    fn file(&mut self) -> PathIoResult<&mut F> {
        self.0.as_mut().map_err(|error| error.clone())
    }
}

#[async_trait]
impl<F: TreeFile> PathFile for InPlaceFile<F> {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        self.file()?.read(max)
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        let written = self.file()?.write(data);
        if let Err(error) = &written {
            self.0 = Err(error.clone());
        }
        written
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        self.file()?.seek(to)
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        self.file()?.require_new()
    }

    async fn close(self: Box<Self>) -> PathIoResult<()> {
        self.0?.close()
    }
}

/// A tree, where its calls run, and for whom.
pub(crate) trait OverTree: Sized + Send + Sync + 'static {
    type Tree: Tree;
    type Runner: Runner;

    fn tree(&self) -> &Arc<Self::Tree>;

    fn runner(&self) -> &Self::Runner;

    fn connection(&self) -> Option<&Connection>;

    /// The same for a connection.
    fn with_connection(&self, connection: Connection) -> Self;
}

/// One job on the tree for a call about one path.
fn call<P: OverTree, T: Send + 'static>(
    io: &P,
    operation: PathIoOperation,
    path: &str,
    job: impl FnOnce(&P::Tree, &PathName) -> PathIoResult<T> + Send + 'static,
) -> impl Future<Output = PathIoResult<T>> + Send {
    let name = io.tree().path(path);
    let tree = Arc::clone(io.tree());
    async move {
        let name = name.map_err(|error| error.located(operation, path))?;
        let done = io.runner().run(move || job(&tree, &name)).await;
        done.map_err(|error| error.located(operation, path))
    }
}

#[async_trait]
impl<P: OverTree> AbstractPathIo for P {
    fn for_connection(&self, connection: Connection) -> Arc<dyn AbstractPathIo> {
        Arc::new(self.with_connection(connection))
    }

    fn connection(&self) -> Option<&Connection> {
        OverTree::connection(self)
    }

    fn state(&self) -> Option<SharedState> {
        self.tree().state()
    }

    async fn open_file(&self, path: &str, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        let name = self.tree().path(path)?;
        let opened = self.runner().open(Arc::clone(self.tree()), name, mode);
        opened
            .await
            .map_err(|error| error.located(PathIoOperation::Open, path))
    }

    fn list(&self, path: &str) -> Lister {
        Lister::new(path, entries(self, path))
    }

    async fn stat(&self, path: &str) -> PathIoResult<PathStat> {
        self.runner().ready().await;
        let at_hand = self.tree().path(path).ok();
        if let Some(stat) = at_hand.and_then(|path| self.tree().stat_at_hand(&path)) {
            return stat.map_err(|error| error.located(PathIoOperation::Stat, path));
        }
        call(self, PathIoOperation::Stat, path, P::Tree::stat).await
    }

    async fn mkdir(&self, path: &str, options: MkdirOptions) -> PathIoResult<()> {
        call(self, PathIoOperation::Mkdir, path, move |tree, path| {
            tree.mkdir(path, options)
        })
        .await
    }

    async fn rmdir(&self, path: &str) -> PathIoResult<()> {
        call(self, PathIoOperation::Rmdir, path, P::Tree::rmdir).await
    }

    async fn unlink(&self, path: &str) -> PathIoResult<()> {
        call(self, PathIoOperation::Unlink, path, P::Tree::unlink).await
    }

    async fn rename(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let to = self.tree().path(destination);
        let to = to.map_err(|error| error.located(PathIoOperation::Rename, destination))?;
        call(self, PathIoOperation::Rename, source, move |tree, from| {
            tree.rename(from, &to)
        })
        .await
    }

    async fn rename_new(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let operation = PathIoOperation::RenameNew;
        let to = self.tree().path(destination);
        let to = to.map_err(|error| error.located(operation, destination))?;
        call(self, operation, source, move |tree, from| {
            tree.rename_new(from, &to)
        })
        .await
    }

    async fn set_modified(&self, path: &str, modified: Timestamp) -> PathIoResult<()> {
        call(
            self,
            PathIoOperation::SetModified,
            path,
            move |tree, path| tree.set_modified(path, modified),
        )
        .await
    }
}

/// A listing that has begun or not.
struct Listing<T: Tree> {
    tree: Arc<T>,
    path: String,
    scan: Option<T::Scan>,
}

impl<T: Tree> Listing<T> {
    /// Some more entries; none at the end and only there.
    fn next_batch(&mut self) -> PathIoResult<Vec<ListedPath>> {
        let scan = match &mut self.scan {
            Some(scan) => scan,
            None => match self.tree.scan(&self.tree.path(&self.path)?) {
                Ok(scan) => self.scan.insert(scan),
                Err(error) if is_nothing_to_list(error.kind()) => return Ok(Vec::new()),
                Err(error) => return Err(error),
            },
        };
        let listed = scan
            .next_batch()?
            .into_iter()
            .map(|(name, stat)| ListedPath {
                path: join(&self.path, &name),
                stat,
            });
        Ok(listed.collect())
    }
}

fn is_nothing_to_list(kind: PathIoErrorKind) -> bool {
    matches!(
        kind,
        PathIoErrorKind::NotFound | PathIoErrorKind::NotADirectory
    )
}

/// The entries of a folder, one job for each batch.
fn entries<P: OverTree>(
    io: &P,
    path: &str,
) -> impl Stream<Item = PathIoResult<ListedPath>> + Send + 'static {
    let runner = io.runner().clone();
    let listing = Listing {
        tree: Arc::clone(io.tree()),
        path: path.to_owned(),
        scan: None,
    };
    try_unfold((listing, runner), |(mut listing, runner)| async move {
        let next = runner.run(move || Ok((listing.next_batch()?, listing)));
        let (batch, listing) = next.await?;
        PathIoResult::Ok((!batch.is_empty()).then_some((batch, (listing, runner))))
    })
    .map_ok(|batch| iter(batch.into_iter().map(Ok)))
    .try_flatten()
}
