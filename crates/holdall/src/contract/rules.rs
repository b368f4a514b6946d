//! The errors of the contract, each made in one place, and what a driver's
//! refusal means where it does not depend on the operation.

use super::step::Fault;
use crate::driver::{CallContext, Detail, Driver, Key, Node, Refusal};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::path::{RemotePath, normalize, refuse_temporary};

/// Makes keys of the paths that callers give to a backend.
pub(crate) struct Keys;

impl Keys {
    /// A path that may be the root, in any spelling.
    pub(crate) fn any(path: &str) -> Result<RemotePath> {
        let path = RemotePath::from_canonical(normalize(path)?.into_owned());
        refuse_temporary(path.key())?;
        Ok(path)
    }

    /// A path that must name something below the root.
    pub(crate) fn below_root(operation: Operation, path: &str) -> Result<RemotePath> {
        let key = Self::any(path)?;
        if key.is_root() {
            return Err(root_refused(operation));
        }
        Ok(key)
    }
}

fn root_refused(operation: Operation) -> Error {
    let message = match operation {
        Operation::DeleteFolder => "the root cannot be deleted; name a folder below it",
        _ => "the root is a folder; name a file below it",
    };
    Error::new(ErrorKind::InvalidPath, message)
}

pub(super) fn no_file() -> Error {
    Error::new(ErrorKind::NotFound, "no file stands at the path")
}

pub(super) fn no_folder() -> Error {
    Error::new(ErrorKind::NotFound, "no folder stands at the path")
}

pub(super) fn is_folder() -> Error {
    Error::new(
        ErrorKind::InvalidPath,
        "a folder stands at the path where a file is needed",
    )
}

pub(super) fn is_file() -> Error {
    Error::new(
        ErrorKind::InvalidPath,
        "a file stands at the path where a folder is needed",
    )
}

pub(super) fn below_file() -> Error {
    Error::new(
        ErrorKind::InvalidPath,
        "a file stands among the ancestors of the path",
    )
}

pub(super) fn not_regular() -> Error {
    Error::new(
        ErrorKind::InvalidPath,
        "a pipe, socket or device stands at the path; such nodes are neither read nor replaced",
    )
}

pub(super) fn taken() -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        "a file stands at the path; allow overwriting to replace it",
    )
}

pub(super) fn occupied() -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        "something stands at the path of the new folder",
    )
}

pub(super) fn into_itself() -> Error {
    Error::new(
        ErrorKind::InvalidPath,
        "a folder cannot be moved to where it is, nor below itself",
    )
}

pub(super) fn changed() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "the file is not the version that was to be replaced; read it again and write anew",
    )
}

pub(super) fn not_empty() -> Error {
    Error::new(
        ErrorKind::DirectoryNotEmpty,
        "the folder has children; ask for a recursive delete to remove them too",
    )
}

pub(super) fn unreachable(reason: &str) -> Error {
    Error::new(ErrorKind::InvalidPath, reason)
}

/// The container or the root itself is gone, or changes faster than the
/// operation can follow.
pub(super) fn no_place() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "the place to write to is gone and could not be made again",
    )
}

/// What stands at a key, once a look at it was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    File,
    Folder,
    /// A node that is neither.
    Special,
    Nothing,
    /// The key can name nothing in here, with the reason.
    Unreachable(&'static str),
}

/// Looks at a key after a refusal. Only the system's own failures are errors.
pub(super) async fn see<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
) -> std::result::Result<Seen, Fault> {
    see_in(driver, cx, key, Detail::Kind).await
}

/// As [`see`], as far as `detail` goes.
pub(super) async fn see_in<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    detail: Detail,
) -> std::result::Result<Seen, Fault> {
    match driver.stat(cx, key, detail).await {
        Ok(Node::File(_)) => Ok(Seen::File),
        Ok(Node::Folder) => Ok(Seen::Folder),
        Ok(Node::Special) | Err(Refusal::NotRegular) => Ok(Seen::Special),
        Err(Refusal::Missing | Refusal::NotFolder) => Ok(Seen::Nothing),
        Err(Refusal::IsFolder | Refusal::NotEmpty) => Ok(Seen::Folder),
        Err(Refusal::Occupied | Refusal::Changed) => Ok(Seen::File),
        Err(Refusal::Unreachable(reason)) => Ok(Seen::Unreachable(reason)),
        Err(Refusal::WouldWait) => Err(Fault::WouldWait),
        Err(Refusal::Cancelled) => Err(Fault::Cancelled),
        Err(Refusal::Failed(error)) => Err(Fault::Error(error)),
    }
}
