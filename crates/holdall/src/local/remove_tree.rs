//! Removing a folder with all it holds, some of it a call.
//!
//! Every call begins at the top and keeps no state, so that it can be given up
//! anywhere. Links are removed and never followed.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io;

use super::driver::LocalDriver;
use super::errors::{Refuse, refusal};
use super::names;
use super::remove::{ATTEMPTS, being_written};
use super::staged::{Swept, sweep};
use super::system::{self, Folder, RawEntry};
use crate::driver::{CallContext, Key, Outcome, Progress, Refusal};
use crate::error::ErrorKind;

/// Folders held open at a time. In a deeper tree the upper ones are let go,
/// and the next call comes back to them.
const MOST_OPEN: usize = 32;

/// One folder on the way down.
struct Level {
    folder: Folder,
    name: OsString,
    path: String,
    entries: Box<dyn system::Entries>,
    pending: VecDeque<RawEntry>,
    rounds: usize,
    is_written: bool,
}

/// What to do after an entry.
enum Step {
    /// Look into this subfolder.
    Enter(Level),
    /// Something was removed.
    Removed,
    /// Nothing was.
    Kept,
}

impl LocalDriver {
    pub(super) fn remove_some(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        budget: usize,
    ) -> Outcome<Progress> {
        let parent = self.system.open_folder(key.parent().as_str())?;
        let top = match self.enter(&parent, OsStr::new(key.name()), key.as_str().to_owned()) {
            Ok(level) => level,
            Err(Refusal::NotFolder | Refusal::Unreachable(_)) => {
                let _held = self.locks.hold(key.as_str());
                return self.remove_link(cx, &parent, key).map(|()| Progress::Done);
            }
            Err(refusal) => return Err(refusal),
        };
        let mut descent = Descent {
            driver: self,
            cx,
            parent: Some(parent),
            levels: VecDeque::from([top]),
        };
        descent.remove(budget.max(1))
    }

    /// Opens the subfolder `name`, if it is one and no link.
    fn enter(&self, parent: &Folder, name: &OsStr, path: String) -> Outcome<Level> {
        let folder = self
            .system
            .open_child(parent, name)
            .refused("open the folder")?;
        Ok(Level {
            entries: self
                .system
                .entries(Folder::clone(&folder))
                .refused("list the folder")?,
            folder,
            name: name.to_owned(),
            path,
            pending: VecDeque::new(),
            rounds: 0,
            is_written: false,
        })
    }
}

impl Level {
    fn next_entry(&mut self) -> Outcome<Option<RawEntry>> {
        if self.pending.is_empty() {
            self.pending = self.entries.next_batch().refused("list the folder")?.into();
        }
        Ok(self.pending.pop_front())
    }
}

struct Descent<'a> {
    driver: &'a LocalDriver,
    cx: CallContext<'a>,
    /// The folder above the first level; `None` once that level is let go.
    parent: Option<Folder>,
    levels: VecDeque<Level>,
}

impl Descent<'_> {
    fn remove(&mut self, mut budget: usize) -> Outcome<Progress> {
        while let Some(level) = self.levels.back_mut() {
            if budget == 0 {
                return Ok(Progress::More);
            }
            if self.cx.is_cancelled() {
                return Err(Refusal::Cancelled);
            }
            let Some(entry) = level.next_entry()? else {
                if !self.remove_last_level()? {
                    return Ok(Progress::More);
                }
                budget -= 1;
                continue;
            };
            match self.remove_entry(entry)? {
                Step::Enter(level) => self.push(level),
                Step::Removed => budget -= 1,
                Step::Kept => {}
            }
        }
        Ok(Progress::Done)
    }

    fn push(&mut self, level: Level) {
        self.levels.push_back(level);
        if self.levels.len() > MOST_OPEN {
            self.levels.pop_front();
            self.parent = None;
        }
    }

    /// Removes one entry of the last level, unless it is a folder.
    fn remove_entry(&mut self, entry: RawEntry) -> Outcome<Step> {
        let Some(level) = self.levels.back_mut() else {
            return Ok(Step::Kept);
        };
        if names::is_temporary(&entry.name) {
            match sweep(&level.folder, &entry.name) {
                Swept::Gone => return Ok(Step::Removed),
                Swept::Kept => {
                    level.is_written = true;
                    return Ok(Step::Kept);
                }
                Swept::Foreign => {}
            }
        }
        let path = Key::of_canonical(&level.path).child(&entry.name.to_string_lossy());
        if entry.may_be_folder {
            match self.driver.enter(&level.folder, &entry.name, path.clone()) {
                Ok(level) => return Ok(Step::Enter(level)),
                Err(Refusal::Missing) => return Ok(Step::Kept),
                Err(Refusal::NotFolder | Refusal::Unreachable(_)) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        let _held = self.driver.locks.hold(&path);
        self.cx.commit()?;
        match system::remove_file(&level.folder, &entry.name) {
            Ok(()) => Ok(Step::Removed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Step::Kept),
            Err(error) => Err(refusal("remove a file in the folder", error)),
        }
    }

    /// Removes the last level, which has no entries left; `false` where that
    /// is for the next call to do.
    fn remove_last_level(&mut self) -> Outcome<bool> {
        let Some(mut level) = self.levels.pop_back() else {
            return Ok(false);
        };
        let Some(parent) = self
            .levels
            .back()
            .map(|above| &above.folder)
            .or(self.parent.as_ref())
        else {
            return Ok(false);
        };
        let removed = {
            let _held = self.driver.locks.hold(&level.path);
            self.cx.commit()?;
            system::remove_folder(parent, &level.name)
        };
        match removed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                self.look_again(&mut level)?;
                self.levels.push_back(level);
                Ok(true)
            }
            Err(error) => Err(refusal("remove the folder", error)),
        }
    }

    /// Something appeared in a folder after it was emptied.
    fn look_again(&self, level: &mut Level) -> Outcome<()> {
        level.rounds += 1;
        if level.rounds > ATTEMPTS {
            return Err(if level.is_written {
                being_written()
            } else {
                Refusal::failed(
                    ErrorKind::BackendUnavailable,
                    "files appear in the folder as fast as they are removed; try again later",
                )
            });
        }
        level.is_written = false;
        std::thread::yield_now();
        let again = self
            .driver
            .system
            .open_child(&level.folder, OsStr::new("."));
        let folder = again.refused("open the folder")?;
        level.entries = self
            .driver
            .system
            .entries(folder)
            .refused("list the folder")?;
        Ok(())
    }
}
