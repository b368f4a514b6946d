//! The folders above a path.

use std::ffi::OsStr;
use std::io;

use super::attributes::Kind;
use super::driver::LocalDriver;
use super::errors::refusal;
use super::system::{self, Folder};
use crate::driver::{CallContext, Key, Outcome, Refusal};

/// The longest path that Linux resolves in one call, in bytes. A file further
/// down could be made but never read.
/// <https://man7.org/linux/man-pages/man3/pathconf.3.html>
const LONGEST_PATH: usize = 4095;

/// How often a change is tried anew when its folder is removed under it.
pub(super) const ATTEMPTS: usize = 128;

/// Why it is given up in the end.
pub(super) const REMOVED_AGAIN: &str =
    "the folder is removed as fast as it is made; try again later";

impl LocalDriver {
    /// The folder at `path`, or `None` where it is missing.
    pub(super) fn existing_folder(&self, path: Key<'_>) -> Outcome<Option<Folder>> {
        match self.system.open_folder(path.as_str()) {
            Ok(folder) => Ok(Some(folder)),
            Err(Refusal::Missing) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// The folder at `path`, or `None` where it is missing or being removed.
    ///
    /// Linux finds a folder by its name until the removal is over, though it
    /// takes no files any more, and the removal may wait for the disk. Looking
    /// again does not wait for that; making the folder anew does, as both hold
    /// the lock of the folder above.
    /// <https://docs.kernel.org/filesystems/directory-locking.html>
    fn lasting_folder(&self, path: Key<'_>) -> Outcome<Option<Folder>> {
        let found = self.existing_folder(path)?;
        // The root is not the store's to make.
        Ok(found.filter(|folder| path.is_root() || !system::is_removed(folder)))
    }

    /// The folder nearest above `key` that exists and is not being removed.
    pub(super) fn nearest_folder(&self, key: Key<'_>) -> Outcome<Folder> {
        let mut path = key.parent();
        loop {
            match self.lasting_folder(path)? {
                Some(folder) => return Ok(folder),
                None => path = path.parent(),
            }
        }
    }

    /// The folder at `path`, made with its parents where it is missing or
    /// being removed; the folders that got a new entry are added to `changed`,
    /// where they are wanted.
    pub(super) fn make_folders(
        &self,
        path: Key<'_>,
        mut changed: Option<&mut Vec<Folder>>,
    ) -> Outcome<Folder> {
        if let Some(folder) = self.lasting_folder(path)? {
            return Ok(folder);
        }
        let parent = self.make_folders(path.parent(), changed.as_deref_mut())?;
        match system::make_folder(&parent, path.name()) {
            Ok(()) => {
                if let Some(changed) = changed {
                    changed.push(parent);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                refuse_dangling_link(&parent, path.name())?;
            }
            Err(error) => return Err(refusal("make the folder", error)),
        }
        self.system.open_folder(path.as_str())
    }

    /// Makes a folder where nothing stands.
    pub(super) fn make_new_folder(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        parents: bool,
    ) -> Outcome<()> {
        refuse_long_path(key)?;
        self.refuse_long_names(key)?;
        cx.commit()?;
        let parent = match parents {
            true => self.make_folders(key.parent(), None)?,
            false => self.system.open_folder(key.parent().as_str())?,
        };
        system::make_folder(&parent, key.name()).map_err(|error| refusal("make the folder", error))
    }

    /// Refuses a key that could never name anything, before anything is made
    /// for it.
    pub(super) fn refuse_long_names(&self, key: Key<'_>) -> Outcome<()> {
        for segment in key.segments() {
            if let Err(error) = system::look_at(self.system.root(), OsStr::new(segment))
                && error.kind() == io::ErrorKind::InvalidFilename
            {
                return Err(refusal("use the name", error));
            }
        }
        Ok(())
    }
}

/// Refuses a path that one system or the other could not resolve, on all alike.
pub(super) fn refuse_long_path(key: Key<'_>) -> Outcome<()> {
    if key.as_str().len() > LONGEST_PATH {
        return Err(Refusal::Unreachable(
            "the path is longer than the system allows",
        ));
    }
    Ok(())
}

/// A link to nothing stands where a folder is to be made.
fn refuse_dangling_link(folder: &Folder, name: &str) -> Outcome<()> {
    match system::look_at(folder, OsStr::new(name)) {
        Ok(found) if found.kind == Kind::Link => Err(Refusal::Unreachable(
            "a link to nothing stands among the folders of the path",
        )),
        _ => Ok(()),
    }
}
