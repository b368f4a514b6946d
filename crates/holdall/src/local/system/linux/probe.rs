//! What this kernel and this file system can do: asked once.

use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Mode, OFlags, ResolveFlags, StatxFlags};
use rustix::io::Errno;

use super::resolve::{CONFINED, through_proc};
use crate::local::xattr;

/// The answers.
#[derive(Debug)]
pub(super) struct Facts {
    /// Paths can be resolved from the cache alone, and what the cache has of
    /// this file system is the truth.
    pub(super) resolves_cached: bool,
    /// The file system lies in memory.
    pub(super) lies_in_memory: bool,
    /// Files can have user metadata.
    pub(super) user_metadata: bool,
    /// Open handles can be named.
    pub(super) proc_is_mounted: bool,
}

/// `None` where the kernel, or a sandbox around the process, refuses openat2
/// or statx even for the root itself.
pub(super) fn facts(root: &OwnedFd) -> io::Result<Option<Facts>> {
    if !is_there(open_root(root, ResolveFlags::empty()))? {
        return Ok(None);
    }
    if !is_there(rustix::fs::statx(
        root,
        c"",
        AtFlags::EMPTY_PATH,
        StatxFlags::TYPE,
    ))? {
        return Ok(None);
    }
    let file_system = rustix::fs::fstatfs(root)?.f_type.cast_unsigned() & 0xffff_ffff;
    let cached = !matches!(
        open_root(root, ResolveFlags::CACHED),
        Err(Errno::INVAL | Errno::NOSYS)
    );
    Ok(Some(Facts {
        resolves_cached: cached && !REMOTE.contains(&file_system),
        lies_in_memory: IN_MEMORY.contains(&file_system),
        user_metadata: has_user_metadata(root),
        proc_is_mounted: rustix::fs::access(through_proc(root), rustix::fs::Access::EXISTS).is_ok(),
    }))
}

fn open_root(root: &OwnedFd, more: ResolveFlags) -> rustix::io::Result<OwnedFd> {
    rustix::fs::openat2(
        root,
        c".",
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
        CONFINED | more,
    )
}

fn is_there<T>(answer: rustix::io::Result<T>) -> io::Result<bool> {
    match answer {
        Ok(_) => Ok(true),
        Err(Errno::NOSYS | Errno::PERM | Errno::INVAL | Errno::TOOBIG) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether the file system has extended attributes: asked by reading, so that
/// nothing is made, also on a read-only file system.
fn has_user_metadata(root: &OwnedFd) -> bool {
    let mut value = Vec::with_capacity(1);
    let answer = rustix::fs::getxattr(
        through_proc(root),
        xattr::ATTRIBUTE,
        rustix::buffer::spare_capacity(&mut value),
    );
    matches!(
        answer,
        Ok(_) | Err(Errno::NODATA | Errno::RANGE | Errno::ACCESS)
    )
}

/// tmpfs and ramfs. They refuse reads that must not wait, though none of
/// theirs waits.
const IN_MEMORY: [u64; 2] = [0x0102_1994, 0x8584_58f6];

/// File systems that ask elsewhere before they answer, whatever their cache
/// has: NFS, SMB, SMB2, CIFS, FUSE, 9P, Ceph, AFS, Coda.
const REMOTE: [u64; 9] = [
    0x6969,
    0x517b,
    0xfe53_4d42,
    0xff53_4d42,
    0x6573_5546,
    0x0102_1997,
    0x00c3_6400,
    0x5346_414f,
    0x7375_7245,
];
