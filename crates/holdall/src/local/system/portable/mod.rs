//! Every other system, and Linux where openat2 is refused: cap-std confines.

mod listing;

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use cap_fs_ext::{DirExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};

#[cfg(feature = "pathio")]
use super::Change;
use super::{Entries, Folder, System};
use crate::driver::{Detail, Outcome, Refusal};
use crate::local::attributes::{Attributes, Kind};
use crate::local::errors::Refuse;
use crate::local::staged::{Staged, stage_named};
#[cfg(feature = "pathio")]
use crate::local::tree::from_cap;
use crate::local::xattr;
use crate::metadata::UserMetadata;
#[cfg(feature = "pathio")]
use crate::pathio::PathStat;

#[derive(Debug)]
pub(super) struct Portable {
    root: Folder,
    user_metadata: bool,
}

impl Portable {
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        let root = Dir::open_ambient_dir(root, cap_std::ambient_authority())?;
        Ok(Self {
            user_metadata: has_user_metadata(&root),
            root: Arc::new(root),
        })
    }

    fn metadata(&self, path: &str) -> Outcome<Option<UserMetadata>> {
        match self.root.open_with(path, &reading()) {
            Ok(file) => xattr::load(&file.into_std()),
            // A file that may be looked at but not read keeps its metadata to itself.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(None),
            Err(error) => Err(error).refused("read the user metadata"),
        }
    }

    fn open_file_with(&self, path: &str, options: &OpenOptions) -> Outcome<(File, Attributes)> {
        let file = match self.root.open_with(path, options) {
            Ok(file) => file.into_std(),
            // What cannot be opened may be no file at all.
            Err(error) => {
                return match self.look_beneath(path).map(|found| found.kind) {
                    Ok(Kind::Folder) => Err(Refusal::IsFolder),
                    Ok(Kind::Special) => Err(Refusal::NotRegular),
                    _ => Err(error).refused("open the file"),
                };
            }
        };
        let attributes = Attributes::of_file(&file).refused("look at the file")?;
        match attributes.kind {
            Kind::File => Ok((file, attributes)),
            Kind::Folder => Err(Refusal::IsFolder),
            Kind::Link | Kind::Special => Err(Refusal::NotRegular),
        }
    }

    fn look_beneath(&self, path: &str) -> io::Result<Attributes> {
        let metadata = if path.is_empty() {
            self.root.dir_metadata()?
        } else {
            self.root.metadata(path)?
        };
        Ok(Attributes::from_cap(&metadata))
    }
}

impl System for Portable {
    fn root(&self) -> &Folder {
        &self.root
    }

    fn has_user_metadata(&self) -> bool {
        self.user_metadata
    }

    fn open_folder(&self, path: &str) -> Outcome<Folder> {
        if path.is_empty() {
            return Ok(Arc::clone(&self.root));
        }
        let folder = self.root.open_dir(path).refused("open the folder")?;
        Ok(Arc::new(folder))
    }

    fn open_listing(&self, path: &str) -> Outcome<Folder> {
        self.open_folder(path)
    }

    fn open_file(&self, _nowait: bool, path: &str) -> Outcome<(File, Attributes)> {
        self.open_file_with(path, &reading())
    }

    fn look(
        &self,
        _nowait: bool,
        path: &str,
        detail: Detail,
    ) -> Outcome<(Attributes, Option<UserMetadata>)> {
        let attributes = self.look_beneath(path).refused("look at the path")?;
        if path.is_empty() && attributes.names == 0 {
            return Err(Refusal::Missing);
        }
        let has_metadata =
            detail == Detail::Full && attributes.kind == Kind::File && self.user_metadata;
        let metadata = if has_metadata {
            self.metadata(path)?
        } else {
            None
        };
        Ok((attributes, metadata))
    }

    #[cfg(feature = "pathio")]
    fn stat(&self, _nowait: bool, path: &str) -> Outcome<PathStat> {
        let metadata = if path.is_empty() {
            self.root.dir_metadata()
        } else {
            self.root.metadata(path)
        };
        let stat = from_cap(&metadata.refused("look at the path")?);
        if path.is_empty() && stat.links == 0 {
            return Err(Refusal::Missing);
        }
        Ok(stat)
    }

    #[cfg(feature = "pathio")]
    fn stat_entry(&self, folder: &Folder, name: &OsStr) -> io::Result<PathStat> {
        Ok(from_cap(&folder.symlink_metadata(name)?))
    }

    #[cfg(feature = "pathio")]
    fn open_to_change(&self, path: &str, change: Change) -> Outcome<File> {
        let mut options = OpenOptions::new();
        options.nonblock(true);
        match change {
            Change::InPlace => options.read(true).write(true),
            Change::AtEnd => options.append(true),
            Change::NewAtEnd => options.append(true).create_new(true),
        };
        self.open_file_with(path, &options).map(|(file, _)| file)
    }

    fn read_at(&self, _nowait: bool, file: &File, position: u64, length: usize) -> Outcome<Bytes> {
        let mut buffer = vec![0; length];
        loop {
            match read_at(file, &mut buffer, position) {
                Ok(read) => {
                    buffer.truncate(read);
                    return Ok(buffer.into());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).refused("read the file"),
            }
        }
    }

    fn open_child(&self, folder: &Folder, name: &OsStr) -> io::Result<Folder> {
        Ok(Arc::new(folder.open_dir_nofollow(name)?))
    }

    fn entries(&self, folder: Folder) -> io::Result<Box<dyn Entries>> {
        Ok(Box::new(listing::DirectoryEntries::new(folder.entries()?)))
    }

    fn stage(&self, home: &Folder) -> io::Result<Staged> {
        stage_named(home)
    }

    fn publish(
        &self,
        staged: &mut Staged,
        folder: &Folder,
        name: &str,
        replace: bool,
    ) -> io::Result<()> {
        match &mut staged.name {
            Some(temporary) => temporary.place(folder, name, replace),
            None => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// For reading, without waiting for the other end of a pipe.
fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).nonblock(true);
    options
}

fn has_user_metadata(root: &Dir) -> bool {
    cfg!(unix)
        && root
            .open(".")
            .is_ok_and(|folder| xattr::is_supported(&folder.into_std()))
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}
