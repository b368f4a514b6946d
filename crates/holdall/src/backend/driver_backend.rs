//! A driver with the contract around it, as a backend that blocks.
//!
//! No rule stands here: every call is that of the awaited backend, whose
//! futures are ready at the first poll where steps run on the caller's thread.

use std::any::{Any, TypeId};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use futures::stream::Stream;

use super::{AsyncBackend, AsyncDriverBackend, Backend, IntoAsyncBackend};
use crate::capability::{Capability, CapabilitySet};
use crate::content::{
    AtomicFile, ByteStream, ChunkSource, Entries, Listing, RandomSource, ReadStream,
    SeekableStream, StagedFile, WritableContent,
};
use crate::driver::{ByteRange, Driver, Namespace};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult};
use crate::options::{DeleteFolderOptions, DeleteOptions, Depth, TransferOptions, WriteOptions};
use crate::pattern::Pattern;
use crate::reader::{RandomRead, SeekableReader};
use crate::writer::StagedUpload;

/// A [`Backend`] made of a [`Driver`] whose calls never wait: the contract
/// kernel around a dozen primitives, run where the caller is. It needs no
/// runtime and starts no thread.
///
/// A driver that [waits](crate::driver::Execution::Waits) is for stores that
/// are awaited; its calls fail here.
///
/// Cloning is cheap and shares the driver. An
/// [`AsyncStore`](crate::AsyncStore) takes such a backend, too, and awaits the
/// same driver natively.
pub struct DriverBackend<D> {
    awaited: AsyncDriverBackend<D>,
}

impl<D: Driver> DriverBackend<D> {
    /// The backend of `driver`.
    pub fn from_driver(driver: D) -> Self {
        Self::from(AsyncDriverBackend::from_driver(driver))
    }

    /// The driver beneath.
    pub fn driver(&self) -> &D {
        self.awaited.driver()
    }
}

impl<D: Driver> From<AsyncDriverBackend<D>> for DriverBackend<D> {
    /// The same driver for callers that block.
    fn from(backend: AsyncDriverBackend<D>) -> Self {
        Self {
            awaited: backend.blocking(),
        }
    }
}

impl<D: Driver> IntoAsyncBackend for DriverBackend<D> {
    fn into_async_backend(self) -> Arc<dyn AsyncBackend> {
        Arc::new(self.awaited.awaited())
    }
}

/// The result of a future that never waits.
fn ready<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(waited()),
    }
}

/// The next item of a stream that never waits.
fn next_ready<T>(stream: &mut (impl Stream<Item = Result<T>> + Unpin)) -> Option<Result<T>> {
    let mut cx = Context::from_waker(Waker::noop());
    match std::pin::Pin::new(stream).poll_next(&mut cx) {
        Poll::Ready(item) => item,
        Poll::Pending => Some(Err(waited())),
    }
}

fn waited() -> Error {
    Error::new(
        ErrorKind::Other,
        "the driver waited where it may not: one that waits is for stores that are awaited",
    )
}

impl<D: Driver> Backend for DriverBackend<D> {
    fn name(&self) -> &str {
        self.awaited.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.awaited.capabilities()
    }

    fn namespace(&self) -> Namespace {
        self.awaited.namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.awaited.supports_if_match()
    }

    fn close_is_terminal(&self) -> bool {
        self.awaited.close_is_terminal()
    }

    fn exists(&self, path: &str) -> Result<bool> {
        ready(self.awaited.exists(path))
    }

    fn is_file(&self, path: &str) -> Result<bool> {
        ready(self.awaited.is_file(path))
    }

    fn is_folder(&self, path: &str) -> Result<bool> {
        ready(self.awaited.is_folder(path))
    }

    fn read(&self, path: &str) -> Result<ReadStream> {
        if self.capabilities().supports(Capability::SeekableRead) {
            let reader = ready(self.awaited.open_seekable(Operation::Read, path, 0))?;
            return Ok(SeekableStream::new(ReadyReader(reader.into_source()?)).into());
        }
        opened(self.awaited.read(path))
    }

