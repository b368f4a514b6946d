//! A backend that blocks and is right in everything but one.

pub(crate) mod fault;
mod listing;
mod reading;
mod writing;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use bytes::Bytes;
use holdall::driver::{ByteRange, Namespace};
use holdall::{
    AtomicFile, Backend, CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Entries, Error,
    ErrorKind, FileInfo, FolderEntry, FolderInfo, MemoryBackend, PathEntry, ReadStream, Result,
    SeekableStream, TransferOptions, WritableContent, WriteOptions, WriteResult,
};

use fault::Fault;

/// The memory backend with a fault, or with none.
pub(crate) struct Broken {
    inner: Arc<MemoryBackend>,
    fault: Option<Fault>,
    /// How often each path was to be created.
    creations: Mutex<HashMap<String, usize>>,
    /// Who read last, and what.
    last_read: Mutex<Option<(ThreadId, Bytes)>>,
    listings: Arc<AtomicUsize>,
    is_closed: AtomicBool,
}

impl Broken {
    pub(crate) fn with(fault: Option<Fault>) -> Self {
        Self {
            inner: Arc::new(MemoryBackend::new()),
            fault,
            creations: Mutex::default(),
            last_read: Mutex::default(),
            listings: Arc::default(),
            is_closed: AtomicBool::default(),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

impl Backend for Broken {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.inner.capabilities()
    }

    fn namespace(&self) -> Namespace {
        self.inner.namespace()
    }

    fn exists(&self, path: &str) -> Result<bool> {
        self.inner.exists(path)
    }

    fn is_file(&self, path: &str) -> Result<bool> {
        self.inner.is_file(path)
    }

    fn is_folder(&self, path: &str) -> Result<bool> {
        self.inner.is_folder(path)
    }

    fn read(&self, path: &str) -> Result<ReadStream> {
        reading::read(self, path)
    }

    fn read_bytes(&self, path: &str) -> Result<Bytes> {
        reading::read_bytes(self, path)
    }

    fn read_range(&self, path: &str, mut range: ByteRange) -> Result<ReadStream> {
        if self.has(Fault::RangesEndLate) {
            range.end = range.end.map(|end| end + 1);
        }
        self.inner.read_range(path, range)
    }

    fn read_seekable(&self, path: &str) -> Result<SeekableStream> {
        reading::read_seekable(self, path)
    }

    fn write(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let (content, options) = writing::prepared(self, path, content, options)?;
        self.inner.write(path, content, options)
    }

    fn write_atomic(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let (content, options) = writing::prepared(self, path, content, options)?;
        self.inner.write_atomic(path, content, options)
    }

    fn open_atomic(self: Arc<Self>, path: &str, options: WriteOptions) -> Result<AtomicFile> {
        writing::open_atomic(self, path, options)
    }

    fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        if self.has(Fault::LocksWhatIsListed) && self.listings.load(Ordering::SeqCst) > 0 {
            return Err(Error::new(ErrorKind::ResourceLocked, "it is being listed"));
        }
        self.inner.delete(path, options)
    }

    fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        self.inner.delete_folder(path, options)
    }

    fn list_files(&self, path: &str, depth: Depth) -> Entries<FileInfo> {
        listing::list(self, path, move |inner, path| inner.list_files(path, depth))
    }

    fn list_folders(&self, path: &str) -> Entries<FolderEntry> {
        listing::list(self, path, |inner, path| inner.list_folders(path))
    }

    fn iter_children(&self, path: &str) -> Entries<PathEntry> {
        listing::list(self, path, |inner, path| inner.iter_children(path))
    }

    fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        self.inner.get_file_info(path)
    }

    fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        self.inner.get_folder_info(path)
    }

    fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.inner.rename(src, dst, options)
    }

    fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.inner.copy(src, dst, options)
    }

    fn check_health(&self) -> Result<()> {
        self.inner.check_health()
    }

    fn close(&self) -> Result<()> {
        let was_closed = self.is_closed.swap(true, Ordering::SeqCst);
        if self.has(Fault::ClosesOnce) && was_closed {
            return Err(Error::new(ErrorKind::Closed, "closed already"));
        }
        self.inner.close()
    }

    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.inner.native_handle(wanted)
    }
}
