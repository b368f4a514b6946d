//! A driver with the contract around it, as a backend.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::AsyncBackend;
use super::listings;
use super::reads::read_stream;
use crate::capability::CapabilitySet;
use crate::content::{AsyncWritableContent, ByteStream, Listing};
use crate::contract::{
    CloseStep, DeleteFileStep, DeleteFolderStep, FileInfoStep, Kernel, Keys, LookStep,
    MakeFolderStep, ProbeStep, ReadAllStep, RenameFolderStep, Seen, Transfer, Wanted,
};
use crate::driver::{ByteRange, Detail, Driver, Execution, Namespace, Progress};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult};
use crate::options::{DeleteFolderOptions, DeleteOptions, Depth, TransferOptions, WriteOptions};
use crate::pattern::Pattern;
use crate::reader::SeekableReader;
use crate::writer::AtomicWriter;

/// An [`AsyncBackend`] made of a [`Driver`]: the contract kernel around a
/// dozen primitives.
///
/// Cloning is cheap and shares the driver.
///
/// ```
/// use holdall::{AsyncMemoryBackend, AsyncStore};
///
/// // Holdall's own backends are drivers too.
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "reports")?;
/// # Ok::<(), holdall::Error>(())
/// ```
pub struct AsyncDriverBackend<D> {
    pub(super) kernel: Arc<Kernel<D>>,
}

impl<D: Driver> AsyncDriverBackend<D> {
    /// The backend of `driver`.
    pub fn from_driver(driver: D) -> Self {
        Self {
            kernel: Arc::new(Kernel::new(driver)),
        }
    }

    /// The driver beneath.
    pub fn driver(&self) -> &D {
        self.kernel.driver()
    }

    /// The same driver for callers that block: futures are ready at the first
    /// poll.
    pub(super) fn blocking(&self) -> Self {
        Self {
            kernel: Arc::new(self.kernel.blocking()),
        }
    }

    /// The same driver for callers that await.
    pub(super) fn awaited(&self) -> Self {
        Self {
            kernel: Arc::new(self.kernel.awaited()),
        }
    }
}

#[async_trait]
impl<D: Driver> AsyncBackend for AsyncDriverBackend<D> {
    fn name(&self) -> &str {
        self.driver().name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.driver().capabilities()
    }

    fn namespace(&self) -> Namespace {
        self.driver().namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.driver().supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        self.driver().close_is_terminal()
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        Ok(self.look(Operation::Exists, path).await?.is_something())
    }

    async fn is_file(&self, path: &str) -> Result<bool> {
        Ok(self.look(Operation::IsFile, path).await? == Seen::File)
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        Ok(self.look(Operation::IsFolder, path).await? == Seen::Folder)
    }

    fn read(&self, path: &str) -> ByteStream {
        match self.key_below_root(Operation::Read, path) {
            Ok(key) => read_stream(&self.kernel, Operation::Read, path, key, ByteRange::ALL),
            Err(error) => ByteStream::failed(error),
        }
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        let operation = Operation::ReadBytes;
        let key = self.key_below_root(operation, path)?;
        self.told(
            operation,
            path,
            self.kernel.run(ReadAllStep::new(key)).await,
        )
    }

    fn read_range(&self, path: &str, range: ByteRange) -> ByteStream {
        match self.key_below_root(Operation::ReadRange, path) {
            Ok(key) => read_stream(&self.kernel, Operation::ReadRange, path, key, range),
            Err(error) => ByteStream::failed(error),
        }
    }

    async fn read_seekable(self: Arc<Self>, path: &str) -> Result<SeekableReader> {
        self.open_seekable(Operation::ReadSeekable, path, 0).await
    }

    async fn read_seekable_ahead(
        self: Arc<Self>,
        path: &str,
        ahead: u64,
    ) -> Result<SeekableReader> {
        self.open_seekable(Operation::ReadSeekable, path, ahead)
            .await
    }

