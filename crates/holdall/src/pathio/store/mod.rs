//! [`StorePathIo`]: path IO over a store.

mod edit;
mod faults;
mod folders;
mod list;
mod look;
mod read;
mod rename;
mod tree;
mod write;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use self::tree::{Tree, checked};
use super::connection::Connection;
use super::error::{PathIoError, PathIoOperation, PathIoResult};
use super::file::PathFile;
use super::io::{AbstractPathIo, MkdirOptions, SharedState};
use super::lister::Lister;
use super::mode::OpenMode;
use super::path::PathName;
use super::stat::PathStat;
use crate::store::AsyncStore;

/// The name of the file that keeps an empty folder of a flat namespace there,
/// such as a folder in a bucket.
///
/// A [`StorePathIo`] makes and removes it, never lists it, and refuses it in
/// paths. Other clients of the store see it as an empty file.
pub const FOLDER_MARKER: &str = ".holdall-folder";

/// Files and folders of any [`AsyncStore`], with the rules of POSIX as far as a
/// store can keep them.
///
/// **Reading** is pinned to the version of the file that was opened: where the
/// store tells versions apart, a file that is replaced meanwhile is
/// [`Conflict`](super::PathIoErrorKind::Conflict). Blocks that follow on each
/// other come out of one stream, and one of them is fetched ahead.
///
/// **`wb`** hands content on as it comes, and a file of up to 1 MiB in one write
/// at its close, which is one request to a service. Nothing shows before the
/// close has succeeded. Memory stays at a few MiB. The position may move
/// everywhere within the first MiB; behind it only forward, and to go back there
/// is `r+b`.
///
/// **`ab` and `r+b`** copy the file to a temporary one without a name, change
/// that, and write it back at the close if it was changed. A file that somebody
/// else has changed meanwhile is [`Conflict`](super::PathIoErrorKind::Conflict):
/// it is written back [only while it is the version](crate::WriteOptions::if_match)
/// that was copied. Where the backend cannot compare, a look right before the write
/// has to do, and a change within that last step goes unnoticed. A file that was not
/// there is made only if it still is not. Files larger than the
/// [limit](Self::with_edit_limit) are
/// [`TooLarge`](super::PathIoErrorKind::TooLarge). User metadata stays.
///
/// **Folders.** A store makes folders as it needs them; here they must be there,
/// as POSIX has it. On a flat namespace a [marker](FOLDER_MARKER) keeps an empty
/// folder there, and each look for a folder asks for that first, which is one
/// request. A folder that other clients made of nothing but keys is one, too, and
/// stays when its last file is removed or renamed through a `StorePathIo`. A backend
/// that [has calls for folders](crate::AsyncBackend::has_folder_calls) makes them
/// itself, without a marker. Where folders are nodes and it has none, a marker is
/// written to make one and removed at once; of two programs that make the same folder
/// at the same moment both may succeed there.
///
/// **Renaming.** A file is renamed as the store does it, in one step where it
/// declares [`AtomicMove`](crate::Capability::AtomicMove). So is a folder where the
/// backend has calls for folders; elsewhere it is renamed file by file, which is not
/// atomic: others see parts of it at both paths.
/// After a failure what was renamed is renamed back; no file is ever at neither
/// path.
///
/// **Records.** The time of the last change of attributes is that of content, a
/// file has one link, and permissions are `0o644` and `0o755`. Folders of a store
/// have no times: theirs is the beginning of 1970, as is a file's where the
/// backend cannot tell. [`set_modified`](AbstractPathIo::set_modified) is
/// [`NotImplemented`](super::PathIoErrorKind::NotImplemented).
///
/// **Names** with a backslash are refused, since a store takes it for a slash.
///
/// What the store cannot do, by its [capabilities](crate::Capability), is
/// [`NotImplemented`](super::PathIoErrorKind::NotImplemented): reading needs
/// `Read`; `wb` `Write`; `ab` and `r+b` `Read`, `Write` and `Metadata`; `stat` of a
/// file `Metadata`; listings, removing and renaming folders `List`; removing
/// `Delete`; renaming `Move`, or `Copy` and `Delete`, where it is not atomic.
///
/// ```
/// use holdall::pathio::{AbstractPathIo, MkdirOptions, OpenMode, StorePathIo};
/// use holdall::{AsyncMemoryBackend, AsyncStore};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// let io = StorePathIo::new(store.clone());
/// io.mkdir("reports", MkdirOptions::new()).await?;
/// io.open("reports/q1.csv", OpenMode::Write)
///     .run(async |file| file.write("a,b\n").await)
///     .await?;
/// io.open("reports/q1.csv", OpenMode::Append)
///     .run(async |file| file.write("1,2\n").await)
///     .await?;
/// assert_eq!(store.read_text("reports/q1.csv").await?, "a,b\n1,2\n");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct StorePathIo {
    tree: Tree,
    connection: Option<Connection>,
}

impl StorePathIo {
    /// The size of files that can be changed in place, where no other was set:
    /// 1 GiB.
    pub const DEFAULT_EDIT_LIMIT: u64 = 1024 * 1024 * 1024;

