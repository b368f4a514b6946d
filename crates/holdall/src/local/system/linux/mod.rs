//! Linux: openat2 confines every path beneath the root, and can be told not to
//! wait.

#[cfg(feature = "pathio")]
mod files;
mod listing;
mod probe;
mod resolve;
mod stage;

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use cap_std::fs::Dir;
use rustix::fs::{AtFlags, Mode, OFlags, StatxFlags};
use rustix::io::{Errno, IoSliceMut, ReadWriteFlags};

#[cfg(feature = "pathio")]
use super::Change;
use super::{Entries, Folder, System};
use crate::driver::{Detail, Outcome, Refusal};
use crate::error::ErrorKind;
use crate::local::attributes::{Attributes, Kind};
use crate::local::errors::{Refuse, refusal};
use crate::local::staged::Staged;
use crate::local::xattr;
use crate::metadata::UserMetadata;
#[cfg(feature = "pathio")]
use crate::pathio::PathStat;

/// What [`System::look`] and [`System::open_file`] ask of the kernel.
const WANTED: StatxFlags = StatxFlags::TYPE
    .union(StatxFlags::MODE)
    .union(StatxFlags::NLINK)
    .union(StatxFlags::INO)
    .union(StatxFlags::SIZE)
    .union(StatxFlags::MTIME);

/// Opens for reading without waiting for the other end of a pipe, and without
/// taking a terminal.
const READING: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// The most that one read takes from the cache on the caller's thread.
const NOWAIT_STEP: usize = 256 * 1024;

#[derive(Debug)]
pub(super) struct Linux {
    root: Folder,
    facts: probe::Facts,
}

impl Linux {
    /// Opens the root; `None` where this kernel, or its sandbox, has no openat2.
    pub(super) fn open(root: &Path) -> io::Result<Option<Self>> {
        let root = rustix::fs::open(
            root,
            OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        let Some(facts) = probe::facts(&root)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            root: folder(root),
            facts,
        }))
    }

    /// A file's attributes and user metadata, through one handle so that both
    /// are of one version. Opened only once it is known to be a file: opening
    /// a pipe would wake whoever writes to it.
    ///
    /// A handle for naming only would spare the second opening, but its
    /// attributes can be read through `/proc` alone, which costs several times
    /// as much.
    fn look_inside(&self, nowait: bool, path: &str) -> Outcome<(Attributes, Option<UserMetadata>)> {
        let file = File::from(resolve::open(&self.root, nowait, path, READING)?);
        let attributes = attributes(&file).refused("look at the path")?;
        let metadata = match attributes.kind {
            Kind::File => xattr::load(&file)?,
            Kind::Folder | Kind::Link | Kind::Special => None,
        };
        Ok((attributes, metadata))
    }
}

impl System for Linux {
    fn root(&self) -> &Folder {
        &self.root
    }

    fn can_refuse_to_wait(&self) -> bool {
        self.facts.resolves_cached
    }

    fn lies_in_memory(&self) -> bool {
        self.facts.lies_in_memory
    }

    fn has_user_metadata(&self) -> bool {
        self.facts.user_metadata
    }

    fn open_folder(&self, path: &str) -> Outcome<Folder> {
        if path.is_empty() {
            return Ok(Arc::clone(&self.root));
        }
        resolve::open(&self.root, false, path, OFlags::PATH | OFlags::DIRECTORY).map(folder)
    }

    fn open_listing(&self, path: &str) -> Outcome<Folder> {
        let path = if path.is_empty() { "." } else { path };
        resolve::open(&self.root, false, path, OFlags::RDONLY | OFlags::DIRECTORY).map(folder)
    }

    fn open_file(&self, nowait: bool, path: &str) -> Outcome<(File, Attributes)> {
        let file = match resolve::open(&self.root, nowait, path, READING) {
            // A socket, or a device that nothing drives, cannot even be opened.
            Err(Refusal::Failed(_)) if self.is_special(path) => return Err(Refusal::NotRegular),
            result => result?,
        };
        let attributes = attributes(&file).refused("look at the file")?;
        match attributes.kind {
            Kind::File => Ok((file.into(), attributes)),
            Kind::Folder => Err(Refusal::IsFolder),
            Kind::Link | Kind::Special => Err(Refusal::NotRegular),
        }
    }