    fn has_native_ranges(&self) -> bool {
        true
    }

    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.write_as(Operation::Write, path, content.into(), options)
            .await
    }

    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.write_as(Operation::WriteAtomic, path, content.into(), options)
            .await
    }

    async fn open_atomic(
        self: Arc<Self>,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        Ok(AtomicWriter::new(self.begin_upload(path, options).await?))
    }

    async fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        let operation = Operation::Delete;
        let key = self.key_below_root(operation, path)?;
        let step = DeleteFileStep {
            key,
            missing_ok: options.missing_ok,
        };
        self.told(operation, path, self.kernel.run(step).await)
    }

    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        let operation = Operation::DeleteFolder;
        let key = self.key_below_root(operation, path)?;
        let mut missing_ok = options.missing_ok;
        loop {
            let step = DeleteFolderStep {
                key: key.clone(),
                recursive: options.recursive,
                missing_ok,
            };
            match self.told(operation, path, self.kernel.run(step).await)? {
                Progress::Done => return Ok(()),
                Progress::More => missing_ok = true,
            }
        }
    }

    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo> {
        self.list_as(
            Operation::ListFiles,
            path,
            depth,
            Wanted::Files,
            listings::file,
        )
    }

    fn list_folders(&self, path: &str) -> Listing<FolderEntry> {
        let operation = Operation::ListFolders;
        self.list_as(
            operation,
            path,
            Depth::CHILDREN,
            Wanted::Folders,
            listings::folder,
        )
    }

    fn iter_children(&self, path: &str) -> Listing<PathEntry> {
        let operation = Operation::IterChildren;
        self.list_as(
            operation,
            path,
            Depth::CHILDREN,
            Wanted::Both,
            listings::entry,
        )
    }

    fn glob(&self, pattern: &Pattern) -> Listing<FileInfo> {
        let wanted = Wanted::Matches(Box::new(pattern.clone()));
        self.list_as(
            Operation::Glob,
            pattern.literal_prefix(),
            pattern.depth(),
            wanted,
            listings::file,
        )
    }

    async fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        let operation = Operation::GetFileInfo;
        let key = self.key_below_root(operation, path)?;
        let stat = self.kernel.run(FileInfoStep { key: key.clone() }).await;
        Ok(listings::of(key, self.told(operation, path, stat)?))
    }

    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        let operation = Operation::GetFolderInfo;
        let key = self.any_key(operation, path)?;
        let sum = self.sum(key.clone()).await?;
        // Where there are files there is a folder; what is not there, and a
        // file, lists as empty too.
        if sum.file_count == 0 && !key.is_root() {
            let detail = Detail::Kind;
            let looked = self.kernel.run(LookStep { key, detail }).await;
            let folder = looked.and_then(Seen::require_folder);
            self.told(operation, path, folder)?;
        }
        Ok(sum)
    }

    async fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.transfer(Transfer::Rename, src, dst, options).await
    }

    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.transfer(Transfer::Copy, src, dst, options).await
    }

    fn has_folder_calls(&self) -> bool {
        self.driver().has_folder_calls()
    }

    async fn make_folder(&self, path: &str, parents: bool) -> Result<()> {
        let operation = Operation::MakeFolder;
        let key = self.key_below_root(operation, path)?;
        let made = self.kernel.run(MakeFolderStep { key, parents }).await;
        self.told(operation, path, made)
    }

    async fn rename_folder(&self, src: &str, dst: &str) -> Result<()> {
        let operation = Operation::RenameFolder;
        let from = self.key_below_root(operation, src)?;
        let to = self.key_below_root(operation, dst)?;
        let renamed = self.kernel.run(RenameFolderStep { from, to }).await;
        self.told(operation, src, renamed)
    }

    async fn check_health(&self) -> Result<()> {
        let operation = Operation::Ping;
        self.told(operation, "", self.admit(operation))?;
        self.told(operation, "", self.kernel.run(ProbeStep).await)
    }

    async fn aclose(&self) -> Result<()> {
        if !self.kernel.begin_close() {
            return Ok(());
        }
        self.told(Operation::Close, "", self.kernel.run(CloseStep).await)
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        let key = self.told(Operation::Resolve, path, Keys::any(path))?;
        let driver = self.driver();
        let mut plan = ResolutionPlan::new(driver.name(), path, driver.native_path(key.key()));
        plan.details = driver.details(key.key());
        Ok(plan)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        let key = self.told(Operation::NativePath, path, Keys::any(path))?;
        Ok(self.driver().native_path(key.key()))
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        let key = self.driver().to_key(native_path).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidPath,
                "the native path lies outside the backend",
            )
        });
        let key = key.and_then(|key| Keys::any(&key));
        let key = self.told(Operation::ToKey, native_path, key)?;
        Ok(key.key().as_str().to_owned())
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.driver().handle(wanted)
    }

    /// The handle of a driver that never waits: it is bound to no runtime.
    fn sync_safe_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        match self.driver().execution() {
            Execution::Waits => None,
            _ => self.driver().handle(wanted),
        }
    }
}

impl<D> Clone for AsyncDriverBackend<D> {
    fn clone(&self) -> Self {
        Self {
            kernel: Arc::clone(&self.kernel),
        }
    }
}

impl<D: Driver> fmt::Debug for AsyncDriverBackend<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncDriverBackend")
            .field("name", &self.driver().name())
            .finish_non_exhaustive()
    }
}
