//! What the operating system says, in the words of the driver interface: the
//! one place where a system error gets its meaning.

use std::io;

use crate::driver::{Outcome, Refusal};
use crate::error::{Error, ErrorKind};

/// Why a name that leads through links cannot be followed.
pub(super) const LEADS_OUT: &str = "a link on the way leads out of the root";
const CIRCLE: &str = "the links on the way go in a circle";
const NAME_TOO_LONG: &str = "a name is longer than the file system allows";

/// Turns a system's answer into a refusal that names what was tried.
pub(super) trait Refuse<T> {
    /// `doing` completes "could not": "open the file".
    fn refused(self, doing: &str) -> Outcome<T>;
}

impl<T, E: Into<io::Error>> Refuse<T> for Result<T, E> {
    fn refused(self, doing: &str) -> Outcome<T> {
        self.map_err(|error| refusal(doing, error.into()))
    }
}

/// The refusal that `error` stands for.
pub(super) fn refusal(doing: &str, error: io::Error) -> Refusal {
    if leads_out(&error) {
        return Refusal::Unreachable(LEADS_OUT);
    }
    if is_circle(&error) {
        return Refusal::Unreachable(CIRCLE);
    }
    match error.kind() {
        io::ErrorKind::NotFound => Refusal::Missing,
        io::ErrorKind::AlreadyExists => Refusal::Occupied,
        io::ErrorKind::IsADirectory => Refusal::IsFolder,
        io::ErrorKind::NotADirectory => Refusal::NotFolder,
        io::ErrorKind::DirectoryNotEmpty => Refusal::NotEmpty,
        io::ErrorKind::InvalidFilename => Refusal::Unreachable(NAME_TOO_LONG),
        _ => Refusal::Failed(failure(doing, error)),
    }
}

/// An error that no rule of the contract explains.
fn failure(doing: &str, error: io::Error) -> Error {
    let kind = kind(&error);
    let hint = match kind {
        ErrorKind::StorageFull => "; free some space and try again",
        ErrorKind::BackendUnavailable => "; try again later",
        _ if error.kind() == io::ErrorKind::CrossesDevices => {
            "; the two paths lie on different file systems, so copy and delete instead"
        }
        _ => "",
    };
    Error::new(kind, format!("could not {doing}: {error}{hint}")).with_source(error)
}

fn kind(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            ErrorKind::PermissionDenied
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            ErrorKind::StorageFull
        }
        io::ErrorKind::TimedOut
        | io::ErrorKind::OutOfMemory
        | io::ErrorKind::StaleNetworkFileHandle
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown => ErrorKind::BackendUnavailable,
        _ if is_out_of_handles(error) => ErrorKind::BackendUnavailable,
        _ => ErrorKind::Other,
    }
}

/// cap-std refuses an escape with an error of its own, not the system's.
fn leads_out(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

#[cfg(unix)]
fn is_circle(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_circle(_error: &io::Error) -> bool {
    false
}

#[cfg(unix)]
fn is_out_of_handles(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let code = error.raw_os_error();
    code == Some(Errno::MFILE.raw_os_error()) || code == Some(Errno::NFILE.raw_os_error())
}

#[cfg(not(unix))]
fn is_out_of_handles(_error: &io::Error) -> bool {
    false
}
