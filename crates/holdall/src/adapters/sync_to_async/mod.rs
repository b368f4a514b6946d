//! Any backend that blocks, as one that is awaited.

mod abandoned;
mod batches;
mod calls;
mod pooled;
mod whole;

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use self::batches::BatchSize;
use self::calls::Calls;
use self::pooled::{Place, Pooled, PooledFile, PooledRead};
use self::whole::Whole;
use crate::backend::{AsyncBackend, Backend, IntoBackend, spool};
use crate::capability::CapabilitySet;
use crate::content::{AsyncWritableContent, ByteStream, Entries, Listing, ReadStream};
use crate::driver::{ByteRange, Namespace};
use crate::error::{Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult};
use crate::options::{DeleteFolderOptions, DeleteOptions, Depth, TransferOptions, WriteOptions};
use crate::pattern::Pattern;
use crate::pool::Queue;
use crate::reader::SeekableReader;
use crate::writer::AtomicWriter;

/// Any [`Backend`] as an [`AsyncBackend`], for an
/// [`AsyncStore`](crate::AsyncStore).
///
/// A [`DriverBackend`](crate::DriverBackend), such as
/// [`LocalBackend`](crate::LocalBackend), needs no adapter: a store awaits its
/// driver natively, which is faster.
///
/// ```
/// use holdall::{AsyncStore, MemoryBackend, SyncBackendAdapter};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let blocking = MemoryBackend::new(); // or a backend of your own
/// let store = AsyncStore::new(SyncBackendAdapter::new(blocking), "")?;
/// store.write("a.txt", "content").await?;
/// assert_eq!(store.read_text("a.txt").await?, "content");
/// # Ok(()) }
/// ```
///
/// # Threads
///
/// A call is one hop to a pool of the adapter's own, never to the application's
/// and never to another adapter's: at most 16 threads, which come with the
/// calls and leave when there are none. So a backend that hangs holds up nobody
/// else, and adapters may stand on each other. It works in any runtime. The
/// calls beyond 16 wait their turn. Names, capabilities, `resolve` and native
/// handles take no hop.
///
/// Streams hold no thread between two batches. A read takes a hop for about
/// 1 MiB; a listing takes one for 64 entries, then more, up to 1,024. A batch
/// ends with the first item that comes after 10 ms, so that a slow backend's are
/// not kept back. Nothing is read ahead. What the backend opened for a stream is dropped on the pool, also
/// where the stream is dropped midway.
///
/// # Writes
///
/// Content is drained where its caller awaits, then stored by one call. Above
/// 1 MiB it is spooled meanwhile, in memory up to 8 MiB and then in a temporary
/// file: so memory stays bounded, no thread waits for a source, and a source
/// that fails or is dropped has touched nothing. The cost: what is larger is
/// written twice, and the temporary folder must have room for it. Where a file
/// stands in its way, that is told after the first MiB.
/// [`open_atomic`](AsyncBackend::open_atomic) is the backend's own, without a
/// spool in between.
///
/// # Cancellation
///
/// A call that has not begun when its future is dropped never begins. One that
/// runs on a thread cannot be stopped: it may still be done, but never after a
/// later change of the same place through this adapter, which waits for it. So
/// a backend should limit the time of its calls.
///
/// # Errors
///
/// Those of the backend, with the operation and path filled in where it left
/// them out. A panic of the backend is an error of the call:
/// [`BackendUnavailable`](crate::ErrorKind::BackendUnavailable).
pub struct SyncBackendAdapter {
    calls: Arc<Calls>,
}

impl SyncBackendAdapter {
    /// Makes `backend` awaited: by value, in an [`Arc`], or as an
    /// `Arc<dyn Backend>`. No I/O.
    pub fn new(backend: impl IntoBackend) -> Self {
        Self {
            calls: Arc::new(Calls::new(backend.into_backend())),
        }
    }

