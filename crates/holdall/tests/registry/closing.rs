//! A backend whose close fails, and which can do nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use holdall::{
    Backend, Bytes, CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Entries, Error,
    ErrorKind, FileInfo, FolderEntry, FolderInfo, ReadStream, Result, TransferOptions,
    WritableContent, WriteOptions, WriteResult,
};

pub(super) struct Failing {
    name: &'static str,
    closed: Arc<AtomicUsize>,
}

impl Failing {
    pub(super) fn new(name: &'static str, closed: &Arc<AtomicUsize>) -> Self {
        Self {
            name,
            closed: Arc::clone(closed),
        }
    }

    fn refused<T>(&self) -> Result<T> {
        Err(Error::new(ErrorKind::Other, "only closed"))
    }
}

impl Backend for Failing {
    fn name(&self) -> &str {
        self.name
    }
    fn capabilities(&self) -> CapabilitySet {
        CapabilitySet::default()
    }
    fn close(&self) -> Result<()> {
        self.closed.fetch_add(1, Ordering::Relaxed);
        let message = format!("{} does not close", self.name);
        Err(Error::new(ErrorKind::Other, message))
    }
    fn exists(&self, _: &str) -> Result<bool> {
        self.refused()
    }
    fn is_file(&self, _: &str) -> Result<bool> {
        self.refused()
    }
    fn is_folder(&self, _: &str) -> Result<bool> {
        self.refused()
    }
    fn read(&self, _: &str) -> Result<ReadStream> {
        self.refused()
    }
    fn read_bytes(&self, _: &str) -> Result<Bytes> {
        self.refused()
    }
    fn write(&self, _: &str, _: WritableContent<'_>, _: WriteOptions) -> Result<WriteResult> {
        self.refused()
    }
    fn write_atomic(
        &self,
        _: &str,
        _: WritableContent<'_>,
        _: WriteOptions,
    ) -> Result<WriteResult> {
        self.refused()
    }
    fn delete(&self, _: &str, _: DeleteOptions) -> Result<()> {
        self.refused()
    }
    fn delete_folder(&self, _: &str, _: DeleteFolderOptions) -> Result<()> {
        self.refused()
    }
    fn list_files(&self, _: &str, _: Depth) -> Entries<FileInfo> {
        Entries::new(std::iter::once(self.refused()))
    }
    fn list_folders(&self, _: &str) -> Entries<FolderEntry> {
        Entries::new(std::iter::once(self.refused()))
    }
    fn get_file_info(&self, _: &str) -> Result<FileInfo> {
        self.refused()
    }
    fn get_folder_info(&self, _: &str) -> Result<FolderInfo> {
        self.refused()
    }
    fn rename(&self, _: &str, _: &str, _: TransferOptions) -> Result<()> {
        self.refused()
    }
    fn copy(&self, _: &str, _: &str, _: TransferOptions) -> Result<()> {
        self.refused()
    }
}
