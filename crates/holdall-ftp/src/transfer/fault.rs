//! Why a transfer failed.

use std::io;

use holdall::pathio::PathIoError;

use crate::observer::TransferOutcome;

/// Why a transfer failed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// No data connection came to be.
    NoConnection(io::Error),
    /// The data connection broke.
    Lost(io::Error),
    /// The storage failed.
    Storage(PathIoError),
    /// The transfer was stopped from outside, and what had come was kept.
    Stopped,
}

impl Fault {
    pub(crate) fn outcome(&self) -> TransferOutcome {
        match self {
            Self::NoConnection(_) | Self::Lost(_) => TransferOutcome::ConnectionLost,
            Self::Storage(_) => TransferOutcome::StorageFailed,
            Self::Stopped => TransferOutcome::Aborted,
        }
    }
}

impl From<PathIoError> for Fault {
    fn from(error: PathIoError) -> Self {
        Self::Storage(error)
    }
}
