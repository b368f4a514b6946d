//! A blocking backend under the cases of awaited ones.

use std::any::{Any, TypeId};
use std::io::{BufRead, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Buf, Bytes};
use futures::stream::{self, BoxStream, StreamExt};
use holdall::driver::{ByteRange, Namespace};
use holdall::{
    AsyncBackend, AsyncWritableContent, AtomicFile, AtomicWriter, Backend, ByteStream,
    CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Entries, FileInfo, FolderEntry,
    FolderInfo, IntoBackend, Listing, PathEntry, Pattern, RandomRead, ReadStream, ResolutionPlan,
    Result, SeekableReader, SeekableStream, StagedUpload, TransferOptions, WritableContent,
    WriteOptions, WriteResult,
};

use crate::in_place::{in_place, wait_for};

/// A [`Backend`] as an [`AsyncBackend`] whose calls block: each is made and
/// waited for in place, within one poll.
///
/// It is there for tests and nothing else: it holds up the caller's thread,
/// and a call once begun cannot be given up. It adds no rule of its own, so
/// what the suite finds is the backend's doing. Content from a stream reaches
/// the backend as a reader that is drained as the backend asks for it.
pub struct Blocking {
    backend: Arc<dyn Backend>,
}

impl Blocking {
    /// `backend`, to be awaited.
    pub fn new(backend: impl IntoBackend) -> Self {
        Self {
            backend: backend.into_backend(),
        }
    }
}

impl std::fmt::Debug for Blocking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocking")
            .field("backend", &self.backend.name())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl AsyncBackend for Blocking {
    fn name(&self) -> &str {
        self.backend.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.backend.capabilities()
    }

    fn namespace(&self) -> Namespace {
        self.backend.namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.backend.supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        self.backend.close_is_terminal()
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        in_place(|| self.backend.exists(path))
    }

    async fn is_file(&self, path: &str) -> Result<bool> {
        in_place(|| self.backend.is_file(path))
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        in_place(|| self.backend.is_folder(path))
    }

    fn read(&self, path: &str) -> ByteStream {
        let (backend, path) = (Arc::clone(&self.backend), path.to_owned());
        chunks(move || backend.read(&path))
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        in_place(|| self.backend.read_bytes(path))
    }

    fn read_range(&self, path: &str, range: ByteRange) -> ByteStream {
        let (backend, path) = (Arc::clone(&self.backend), path.to_owned());
        chunks(move || backend.read_range(&path, range))
    }

    async fn read_seekable(self: Arc<Self>, path: &str) -> Result<SeekableReader> {
        let stream = in_place(|| self.backend.read_seekable(path))?;
        Ok(SeekableReader::new(Positions(stream)))
    }

    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        in_place(|| self.backend.write(path, drained(content), options))
    }

    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        in_place(|| self.backend.write_atomic(path, drained(content), options))
    }

    async fn open_atomic(
        self: Arc<Self>,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        let file = in_place(|| Arc::clone(&self.backend).open_atomic(path, options))?;
        Ok(AtomicWriter::new(Upload(file)))
    }

    async fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        in_place(|| self.backend.delete(path, options))
    }

    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        in_place(|| self.backend.delete_folder(path, options))
    }

    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo> {
        stepped(self.backend.list_files(path, depth))
    }

    fn list_folders(&self, path: &str) -> Listing<FolderEntry> {
        stepped(self.backend.list_folders(path))
    }

    fn iter_children(&self, path: &str) -> Listing<PathEntry> {
        stepped(self.backend.iter_children(path))
    }

    fn glob(&self, pattern: &Pattern) -> Listing<FileInfo> {
        stepped(self.backend.glob(pattern))
    }

    async fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        in_place(|| self.backend.get_file_info(path))
    }

    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        in_place(|| self.backend.get_folder_info(path))
    }

    async fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        in_place(|| self.backend.rename(src, dst, options))
    }

    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        in_place(|| self.backend.copy(src, dst, options))
    }

    async fn check_health(&self) -> Result<()> {
        in_place(|| self.backend.check_health())
    }

    async fn aclose(&self) -> Result<()> {
        in_place(|| self.backend.close())
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        self.backend.resolve(path)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        self.backend.native_path(path)
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        self.backend.to_key(native_path)
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.backend.native_handle(wanted)
    }
}

/// A read that begins with the first poll, as the contract of awaited reads
/// has it.
enum Reading<F> {
    Due(F),
    Open(ReadStream),
}

fn chunks<F>(open: F) -> ByteStream
where
    F: FnOnce() -> Result<ReadStream> + Send + 'static,
{
    ByteStream::new(stream::try_unfold(Reading::Due(open), |read| async move {
        in_place(|| {
            let mut stream = match read {
                Reading::Due(open) => open()?,
                Reading::Open(stream) => stream,
            };
            let chunk = stream.next_chunk()?;
            Ok(chunk.map(|chunk| (chunk, Reading::Open(stream))))
        })
    }))
}

fn stepped<T: Send + 'static>(entries: Entries<T>) -> Listing<T> {
    Listing::new(stream::try_unfold(entries, |mut entries| async move {
        in_place(|| Ok(entries.next().transpose()?.map(|entry| (entry, entries))))
    }))
}

struct Positions(SeekableStream);

#[async_trait]
impl RandomRead for Positions {
    fn size(&self) -> u64 {
        self.0.size()
    }

    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        let stream = &mut self.0;
        in_place(|| {
            stream.seek(SeekFrom::Start(offset))?;
            let available = stream.fill_buf()?;
            let piece = available.get(..max).unwrap_or(available);
            let piece = Bytes::copy_from_slice(piece);
            stream.consume(piece.len());
            Ok(piece)
        })
    }
}

struct Upload(AtomicFile);

#[async_trait]
impl StagedUpload for Upload {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        let file = &mut self.0;
        in_place(|| {
            file.write_all(&chunk)?;
            Ok(file.flush()?)
        })
    }

    async fn commit(self: Box<Self>) -> Result<WriteResult> {
        in_place(|| self.0.commit())
    }
}

fn drained(content: AsyncWritableContent) -> WritableContent<'static> {
    match content {
        AsyncWritableContent::Bytes(bytes) => WritableContent::Bytes(bytes),
        AsyncWritableContent::Stream(stream) => WritableContent::from_reader(Drain {
            stream,
            rest: Bytes::new(),
        }),
    }
}

/// A stream of chunks as a reader.
struct Drain {
    stream: BoxStream<'static, Result<Bytes>>,
    rest: Bytes,
}

impl Read for Drain {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.is_empty() {
            match wait_for(self.stream.next()) {
                Some(chunk) => self.rest = chunk?,
                None => return Ok(0),
            }
        }
        let amount = self.rest.len().min(target.len());
        self.rest
            .copy_to_slice(target.get_mut(..amount).unwrap_or_default());
        Ok(amount)
    }
}
