//! A backend as somebody else would write it: the trait whole, over a map.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;

use holdall::{
    Backend, Bytes, Capability, CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Entries,
    Error, ErrorKind, FileInfo, FolderEntry, FolderInfo, ReadStream, RemotePath, Result,
    TransferOptions, WritableContent, WriteOptions, WriteResult,
};

/// A file and a folder without an end.
pub(crate) const ENDLESS: &str = "endless";
/// Calls on this file hang until [`Foreign::let_go`].
pub(crate) const HANGS: &str = "hangs";
/// Calls on this file panic.
pub(crate) const PANICS: &str = "panics";

#[derive(Default)]
pub(crate) struct Foreign {
    files: Mutex<BTreeMap<String, Bytes>>,
    /// Whether content is kept, or only counted.
    forgets: bool,
    pub(crate) bytes_read: Arc<AtomicUsize>,
    pub(crate) entries_listed: Arc<AtomicUsize>,
    pub(crate) writes: AtomicUsize,
    pub(crate) opened: Arc<Opened>,
    gate: Arc<Gate>,
}

/// Counts what is open, and remembers who closed what.
#[derive(Default)]
pub(crate) struct Opened {
    open: AtomicUsize,
    dropped_by: Mutex<Vec<ThreadId>>,
}

impl Opened {
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    pub(crate) fn dropped_by(&self) -> Vec<ThreadId> {
        self.dropped_by.lock().unwrap().clone()
    }

    fn handle(self: &Arc<Self>) -> Handle {
        self.open.fetch_add(1, Ordering::SeqCst);
        Handle(Arc::clone(self))
    }
}

/// As an open file would be.
struct Handle(Arc<Opened>);

impl Drop for Handle {
    fn drop(&mut self) {
        let thread = std::thread::current().id();
        self.0.dropped_by.lock().unwrap().push(thread);
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn pass(&self) {
        let mut open = self.open.lock().unwrap();
        while !*open {
            open = self.opened.wait(open).unwrap();
        }
    }
}

impl Foreign {
    /// Counts content and keeps none.
    pub(crate) fn forgetting() -> Self {
        Self {
            forgets: true,
            ..Self::default()
        }
    }

    /// Ends the wait of every call that hangs.
    pub(crate) fn let_go(&self) {
        *self.gate.open.lock().unwrap() = true;
        self.gate.opened.notify_all();
    }

    pub(crate) fn content(&self, path: &str) -> Option<Bytes> {
        self.files.lock().unwrap().get(path).cloned()
    }

    fn found(&self, path: &str) -> Result<Bytes> {
        assert!(path != PANICS, "the backend breaks on purpose");
        self.content(path)
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file").with_path(path))
    }

    fn info(path: &str, size: usize) -> Result<FileInfo> {
        Ok(FileInfo::new(RemotePath::new(path)?, size as u64))
    }
}

impl Backend for Foreign {
    fn name(&self) -> &str {
        "foreign"
    }

    fn capabilities(&self) -> CapabilitySet {
        CapabilitySet::all()
            .without(Capability::Glob)
            .without(Capability::UserMetadata)
    }

    fn exists(&self, path: &str) -> Result<bool> {
        Ok(self.is_file(path)? || self.is_folder(path)?)
    }

    fn is_file(&self, path: &str) -> Result<bool> {
        Ok(self.content(path).is_some())
    }

    fn is_folder(&self, path: &str) -> Result<bool> {
        let below = format!("{path}/");
        let files = self.files.lock().unwrap();
        Ok(files.keys().any(|file| file.starts_with(&below)))
    }

    fn read(&self, path: &str) -> Result<ReadStream> {
        let handle = self.opened.handle();
        let (read, gate) = (Arc::clone(&self.bytes_read), Arc::clone(&self.gate));
        match path {
            ENDLESS => Ok(ReadStream::new(std::iter::from_fn(move || {
                let _open = &handle;
                let chunk = Bytes::from(vec![0; 64 * 1024]);
                read.fetch_add(chunk.len(), Ordering::Relaxed);
                Some(Ok(chunk))
            }))),
            HANGS => Ok(ReadStream::new(std::iter::from_fn(move || {
                let _open = &handle;
                gate.pass();
                Some(Ok(Bytes::from_static(b"x")))
            }))),
            _ => Ok(ReadStream::new(std::iter::once(Ok(self.found(path)?)))),
        }
    }

    fn read_bytes(&self, path: &str) -> Result<Bytes> {
        self.found(path)
    }

    fn write(
        &self,
        path: &str,
        mut content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        assert!(path != PANICS, "the backend breaks on purpose");
        if path == HANGS {
            self.gate.pass();
        }
        let (mut all, mut size) = (Vec::new(), 0);
        while let Some(chunk) = content.next_chunk()? {
            size += chunk.len() as u64;
            if !self.forgets {
                all.extend_from_slice(&chunk);
            }
        }
        let mut files = self.files.lock().unwrap();
        if !options.replaces() && files.contains_key(path) {
            return Err(Error::new(ErrorKind::AlreadyExists, "a file is there").with_path(path));
        }
        files.insert(path.to_owned(), Bytes::from(all));
        Ok(WriteResult::new(RemotePath::new(path)?, size))
    }

    fn write_atomic(
        &self,
        path: &str,
        content: WritableContent<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.write(path, content, options)
    }

    fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        let removed = self.files.lock().unwrap().remove(path);
        if removed.is_none() && !options.tolerates_missing() {
            self.found(path)?;
        }
        Ok(())
    }

    fn delete_folder(&self, path: &str, _options: DeleteFolderOptions) -> Result<()> {
        let below = format!("{path}/");
        let mut files = self.files.lock().unwrap();
        files.retain(|file, _| !file.starts_with(&below));
        Ok(())
    }

    fn list_files(&self, path: &str, _depth: Depth) -> Entries<FileInfo> {
        assert!(path != PANICS, "the backend breaks on purpose");
        if path == ENDLESS {
            let (handle, listed) = (self.opened.handle(), Arc::clone(&self.entries_listed));
            return Entries::new((0..).map(move |number| {
                let _open = &handle;
                listed.fetch_add(1, Ordering::Relaxed);
                Self::info(&format!("{ENDLESS}/{number}"), 1)
            }));
        }
        let below = format!("{path}/");
        let files = self.files.lock().unwrap();
        let found = files.iter().filter(|(file, _)| file.starts_with(&below));
        let found: Vec<_> = found
            .map(|(file, content)| Self::info(file, content.len()))
            .collect();
        Entries::new(found.into_iter())
    }

    fn list_folders(&self, _path: &str) -> Entries<FolderEntry> {
        Entries::new(std::iter::empty())
    }

    fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        Self::info(path, self.found(path)?.len())
    }

    fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        Err(Error::new(ErrorKind::NotFound, "no sums are kept").with_path(path))
    }

    fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.copy(src, dst, options)?;
        self.delete(src, DeleteOptions::new())
    }

    fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let options = WriteOptions::new().overwrite(options.replaces());
        self.write(dst, self.found(src)?.into(), options)?;
        Ok(())
    }
}
