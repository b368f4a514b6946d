//! Removing a file, and an empty folder.

use std::ffi::OsStr;
use std::io;

use super::attributes::Kind;
use super::driver::LocalDriver;
use super::errors::{Refuse, refusal};
use super::names;
use super::staged::{Swept, sweep};
use super::system::{self, Folder};
use crate::driver::{CallContext, Detail, Key, Outcome, Refusal};
use crate::error::ErrorKind;

/// How often a folder is tried anew when temporary names come and go in it.
pub(super) const ATTEMPTS: usize = 16;

impl LocalDriver {
    /// Removes a file, or a link as it is.
    pub(super) fn remove_entry(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        let folder = self.system.open_folder(key.parent().as_str())?;
        let name = OsStr::new(key.name());
        let _held = self.locks.hold(key.as_str());
        cx.commit()?;
        system::remove_file(&folder, name).map_err(|error| {
            // Some systems name the wrong reason for a folder.
            match system::look_at(&folder, name) {
                Ok(found) if found.kind == Kind::Folder => Refusal::IsFolder,
                _ => refusal("remove the file", error),
            }
        })
    }

    /// Removes a folder in which nothing but abandoned temporary files stands,
    /// or a link to a folder.
    pub(super) fn remove_empty_folder(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        let parent = self.system.open_folder(key.parent().as_str())?;
        let name = OsStr::new(key.name());
        let _held = self.locks.hold(key.as_str());
        for _ in 0..ATTEMPTS {
            cx.commit()?;
            let error = match system::remove_folder(&parent, name) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            match error.kind() {
                io::ErrorKind::DirectoryNotEmpty => self.sweep_folder(&parent, name)?,
                io::ErrorKind::NotADirectory => return self.remove_link(cx, &parent, key),
                _ => return Err(refusal("remove the folder", error)),
            }
        }
        Err(being_written())
    }

    /// Removes what is left of writes in a folder, and refuses if there is
    /// anything else.
    fn sweep_folder(&self, parent: &Folder, name: &OsStr) -> Outcome<()> {
        let Ok(folder) = self.system.open_child(parent, name) else {
            return Err(Refusal::NotEmpty);
        };
        let mut entries = self
            .system
            .entries(Folder::clone(&folder))
            .refused("list the folder")?;
        loop {
            let batch = entries.next_batch().refused("list the folder")?;
            if batch.is_empty() {
                return Ok(());
            }
            for entry in batch {
                if !names::is_temporary(&entry.name) {
                    return Err(Refusal::NotEmpty);
                }
                match sweep(&folder, &entry.name) {
                    Swept::Gone => {}
                    Swept::Kept => std::thread::yield_now(),
                    Swept::Foreign => return Err(Refusal::NotEmpty),
                }
            }
        }
    }

    /// Removes a link to a folder, and nothing of what is in the folder.
    pub(super) fn remove_link(
        &self,
        cx: CallContext<'_>,
        parent: &Folder,
        key: Key<'_>,
    ) -> Outcome<()> {
        let name = OsStr::new(key.name());
        let found = system::look_at(parent, name).refused("look at the folder")?;
        if found.kind != Kind::Link {
            return Err(Refusal::NotFolder);
        }
        let (target, _) = self.system.look(false, key.as_str(), Detail::Kind)?;
        if target.kind != Kind::Folder {
            return Err(Refusal::NotFolder);
        }
        cx.commit()?;
        system::remove_file(parent, name).refused("remove the link")
    }
}

/// The refusal for a folder in which somebody writes.
pub(super) fn being_written() -> Refusal {
    Refusal::failed(
        ErrorKind::ResourceLocked,
        "a file in the folder is being written; try again when it is done",
    )
}
