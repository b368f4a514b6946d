//! The errors of POSIX that a store does not tell apart, each made in one place.

use crate::pathio::error::{PathIoError, PathIoErrorKind};

fn fault(kind: PathIoErrorKind, message: &str) -> PathIoError {
    PathIoError::new(kind, message)
}

pub(super) fn nothing_there() -> PathIoError {
    fault(PathIoErrorKind::NotFound, "nothing stands at the path")
}

pub(super) fn no_folder() -> PathIoError {
    fault(
        PathIoErrorKind::NotFound,
        "the folder that it is to lie in is missing; make it first",
    )
}

pub(super) fn is_a_folder() -> PathIoError {
    fault(
        PathIoErrorKind::IsADirectory,
        "a folder stands at the path where a file is needed",
    )
}

pub(super) fn is_no_folder() -> PathIoError {
    fault(
        PathIoErrorKind::NotADirectory,
        "a file stands where a folder is needed",
    )
}

pub(super) fn taken() -> PathIoError {
    fault(
        PathIoErrorKind::AlreadyExists,
        "something stands at the path already",
    )
}

pub(super) fn not_empty() -> PathIoError {
    fault(
        PathIoErrorKind::DirectoryNotEmpty,
        "the folder has content; remove that first",
    )
}

pub(super) fn is_root() -> PathIoError {
    fault(
        PathIoErrorKind::InvalidArgument,
        "the root is neither removed, renamed nor replaced",
    )
}

pub(super) fn changed_meanwhile() -> PathIoError {
    fault(
        PathIoErrorKind::Conflict,
        "somebody else changed the file meanwhile, and nothing was written; open it again",
    )
}

pub(super) fn too_large(limit: u64) -> PathIoError {
    let message = format!(
        "files of more than {limit} bytes are not changed in place on this store; write the file \
         anew, or raise the edit limit"
    );
    PathIoError::new(PathIoErrorKind::TooLarge, message)
}

pub(super) fn given_up() -> PathIoError {
    fault(
        PathIoErrorKind::Other,
        "an earlier call on this file failed or was given up midway; open it again",
    )
}

pub(super) fn goes_back() -> PathIoError {
    fault(
        PathIoErrorKind::NotImplemented,
        "what was written first is on its way to the store already and cannot be written over; \
         close the file and open it as r+b",
    )
}
