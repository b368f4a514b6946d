//! The entries of a folder by getdents, one full buffer at a time.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;

use rustix::fs::{FileType, RawDir};

use super::super::{Entries, Folder, RawEntry};

/// Room for about a thousand entries.
const BUFFER: usize = 32 * 1024;

pub(super) struct DirectoryEntries {
    folder: Folder,
    buffer: Vec<u8>,
}

impl DirectoryEntries {
    pub(super) fn new(folder: Folder) -> Self {
        Self {
            folder,
            buffer: Vec::with_capacity(BUFFER),
        }
    }

    /// What one call to the kernel brings; `None` at the end.
    fn fill(&mut self) -> io::Result<Option<Vec<RawEntry>>> {
        let mut entries = RawDir::new(&*self.folder, self.buffer.spare_capacity_mut());
        let mut batch = None;
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let batch = batch.get_or_insert_with(Vec::new);
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                batch.push(RawEntry {
                    name: OsStr::from_bytes(name).to_owned(),
                    may_be_folder: matches!(
                        entry.file_type(),
                        FileType::Directory | FileType::Unknown
                    ),
                });
            }
            if entries.is_buffer_empty() {
                break;
            }
        }
        Ok(batch)
    }
}

impl Entries for DirectoryEntries {
    fn next_batch(&mut self) -> io::Result<Vec<RawEntry>> {
        loop {
            match self.fill()? {
                None => return Ok(Vec::new()),
                Some(batch) if batch.is_empty() => {}
                Some(batch) => return Ok(batch),
            }
        }
    }
}
