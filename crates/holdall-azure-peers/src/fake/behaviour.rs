//! What a test can set of the fake account.

use std::time::Duration;

/// How a fake account behaves where the real service leaves a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Behaviour {
    /// The most entries in one page of any listing. Small values test paging.
    pub page_size: usize,
    /// The most paths that one recursive delete removes before it answers with
    /// a continuation.
    pub deletes_per_call: usize,
    /// How often a copy answers that it is pending before it ends. The answer
    /// to the copy itself is the first.
    pub pending_copy_polls: u32,
    /// How a copy ends.
    pub copy_outcome: CopyOutcome,
    /// What a rename with `If-None-Match: *` onto an existing path is refused
    /// with.
    pub rename_conflict: RenameConflict,
    /// How old is what is made from now on.
    pub age: Duration,
    /// Whether a call needs credentials.
    pub authentication: Authentication,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            page_size: 5000,
            deletes_per_call: usize::MAX,
            pending_copy_polls: 0,
            copy_outcome: CopyOutcome::Success,
            rename_conflict: RenameConflict::PathAlreadyExists,
            age: Duration::ZERO,
            authentication: Authentication::Required,
        }
    }
}

/// How a copy ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyOutcome {
    /// The content arrives.
    Success,
    /// The service gives up; the destination is left empty.
    Failed,
    /// Somebody stopped it; the destination is left empty.
    Aborted,
}

/// The refusal of a rename that must not replace. The reference allows both, and
/// no recording shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenameConflict {
    /// 409 with `PathAlreadyExists`.
    PathAlreadyExists,
    /// 412 with `ConditionNotMet`.
    ConditionNotMet,
}

/// Whether a call needs credentials. Signatures are not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authentication {
    /// A shared key of the account's name, a bearer token or a SAS must be there.
    Required,
    /// None is looked for.
    Ignored,
}
