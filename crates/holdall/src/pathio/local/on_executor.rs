//! The path IO that blocks nobody.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::LocalDriver;
use crate::local::tree::LocalTree;
use crate::pathio::blocking::OverTree;
use crate::pathio::connection::Connection;
use crate::pathio::error::PathIoResult;
use crate::pathio::executor::{BlockingExecutor, OnExecutor};

/// A folder of the local disk, each of whose calls runs on an executor.
///
/// It promises what [`PathIo`](super::PathIo) does, and keeps no task waiting.
///
/// # What a call costs
///
/// One hop to the executor, and less for files. What the system's cache has of a
/// file's attributes, and of small files, costs none where the kernel can be told
/// not to wait, as Linux can.
///
/// - A file of less than 64 KiB is read whole as it is opened, and closed again:
///   a reader of it keeps what the file held then, and makes no other hop.
/// - Of a larger one, the next block is fetched while the caller uses this one: at
///   least 256 KiB, at most 1 MiB, by what the caller asks for. A reader holds two
///   blocks.
/// - What is written is held back until it comes to 256 KiB, and goes out while the
///   caller makes the next block; a writer holds two. A file that is written anew
///   takes two hops, opening and closing, if it is small. Errors of a write come
///   with a later call, at the latest with
///   [`close`](crate::pathio::AsyncPathFile::close).
/// - A listing takes one hop for about a thousand entries, which bring all that is
///   known of them.
///
/// The executor is the pool of threads that the backends of the process share,
/// unless [`AsyncPathIo::with_executor`] says otherwise. No runtime is needed.
///
/// Where a future is dropped before the executor has begun with its job, nothing
/// is done; afterwards the job is done to its end.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, AsyncPathIo, OpenMode};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::pathio::PathIoResult<()> {
/// # let folder = tempfile::tempdir().map_err(holdall::pathio::universal_error)?;
/// # let root = folder.path();
/// let io = AsyncPathIo::new(root)?;
/// io.open("note", OpenMode::Append)
///     .run(async |file| file.write("hello").await)
///     .await?;
/// assert_eq!(io.stat("note").await?.size, 5);
/// # Ok(()) }
/// ```
#[doc(alias = "AsyncPathIO")]
#[derive(Clone)]
pub struct AsyncPathIo {
    tree: Arc<LocalTree>,
    runner: OnExecutor,
    connection: Option<Connection>,
}

impl AsyncPathIo {
    /// The folder `root`, which is made where it is missing.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::pathio::PathIoErrorKind::NotFound) where the root is no folder;
    /// [`PermissionDenied`](crate::pathio::PathIoErrorKind::PermissionDenied) where it must
    /// not be made or opened.
    pub fn new(root: impl AsRef<Path>) -> PathIoResult<Self> {
        let tree = LocalTree::new(root.as_ref())?;
        Ok(Self::over(tree, OnExecutor::shared_pool()))
    }

    /// The folder `root`, which is made where it is missing, with calls that run on
    /// `executor`.
    ///
    /// # Errors
    ///
    /// As [`AsyncPathIo::new`].
    pub fn with_executor(
        root: impl AsRef<Path>,
        executor: impl BlockingExecutor,
    ) -> PathIoResult<Self> {
        let tree = LocalTree::new(root.as_ref())?;
        Ok(Self::over(tree, OnExecutor::new(executor)))
    }

    fn over(tree: LocalTree, runner: OnExecutor) -> Self {
        Self {
            tree: Arc::new(tree),
            runner,
            connection: None,
        }
    }
}

impl From<LocalDriver> for AsyncPathIo {
    fn from(driver: LocalDriver) -> Self {
        Self::over(driver.into(), OnExecutor::shared_pool())
    }
}

impl OverTree for AsyncPathIo {
    type Tree = LocalTree;
    type Runner = OnExecutor;

    fn tree(&self) -> &Arc<LocalTree> {
        &self.tree
    }

    fn runner(&self) -> &OnExecutor {
        &self.runner
    }

    fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    fn with_connection(&self, connection: Connection) -> Self {
        Self {
            connection: Some(connection),
            ..self.clone()
        }
    }
}

impl fmt::Debug for AsyncPathIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncPathIo")
            .field("tree", &self.tree)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
