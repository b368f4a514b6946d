//! A backend with capabilities taken away.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use holdall::driver::{ByteRange, Namespace};
use holdall::{
    AsyncBackend, AsyncWritableContent, AtomicWriter, ByteStream, CapabilitySet,
    DeleteFolderOptions, DeleteOptions, Depth, FileInfo, FolderEntry, FolderInfo, IntoAsyncBackend,
    Listing, PathEntry, Pattern, ResolutionPlan, Result, SeekableReader, TransferOptions,
    WriteOptions, WriteResult,
};

/// A backend that claims only some of its capabilities and counts the calls
/// that reach it.
///
/// It forwards every call, also those whose capability it does not claim: the
/// store above is what has to refuse them.
///
/// ```
/// use holdall::{AsyncMemoryBackend, AsyncStore, Capability, CapabilitySet, ErrorKind};
/// use holdall_testkit::Masked;
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let read_only = CapabilitySet::new([Capability::Read, Capability::List]);
/// let store = AsyncStore::new(Masked::new(AsyncMemoryBackend::new(), read_only), "")?;
/// let refused = store.write("a.txt", "text").await.unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::CapabilityNotSupported);
/// # Ok(()) }
/// ```
pub struct Masked {
    inner: Arc<dyn AsyncBackend>,
    mask: CapabilitySet,
    calls: AtomicUsize,
}

impl Masked {
    /// `backend` with those of its capabilities that are in `mask`.
    pub fn new(backend: impl IntoAsyncBackend, mask: CapabilitySet) -> Self {
        Self {
            inner: backend.into_async_backend(),
            mask,
            calls: AtomicUsize::new(0),
        }
    }

    /// How many calls that may do I/O have reached the backend.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    fn inner(&self) -> &Arc<dyn AsyncBackend> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        &self.inner
    }
}

impl std::fmt::Debug for Masked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Masked")
            .field("backend", &self.inner.name())
            .field("mask", &self.mask)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl AsyncBackend for Masked {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        let own = self.inner.capabilities();
        CapabilitySet::new(own.iter().filter(|&c| self.mask.supports(c)))
    }

    fn namespace(&self) -> Namespace {
        self.inner.namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.inner.supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        self.inner.close_is_terminal()
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        self.inner().exists(path).await
    }

    async fn is_file(&self, path: &str) -> Result<bool> {
        self.inner().is_file(path).await
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        self.inner().is_folder(path).await
    }

    fn read(&self, path: &str) -> ByteStream {
        self.inner().read(path)
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        self.inner().read_bytes(path).await
    }

    fn read_range(&self, path: &str, range: ByteRange) -> ByteStream {
        self.inner().read_range(path, range)
    }

    async fn read_seekable(self: Arc<Self>, path: &str) -> Result<SeekableReader> {
        Arc::clone(self.inner()).read_seekable(path).await
    }

    fn has_native_ranges(&self) -> bool {
        self.inner.has_native_ranges()
    }

    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.inner().write(path, content, options).await
    }

    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.inner().write_atomic(path, content, options).await
    }

    async fn open_atomic(
        self: Arc<Self>,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        Arc::clone(self.inner()).open_atomic(path, options).await
    }

    async fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        self.inner().delete(path, options).await
    }

    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        self.inner().delete_folder(path, options).await
    }

    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo> {
        self.inner().list_files(path, depth)
    }

    fn list_folders(&self, path: &str) -> Listing<FolderEntry> {
        self.inner().list_folders(path)
    }

    fn iter_children(&self, path: &str) -> Listing<PathEntry> {
        self.inner().iter_children(path)
    }

    fn glob(&self, pattern: &Pattern) -> Listing<FileInfo> {
        self.inner().glob(pattern)
    }

    async fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        self.inner().get_file_info(path).await
    }

    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        self.inner().get_folder_info(path).await
    }

    async fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.inner().rename(src, dst, options).await
    }

    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.inner().copy(src, dst, options).await
    }

    async fn check_health(&self) -> Result<()> {
        self.inner().check_health().await
    }

    async fn aclose(&self) -> Result<()> {
        self.inner().aclose().await
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        self.inner.resolve(path)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        self.inner.native_path(path)
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        self.inner.to_key(native_path)
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.inner.native_handle(wanted)
    }
}
