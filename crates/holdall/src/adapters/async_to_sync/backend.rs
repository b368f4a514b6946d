//! The calls of the adapter.

use std::any::{Any, TypeId};
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;

use super::AsyncBackendSyncAdapter;
use super::pump::write_pumped;
use super::streams::{Batches, Chunks, Pieces, Staged};
use crate::backend::{AsyncBackend, Backend, spooled};
use crate::capability::{Capability, CapabilitySet};
use crate::content::{
    AsyncWritableContent, AtomicFile, Entries, Listing, ReadStream, SeekableStream, WritableContent,
};
use crate::driver::{ByteRange, Namespace};
use crate::error::{Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult};
use crate::options::{DeleteFolderOptions, DeleteOptions, Depth, TransferOptions, WriteOptions};
use crate::pattern::Pattern;

type Shared = Arc<dyn AsyncBackend>;

impl AsyncBackendSyncAdapter {
    fn call<T, F>(
        &self,
        operation: Operation,
        path: &str,
        call: impl FnOnce(Shared, String) -> F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let future = call(Arc::clone(&self.private.backend), path.to_owned());
        self.private.call(operation, path, future)
    }

    /// As [`call`](Self::call), with content from the caller's thread.
    fn store<F>(
        &self,
        operation: Operation,
        path: &str,
        content: WritableContent<'_>,
        write: impl FnOnce(Shared, String, AsyncWritableContent) -> F,
    ) -> Result<WriteResult>
    where
        F: Future<Output = Result<WriteResult>> + Send + 'static,
    {
        match content {
            WritableContent::Bytes(bytes) => self.call(operation, path, |backend, path| {
                write(backend, path, bytes.into())
            }),
            content => write_pumped(&self.private, operation, path, content, |content| {
                write(Arc::clone(&self.private.backend), path.to_owned(), content)
            }),
        }
    }

    fn list<T: Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        list: impl FnOnce(Shared, String) -> Listing<T> + Send + 'static,
    ) -> Entries<T> {
        let (backend, own) = (Arc::clone(&self.private.backend), path.to_owned());
        let list = move || list(backend, own);
        Entries::new(Batches::new(&self.private, operation, path, list))
    }
}

impl Backend for AsyncBackendSyncAdapter {
    fn name(&self) -> &str {
        self.private.backend.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        let all = self.private.backend.capabilities();
        all.without(Capability::SeekableRead)
    }

    fn namespace(&self) -> Namespace {
        self.private.backend.namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.private.backend.supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        true
    }

    fn exists(&self, path: &str) -> Result<bool> {
        let call = |backend: Shared, path: String| async move { backend.exists(&path).await };
        self.call(Operation::Exists, path, call)
    }

    fn is_file(&self, path: &str) -> Result<bool> {
        let call = |backend: Shared, path: String| async move { backend.is_file(&path).await };
        self.call(Operation::IsFile, path, call)
    }

    fn is_folder(&self, path: &str) -> Result<bool> {
        let call = |backend: Shared, path: String| async move { backend.is_folder(&path).await };
        self.call(Operation::IsFolder, path, call)
    }

    fn read(&self, path: &str) -> Result<ReadStream> {
        let open = |backend: &dyn AsyncBackend, path: &str| backend.read(path);
        let chunks = Chunks::open(&self.private, Operation::Read, path, open)?;
        Ok(ReadStream::new(chunks))
    }

    fn read_bytes(&self, path: &str) -> Result<Bytes> {
        let call = |backend: Shared, path: String| async move { backend.read_bytes(&path).await };
        self.call(Operation::ReadBytes, path, call)
    }

    fn read_range(&self, path: &str, range: ByteRange) -> Result<ReadStream> {
        let open = move |backend: &dyn AsyncBackend, path: &str| backend.read_range(path, range);
        let chunks = Chunks::open(&self.private, Operation::ReadRange, path, open)?;
        Ok(ReadStream::new(chunks))
    }

    fn read_seekable(&self, path: &str) -> Result<SeekableStream> {
        if self.private.backend.has_native_ranges() {
            return Ok(SeekableStream::new(Pieces::open(&self.private, path)?));
        }
        let open = |backend: &dyn AsyncBackend, path: &str| backend.read(path);
        let chunks = Chunks::open(&self.private, Operation::ReadSeekable, path, open)?;
        spooled(ReadStream::new(chunks))
    }

    fn write(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::Write;
        self.store(
            operation,
            path,
            content,
            |backend, path, content| async move { backend.write(&path, content, options).await },
        )
    }

    fn write_atomic(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::WriteAtomic;
        self.store(operation, path, content, |backend, path, content| {
            async move { backend.write_atomic(&path, content, options).await }
        })
    }

    fn open_atomic(self: Arc<Self>, path: &str, options: WriteOptions) -> Result<AtomicFile> {
        Ok(AtomicFile::new(Staged::open(&self.private, path, options)?))
    }

    fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        self.call(Operation::Delete, path, |backend, path| async move {
            backend.delete(&path, options).await
        })
    }

    fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        self.call(Operation::DeleteFolder, path, |backend, path| async move {
            backend.delete_folder(&path, options).await
        })
    }

    fn list_files(&self, path: &str, depth: Depth) -> Entries<FileInfo> {
        self.list(Operation::ListFiles, path, move |backend, path| {
            backend.list_files(&path, depth)
        })
    }

    fn list_folders(&self, path: &str) -> Entries<FolderEntry> {
        self.list(Operation::ListFolders, path, |backend, path| {
            backend.list_folders(&path)
        })
    }

    fn iter_children(&self, path: &str) -> Entries<PathEntry> {
        self.list(Operation::IterChildren, path, |backend, path| {
            backend.iter_children(&path)
        })
    }

    fn glob(&self, pattern: &Pattern) -> Entries<FileInfo> {
        let own = pattern.clone();
        self.list(Operation::Glob, pattern.as_str(), move |backend, _| {
            backend.glob(&own)
        })
    }

    fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        self.call(Operation::GetFileInfo, path, |backend, path| async move {
            backend.get_file_info(&path).await
        })
    }

    fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        self.call(Operation::GetFolderInfo, path, |backend, path| async move {
            backend.get_folder_info(&path).await
        })
    }

    fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let dst = dst.to_owned();
        self.call(Operation::Rename, src, |backend, src| async move {
            backend.rename(&src, &dst, options).await
        })
    }

    fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let dst = dst.to_owned();
        self.call(Operation::Copy, src, |backend, src| async move {
            backend.copy(&src, &dst, options).await
        })
    }

    fn check_health(&self) -> Result<()> {
        self.call(Operation::Ping, "", |backend, _| async move {
            backend.check_health().await
        })
    }

    fn close(&self) -> Result<()> {
        self.close_within(Self::CLOSE_TIMEOUT)
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        self.private.backend.resolve(path)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        self.private.backend.native_path(path)
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        self.private.backend.to_key(native_path)
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.private.backend.sync_safe_handle(wanted)
    }
}
