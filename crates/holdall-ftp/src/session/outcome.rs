//! What comes of a command.

use std::io;

use holdall::pathio::{PathIoError, PathIoErrorKind, PathIoOperation};

use crate::protocol::{Reply, SyntaxError};

/// What a command leads to: the reply to it, or why it was refused.
pub(super) type Answer = Result<Reply, Refusal>;

/// Why a command was not carried out.
pub(super) enum Refusal {
    /// The session goes on after this reply.
    Reply(Reply),
    /// The session goes on; the client knows already.
    Silent,
    /// The session ends.
    End(End),
}

/// Why a session ends.
pub(super) struct End {
    /// What to say before.
    pub(super) farewell: Option<Reply>,
    /// The reason in snake case, for the log.
    pub(super) reason: &'static str,
}

impl End {
    pub(super) const CLIENT_GONE: Self = Self {
        farewell: None,
        reason: "client_gone",
    };

    pub(super) fn with(code: u16, text: &'static str, reason: &'static str) -> Self {
        Self {
            farewell: Some(Reply::new(code, text)),
            reason,
        }
    }

    pub(super) fn server_stopping() -> Self {
        Self::with(421, "The server is shutting down.", "server_stopped")
    }
}

impl Refusal {
    pub(super) fn new(code: u16, text: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        Self::Reply(Reply::new(code, text))
    }
}

impl From<End> for Refusal {
    fn from(end: End) -> Self {
        Self::End(end)
    }
}

/// An error of the control connection.
impl From<io::Error> for Refusal {
    fn from(_: io::Error) -> Self {
        Self::End(End::CLIENT_GONE)
    }
}

impl From<SyntaxError> for Refusal {
    fn from(error: SyntaxError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<PathIoError> for Refusal {
    fn from(error: PathIoError) -> Self {
        Self::Reply(reply_to(&error))
    }
}

/// What a client is told of an error of the storage: its kind alone, since its
/// message may name what lies outside of the user's home.
pub(super) fn reply_to(error: &PathIoError) -> Reply {
    let kind = error.kind();
    log(error);
    let (code, text) = match kind {
        PathIoErrorKind::NotFound => (550, "No such file or folder."),
        PathIoErrorKind::AlreadyExists => (550, "It exists already."),
        PathIoErrorKind::IsADirectory => (550, "It is a folder."),
        PathIoErrorKind::NotADirectory => (550, "It is not a folder."),
        PathIoErrorKind::DirectoryNotEmpty => (550, "The folder is not empty."),
        PathIoErrorKind::PermissionDenied => (550, "Permission denied."),
        PathIoErrorKind::InvalidArgument if makes_a_name(error) => {
            (553, "That name is not possible here.")
        }
        PathIoErrorKind::InvalidArgument => (550, "That is not possible here."),
        PathIoErrorKind::StorageFull => (452, "The storage is full."),
        PathIoErrorKind::TooLarge => (552, "The file is too large to be changed in place."),
        PathIoErrorKind::Conflict => (450, "Somebody else changed the file meanwhile."),
        PathIoErrorKind::Locked => (450, "The file is in use."),
        PathIoErrorKind::TimedOut => (451, "The storage took too long."),
        PathIoErrorKind::Unavailable => (451, "The storage cannot be reached; try again later."),
        PathIoErrorKind::Cancelled => (451, "The server gave the work up."),
        PathIoErrorKind::NotImplemented => (504, "The storage cannot do that."),
        _ => (451, "The storage failed."),
    };
    Reply::new(code, text)
}

/// The same for a file that is only read: its name need not be possible for a new
/// one (RFC 959, 5.4 has no 553 for it).
pub(super) fn refusal_to_read(error: &PathIoError) -> Refusal {
    match reply_to(error) {
        reply if reply.code() == 553 => Refusal::new(550, "It cannot be read."),
        reply => Refusal::Reply(reply),
    }
}

fn makes_a_name(error: &PathIoError) -> bool {
    use PathIoOperation::{Close, Mkdir, Open, Rename, Write};
    matches!(
        error.operation(),
        Some(Open | Write | Close | Mkdir | Rename)
    )
}

/// Tells the log the whole of an error that only an operator can do something
/// about.
fn log(error: &PathIoError) {
    let reason = error.reason().map(tracing::field::display);
    match error.kind() {
        PathIoErrorKind::StorageFull
        | PathIoErrorKind::TimedOut
        | PathIoErrorKind::Unavailable
        | PathIoErrorKind::Other => tracing::warn!(%error, reason, "the storage failed"),
        _ => tracing::debug!(%error, "the storage refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_possible_is_told_to_writers_alone() {
        let error = PathIoError::new(PathIoErrorKind::InvalidArgument, "not a file")
            .located(PathIoOperation::Open, "/pipe");
        assert_eq!(reply_to(&error).code(), 553);
        let refusal = refusal_to_read(&error);
        assert!(matches!(refusal, Refusal::Reply(reply) if reply.code() == 550));
    }
}
