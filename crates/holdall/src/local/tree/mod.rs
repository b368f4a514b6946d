//! The folder as a tree of files that are opened, sought and written in place:
//! what [`PathIo`](crate::pathio::PathIo) stands on.

mod append;
mod at_hand;
mod errors;
mod file;
mod scan;
mod staged;
mod stat;
#[cfg(all(test, target_os = "linux"))]
mod tests;

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

use self::append::Append;
use self::errors::{Tell, is_a_directory};
use self::file::LocalFile;
use self::scan::LocalScan;
pub(super) use self::stat::{from_cap, from_statx};
use super::LocalBackend;
use super::attributes::Kind;
use super::driver::LocalDriver;
use super::errors::Refuse;
use super::parents::refuse_long_path;
use super::system::{self, Folder};
use crate::Timestamp;
use crate::driver::{CallContext, Detail, Key};
use crate::path::is_temporary_name;
use crate::pathio::blocking::Tree;
use crate::pathio::rules::below_root;
use crate::pathio::{
    MkdirOptions, OpenMode, PathIoError, PathIoErrorKind, PathIoResult, PathName, PathStat,
    universal_error,
};

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct LocalTree {
    driver: Arc<LocalDriver>,
}

impl LocalTree {
    /// The folder `root`, which is made where it is missing.
    pub(crate) fn new(root: &Path) -> PathIoResult<Self> {
        let driver = LocalBackend::builder(root).build_driver();
        Ok(driver.map_err(universal_error)?.into())
    }

