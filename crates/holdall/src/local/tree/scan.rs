//! Listing a folder, each entry with all that is known of it.

use std::ffi::OsStr;
use std::io;

use super::LocalTree;
use super::errors::Tell;
use crate::driver::{Outcome, Refusal};
use crate::local::errors::{Refuse, refusal};
use crate::local::names;
use crate::local::staged::sweep;
use crate::local::system::{self, Entries, Folder};
use crate::pathio::blocking::TreeScan;
use crate::pathio::{PathIoResult, PathName, PathStat, join};

/// A listing in progress.
pub(crate) struct LocalScan {
    tree: LocalTree,
    path: String,
    folder: Folder,
    entries: Box<dyn Entries>,
}

impl LocalScan {
    pub(super) fn begin(tree: LocalTree, path: &PathName) -> PathIoResult<Self> {
        let folder = tree.driver.system.open_listing(path.as_str()).told()?;
        let entries = tree.driver.system.entries(Folder::clone(&folder));
        Ok(Self {
            entries: entries.refused("list the folder").told()?,
            path: path.as_str().to_owned(),
            tree,
            folder,
        })
    }

    /// The entry as it is listed; `None` where it is not.
    fn entry(&self, entry: system::RawEntry) -> Outcome<Option<(String, PathStat)>> {
        if names::is_temporary(&entry.name) {
            sweep(&self.folder, &entry.name);
            return Ok(None);
        }
        let name = match entry.name.into_string() {
            Ok(name) => name,
            Err(name) => {
                tracing::warn!(
                    folder = self.path,
                    ?name,
                    "a file or folder is not listed: its name is not UTF-8; rename it",
                );
                return Ok(None);
            }
        };
        let system = &self.tree.driver.system;
        match system.stat_entry(&self.folder, OsStr::new(&name)) {
            Ok(stat) if stat.is_link() => {
                let stat = self.link_target(&name)?.unwrap_or(stat);
                Ok(Some((name, stat)))
            }
            Ok(stat) => Ok(Some((name, stat))),
            // It was removed since the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refusal("look at an entry of the folder", error)),
        }
    }

    /// What a link points to, found from the root; `None` where it leads nowhere
    /// or out.
    fn link_target(&self, name: &str) -> Outcome<Option<PathStat>> {
        match self.tree.driver.system.stat(false, &join(&self.path, name)) {
            Ok(stat) => Ok(Some(stat)),
            Err(Refusal::Missing | Refusal::NotFolder | Refusal::Unreachable(_)) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

impl TreeScan for LocalScan {
    fn next_batch(&mut self) -> PathIoResult<Vec<(String, PathStat)>> {
        loop {
            let batch = self
                .entries
                .next_batch()
                .refused("list the folder")
                .told()?;
            let is_end = batch.is_empty();
            let listed: Vec<_> = batch
                .into_iter()
                .filter_map(|entry| self.entry(entry).transpose())
                .collect::<Outcome<_>>()
                .told()?;
            if is_end || !listed.is_empty() {
                return Ok(listed);
            }
        }
    }
}
