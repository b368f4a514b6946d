//! The entries of a folder by cap-std.

use std::io;

use cap_std::fs::ReadDir;

use super::super::{Entries, RawEntry};

/// Entries a batch.
const BATCH: usize = 1024;

pub(super) struct DirectoryEntries(ReadDir);

impl DirectoryEntries {
    pub(super) fn new(entries: ReadDir) -> Self {
        Self(entries)
    }
}

impl Entries for DirectoryEntries {
    fn next_batch(&mut self) -> io::Result<Vec<RawEntry>> {
        self.0
            .by_ref()
            .take(BATCH)
            .map(|entry| {
                let entry = entry?;
                Ok(RawEntry {
                    may_be_folder: entry.file_type().is_ok_and(|kind| kind.is_dir()),
                    name: entry.file_name(),
                })
            })
            .collect()
    }
}
