//! What goes wrong.

use holdall::ErrorKind;
use holdall_testkit::fault_proxy::{Fault, Gate, Reply, When};

/// Something that befalls requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    ResetBefore,
    ResetAfter,
    CutRequest,
    CutAnswer,
    SlowAnswer,
    Busy429,
    Error500,
    LateError500,
    Busy503,
    Refused401,
}

impl Trouble {
    pub(crate) const ALL: [Self; 10] = [
        Self::ResetBefore,
        Self::ResetAfter,
        Self::CutRequest,
        Self::CutAnswer,
        Self::SlowAnswer,
        Self::Busy429,
        Self::Error500,
        Self::LateError500,
        Self::Busy503,
        Self::Refused401,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ResetBefore => "reset-bef",
            Self::ResetAfter => "reset-aft",
            Self::CutRequest => "cut-req",
            Self::CutAnswer => "cut-answer",
            Self::SlowAnswer => "slow",
            Self::Busy429 => "429",
            Self::Error500 => "500",
            Self::LateError500 => "500-late",
            Self::Busy503 => "503",
            Self::Refused401 => "401",
        }
    }

    /// The fault; what is slow goes through `gate`.
    pub(crate) fn fault(self, gate: &Gate) -> Fault {
        let again = |status| Fault::Answer(Reply::new(status).header("retry-after", "0"));
        match self {
            Self::ResetBefore => Fault::ResetBefore,
            Self::ResetAfter => Fault::ResetAfter,
            Self::CutRequest => Fault::CutRequest { bytes: 100 },
            Self::CutAnswer => Fault::CutAnswer { bytes: 100 },
            Self::SlowAnswer => Fault::SlowAnswer(gate.clone()),
            Self::Busy429 => again(429),
            Self::Error500 => Fault::Answer(Reply::new(500)),
            Self::LateError500 => Fault::ReplaceAnswer(Reply::new(500)),
            Self::Busy503 => again(503),
            Self::Refused401 => Fault::Answer(Reply::new(401)),
        }
    }

    /// The requests that it can befall.
    pub(crate) fn when(self) -> When {
        match self {
            Self::CutRequest => When::any().and_body(),
            _ => When::any(),
        }
    }

    /// What an operation fails with where all its requests are befallen.
    pub(crate) fn kind(self) -> ErrorKind {
        match self {
            Self::Refused401 => ErrorKind::PermissionDenied,
            _ => ErrorKind::BackendUnavailable,
        }
    }
}
