//! What the path-IO layer asks beyond the driver.

use std::ffi::OsStr;
use std::fs::File;
use std::io;

use rustix::fs::{AtFlags, Mode, OFlags, StatxFlags};

use super::super::{Change, Folder};
use super::resolve;
use crate::driver::{Outcome, Refusal};
use crate::local::attributes::{Attributes, Kind};
use crate::local::errors::Refuse;
use crate::local::tree::from_statx;
use crate::pathio::PathStat;

/// All that every file system knows.
const WANTED: StatxFlags = StatxFlags::BASIC_STATS;

pub(super) fn stat(root: &Folder, nowait: bool, path: &str) -> Outcome<PathStat> {
    let stat = if path.is_empty() {
        rustix::fs::statx(&**root, c"", AtFlags::EMPTY_PATH, WANTED)
    } else {
        let node = resolve::open(root, nowait, path, OFlags::PATH)?;
        rustix::fs::statx(&node, c"", AtFlags::EMPTY_PATH, WANTED)
    };
    let stat = from_statx(&stat.refused("look at the path")?);
    if path.is_empty() && stat.links == 0 {
        return Err(Refusal::Missing);
    }
    Ok(stat)
}

pub(super) fn stat_entry(folder: &Folder, name: &OsStr) -> io::Result<PathStat> {
    let stat = rustix::fs::statx(&**folder, name, AtFlags::SYMLINK_NOFOLLOW, WANTED)?;
    Ok(from_statx(&stat))
}

/// Opened so that nothing waits for the other end of a pipe.
pub(super) fn open_to_change(root: &Folder, path: &str, change: Change) -> Outcome<File> {
    let unwaiting = OFlags::NONBLOCK | OFlags::NOCTTY;
    let (flags, mode) = match change {
        Change::InPlace => (OFlags::RDWR, Mode::empty()),
        Change::AtEnd => (OFlags::WRONLY | OFlags::APPEND, Mode::empty()),
        Change::NewAtEnd => (
            OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL,
            resolve::NEW_FILE,
        ),
    };
    let file = File::from(resolve::open_or_make(root, path, flags | unwaiting, mode)?);
    match Attributes::of_file(&file).refused("look at the file")?.kind {
        Kind::File => Ok(file),
        Kind::Folder => Err(Refusal::IsFolder),
        Kind::Link | Kind::Special => Err(Refusal::NotRegular),
    }
}
