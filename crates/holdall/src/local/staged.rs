//! Files that are being written and that no listing shows.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io;

use super::attributes::Attributes;
use super::names::temporary_name;
use super::system::{self, Folder};

/// A file without a place yet.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) file: File,
    /// The temporary name, where the system has no files without one.
    pub(super) name: Option<TemporaryName>,
}

impl Staged {
    /// Whether somebody who heeds no lock took the temporary name away. A file
    /// without its last name can get no other.
    pub(super) fn is_lost(&self) -> io::Result<bool> {
        Ok(self.name.is_some() && Attributes::of_file(&self.file)?.names == 0)
    }
}

/// A temporary name that goes with its owner. Whoever holds one also holds the
/// lock on its file, so that nobody sweeps it.
#[derive(Debug)]
pub(super) struct TemporaryName {
    folder: Folder,
    name: String,
    is_placed: bool,
}

impl TemporaryName {
    /// Takes over `name` in `folder`.
    pub(super) fn new(folder: &Folder, name: String) -> Self {
        Self {
            folder: Folder::clone(folder),
            name,
            is_placed: false,
        }
    }

    /// Moves the file from its temporary name to its place.
    pub(super) fn place(&mut self, folder: &Folder, name: &str, replace: bool) -> io::Result<()> {
        let (from, to) = (OsStr::new(&self.name), OsStr::new(name));
        if replace {
            system::rename_over(&self.folder, from, folder, to)?;
        } else {
            system::rename_new(&self.folder, from, folder, to)?;
        }
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for TemporaryName {
    fn drop(&mut self) {
        if !self.is_placed {
            // What cannot be removed now is swept later.
            let _ = system::remove_file(&self.folder, OsStr::new(&self.name));
        }
    }
}

/// How often a name is tried anew when a sweep takes it before it is locked.
const ATTEMPTS: usize = 16;

/// A new file under a temporary name in `home`.
pub(super) fn stage_named(home: &Folder) -> io::Result<Staged> {
    for _ in 0..ATTEMPTS {
        let name = temporary_name()?;
        let file = home
            .open_with(
                &name,
                cap_std::fs::OpenOptions::new()
                    .read(true)
                    .write(true)
                    .create_new(true),
            )?
            .into_std();
        let name = TemporaryName::new(home, name);
        if lock(&file)? && Attributes::of_file(&file)?.names > 0 {
            return Ok(Staged {
                file,
                name: Some(name),
            });
        }
    }
    Err(io::Error::new(
        io::ErrorKind::TimedOut,
        "temporary files are swept faster than they are made",
    ))
}

/// Marks a file as being written; `false` where somebody sweeps it right now.
/// A file system without locks has no sweeps either.
pub(super) fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if is_without_locks(&error) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn is_without_locks(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}

/// What became of a temporary name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swept {
    /// Nobody wrote it any more, and it is gone.
    Gone,
    /// It is being written, or cannot be removed.
    Kept,
    /// It is no file, and so none of Holdall's.
    Foreign,
}

/// Removes the temporary file `name` unless somebody is writing it.
pub(super) fn sweep(folder: &Folder, name: &OsStr) -> Swept {
    match try_sweep(folder, name) {
        Ok(swept) => swept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Swept::Gone,
        Err(_) => Swept::Kept,
    }
}

fn try_sweep(folder: &Folder, name: &OsStr) -> io::Result<Swept> {
    use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
    if system::look_at(folder, name)?.kind != super::attributes::Kind::File {
        return Ok(Swept::Foreign);
    }
    let file = folder
        .open_with(
            name,
            cap_std::fs::OpenOptions::new()
                .read(true)
                .follow(FollowSymlinks::No)
                .nonblock(true),
        )?
        .into_std();
    match file.try_lock() {
        Ok(()) => {
            system::remove_file(folder, name)?;
            Ok(Swept::Gone)
        }
        Err(_) => Ok(Swept::Kept),
    }
}
