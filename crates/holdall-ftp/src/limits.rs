//! How much a user may do at once.

use std::num::NonZeroU64;

/// How much a user may do at once. The default limits nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountLimits {
    /// How many sessions may be logged in at the same time.
    pub sessions: Option<usize>,
    /// How many bytes a second one session may send to the server.
    pub upload_rate: Option<NonZeroU64>,
    /// How many bytes a second one session may fetch.
    pub download_rate: Option<NonZeroU64>,
}

impl AccountLimits {
    /// No limit.
    pub const fn new() -> Self {
        Self {
            sessions: None,
            upload_rate: None,
            download_rate: None,
        }
    }
}
