//! [`Backend`]: everything that a blocking store asks of a backend.

use std::any::{Any, TypeId};
use std::sync::Arc;

use bytes::Bytes;

use super::sync_defaults as defaults;
use crate::capability::{Capability, CapabilitySet};
use crate::content::{AtomicFile, Entries, ReadStream, SeekableStream, WritableContent};
use crate::driver::{ByteRange, Namespace};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult};
use crate::options::{DeleteFolderOptions, DeleteOptions, Depth, TransferOptions, WriteOptions};
use crate::pattern::Pattern;

/// A whole storage backend whose calls block.
///
/// The contract is that of [`AsyncBackend`](crate::AsyncBackend), call by call,
/// with these differences: [`read`](Self::read) is eager, so every error that
/// can be known before the first byte comes from the call; listings are
/// iterators that do nothing before their first step.
///
/// A driver whose calls never wait is such a backend already, inside a
/// [`DriverBackend`](crate::DriverBackend).
pub trait Backend: Send + Sync + 'static {
    /// The kind of backend, such as `local`.
    fn name(&self) -> &str;

    /// What this instance can do.
    fn capabilities(&self) -> CapabilitySet;

    /// Whether folders are nodes of their own.
    fn namespace(&self) -> Namespace {
        Namespace::Hierarchical
    }

    /// Whether calls after [`close`](Self::close) fail with
    /// [`BackendUnavailable`](ErrorKind::BackendUnavailable), or on an adapter
    /// with [`Closed`](ErrorKind::Closed).
    fn close_is_terminal(&self) -> bool {
        false
    }

    /// Whether writes heed [`WriteOptions::if_match`]; otherwise a store refuses
    /// those that have one.
    fn supports_if_match(&self) -> bool {
        false
    }

    /// Whether a file or folder stands at `path`.
    fn exists(&self, path: &str) -> Result<bool>;

    /// Whether a file stands at `path`.
    fn is_file(&self, path: &str) -> Result<bool>;

    /// Whether a folder stands at `path`.
    fn is_folder(&self, path: &str) -> Result<bool>;

    /// The content of the file at `path`, open and at its first byte. It is
    /// seekable where the backend declares
    /// [`SeekableRead`](Capability::SeekableRead).
    fn read(&self, path: &str) -> Result<ReadStream>;

    /// The content of the file at `path`, in one piece.
    fn read_bytes(&self, path: &str) -> Result<Bytes>;

    /// The bytes of `range`, cut short at the end of the file. By default the
    /// bytes before the range are read and dropped.
    fn read_range(&self, path: &str, range: ByteRange) -> Result<ReadStream> {
        defaults::read_range(self.read(path)?, range)
    }

    /// The file at `path` for reading at any position. By default the stream
    /// of [`read`](Self::read) where that is seekable, else its content is
    /// spooled: in memory up to 8 MiB, then in a temporary file.
    fn read_seekable(&self, path: &str) -> Result<SeekableStream> {
        defaults::read_seekable(self.read(path)?)
    }

    /// Stores `content` at `path`, making its parents.
    fn write(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult>;

    /// As [`write`](Self::write); once acknowledged, the file survives a crash.
    fn write_atomic(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult>;

    /// A writer for `path` whose content shows at its commit. By default the
    /// content is spooled, in memory up to 8 MiB and then to a temporary file,
    /// and handed to [`write_atomic`](Self::write_atomic) at the commit.
    fn open_atomic(self: Arc<Self>, path: &str, options: WriteOptions) -> Result<AtomicFile> {
        defaults::open_atomic(self, path, options)
    }

    /// Deletes the file at `path`.
    fn delete(&self, path: &str, options: DeleteOptions) -> Result<()>;

    /// Deletes the folder at `path`.
    fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()>;

    /// The files below `path` within `depth`.
    fn list_files(&self, path: &str, depth: Depth) -> Entries<FileInfo>;

    /// The immediate subfolders of `path`.
    fn list_folders(&self, path: &str) -> Entries<FolderEntry>;

    /// The immediate children of `path`, in one pass. By default the files and
    /// then the folders.
    fn iter_children(&self, path: &str) -> Entries<PathEntry> {
        let files = self.list_files(path, Depth::CHILDREN);
        let folders = self.list_folders(path);
        let files = files.map(|file| file.map(PathEntry::File));
        Entries::new(files.chain(folders.map(|folder| folder.map(PathEntry::Folder))))
    }

    /// The files that match `pattern`. By default refused.
    fn glob(&self, pattern: &Pattern) -> Entries<FileInfo> {
        Entries::failed(
            Error::new(
                ErrorKind::CapabilityNotSupported,
                "the backend has no native glob; `ext::glob` works on all that list",
            )
            .with_capability(Capability::Glob)
            .with_backend(self.name())
            .with_operation(Operation::Glob)
            .with_path(pattern.as_str()),
        )
    }

    /// What is known of the file at `path`.
    fn get_file_info(&self, path: &str) -> Result<FileInfo>;

    /// The sums over all files below `path`.
    fn get_folder_info(&self, path: &str) -> Result<FolderInfo>;

    /// Moves the file at `src` to `dst`.
    #[doc(alias = "move")]
    fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()>;

    /// Copies the file at `src` to `dst`, with its user metadata.
    fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()>;

    /// Whether the backend answers.
    fn check_health(&self) -> Result<()> {
        Ok(())
    }

    /// Releases what the backend holds. Calling it again does nothing.
    fn close(&self) -> Result<()> {
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
    /// [`Store::unwrap`](crate::Store::unwrap).
    fn native_handle(&self, _wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        None
    }
}
