//! Listing one folder.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fmt;
use std::io;

use super::attributes::{Attributes, Kind};
use super::driver::LocalDriver;
use super::errors::{Refuse, refusal};
use super::names;
use super::staged::sweep;
use super::system::{self, Entries, Folder, RawEntry};
use crate::driver::{CallContext, Detail, Key, Outcome, Refusal, ScanEntry};

/// A listing in progress.
pub struct LocalScan {
    key: String,
    folder: Folder,
    entries: Box<dyn Entries>,
    pending: VecDeque<RawEntry>,
}

impl fmt::Debug for LocalScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalScan")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl LocalDriver {
    pub(super) fn begin_scan(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<LocalScan> {
        self.refuse_to_wait_for_entries(cx)?;
        let folder = self.system.open_listing(key.as_str())?;
        let entries = self
            .system
            .entries(Folder::clone(&folder))
            .refused("list the folder")?;
        Ok(LocalScan {
            key: key.as_str().to_owned(),
            folder,
            entries,
            pending: VecDeque::new(),
        })
    }

    /// Nothing tells the system not to wait for a folder's entries.
    fn refuse_to_wait_for_entries(&self, cx: CallContext<'_>) -> Outcome<()> {
        if cx.must_not_wait() && !self.system.lies_in_memory() {
            return Err(Refusal::WouldWait);
        }
        Ok(())
    }

    pub(super) fn scan_more(
        &self,
        cx: CallContext<'_>,
        scan: &mut LocalScan,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        self.refuse_to_wait_for_entries(cx)?;
        let mut listed = Vec::new();
        while listed.len() < limit {
            let Some(entry) = scan.pending.pop_front() else {
                if !listed.is_empty() {
                    break;
                }
                scan.pending = scan.entries.next_batch().refused("list the folder")?.into();
                if scan.pending.is_empty() {
                    break;
                }
                continue;
            };
            listed.extend(self.list_entry(scan, entry)?);
        }
        Ok(listed)
    }

    /// The entry as it is listed; `None` where it is not.
    fn list_entry(&self, scan: &LocalScan, entry: RawEntry) -> Outcome<Option<ScanEntry>> {
        if names::is_temporary(&entry.name) {
            sweep(&scan.folder, &entry.name);
            return Ok(None);
        }
        let name = match names::segment(entry.name) {
            Ok(name) => name,
            Err(name) => {
                warn_of_name(self.root_path(), &scan.key, &name);
                return Ok(None);
            }
        };
        let found = match system::look_at(&scan.folder, OsStr::new(&name)) {
            Ok(found) => found,
            // It was removed since the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refusal("look at an entry of the folder", error)),
        };
        match found.kind {
            Kind::Link => self.list_link(scan, name),
            _ => Ok(listed(name, &found)),
        }
    }

    /// A link as what it points to, found from the root: not listed where it
    /// leads nowhere or out.
    fn list_link(&self, scan: &LocalScan, name: String) -> Outcome<Option<ScanEntry>> {
        let path = Key::of_canonical(&scan.key).child(&name);
        match self.system.look(false, &path, Detail::Kind) {
            Ok((target, _)) => Ok(listed(name, &target).map(|entry| ScanEntry {
                descend: false,
                ..entry
            })),
            Err(Refusal::Missing | Refusal::NotFolder | Refusal::Unreachable(_)) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

fn listed(name: String, found: &Attributes) -> Option<ScanEntry> {
    match found.kind {
        Kind::File => Some(ScanEntry::file(name, found.file_stat(None))),
        Kind::Folder => Some(ScanEntry::folder(name)),
        Kind::Link | Kind::Special => None,
    }
}

fn warn_of_name(root: &std::path::Path, folder: &str, name: &OsStr) {
    tracing::warn!(
        root = %root.display(),
        folder,
        name = ?name,
        "a file or folder is not listed: its name is not UTF-8 or holds a backslash; rename it",
    );
}
