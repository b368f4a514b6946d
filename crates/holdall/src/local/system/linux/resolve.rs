//! Opening beneath the root.

use std::os::fd::{AsRawFd, OwnedFd};

use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use super::Folder;
use crate::driver::{Outcome, Refusal};
use crate::error::ErrorKind;
use crate::local::errors::{LEADS_OUT, refusal};

/// How often a path is tried anew when a rename elsewhere raced with it.
const ATTEMPTS: usize = 64;

/// Links are followed while they stay beneath the root; those of `/proc` never.
pub(super) const CONFINED: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_MAGICLINKS);

/// Permissions of a new file, which the umask takes from.
pub(super) const NEW_FILE: Mode = Mode::from_raw_mode(0o666);

/// Opens `path` beneath `root`.
pub(super) fn open(root: &Folder, nowait: bool, path: &str, flags: OFlags) -> Outcome<OwnedFd> {
    let resolve = if nowait {
        CONFINED | ResolveFlags::CACHED
    } else {
        CONFINED
    };
    resolved(root, path, flags, Mode::empty(), resolve)
}

/// Opens `path` beneath `root`, or makes it by `flags`, with `mode`.
#[cfg(feature = "pathio")]
pub(super) fn open_or_make(
    root: &Folder,
    path: &str,
    flags: OFlags,
    mode: Mode,
) -> Outcome<OwnedFd> {
    resolved(root, path, flags, mode, CONFINED)
}

fn resolved(
    root: &Folder,
    path: &str,
    flags: OFlags,
    mode: Mode,
    resolve: ResolveFlags,
) -> Outcome<OwnedFd> {
    let nowait = resolve.contains(ResolveFlags::CACHED);
    for _ in 0..ATTEMPTS {
        let opened = rustix::fs::openat2(&**root, path, flags | OFlags::CLOEXEC, mode, resolve);
        match opened {
            Ok(file) => return Ok(file),
            // The cache does not have it, or a rename raced: a call that may
            // wait finds out.
            Err(Errno::AGAIN) if nowait => return Err(Refusal::WouldWait),
            Err(Errno::AGAIN | Errno::INTR) => {}
            Err(Errno::XDEV) => return Err(Refusal::Unreachable(LEADS_OUT)),
            Err(error) => return Err(refusal("open the path", error.into())),
        }
    }
    Err(Refusal::failed(
        ErrorKind::BackendUnavailable,
        "folders on the way are being renamed all the time; try again later",
    ))
}

/// The path by which an open handle can be named.
pub(super) fn through_proc(file: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}
