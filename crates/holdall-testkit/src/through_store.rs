//! A store under the cases of backends.

use std::any::{Any, TypeId};
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use holdall::driver::{ByteRange, Namespace};
use holdall::{
    AtomicFile, Backend, CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Entries,
    FileInfo, FolderEntry, FolderInfo, IntoBackend, ListOptions, PathEntry, Pattern, ReadStream,
    ResolutionPlan, Result, SeekableStream, Store, TransferOptions, WritableContent, WriteOptions,
    WriteResult,
};

/// A backend whose every call goes through a [`Store`] over another one, so
/// that the suite proves the store's calls, too.
///
/// A backend takes every spelling of its root, a store only two; that much is
/// evened out here.
#[derive(Debug)]
pub struct ThroughStore {
    store: Store,
}

impl ThroughStore {
    /// The calls of a store over `backend`, at its root.
    ///
    /// # Errors
    ///
    /// Those of [`Store::new`].
    pub fn new(backend: impl IntoBackend) -> Result<Self> {
        let store = Store::new(backend, "")?;
        Ok(Self { store })
    }

    fn beneath(&self) -> &Arc<dyn Backend> {
        self.store.backend()
    }
}

/// The store's spelling of the root for every other one.
fn spelled(path: &str) -> &str {
    let names_nothing = path
        .split(['/', '\\'])
        .all(|segment| matches!(segment, "" | "."));
    if names_nothing { "" } else { path }
}

fn listed<T: Send + 'static>(entries: Result<Entries<T>>) -> Entries<T> {
    entries.unwrap_or_else(Entries::failed)
}

impl Backend for ThroughStore {
    fn name(&self) -> &str {
        self.beneath().name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.store.capabilities()
    }

    fn namespace(&self) -> Namespace {
        self.beneath().namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.beneath().supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        self.beneath().close_is_terminal()
    }

    fn exists(&self, path: &str) -> Result<bool> {
        self.store.exists(spelled(path))
    }

    fn is_file(&self, path: &str) -> Result<bool> {
        self.store.is_file(spelled(path))
    }

    fn is_folder(&self, path: &str) -> Result<bool> {
        self.store.is_folder(spelled(path))
    }

    fn read(&self, path: &str) -> Result<ReadStream> {
        self.store.read(path)
    }

    fn read_bytes(&self, path: &str) -> Result<Bytes> {
        self.store.read_bytes(path)
    }

    fn read_range(&self, path: &str, range: ByteRange) -> Result<ReadStream> {
        let end = range.end.map_or(Bound::Unbounded, Bound::Excluded);
        self.store
            .read_range(path, (Bound::Included(range.start), end))
    }

    fn read_seekable(&self, path: &str) -> Result<SeekableStream> {
        self.store.read_seekable(path)
    }

    fn write(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.store.write_with(path, content, options)
    }

    fn write_atomic(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.store.write_atomic_with(path, content, options)
    }

    fn open_atomic(self: Arc<Self>, path: &str, options: WriteOptions) -> Result<AtomicFile> {
        self.store.open_atomic_with(path, options)
    }

    fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        self.store.delete_with(path, options)
    }

    fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        self.store.delete_folder_with(path, options)
    }

    fn list_files(&self, path: &str, depth: Depth) -> Entries<FileInfo> {
        let options = match depth {
            Depth::Unlimited => ListOptions::new().recursive(true),
            Depth::Limit(limit) => ListOptions::new().max_depth(limit),
        };
        listed(self.store.list_files_with(spelled(path), options))
    }

    fn list_folders(&self, path: &str) -> Entries<FolderEntry> {
        listed(self.store.list_folders(spelled(path)))
    }

    fn iter_children(&self, path: &str) -> Entries<PathEntry> {
        listed(self.store.iter_children(spelled(path)))
    }

    fn glob(&self, pattern: &Pattern) -> Entries<FileInfo> {
        listed(self.store.glob(pattern.as_str()))
    }

    fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        self.store.get_file_info(path)
    }

    fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        self.store.get_folder_info(spelled(path))
    }

    fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.store.rename_with(src, dst, options)
    }

    fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.store.copy_with(src, dst, options)
    }

    fn check_health(&self) -> Result<()> {
        self.store.ping()
    }

    fn close(&self) -> Result<()> {
        self.store.close()
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        self.store.resolve(path)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        self.store.native_path(spelled(path))
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        self.store.to_key(native_path)
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.beneath().native_handle(wanted)
    }
}
