//! A host that nobody knows.

use std::error::Error as StdError;
use std::fmt;
use std::iter::successors;

use crate::error::Error;

/// The cause of a [`BackendUnavailable`](crate::ErrorKind::BackendUnavailable)
/// where a host's name leads to no address: there is a slip in the name, or no
/// network.
///
/// A backend that finds names by itself puts it among the sources of its error.
///
/// ```
/// use holdall::{Error, ErrorKind, UnknownHost};
///
/// let cause = UnknownHost::new("acme.blob.invalid", std::io::Error::other("no address"));
/// let error = Error::new(ErrorKind::BackendUnavailable, "no connection").with_source(cause);
/// let found = UnknownHost::among_causes_of(&error).map(UnknownHost::host);
/// assert_eq!(found, Some("acme.blob.invalid"));
/// ```
#[derive(Debug)]
pub struct UnknownHost {
    host: String,
    source: std::io::Error,
}

impl UnknownHost {
    /// The name, and what the system said of it.
    pub fn new(host: impl Into<String>, source: std::io::Error) -> Self {
        Self {
            host: host.into(),
            source,
        }
    }

    /// The one that `error` comes of, if it does.
    pub fn among_causes_of(error: &Error) -> Option<&Self> {
        successors(error.source(), |&cause| cause.source())
            .find_map(|cause| cause.downcast_ref::<Self>())
    }

    /// The name that leads nowhere.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for UnknownHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the host {} is not known", self.host)
    }
}

impl StdError for UnknownHost {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}
