//! Who did what: for metrics and logs of one's own.

use std::time::Duration;

use holdall::pathio::Connection;

/// Is told what happens, as it happens.
///
/// It is called from the sessions' tasks, so it must be quick and never wait.
pub trait Observer: Send + Sync + 'static {
    /// Something happened in a session.
    fn observe(&self, session: &SessionInfo, event: &Event<'_>);
}

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// Tells the session from all others of this server.
    pub id: u64,
    /// Who, from where, and how safely. It names the user after the login.
    pub connection: Connection,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A client came.
    Connected,
    /// A client came and was sent away, since there are too many. No session
    /// began, and no [`Event::Disconnected`] follows.
    TurnedAway,
    /// The control connection is encrypted from now on.
    Encrypted,
    /// The user logged in.
    LoggedIn,
    /// A login failed.
    LoginFailed {
        /// The name that the client gave.
        user: &'a str,
        /// Why, in snake case.
        reason: &'a str,
    },
    /// A command was answered.
    Command {
        /// The command's name, as `RETR`; one that the server does not know is `?`.
        name: &'static str,
        /// The path that it was about.
        path: Option<&'a str>,
        /// The code of the last reply.
        code: u16,
        /// How long it took, from the whole command to the last reply; for a
        /// transfer the transfer, too.
        duration: Duration,
    },
    /// A file began to move. [`Event::TransferEnded`] follows.
    TransferStarted(TransferDirection),
    /// A file moved, or did not.
    TransferEnded(Transfer<'a>),
    /// The session ended.
    Disconnected,
}

/// A transfer of a file that ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Transfer<'a> {
    /// Which way.
    pub direction: TransferDirection,
    /// The file, as the user sees it.
    pub path: &'a str,
    /// How many bytes went over the data connection.
    pub bytes: u64,
    /// How long it took, from the command on.
    pub duration: Duration,
    /// What came of it.
    pub outcome: TransferOutcome,
}

/// Which way a transfer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferDirection {
    /// To the server.
    Upload,
    /// From the server.
    Download,
    /// A listing, from the server.
    Listing,
}

impl TransferDirection {
    /// The direction's name in snake case, as it stands in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
            Self::Listing => "listing",
        }
    }
}

/// What came of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferOutcome {
    /// All of it arrived.
    Complete,
    /// The client asked to stop it.
    Aborted,
    /// There was no data connection, or it broke.
    ConnectionLost,
    /// Nothing moved for too long.
    TimedOut,
    /// The storage failed.
    StorageFailed,
    /// The client's control connection ended.
    ClientGone,
    /// The server stopped.
    ServerStopped,
}

impl TransferOutcome {
    /// The outcome's name in snake case, as it stands in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Aborted => "aborted",
            Self::ConnectionLost => "connection_lost",
            Self::TimedOut => "timed_out",
            Self::StorageFailed => "storage_failed",
            Self::ClientGone => "client_gone",
            Self::ServerStopped => "server_stopped",
        }
    }
}