    /// Path IO over `store`, whose root is the root.
    pub fn new(store: AsyncStore) -> Self {
        Self {
            tree: Tree::new(store, Self::DEFAULT_EDIT_LIMIT),
            connection: None,
        }
    }

    /// How many bytes a file may have that is opened in
    /// [`OpenMode::Append`] or [`OpenMode::ReadWrite`], before and after it was
    /// changed. So much of the folder for temporary files each open one can take.
    #[must_use]
    pub fn with_edit_limit(mut self, bytes: u64) -> Self {
        self.tree = self.tree.with_edit_limit(bytes);
        self
    }

    /// The store beneath.
    pub fn store(&self) -> &AsyncStore {
        self.tree.store()
    }
}

fn at(operation: PathIoOperation, path: &str) -> impl FnOnce(PathIoError) -> PathIoError {
    move |error| error.located(operation, path)
}

fn both(
    operation: PathIoOperation,
    source: &str,
    destination: &str,
) -> PathIoResult<(PathName, PathName)> {
    let from = checked(source).map_err(at(operation, source))?;
    let to = checked(destination).map_err(at(operation, destination))?;
    Ok((from, to))
}

/// An error of a rename is about the source unless it names the destination, which
/// is told as the caller gave it.
fn of_either(
    operation: PathIoOperation,
    (source, destination): (&str, &str),
    to: &PathName,
) -> impl FnOnce(PathIoError) -> PathIoError {
    move |error| match error.path() == Some(to.as_str()) {
        true => error.with_operation(operation).with_path(destination),
        false => error.located(operation, source),
    }
}

impl Tree {
    async fn open(&self, path: PathName, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        Ok(match mode {
            OpenMode::Read => Box::new(self.open_to_read(path).await?),
            OpenMode::Write => Box::new(self.open_to_write(path).await?),
            OpenMode::Append | OpenMode::ReadWrite => {
                Box::new(self.open_to_edit(path, mode).await?)
            }
        })
    }
}

#[async_trait]
impl AbstractPathIo for StorePathIo {
    fn for_connection(&self, connection: Connection) -> Arc<dyn AbstractPathIo> {
        Arc::new(Self {
            tree: self.tree.clone(),
            connection: Some(connection),
        })
    }

    fn connection(&self) -> Option<&Connection> {
        self.connection.as_ref()
    }

    /// The [`AsyncStore`].
    fn state(&self) -> Option<SharedState> {
        Some(self.tree.shared())
    }

    async fn open_file(&self, path: &str, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        let opened = async { self.tree.open(checked(path)?, mode).await }.await;
        opened.map_err(at(PathIoOperation::Open, path))
    }

    fn list(&self, path: &str) -> Lister {
        self.tree.list(path)
    }

    async fn stat(&self, path: &str) -> PathIoResult<PathStat> {
        let stat = async { self.tree.stat(&checked(path)?).await }.await;
        stat.map_err(at(PathIoOperation::Stat, path))
    }

    async fn exists(&self, path: &str) -> PathIoResult<bool> {
        let exists = async { self.tree.exists(&checked(path)?).await }.await;
        exists.map_err(at(PathIoOperation::Stat, path))
    }

    async fn is_dir(&self, path: &str) -> PathIoResult<bool> {
        let is_dir = async { Ok(self.tree.is_folder(&checked(path)?).await?) }.await;
        is_dir.map_err(at(PathIoOperation::Stat, path))
    }

    async fn is_file(&self, path: &str) -> PathIoResult<bool> {
        let is_file = async { self.tree.is_file(&checked(path)?).await }.await;
        is_file.map_err(at(PathIoOperation::Stat, path))
    }

    async fn mkdir(&self, path: &str, options: MkdirOptions) -> PathIoResult<()> {
        let made = async { self.tree.make_folder(&checked(path)?, options).await }.await;
        made.map_err(at(PathIoOperation::Mkdir, path))
    }

    async fn rmdir(&self, path: &str) -> PathIoResult<()> {
        let removed = async { self.tree.remove_folder(&checked(path)?).await }.await;
        removed.map_err(at(PathIoOperation::Rmdir, path))
    }

    async fn unlink(&self, path: &str) -> PathIoResult<()> {
        let removed = async { self.tree.remove_file(&checked(path)?).await }.await;
        removed.map_err(at(PathIoOperation::Unlink, path))
    }

    async fn rename(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let operation = PathIoOperation::Rename;
        let (from, to) = both(operation, source, destination)?;
        let renamed = self.tree.rename(&from, &to).await;
        renamed.map_err(of_either(operation, (source, destination), &to))
    }

    /// For files alone, and where the store declares [`Move`](crate::Capability::Move).
    async fn rename_new(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let renamed = async {
            let (from, to) = (checked(source)?, checked(destination)?);
            self.tree.rename_new(&from, &to).await
        };
        renamed
            .await
            .map_err(at(PathIoOperation::RenameNew, source))
    }
}

impl fmt::Debug for StorePathIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorePathIo")
            .field("store", self.store())
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