    fn look(
        &self,
        nowait: bool,
        path: &str,
        detail: Detail,
    ) -> Outcome<(Attributes, Option<UserMetadata>)> {
        if path.is_empty() {
            let attributes = attributes(&*self.root).refused("look at the root")?;
            return match attributes.names {
                0 => Err(Refusal::Missing),
                _ => Ok((attributes, None)),
            };
        }
        let file = resolve::open(&self.root, nowait, path, OFlags::PATH)?;
        let attributes = attributes(&file).refused("look at the path")?;
        drop(file);
        let is_wanted = detail == Detail::Full && self.facts.user_metadata;
        if !is_wanted || attributes.kind != Kind::File {
            return Ok((attributes, None));
        }
        match self.look_inside(nowait, path) {
            // A file that may be looked at but not read keeps its metadata to itself.
            Err(Refusal::Failed(error)) if error.kind() == ErrorKind::PermissionDenied => {
                Ok((attributes, None))
            }
            looked => looked,
        }
    }

    #[cfg(feature = "pathio")]
    fn stat(&self, nowait: bool, path: &str) -> Outcome<PathStat> {
        files::stat(&self.root, nowait, path)
    }

    #[cfg(feature = "pathio")]
    fn stat_entry(&self, folder: &Folder, name: &OsStr) -> io::Result<PathStat> {
        files::stat_entry(folder, name)
    }

    #[cfg(feature = "pathio")]
    fn open_to_change(&self, path: &str, change: Change) -> Outcome<File> {
        files::open_to_change(&self.root, path, change)
    }

    fn read_at(&self, nowait: bool, file: &File, position: u64, length: usize) -> Outcome<Bytes> {
        let length = if nowait {
            length.min(NOWAIT_STEP)
        } else {
            length
        };
        let nowait = nowait && !self.facts.lies_in_memory;
        loop {
            let read = if nowait {
                read_cached(file, position, length)
            } else {
                read_waiting(file, position, length)
            };
            match read {
                Ok(buffer) => return Ok(buffer.into()),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN | Errno::OPNOTSUPP) if nowait => return Err(Refusal::WouldWait),
                Err(error) => return Err(refusal("read the file", error.into())),
            }
        }
    }

    fn open_child(&self, folder: &Folder, name: &OsStr) -> io::Result<Folder> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let child = rustix::fs::openat(&**folder, name, flags, Mode::empty())?;
        Ok(self::folder(child))
    }

    fn entries(&self, folder: Folder) -> io::Result<Box<dyn Entries>> {
        Ok(Box::new(listing::DirectoryEntries::new(folder)))
    }

    fn stage(&self, home: &Folder) -> io::Result<Staged> {
        stage::stage(home, self.facts.proc_is_mounted)
    }

    fn publish(
        &self,
        staged: &mut Staged,
        folder: &Folder,
        name: &str,
        replace: bool,
    ) -> io::Result<()> {
        stage::publish(staged, folder, name, replace)
    }
}

/// What the cache has, and nothing else.
fn read_cached(file: &File, position: u64, length: usize) -> rustix::io::Result<Vec<u8>> {
    let mut buffer = vec![0; length];
    let mut slices = [IoSliceMut::new(&mut buffer)];
    let read = rustix::io::preadv2(file, &mut slices, position, ReadWriteFlags::NOWAIT)?;
    buffer.truncate(read);
    Ok(buffer)
}

/// Into memory that nobody has to clear first.
fn read_waiting(file: &File, position: u64, length: usize) -> rustix::io::Result<Vec<u8>> {
    let mut buffer = Vec::with_capacity(length);
    rustix::io::pread(file, rustix::buffer::spare_capacity(&mut buffer), position)?;
    Ok(buffer)
}

impl Linux {
    fn is_special(&self, path: &str) -> bool {
        matches!(
            self.look(false, path, Detail::Kind),
            Ok((
                Attributes {
                    kind: Kind::Special,
                    ..
                },
                _
            ))
        )
    }
}

fn folder(handle: OwnedFd) -> Folder {
    Arc::new(Dir::from_std_file(handle.into()))
}

/// A look through an open handle, which may be one for naming only.
fn attributes(handle: impl std::os::fd::AsFd) -> rustix::io::Result<Attributes> {
    let stat = rustix::fs::statx(handle, c"", AtFlags::EMPTY_PATH, WANTED)?;
    Ok(from_statx(&stat))
}

fn from_statx(stat: &rustix::fs::Statx) -> Attributes {
    use rustix::fs::FileType;
    let mode = u32::from(stat.stx_mode);
    let device = u64::from(stat.stx_dev_major) << 32 | u64::from(stat.stx_dev_minor);
    Attributes {
        kind: match FileType::from_raw_mode(mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            _ => Kind::Special,
        },
        size: stat.stx_size,
        modified_at: jiff::Timestamp::new(
            stat.stx_mtime.tv_sec,
            stat.stx_mtime.tv_nsec.cast_signed(),
        )
        .ok(),
        mode: Some(mode & 0o7777),
        identity: Some((device, stat.stx_ino)),
        names: u64::from(stat.stx_nlink),
    }
}
