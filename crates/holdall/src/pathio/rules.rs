//! Refusals that a tree makes by the path alone.

use super::error::{PathIoError, PathIoErrorKind, PathIoResult};
use super::path::PathName;

/// The folder that a path lies in and its last name, for a change that the root
/// is not to suffer: `doing` is "removed" or "renamed".
pub(crate) fn below_root<'a>(path: &'a PathName, doing: &str) -> PathIoResult<(PathName, &'a str)> {
    path.parent()
        .zip(path.names().next_back())
        .ok_or_else(|| invalid(format!("the root cannot be {doing}")))
}

/// The refusal of a folder that is to be renamed into itself.
pub(crate) fn into_itself() -> PathIoError {
    invalid("a folder cannot be renamed into itself")
}

/// The position that a move leads to, from where it stands and where the end is.
pub(crate) fn position(
    to: std::io::SeekFrom,
    current: u64,
    end: impl FnOnce() -> PathIoResult<u64>,
) -> PathIoResult<u64> {
    let position = match to {
        std::io::SeekFrom::Start(position) => Some(position),
        std::io::SeekFrom::Current(offset) => current.checked_add_signed(offset),
        std::io::SeekFrom::End(offset) => end()?.checked_add_signed(offset),
    };
    position
        .filter(|position| i64::try_from(*position).is_ok())
        .ok_or_else(|| invalid("the position lies before the beginning, or beyond any file's end"))
}

/// Refuses to write beyond what any file can be long.
pub(crate) fn end_of_write(position: u64, length: usize) -> PathIoResult<u64> {
    position
        .checked_add(length as u64)
        .filter(|end| i64::try_from(*end).is_ok())
        .ok_or_else(|| PathIoError::new(PathIoErrorKind::TooLarge, "no file can be so long"))
}

fn invalid(message: impl Into<String>) -> PathIoError {
    PathIoError::new(PathIoErrorKind::InvalidArgument, message)
}
