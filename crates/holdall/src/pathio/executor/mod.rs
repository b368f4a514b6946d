//! Trees whose calls run on an executor: one hop a call, and less for files.

mod held;
mod leaving;
mod lent;
mod reader;
#[cfg(test)]
mod tests;
mod whole;
mod writer;

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;

use self::leaving::Leavers;
use self::lent::Lent;
use self::reader::Reader;
use self::whole::WholeFile;
use self::writer::Writer;
use super::blocking::{Runner, Tree, TreeFile};
use super::error::{PathIoError, PathIoErrorKind, PathIoResult};
use super::file::PathFile;
use super::mode::OpenMode;
use super::path::PathName;
use crate::pool::{self, Lane};

/// How much of a file is read as it is opened. A file that is no longer than this
/// needs no other hop.
const FIRST_BLOCK: usize = 64 * 1024;

/// Where jobs run that block.
///
/// Implemented by tokio's [`Handle`](tokio::runtime::Handle), whose blocking
/// threads it uses, and by any closure that takes a job.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, AsyncPathIo};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::pathio::PathIoResult<()> {
/// # let folder = tempfile::tempdir().map_err(holdall::pathio::universal_error)?;
/// # let root = folder.path();
/// let executor = tokio::runtime::Handle::current();
/// let io = AsyncPathIo::with_executor(root, executor)?;
/// assert!(io.is_dir("/").await?);
/// # Ok(()) }
/// ```
pub trait BlockingExecutor: Send + Sync + 'static {
    /// Runs a job soon, on a thread that may block, and returns at once. Jobs wait
    /// for nobody. A job that is dropped unrun fails the call that it was for, with
    /// [`PathIoErrorKind::Unavailable`].
    fn execute(&self, job: Box<dyn FnOnce() + Send>);
}

impl BlockingExecutor for tokio::runtime::Handle {
    fn execute(&self, job: Box<dyn FnOnce() + Send>) {
        self.spawn_blocking(job);
    }
}

impl<F: Fn(Box<dyn FnOnce() + Send>) + Send + Sync + 'static> BlockingExecutor for F {
    fn execute(&self, job: Box<dyn FnOnce() + Send>) {
        self(job);
    }
}

/// The pool that the backends of the process share.
struct SharedPool;

impl BlockingExecutor for SharedPool {
    fn execute(&self, job: Box<dyn FnOnce() + Send>) {
        pool::spawn(Lane::Quick, job);
    }
}

/// Runs calls on an executor.
#[derive(Clone)]
pub(crate) struct OnExecutor {
    executor: Arc<dyn BlockingExecutor>,
    leavers: Leavers,
}

impl OnExecutor {
    pub(super) fn new(executor: impl BlockingExecutor) -> Self {
        Self {
            executor: Arc::new(executor),
            leavers: Leavers::new(),
        }
    }

    /// On the pool that the backends of the process share.
    pub(super) fn shared_pool() -> Self {
        Self::new(SharedPool)
    }

    /// One hop: begins a job, whose result can be waited for. If nobody does any
    /// more when the job's turn comes, it is dropped unrun.
    fn begin<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        self.executor.execute(Box::new(move || {
            if !sender.is_closed() {
                // Whoever waited may have left meanwhile.
                let _ = sender.send(job());
            }
        }));
        receiver
    }

    /// Drops what may block as it is dropped.
    fn dispose(&self, value: impl Send + 'static) {
        self.executor.execute(Box::new(move || drop(value)));
    }
}

/// What opening brings.
enum Opened<F> {
    /// All that the file holds.
    Whole(Bytes),
    /// The beginning.
    Read(F, Bytes),
    Write(F),
}

impl<F: TreeFile> Opened<F> {
    fn open(tree: &impl Tree<File = F>, path: &PathName, mode: OpenMode) -> PathIoResult<Self> {
        let mut file = tree.open(path, mode)?;
        if mode != OpenMode::Read {
            return Ok(Self::Write(file));
        }
        let first = file.read(FIRST_BLOCK)?;
        if first.len() == FIRST_BLOCK {
            return Ok(Self::Read(file, first));
        }
        // A short read can have other reasons than the end.
        if file.read(1)?.is_empty() {
            return Ok(Self::Whole(first));
        }
        file.seek(std::io::SeekFrom::Start(first.len() as u64))?;
        Ok(Self::Read(file, first))
    }
}

impl Runner for OnExecutor {
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> PathIoResult<T> + Send + 'static,
    ) -> PathIoResult<T> {
        self.ready().await;
        self.begin(job).await.map_err(lost_job)?
    }

    async fn ready(&self) {
        self.leavers.gone().await;
    }

    async fn open<T: Tree>(
        &self,
        tree: Arc<T>,
        path: PathName,
        mode: OpenMode,
    ) -> PathIoResult<Box<dyn PathFile>> {
        self.ready().await;
        if mode == OpenMode::Read
            && let Some(content) = tree.content_at_hand(&path, FIRST_BLOCK)
        {
            return Ok(Box::new(WholeFile::new(content?)));
        }
        let opened = self.run(move || Opened::open(&*tree, &path, mode)).await?;
        Ok(match opened {
            Opened::Whole(content) => Box::new(WholeFile::new(content)),
            Opened::Read(file, first) => Box::new(Reader::new(Lent::new(self, file, false), first)),
            Opened::Write(file) => {
                let is_in_place = mode != OpenMode::Write;
                Box::new(Writer::new(Lent::new(self, file, is_in_place), mode))
            }
        })
    }
}

fn lost_job(_: oneshot::error::RecvError) -> PathIoError {
    PathIoError::new(
        PathIoErrorKind::Unavailable,
        "the executor dropped the call, or the call panicked; it may or may not have been done",
    )
}