    fn read_bytes(&self, path: &str) -> Result<Bytes> {
        ready(self.awaited.read_bytes(path))
    }

    fn read_range(&self, path: &str, range: ByteRange) -> Result<ReadStream> {
        opened(self.awaited.read_range(path, range))
    }

    fn read_seekable(&self, path: &str) -> Result<SeekableStream> {
        let operation = Operation::ReadSeekable;
        let reader: SeekableReader = ready(self.awaited.open_seekable(operation, path, 0))?;
        Ok(SeekableStream::new(ReadyReader(reader.into_source()?)))
    }

    fn write(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        ready(
            self.awaited
                .write_as(Operation::Write, path, content.into(), options),
        )
    }

    fn write_atomic(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        ready(
            self.awaited
                .write_as(Operation::WriteAtomic, path, content.into(), options),
        )
    }

    fn open_atomic(self: Arc<Self>, path: &str, options: WriteOptions) -> Result<AtomicFile> {
        let upload = ready(self.awaited.begin_upload(path, options))?;
        Ok(AtomicFile::new(ReadyUpload(Box::new(upload))))
    }

    fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        ready(self.awaited.delete(path, options))
    }

    fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        ready(self.awaited.delete_folder(path, options))
    }

    fn list_files(&self, path: &str, depth: Depth) -> Entries<FileInfo> {
        iterated(self.awaited.list_files(path, depth))
    }

    fn list_folders(&self, path: &str) -> Entries<FolderEntry> {
        iterated(self.awaited.list_folders(path))
    }

    fn iter_children(&self, path: &str) -> Entries<PathEntry> {
        iterated(self.awaited.iter_children(path))
    }

    fn glob(&self, pattern: &Pattern) -> Entries<FileInfo> {
        iterated(self.awaited.glob(pattern))
    }

    fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        ready(self.awaited.get_file_info(path))
    }

    fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        ready(self.awaited.get_folder_info(path))
    }

    fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        ready(self.awaited.rename(src, dst, options))
    }

    fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        ready(self.awaited.copy(src, dst, options))
    }

    fn check_health(&self) -> Result<()> {
        ready(self.awaited.check_health())
    }

    fn close(&self) -> Result<()> {
        ready(self.awaited.aclose())
    }

    fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
        self.awaited.resolve(path)
    }

    fn native_path(&self, path: &str) -> Result<String> {
        self.awaited.native_path(path)
    }

    fn to_key(&self, native_path: &str) -> Result<String> {
        self.awaited.to_key(native_path)
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.awaited.native_handle(wanted)
    }
}

/// The stream of a file that is open: its first chunk is fetched, so that
/// whatever stands in the way is told at once.
fn opened(mut content: ByteStream) -> Result<ReadStream> {
    let first = next_ready(&mut content).transpose()?;
    Ok(ReadStream::new(ReadyChunks { first, content }))
}

struct ReadyChunks {
    first: Option<Bytes>,
    content: ByteStream,
}

impl ChunkSource for ReadyChunks {
    fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => next_ready(&mut self.content).transpose(),
        }
    }
}

struct ReadyReader(Box<dyn RandomRead>);

impl RandomSource for ReadyReader {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        ready(self.0.read_at(offset, max))
    }
}

struct ReadyUpload(Box<dyn StagedUpload>);

impl StagedFile for ReadyUpload {
    fn append(&mut self, chunk: Bytes) -> Result<()> {
        ready(self.0.append(chunk))
    }

    fn commit(self: Box<Self>) -> Result<WriteResult> {
        ready(self.0.commit())
    }
}

fn iterated<T: Send + 'static>(mut listing: Listing<T>) -> Entries<T> {
    Entries::new(std::iter::from_fn(move || next_ready(&mut listing)))
}

impl<D> Clone for DriverBackend<D> {
    fn clone(&self) -> Self {
        Self {
            awaited: self.awaited.clone(),
        }
    }
}

impl<D: Driver> fmt::Debug for DriverBackend<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverBackend")
            .field("name", &self.awaited.name())
            .finish_non_exhaustive()
    }
}
