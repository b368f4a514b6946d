//! A backend that tells what becomes of it.

use std::any::{Any, TypeId};
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use async_trait::async_trait;
use futures::StreamExt;
use holdall::{
    AsyncBackend, AsyncBackendSyncAdapter, AsyncWritableContent, Backend, ByteStream, Bytes,
    CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Error, ErrorKind, FileInfo,
    FolderEntry, FolderInfo, Listing, RandomRead, RemotePath, Result, SeekableReader,
    TransferOptions, WriteOptions, WriteResult,
};
use tokio::sync::Notify;

/// Its files have no end, and so have its listings, unless they are told one;
/// all writes are refused at once.
#[derive(Default)]
pub(crate) struct Probe {
    pub(crate) listed: Arc<AtomicUsize>,
    /// Chunks that were pulled from a read.
    pub(crate) pulled: Arc<AtomicUsize>,
    pub(crate) fails_at: Option<usize>,
    /// The chunks of a file; none for one without an end.
    pub(crate) chunks: Option<usize>,
    pub(crate) has_native_ranges: bool,
    pub(crate) closed: Arc<AtomicUsize>,
    /// Whether the close never ends.
    pub(crate) closes_never: bool,
    /// What came to its end, in order.
    pub(crate) ended: Arc<Mutex<Vec<&'static str>>>,
    pub(crate) calls_back: Arc<Mutex<Option<Arc<AsyncBackendSyncAdapter>>>>,
    pub(crate) begun: Option<mpsc::Sender<()>>,
    /// Ends the calls that wait.
    pub(crate) release: Arc<Notify>,
    pub(crate) released: Option<mpsc::Sender<thread::ThreadId>>,
}

impl Probe {
    pub(crate) fn adapted(self) -> AsyncBackendSyncAdapter {
        AsyncBackendSyncAdapter::new(self).unwrap()
    }

    /// Tells when a call that waits for its release has begun.
    pub(crate) fn beginning() -> (Self, mpsc::Receiver<()>) {
        let (begun, beginning) = mpsc::channel();
        let probe = Self {
            begun: Some(begun),
            ..Self::default()
        };
        (probe, beginning)
    }

    /// Tells the thread on which a stream is dropped.
    pub(crate) fn releasing() -> (Self, mpsc::Receiver<thread::ThreadId>) {
        let (released, releasing) = mpsc::channel();
        let probe = Self {
            released: Some(released),
            ..Self::default()
        };
        (probe, releasing)
    }
}

struct Release(Option<mpsc::Sender<thread::ThreadId>>);

impl Drop for Release {
    fn drop(&mut self) {
        if let Some(released) = &self.0 {
            let _ = released.send(thread::current().id());
        }
    }
}

/// A file that nobody can copy.
struct Vast;

#[async_trait]
impl RandomRead for Vast {
    fn size(&self) -> u64 {
        1 << 60
    }

    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        let left = (1 << 60) - offset;
        Ok(Bytes::from_static(b"end").slice(..max.min(left as usize)))
    }
}

fn refused<T>() -> Result<T> {
    Err(Error::new(ErrorKind::StorageFull, "there is no room"))
}

#[async_trait]
impl AsyncBackend for Probe {
    fn name(&self) -> &str {
        "probe"
    }

    fn capabilities(&self) -> CapabilitySet {
        CapabilitySet::all()
    }

    async fn exists(&self, _: &str) -> Result<bool> {
        Ok(true)
    }

    async fn is_file(&self, _: &str) -> Result<bool> {
        Ok(true)
    }

    async fn is_folder(&self, _: &str) -> Result<bool> {
        Ok(true)
    }

    fn read(&self, _: &str) -> ByteStream {
        let (release, pulled) = (Release(self.released.clone()), Arc::clone(&self.pulled));
        let chunks = futures::stream::repeat_with(move || {
            let _held = &release;
            pulled.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::from_static(b"chunk"))
        });
        ByteStream::new(chunks.take(self.chunks.unwrap_or(usize::MAX)))
    }

    async fn read_seekable(self: Arc<Self>, _: &str) -> Result<SeekableReader> {
        Ok(SeekableReader::new(Vast))
    }

    fn has_native_ranges(&self) -> bool {
        self.has_native_ranges
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        assert_ne!(path, "panic");
        if let Some(begun) = &self.begun {
            begun.send(()).unwrap();
        }
        self.release.notified().await;
        self.ended.lock().unwrap().push("the call");
        Ok(Bytes::new())
    }

    async fn write(
        &self,
        _: &str,
        content: AsyncWritableContent,
        _: WriteOptions,
    ) -> Result<WriteResult> {
        content.into_stream().next().await.unwrap()?;
        refused()
    }

    async fn write_atomic(
        &self,
        _: &str,
        _: AsyncWritableContent,
        _: WriteOptions,
    ) -> Result<WriteResult> {
        refused()
    }

    async fn delete(&self, _: &str, _: DeleteOptions) -> Result<()> {
        refused()
    }

    async fn delete_folder(&self, _: &str, _: DeleteFolderOptions) -> Result<()> {
        refused()
    }

    fn list_files(&self, _: &str, _: Depth) -> Listing<FileInfo> {
        let (listed, fails_at) = (Arc::clone(&self.listed), self.fails_at);
        Listing::new(futures::stream::repeat_with(move || {
            let number = listed.fetch_add(1, Ordering::SeqCst);
            if fails_at == Some(number) {
                return Err(Error::new(ErrorKind::PermissionDenied, "no further"));
            }
            Ok(FileInfo::new(RemotePath::new(number.to_string())?, 0))
        }))
    }

    fn list_folders(&self, _: &str) -> Listing<FolderEntry> {
        Listing::new(futures::stream::empty())
    }

    async fn get_file_info(&self, _: &str) -> Result<FileInfo> {
        refused()
    }

    async fn get_folder_info(&self, _: &str) -> Result<FolderInfo> {
        refused()
    }

    async fn rename(&self, _: &str, _: &str, _: TransferOptions) -> Result<()> {
        refused()
    }

    async fn copy(&self, _: &str, _: &str, _: TransferOptions) -> Result<()> {
        refused()
    }

    async fn check_health(&self) -> Result<()> {
        let adapter = self.calls_back.lock().unwrap().clone();
        adapter.map_or(Ok(()), |adapter| adapter.exists("a").map(drop))
    }

    async fn aclose(&self) -> Result<()> {
        self.closed.fetch_add(1, Ordering::SeqCst);
        if self.closes_never {
            pending::<()>().await;
        }
        self.ended.lock().unwrap().push("the backend");
        Ok(())
    }

    fn native_handle(&self, _: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        Some(Arc::new(0_u8))
    }

    fn sync_safe_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        (wanted == TypeId::of::<String>()).then(|| Arc::new(String::from("safe")) as _)
    }
}
