//! The path IO that blocks in place.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::LocalDriver;
use crate::local::tree::LocalTree;
use crate::pathio::blocking::{InPlace, OverTree};
use crate::pathio::connection::Connection;
use crate::pathio::error::PathIoResult;

/// A folder of the local disk, each of whose calls blocks where its caller is.
///
/// Its futures are ready at the first poll. On a thread of one's own nothing is
/// faster; on the threads of a runtime every call keeps other tasks waiting, and
/// there [`AsyncPathIo`](super::AsyncPathIo) is the choice. A timeout cannot
/// interrupt a call.
///
/// # What it promises
///
/// - **Confinement.** The root is an open folder, and every path resolves beneath
///   it, also while links are swapped about. A relative link that stays inside is
///   what it points to. A link that leads out, as every absolute one does, is
///   [`PermissionDenied`](crate::pathio::PathIoErrorKind::PermissionDenied) to go
///   through; a listing shows it as a link. Removing, renaming and
///   [`OpenMode::Write`](crate::pathio::OpenMode::Write) act on a link itself.
/// - **All or nothing.** A file written anew is staged without a name, or under
///   one that no listing shows, and takes its place in one step when it is
///   closed. A replaced file keeps its permissions.
/// - **In place.** [`OpenMode::Append`](crate::pathio::OpenMode::Append) and
///   [`OpenMode::ReadWrite`](crate::pathio::OpenMode::ReadWrite) change the file at once.
///   An append that is given up cuts off what it wrote, unless somebody else
///   appended meanwhile, and removes the file that it made; a crash leaves it.
///
/// Pipes, sockets and devices are listed, but never opened. Names that are not
/// UTF-8 are not listed, with a warning for each.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, OpenMode, PathIo};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> holdall::pathio::PathIoResult<()> {
/// # let folder = tempfile::tempdir().map_err(holdall::pathio::universal_error)?;
/// # let root = folder.path();
/// let io = PathIo::new(root)?;
/// io.open("note", OpenMode::Write)
///     .run(async |file| file.write("hello").await)
///     .await?;
/// assert_eq!(io.list("/").collect_paths().await?, ["/note"]);
/// # Ok(()) }
/// ```
#[doc(alias = "PathIO")]
#[derive(Clone)]
pub struct PathIo {
    tree: Arc<LocalTree>,
    connection: Option<Connection>,
}

impl PathIo {
    /// The folder `root`, which is made where it is missing.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::pathio::PathIoErrorKind::NotFound) where the root is no folder;
    /// [`PermissionDenied`](crate::pathio::PathIoErrorKind::PermissionDenied) where it must
    /// not be made or opened.
    pub fn new(root: impl AsRef<Path>) -> PathIoResult<Self> {
        Ok(Self::over(LocalTree::new(root.as_ref())?))
    }

    fn over(tree: LocalTree) -> Self {
        Self {
            tree: Arc::new(tree),
            connection: None,
        }
    }
}

impl From<LocalDriver> for PathIo {
    fn from(driver: LocalDriver) -> Self {
        Self::over(driver.into())
    }
}

impl OverTree for PathIo {
    type Tree = LocalTree;
    type Runner = InPlace;

    fn tree(&self) -> &Arc<LocalTree> {
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

impl fmt::Debug for PathIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathIo")
            .field("tree", &self.tree)
            .field("connection", &self.connection)
            .finish()
    }
}
