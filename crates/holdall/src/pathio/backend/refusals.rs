//! What a path IO says, in a driver's words.

use crate::driver::Refusal;
use crate::error::{Error, ErrorKind};
use crate::pathio::error::{PathIoError, PathIoErrorKind as Kind};

pub(super) fn refused(error: PathIoError) -> Refusal {
    let kind = match error.kind() {
        Kind::NotFound => return Refusal::Missing,
        Kind::AlreadyExists => return Refusal::Occupied,
        Kind::IsADirectory => return Refusal::IsFolder,
        Kind::NotADirectory => return Refusal::NotFolder,
        Kind::DirectoryNotEmpty => return Refusal::NotEmpty,
        Kind::InvalidArgument => return Refusal::Unreachable("the path IO has no such path"),
        Kind::PermissionDenied => ErrorKind::PermissionDenied,
        Kind::StorageFull => ErrorKind::StorageFull,
        Kind::Conflict => ErrorKind::Conflict,
        Kind::Locked => ErrorKind::ResourceLocked,
        Kind::TimedOut | Kind::Unavailable => ErrorKind::BackendUnavailable,
        Kind::NotImplemented => ErrorKind::CapabilityNotSupported,
        Kind::TooLarge | Kind::Cancelled | Kind::Other => ErrorKind::Other,
    };
    Refusal::Failed(Error::new(kind, error.message()).with_source(error))
}
