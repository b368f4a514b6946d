//! What the driver says, in the words of the path-IO layer.

use std::error::Error as _;
use std::io;

use crate::driver::{Outcome, Refusal};
use crate::error::Error;
use crate::local::errors::LEADS_OUT;
use crate::pathio::{PathIoError, PathIoErrorKind, PathIoResult};

/// Turns a driver's answer into one of the layer.
pub(super) trait Tell<T> {
    fn told(self) -> PathIoResult<T>;
}

impl<T> Tell<T> for Outcome<T> {
    fn told(self) -> PathIoResult<T> {
        self.map_err(tell)
    }
}

/// The error that a refusal stands for.
pub(super) fn tell(refusal: Refusal) -> PathIoError {
    use PathIoErrorKind as Kind;
    let (kind, message) = match refusal {
        Refusal::Missing => (Kind::NotFound, "nothing stands at the path"),
        Refusal::Occupied => (Kind::AlreadyExists, "something stands at the path already"),
        Refusal::Changed => (Kind::Conflict, "somebody else changed the file meanwhile"),
        Refusal::IsFolder => return is_a_directory(),
        Refusal::NotFolder => (
            Kind::NotADirectory,
            "a file stands at the path or on the way, where a folder is needed",
        ),
        Refusal::NotEmpty => return directory_not_empty(),
        Refusal::NotRegular => (
            Kind::InvalidArgument,
            "what stands at the path is neither a file nor a folder",
        ),
        Refusal::Unreachable(LEADS_OUT) => (Kind::PermissionDenied, LEADS_OUT),
        Refusal::Unreachable(reason) => (Kind::InvalidArgument, reason),
        Refusal::WouldWait => (Kind::Unavailable, "the storage is not ready"),
        Refusal::Cancelled => (Kind::Cancelled, "the call was given up"),
        Refusal::Failed(error) => return failed(error),
    };
    PathIoError::new(kind, message)
}

/// The system's own error tells more than the kind that a store makes of it.
fn failed(error: Error) -> PathIoError {
    let of_system = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>())
        .map(|source| PathIoErrorKind::of_io(source.kind()))
        .filter(|kind| *kind != PathIoErrorKind::Other);
    let kind = of_system.unwrap_or_else(|| PathIoErrorKind::of_store(error.kind()));
    PathIoError::new(kind, error.message()).with_reason(error)
}

pub(super) fn is_a_directory() -> PathIoError {
    let message = "a folder stands at the path, where a file is needed";
    PathIoError::new(PathIoErrorKind::IsADirectory, message)
}

pub(super) fn directory_not_empty() -> PathIoError {
    let message = "the folder has content: remove that first";
    PathIoError::new(PathIoErrorKind::DirectoryNotEmpty, message)
}