    /// The folder that `path` lies in, and its last name.
    fn place<'a>(&self, path: &'a PathName, doing: &str) -> PathIoResult<(Folder, &'a str)> {
        let (parent, name) = below_root(path, doing)?;
        refuse_long_path(key(path)).told()?;
        let folder = self.driver.system.open_folder(parent.as_str()).told()?;
        Ok((folder, name))
    }

    /// As [`LocalTree::place`] for a file that is opened, which the root is not.
    fn file_place<'a>(&self, path: &'a PathName) -> PathIoResult<(Folder, &'a str)> {
        if path.is_root() {
            return Err(is_a_directory());
        }
        self.place(path, "opened")
    }

    fn open_to_read(&self, path: &PathName) -> PathIoResult<(File, u64)> {
        if path.is_root() {
            return Err(is_a_directory());
        }
        refuse_long_path(key(path)).told()?;
        let opened = self.driver.system.open_file(false, path.as_str());
        let (file, attributes) = opened.told()?;
        Ok((file, attributes.size))
    }

    /// A handle on a file or a folder by which its times can be set.
    fn open_to_touch(&self, path: &PathName) -> PathIoResult<File> {
        match self.open_to_read(path) {
            Ok((file, _)) => Ok(file),
            Err(error) if error.kind() == PathIoErrorKind::IsADirectory => {
                let folder = self.driver.system.open_listing(path.as_str()).told()?;
                let handle = folder.open(".").refused("open the folder").told()?;
                Ok(handle.into_std())
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a folder stands at the path, which may be reached by a link.
    fn is_folder(&self, path: &PathName) -> bool {
        matches!(
            self.driver.system.look(false, path.as_str(), Detail::Kind),
            Ok((found, _)) if found.kind == Kind::Folder
        )
    }
}

impl From<LocalDriver> for LocalTree {
    fn from(driver: LocalDriver) -> Self {
        Self {
            driver: Arc::new(driver),
        }
    }
}

/// The path as the driver has it.
fn key(path: &PathName) -> Key<'_> {
    Key::of_canonical(path.as_str())
}

impl Tree for LocalTree {
    type File = LocalFile;
    type Scan = LocalScan;

    fn path(&self, path: &str) -> PathIoResult<PathName> {
        let path = PathName::new(path)?;
        if path.names().any(is_temporary_name) {
            return Err(PathIoError::new(
                PathIoErrorKind::InvalidArgument,
                "the name is kept for files that are being written: choose another",
            ));
        }
        Ok(path)
    }

    fn open(&self, path: &PathName, mode: OpenMode) -> PathIoResult<LocalFile> {
        match mode {
            OpenMode::Read => {
                let (file, size) = self.open_to_read(path)?;
                Ok(LocalFile::reading(self.clone(), file, size))
            }
            OpenMode::Write => Ok(LocalFile::anew(self.clone(), self.stage(path)?)),
            OpenMode::Append => {
                let append = Append::open(self, path)?;
                LocalFile::appending(self.clone(), append)
            }
            OpenMode::ReadWrite => {
                if path.is_root() {
                    return Err(is_a_directory());
                }
                refuse_long_path(key(path)).told()?;
                let change = system::Change::InPlace;
                let file = self.driver.system.open_to_change(path.as_str(), change);
                Ok(LocalFile::changing(self.clone(), file.told()?))
            }
        }
    }

    fn stat(&self, path: &PathName) -> PathIoResult<PathStat> {
        refuse_long_path(key(path)).told()?;
        self.driver.system.stat(false, path.as_str()).told()
    }

    fn stat_at_hand(&self, path: &PathName) -> Option<PathIoResult<PathStat>> {
        at_hand::stat(&self.driver, path)
    }

    fn content_at_hand(&self, path: &PathName, limit: usize) -> Option<PathIoResult<Bytes>> {
        at_hand::content(&self.driver, path, limit)
    }

    fn scan(&self, path: &PathName) -> PathIoResult<LocalScan> {
        refuse_long_path(key(path)).told()?;
        LocalScan::begin(self.clone(), path)
    }

    fn mkdir(&self, path: &PathName, options: MkdirOptions) -> PathIoResult<()> {
        if options.parents
            && let Some(parent) = path.parent()
        {
            refuse_long_path(key(path)).told()?;
            self.driver.make_folders(key(&parent), None).told()?;
        }
        let made = match path.is_root() {
            true => Err(io::ErrorKind::AlreadyExists.into()),
            false => {
                let (folder, name) = self.place(path, "made")?;
                system::make_folder(&folder, name)
            }
        };
        match made {
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists
                    && options.exist_ok
                    && self.is_folder(path) =>
            {
                Ok(())
            }
            made => made.refused("make the folder").told(),
        }
    }

    fn rmdir(&self, path: &PathName) -> PathIoResult<()> {
        below_root(path, "removed")?;
        refuse_long_path(key(path)).told()?;
        let context = CallContext::UNBOUND;
        self.driver.remove_empty_folder(context, key(path)).told()
    }

    fn unlink(&self, path: &PathName) -> PathIoResult<()> {
        if path.is_root() {
            return Err(is_a_directory());
        }
        refuse_long_path(key(path)).told()?;
        let context = CallContext::UNBOUND;
        self.driver.remove_entry(context, key(path)).told()
    }

    fn rename(&self, source: &PathName, destination: &PathName) -> PathIoResult<()> {
        let (from, name) = self.place(source, "renamed")?;
        let (to, new_name) = self.place(destination, "replaced")?;
        system::rename_over(&from, OsStr::new(name), &to, OsStr::new(new_name)).map_err(|error| {
            match error.kind() {
                // POSIX lets a system say so of a folder with content.
                io::ErrorKind::AlreadyExists => errors::directory_not_empty(),
                _ => errors::tell(super::errors::refusal("rename", error)),
            }
        })
    }

    fn rename_new(&self, source: &PathName, destination: &PathName) -> PathIoResult<()> {
        let (from, name) = self.place(source, "renamed")?;
        let (to, new_name) = self.place(destination, "replaced")?;
        let renamed = system::rename_new(&from, OsStr::new(name), &to, OsStr::new(new_name));
        renamed.refused("rename").told()
    }

    fn set_modified(&self, path: &PathName, modified: Timestamp) -> PathIoResult<()> {
        let file = self.open_to_touch(path)?;
        let set = file.set_modified(SystemTime::from(modified));
        set.refused("set the time of the last change").told()
    }
}