    /// The backend beneath.
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.calls.backend
    }

    fn threads(&self) -> Arc<Queue> {
        Arc::clone(&self.calls.threads)
    }

    fn place(&self, operation: Operation, path: &str) -> Place {
        Place {
            calls: Arc::clone(&self.calls),
            operation,
            path: path.to_owned(),
        }
    }

    /// An early look at the path of a write: a hint, for the call itself
    /// decides.
    async fn not_taken(
        &self,
        operation: Operation,
        path: &str,
        options: &WriteOptions,
    ) -> Result<()> {
        if !options.replaces() && matches!(self.is_file(path).await, Ok(true)) {
            return Err(spool::taken(self.name(), path).with_operation(operation));
        }
        Ok(())
    }

    fn chunks(
        &self,
        operation: Operation,
        path: &str,
        open: impl FnOnce(&dyn Backend, &str) -> Result<ReadStream> + Send + 'static,
    ) -> ByteStream {
        /// The least that a chunk counts: tiny ones are no cheaper.
        const CHUNK: usize = 1024;
        const BATCH: usize = 1024 * 1024;
        let size = BatchSize {
            weight: |chunk: &Bytes| chunk.len().max(CHUNK),
            first: BATCH,
            most: BATCH,
        };
        let place = self.place(operation, path);
        let (backend, path) = (Arc::clone(self.backend()), path.to_owned());
        let chunks = batches::stream(self.threads(), size, move || {
            let mut content = open(&*backend, &path)?;
            Ok(std::iter::from_fn(move || content.next_chunk().transpose()))
        });
        ByteStream::new(chunks).map_items(move |item| item.map(|item| place.told(item)))
    }

    fn entries<T: Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        list: impl FnOnce(&dyn Backend, &str) -> Entries<T> + Send + 'static,
    ) -> Listing<T> {
        let size = BatchSize {
            weight: |_: &T| 1,
            first: 64,
            most: 1024,
        };
        let place = self.place(operation, path);
        let (backend, path) = (Arc::clone(self.backend()), path.to_owned());
        let entries = batches::stream(self.threads(), size, move || Ok(list(&*backend, &path)));
        Listing::new(entries).map_items(move |item| item.map(|item| place.told(item)))
    }
}

#[async_trait]
impl AsyncBackend for SyncBackendAdapter {
    fn name(&self) -> &str {
        self.backend().name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.backend().capabilities()
    }

    fn namespace(&self) -> Namespace {
        self.backend().namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.backend().supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        self.backend().close_is_terminal()
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.exists(&key);
        self.calls.look(Operation::Exists, path, call).await
    }

