//! What the system said when a primitive did not do what it was asked.

use crate::error::{Error, ErrorKind};

/// The result of a driver's primitive.
pub type Outcome<T> = std::result::Result<T, Refusal>;

/// Why a primitive did not do what it was asked: the system's answer, not yet
/// the caller's error.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// Nothing stands at the key.
    Missing,
    /// Something stands at the key of a create, whatever it is.
    Occupied,
    /// The file is not of the version that the write is for.
    Changed,
    /// A folder stands where a file is needed.
    IsFolder,
    /// A file stands where a folder is needed: at the key or among its ancestors.
    NotFolder,
    /// The folder has children.
    NotEmpty,
    /// The node is neither a file nor a folder: a pipe, a socket, a device.
    NotRegular,
    /// The key can name nothing in here, with the reason: a link that leads
    /// out or in a circle, a name that is too long.
    Unreachable(&'static str),
    /// The answer is not at hand and the call must not wait; see
    /// [`CallContext::must_not_wait`](super::CallContext::must_not_wait).
    WouldWait,
    /// The caller gave up before the commit; see [`CallContext::commit`](super::CallContext::commit).
    Cancelled,
    /// Anything else, with its kind.
    Failed(Error),
}

impl Refusal {
    /// A refusal of `kind` that no rule of the contract explains.
    pub fn failed(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::Failed(Error::new(kind, message))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
