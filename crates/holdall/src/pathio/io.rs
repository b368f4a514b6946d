//! The interface of the layer.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::connection::Connection;
use super::context::AsyncPathIoContext;
use super::error::{PathIoError, PathIoErrorKind, PathIoOperation, PathIoResult};
use super::file::PathFile;
use super::lister::Lister;
use super::mode::OpenMode;
use super::stat::PathStat;
use super::timed::TimedPathIo;
use crate::Timestamp;

/// What the path IOs of one server share: whatever the implementation keeps.
pub type SharedState = Arc<dyn Any + Send + Sync>;

/// How a folder is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MkdirOptions {
    /// Whether to make the folders on the way, too.
    pub parents: bool,
    /// Whether a folder that is there already is a success.
    pub exist_ok: bool,
}

impl MkdirOptions {
    /// Neither.
    pub const fn new() -> Self {
        Self {
            parents: false,
            exist_ok: false,
        }
    }

    /// Makes the folders on the way, too.
    #[must_use]
    pub const fn parents(mut self, parents: bool) -> Self {
        self.parents = parents;
        self
    }

    /// Takes a folder that is there already for a success. A file is not.
    #[must_use]
    pub const fn exist_ok(mut self, exist_ok: bool) -> Self {
        self.exist_ok = exist_ok;
        self
    }
}

/// Files and folders by path, with the rules of POSIX, confined to a root.
///
/// Paths are as the [module](super) says. Every call can fail with
/// [`PathIoErrorKind::InvalidArgument`] for a path that is none,
/// [`PathIoErrorKind::PermissionDenied`], [`PathIoErrorKind::NotADirectory`] for
/// a file on the way, [`PathIoErrorKind::TimedOut`] where a timeout was set, and
/// [`PathIoErrorKind::Unavailable`].
///
/// Dropping the future of a call gives the call up; a change that was under way
/// is either made or not, never half.
///
/// Implementations write the calls without a default and share their state in
/// [`AbstractPathIo::for_connection`].
#[doc(alias = "AbstractPathIO")]
#[async_trait]
pub trait AbstractPathIo: Send + Sync + 'static {
    /// The path IO for one connection of a server. It shares this one's state,
    /// and may keep who it is for.
    fn for_connection(&self, connection: Connection) -> Arc<dyn AbstractPathIo>;

    /// Whom this path IO works for, where it was made for a connection.
    fn connection(&self) -> Option<&Connection> {
        None
    }

    /// What all path IOs share that were made of one by
    /// [`AbstractPathIo::for_connection`], where there is anything.
    fn state(&self) -> Option<SharedState> {
        None
    }

    /// How long a call may take, where that is limited; see
    /// [`AbstractPathIo::with_timeout`].
    fn timeout(&self) -> Option<Duration> {
        None
    }

    /// Opens a file; callers use [`AbstractPathIo::open`].
    ///
    /// # Errors
    ///
    /// As [`AbstractPathIo::open`].
    #[doc(alias = "_open")]
    async fn open_file(&self, path: &str, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>>;

    /// Lists a folder; see [`Lister`].
    ///
    /// Costs one pass: each entry brings its [`PathStat`].
    fn list(&self, path: &str) -> Lister;

    /// What is known of a file or a folder. A symbolic link is followed.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::NotFound`] where nothing stands.
    async fn stat(&self, path: &str) -> PathIoResult<PathStat>;

    /// Makes a folder.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::AlreadyExists`] where anything stands, or only for a file
    /// with [`MkdirOptions::exist_ok`]; [`PathIoErrorKind::NotFound`] without the
    /// folder that it is to lie in, unless [`MkdirOptions::parents`].
    async fn mkdir(&self, path: &str, options: MkdirOptions) -> PathIoResult<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::NotFound`], [`PathIoErrorKind::NotADirectory`],
    /// [`PathIoErrorKind::DirectoryNotEmpty`], and
    /// [`PathIoErrorKind::InvalidArgument`] for the root.
    async fn rmdir(&self, path: &str) -> PathIoResult<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::NotFound`], [`PathIoErrorKind::IsADirectory`].
    async fn unlink(&self, path: &str) -> PathIoResult<()>;

    /// Gives a file or a folder another path, as `rename(2)` does: a file takes
    /// the place of a file, a folder that of an empty folder.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::NotFound`] for the source, or the folder of the
    /// destination; [`PathIoErrorKind::IsADirectory`] for a file onto a folder;
    /// [`PathIoErrorKind::NotADirectory`] for a folder onto a file;
    /// [`PathIoErrorKind::DirectoryNotEmpty`] for a folder onto one with content;
    /// [`PathIoErrorKind::InvalidArgument`] for a folder into itself and for the
    /// root. Atomic on local disk and in memory.
    async fn rename(&self, source: &str, destination: &str) -> PathIoResult<()>;

    /// Gives a file another path, where nothing stands: of any number of calls for
    /// one destination exactly one succeeds.
    ///
    /// # Errors
    ///
    /// As [`AbstractPathIo::rename`]; [`PathIoErrorKind::AlreadyExists`] where
    /// anything stands at the destination;
    /// [`PathIoErrorKind::NotImplemented`] where the path IO cannot promise it, for
    /// folders or at all.
    async fn rename_new(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let _ = destination;
        Err(PathIoError::not_implemented(PathIoOperation::RenameNew).with_path(source))
    }

    /// Sets the time of the last change of a file's content.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::NotImplemented`] where the storage sets it by itself, as
    /// stores do; [`PathIoErrorKind::NotFound`].
    async fn set_modified(&self, path: &str, modified: Timestamp) -> PathIoResult<()> {
        let _ = modified;
        Err(PathIoError::not_implemented(PathIoOperation::SetModified).with_path(path))
    }

    /// Opens a file, once the result is awaited.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::NotFound`] where nothing stands, in
    /// [`OpenMode::Read`] and [`OpenMode::ReadWrite`], and without the folder that
    /// the file is to lie in, in the others; [`PathIoErrorKind::IsADirectory`].
    fn open<'a>(&'a self, path: &'a str, mode: OpenMode) -> AsyncPathIoContext<'a> {
        AsyncPathIoContext::new(self.open_file(path, mode), path, mode)
    }

    /// Whether anything stands at the path; a file on the way means no.
    async fn exists(&self, path: &str) -> PathIoResult<bool> {
        Ok(stat_if_there(self, path).await?.is_some())
    }

    /// Whether a folder stands at the path.
    async fn is_dir(&self, path: &str) -> PathIoResult<bool> {
        Ok(stat_if_there(self, path)
            .await?
            .is_some_and(|stat| stat.is_dir()))
    }

    /// Whether a file stands at the path.
    async fn is_file(&self, path: &str) -> PathIoResult<bool> {
        Ok(stat_if_there(self, path)
            .await?
            .is_some_and(|stat| stat.is_file()))
    }

    /// The same path IO, each of whose calls may take at most `timeout`: every
    /// call, every block of a file and every entry of a listing.
    fn with_timeout(self, timeout: Duration) -> TimedPathIo
    where
        Self: Sized,
    {
        TimedPathIo::new(Arc::new(self), timeout)
    }
}

async fn stat_if_there<P: AbstractPathIo + ?Sized>(
    io: &P,
    path: &str,
) -> PathIoResult<Option<PathStat>> {
    match io.stat(path).await {
        Ok(stat) => Ok(Some(stat)),
        Err(error) => match error.kind() {
            PathIoErrorKind::NotFound | PathIoErrorKind::NotADirectory => Ok(None),
            _ => Err(error),
        },
    }
}