    async fn is_file(&self, path: &str) -> Result<bool> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.is_file(&key);
        self.calls.look(Operation::IsFile, path, call).await
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.is_folder(&key);
        self.calls.look(Operation::IsFolder, path, call).await
    }

    fn read(&self, path: &str) -> ByteStream {
        self.chunks(Operation::Read, path, |backend, path| backend.read(path))
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.read_bytes(&key);
        self.calls.look(Operation::ReadBytes, path, call).await
    }

    fn read_range(&self, path: &str, range: ByteRange) -> ByteStream {
        let open = move |backend: &dyn Backend, path: &str| backend.read_range(path, range);
        self.chunks(Operation::ReadRange, path, open)
    }

    async fn read_seekable(self: Arc<Self>, path: &str) -> Result<SeekableReader> {
        let (key, threads) = (path.to_owned(), self.threads());
        let call = move |backend: &dyn Backend| {
            let stream = backend.read_seekable(&key)?;
            Ok((stream.size(), Pooled::new(stream.into_source(), &threads)))
        };
        let operation = Operation::ReadSeekable;
        let (size, source) = self.calls.look(operation, path, call).await?;
        Ok(SeekableReader::new(PooledRead {
            place: self.place(operation, path),
            size,
            source,
        }))
    }

    /// A backend that blocks makes its own copy where it has no ranges.
    fn has_native_ranges(&self) -> bool {
        true
    }

    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        options.user_metadata()?;
        let key = path.to_owned();
        let content = Whole::of(content, self.not_taken(Operation::Write, path, &options)).await?;
        let call =
            move |backend: &dyn Backend| backend.write(&key, content.into_content()?, options);
        self.calls.change(Operation::Write, &[path], call).await
    }

    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        options.user_metadata()?;
        let (operation, key) = (Operation::WriteAtomic, path.to_owned());
        let content = Whole::of(content, self.not_taken(operation, path, &options)).await?;
        let call = move |backend: &dyn Backend| {
            backend.write_atomic(&key, content.into_content()?, options)
        };
        self.calls.change(operation, &[path], call).await
    }

    async fn open_atomic(
        self: Arc<Self>,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        let (key, backend) = (path.to_owned(), Arc::clone(self.backend()));
        let threads = self.threads();
        let call = move |_: &dyn Backend| {
            let file = backend.open_atomic(&key, options)?;
            Ok(Pooled::new(file, &threads))
        };
        let operation = Operation::OpenAtomic;
        let file = self.calls.look(operation, path, call).await?;
        let place = self.place(operation, path);
        Ok(AtomicWriter::new(PooledFile { place, file }))
    }

    async fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.delete(&key, options);
        self.calls.change(Operation::Delete, &[path], call).await
    }

    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.delete_folder(&key, options);
        let operation = Operation::DeleteFolder;
        self.calls.change(operation, &[path], call).await
    }

    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo> {
        let list = move |backend: &dyn Backend, path: &str| backend.list_files(path, depth);
        self.entries(Operation::ListFiles, path, list)
    }

    fn list_folders(&self, path: &str) -> Listing<FolderEntry> {
        let list = |backend: &dyn Backend, path: &str| backend.list_folders(path);
        self.entries(Operation::ListFolders, path, list)
    }

    fn iter_children(&self, path: &str) -> Listing<PathEntry> {
        let list = |backend: &dyn Backend, path: &str| backend.iter_children(path);
        self.entries(Operation::IterChildren, path, list)
    }

    fn glob(&self, pattern: &Pattern) -> Listing<FileInfo> {
        let wanted = pattern.clone();
        let list = move |backend: &dyn Backend, _: &str| backend.glob(&wanted);
        self.entries(Operation::Glob, pattern.as_str(), list)
    }

    async fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.get_file_info(&key);
        self.calls.look(Operation::GetFileInfo, path, call).await
    }

    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        let key = path.to_owned();
        let call = move |backend: &dyn Backend| backend.get_folder_info(&key);
        self.calls.look(Operation::GetFolderInfo, path, call).await
    }

    async fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let (from, to) = (src.to_owned(), dst.to_owned());
        let call = move |backend: &dyn Backend| backend.rename(&from, &to, options);
        self.calls
            .change(Operation::Rename, &[src, dst], call)
            .await
    }

    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let (from, to) = (src.to_owned(), dst.to_owned());
        let call = move |backend: &dyn Backend| backend.copy(&from, &to, options);
        self.calls.change(Operation::Copy, &[src, dst], call).await
    }

    async fn check_health(&self) -> Result<()> {
        let call = |backend: &dyn Backend| backend.check_health();
        self.calls.look(Operation::Ping, "", call).await
    }

    async fn aclose(&self) -> Result<()> {
        let call = |backend: &dyn Backend| backend.close();
        self.calls.look(Operation::Close, "", call).await
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        self.backend().resolve(path)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        self.backend().native_path(path)
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        self.backend().to_key(native_path)
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.backend().native_handle(wanted)
    }
}

impl fmt::Debug for SyncBackendAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncBackendAdapter")
            .field("name", &self.backend().name())
            .finish_non_exhaustive()
    }
}
