//! [`AsyncBackend`]: everything that a store asks of a backend.

use std::any::{Any, TypeId};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::defaults;
use crate::capability::{Capability, CapabilitySet};
use crate::content::{AsyncWritableContent, ByteStream, Listing};
use crate::driver::{ByteRange, Namespace};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult};
use crate::options::{DeleteFolderOptions, DeleteOptions, Depth, TransferOptions, WriteOptions};
use crate::pattern::Pattern;
use crate::reader::SeekableReader;
use crate::writer::AtomicWriter;

/// A whole storage backend.
///
/// There are two ways to write one. The small one is a
/// [`Driver`](crate::driver::Driver): a dozen primitives, with the contract for
/// free. The large one is this trait, for what is a whole store already: then
/// the contract is the author's to keep, and `holdall-testkit` proves it.
///
/// # The contract
///
/// Paths are relative to the backend's root, which has many spellings: `""`,
/// `"."`, `"/"`, `"./"`. Errors carry the path as it was given. Where several
/// errors apply, the first of these is reported:
///
/// | call | order |
/// |---|---|
/// | any on a closed terminal backend | `BackendUnavailable`, ahead of everything but the names |
/// | `write`, `write_atomic`, `open_atomic` | metadata `InvalidArgument` → metadata `CapabilityNotSupported` → the root `InvalidPath` → a folder there `InvalidPath` → a file among the ancestors `InvalidPath` → a file there without `overwrite` `AlreadyExists` |
/// | `read*`, `get_file_info` | the root `InvalidPath` → a folder `InvalidPath` → missing or below a file `NotFound` |
/// | `delete` | the root `InvalidPath` → a folder `InvalidPath`, also with `missing_ok` → missing or below a file `NotFound`, or nothing with `missing_ok` |
/// | `delete_folder` | the root `InvalidPath` → a file `InvalidPath`, also with `missing_ok` → missing `NotFound`, or nothing with `missing_ok` → children without `recursive` `DirectoryNotEmpty` |
/// | `rename`, `copy` | source is the root, destination is the root `InvalidPath` → source missing `NotFound` → source a folder `InvalidPath` → destination a folder `InvalidPath` → same path: nothing is done → destination there without `overwrite` `AlreadyExists` → destination below a file `InvalidPath` |
/// | `exists`, `is_file`, `is_folder` | the root is true, false, true without a look; missing or below a file is false |
/// | `get_folder_info` | a file `InvalidPath` → missing `NotFound`; the root never fails and counts what is there |
/// | listings | missing, a file, below a file, a name that leads nowhere in here: empty |
///
/// On a flat namespace a write does not look for a folder at the path or a file
/// among the ancestors.
///
/// Every write is all or nothing: no part of the content shows at the path
/// before all of it does; a source that fails, and a future that is dropped
/// before the commit, leave what was there. Without `overwrite`, of any number
/// of concurrent writers of one path exactly one succeeds.
///
/// The streams of `read` and of the listings do nothing before the first poll,
/// and report every error as an item, the first one included.
#[async_trait]
pub trait AsyncBackend: Send + Sync + 'static {
    /// The kind of backend, such as `local`.
    fn name(&self) -> &str;

    /// What this instance can do.
    fn capabilities(&self) -> CapabilitySet;

    /// Whether folders are nodes of their own.
    fn namespace(&self) -> Namespace {
        Namespace::Hierarchical
    }

    /// Whether calls after [`aclose`](Self::aclose) fail with
    /// [`BackendUnavailable`](ErrorKind::BackendUnavailable).
    fn close_is_terminal(&self) -> bool {
        false
    }

    /// Whether writes heed [`WriteOptions::if_match`]; otherwise a store refuses
    /// those that have one.
    fn supports_if_match(&self) -> bool {
        false
    }

    /// Whether a file or folder stands at `path`.
    async fn exists(&self, path: &str) -> Result<bool>;

    /// Whether a file stands at `path`.
    async fn is_file(&self, path: &str) -> Result<bool>;

    /// Whether a folder stands at `path`.
    async fn is_folder(&self, path: &str) -> Result<bool>;

    /// The content of the file at `path`, in chunks.
    fn read(&self, path: &str) -> ByteStream;

    /// The content of the file at `path`, in one piece.
    async fn read_bytes(&self, path: &str) -> Result<Bytes>;

    /// The bytes of `range` in chunks, cut short at the end of the file. By
    /// default the bytes before the range are read and dropped.
    fn read_range(&self, path: &str, range: ByteRange) -> ByteStream {
        defaults::read_range(self.read(path), range)
    }

    /// The file at `path` for reading at any position. By default each
    /// position is a [`read_range`](Self::read_range) of its own, reads that go on
    /// come out of one, and a file that is replaced midway goes unnoticed unless
    /// its etag or time tells.
    async fn read_seekable(self: Arc<Self>, path: &str) -> Result<SeekableReader> {
        defaults::read_seekable(self, path).await
    }

    /// As [`read_seekable`](Self::read_seekable), where the first `ahead` bytes are
    /// likely to be read first: a backend may bring them with the answer to the
    /// opening.
    async fn read_seekable_ahead(
        self: Arc<Self>,
        path: &str,
        _ahead: u64,
    ) -> Result<SeekableReader> {
        self.read_seekable(path).await
    }

    /// Whether a range costs no more where it begins later, so that
    /// [`read_seekable`](Self::read_seekable) is worth its while. Where it does
    /// cost more, [`AsyncBackendSyncAdapter`](crate::AsyncBackendSyncAdapter)
    /// seeks in a copy. By default what
    /// [`SeekableRead`](Capability::SeekableRead) says.
    fn has_native_ranges(&self) -> bool {
        self.capabilities().supports(Capability::SeekableRead)
    }

    /// Stores `content` at `path`, making its parents.
    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult>;

    /// As [`write`](Self::write); once acknowledged, the file survives a crash.
    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult>;

    /// A writer for `path` whose content shows at its commit. By default the
    /// content is spooled, in memory up to 8 MiB and then to a temporary file,
    /// and handed to [`write_atomic`](Self::write_atomic) at the commit.
    async fn open_atomic(
        self: Arc<Self>,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        defaults::open_atomic(self, path, options).await
    }

    /// Deletes the file at `path`.
    async fn delete(&self, path: &str, options: DeleteOptions) -> Result<()>;

    /// Deletes the folder at `path`.
    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()>;

    /// The files below `path` within `depth`.
    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo>;

    /// The immediate subfolders of `path`.
    fn list_folders(&self, path: &str) -> Listing<FolderEntry>;

    /// The immediate children of `path`, in one pass. By default the files and
    /// then the folders.
    fn iter_children(&self, path: &str) -> Listing<PathEntry> {
        defaults::iter_children(
            self.list_files(path, Depth::CHILDREN),
            self.list_folders(path),
        )
    }

    /// The files that match `pattern`. By default refused.
    fn glob(&self, pattern: &Pattern) -> Listing<FileInfo> {
        let error = Error::new(
            ErrorKind::CapabilityNotSupported,
            "the backend has no native glob; `ext::glob::glob_files` works on all that list",
        );
        Listing::failed(
            error
                .with_capability(Capability::Glob)
                .with_backend(self.name())
                .with_operation(Operation::Glob)
                .with_path(pattern.as_str()),
        )
    }

    /// What is known of the file at `path`.
    async fn get_file_info(&self, path: &str) -> Result<FileInfo>;

    /// The sums over all files below `path`.
    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo>;

    /// Moves the file at `src` to `dst`.
    #[doc(alias = "move")]
    async fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()>;

    /// Copies the file at `src` to `dst`, with its user metadata.
    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()>;

    /// Whether [`make_folder`](Self::make_folder) and
    /// [`rename_folder`](Self::rename_folder) are there: calls for folders alone,
    /// which a store has none of. The path-IO layer uses them where they are, and
    /// makes do with files where they are not.
    fn has_folder_calls(&self) -> bool {
        false
    }

    /// Makes a folder, and with `parents` those that it lies in.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](ErrorKind::AlreadyExists) where anything stands;
    /// [`NotFound`](ErrorKind::NotFound) without the folder around it;
    /// [`InvalidPath`](ErrorKind::InvalidPath) below a file;
    /// [`CapabilityNotSupported`](ErrorKind::CapabilityNotSupported).
    async fn make_folder(&self, path: &str, _parents: bool) -> Result<()> {
        let refused = defaults::no_folder_calls(Operation::MakeFolder, path);
        Err(refused.with_backend(self.name()))
    }

    /// Moves a folder with all it holds, in one step, to where nothing stands or an
    /// empty folder.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) for the source and the folder around the
    /// destination; [`InvalidPath`](ErrorKind::InvalidPath) where either is a file,
    /// and for a folder into itself;
    /// [`DirectoryNotEmpty`](ErrorKind::DirectoryNotEmpty) for a destination with
    /// content; [`CapabilityNotSupported`](ErrorKind::CapabilityNotSupported).
    async fn rename_folder(&self, src: &str, _dst: &str) -> Result<()> {
        let refused = defaults::no_folder_calls(Operation::RenameFolder, src);
        Err(refused.with_backend(self.name()))
    }

    /// Whether the backend answers: `NotFound` where the container or the root
    /// is gone, `PermissionDenied` where the credentials are refused,
    /// `BackendUnavailable` where it cannot be reached.
    async fn check_health(&self) -> Result<()> {
        Ok(())
    }

    /// Releases what the backend holds. Calling it again does nothing.
    async fn aclose(&self) -> Result<()> {
        Ok(())
    }

    /// How `path` maps to storage, without any I/O.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path.
    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        Ok(ResolutionPlan::new(
            self.name(),
            path,
            self.native_path(path)?,
        ))
    }

    /// The backend's own spelling of `path`; by default the path itself.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path.
    fn native_path(&self, path: &str) -> Result<String> {
        defaults::native_path(path)
    }

    /// The key of a native path; the inverse of
    /// [`native_path`](Self::native_path).
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a path outside the backend.
    fn to_key(&self, native_path: &str) -> Result<String> {
        self.native_path(native_path)
    }

    /// The native handle of the given type, for
    /// [`AsyncStore::unwrap`](crate::AsyncStore::unwrap).
    #[doc(alias = "unwrap")]
    fn native_handle(&self, _wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        None
    }

    /// The native handle of the given type, where it may be used outside the
    /// runtime that runs the backend's futures: what
    /// [`AsyncBackendSyncAdapter`](crate::AsyncBackendSyncAdapter) hands out.
    /// By default none.
    fn sync_safe_handle(&self, _wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        None
    }
}
