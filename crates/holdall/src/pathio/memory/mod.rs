//! The path IO in memory.

mod content;
mod file;
mod node;
mod tree;

use std::fmt;
use std::sync::Arc;

use self::tree::{MemoryTree, Root};
use super::blocking::{InPlace, OverTree};
use super::connection::Connection;
use super::error::{PathIoError, PathIoErrorKind, PathIoResult};
use super::io::SharedState;
use super::path::PathName;

/// Files and folders in memory. No call waits.
///
/// Content is shared, never copied, unless it comes in pieces of less than 4 KiB.
/// A file that is open for reading keeps the content that it was opened with,
/// whatever becomes of its path.
///
/// Paths that do not begin with `/` start from the working folder, which is the
/// root unless [`MemoryPathIo::with_cwd`] said otherwise.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, MemoryPathIo, MkdirOptions, OpenMode};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::pathio::PathIoResult<()> {
/// let io = MemoryPathIo::with_cwd("/home")?;
/// io.mkdir("/home", MkdirOptions::new()).await?;
/// io.open("note", OpenMode::Write)
///     .run(async |file| file.write("hello").await)
///     .await?;
/// assert_eq!(io.stat("/home/note").await?.size, 5);
/// # Ok(()) }
/// ```
#[doc(alias = "MemoryPathIO")]
#[derive(Clone)]
pub struct MemoryPathIo {
    tree: Arc<MemoryTree>,
    connection: Option<Connection>,
}

impl MemoryPathIo {
    /// An empty tree.
    pub fn new() -> Self {
        Self::over(Arc::new(Root::new()), PathName::root())
    }

    /// An empty tree whose relative paths start from the folder `cwd`, which need
    /// not be there yet.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] for a path that is none.
    pub fn with_cwd(cwd: &str) -> PathIoResult<Self> {
        Ok(Self::over(Arc::new(Root::new()), PathName::new(cwd)?))
    }

    /// The tree of another one, by what its
    /// [`state`](super::AbstractPathIo::state) says. Relative paths start from
    /// the root.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] for the state of another type of path
    /// IO.
    pub fn with_state(state: SharedState) -> PathIoResult<Self> {
        let root = state.downcast::<Root>().map_err(|_| {
            let message = "the state is not that of a path IO in memory";
            PathIoError::new(PathIoErrorKind::InvalidArgument, message)
        })?;
        Ok(Self::over(root, PathName::root()))
    }

    fn over(root: Arc<Root>, cwd: PathName) -> Self {
        Self {
            tree: Arc::new(MemoryTree::new(root, cwd)),
            connection: None,
        }
    }
}

impl Default for MemoryPathIo {
    fn default() -> Self {
        Self::new()
    }
}

impl OverTree for MemoryPathIo {
    type Tree = MemoryTree;
    type Runner = InPlace;

    fn tree(&self) -> &Arc<MemoryTree> {
        &self.tree
    }

    fn runner(&self) -> &InPlace {
        &InPlace
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

impl fmt::Debug for MemoryPathIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryPathIo")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
