//! Exit codes: one per kind of error, stable, written down here alone.

use holdall::ErrorKind;

/// How a run of the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything that was asked for is done.
    Done,
    /// An error that has no code of its own.
    Other,
    /// The command line, an option or a value is not valid.
    Usage,
    /// No file or folder stands at the address.
    NotFound,
    /// A file is there and replacing it was not asked for.
    AlreadyExists,
    /// The system or the service refused.
    PermissionDenied,
    /// The path is malformed, leads out, or names the wrong type.
    InvalidPath,
    /// The store cannot do what the command needs.
    CapabilityNotSupported,
    /// A folder with content was to be deleted.
    DirectoryNotEmpty,
    /// The store cannot be reached now.
    BackendUnavailable,
    /// Somebody else holds a lock.
    ResourceLocked,
    /// The storage is full.
    StorageFull,
    /// The file changed in the meantime.
    Conflict,
    /// Some of several files or addresses failed.
    Partial,
    /// Content that was read back is not what was written.
    VerificationFailed,
}

impl Exit {
    /// All of them, in the order of their codes.
    pub(crate) const ALL: [Self; 15] = [
        Self::Done,
        Self::Other,
        Self::Usage,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::InvalidPath,
        Self::CapabilityNotSupported,
        Self::DirectoryNotEmpty,
        Self::BackendUnavailable,
        Self::ResourceLocked,
        Self::StorageFull,
        Self::Conflict,
        Self::Partial,
        Self::VerificationFailed,
    ];

    /// The process's exit code.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// What the code says, for people.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "everything is done",
            Self::Other => "another error",
            Self::Usage => "the command line, an option or a value is not valid",
            Self::NotFound => "not found",
            Self::AlreadyExists => "a file is already there",
            Self::PermissionDenied => "permission denied",
            Self::InvalidPath => "the path is not valid here, or names the wrong type",
            Self::CapabilityNotSupported => "the store cannot do this",
            Self::DirectoryNotEmpty => "the folder is not empty",
            Self::BackendUnavailable => "the store cannot be reached now",
            Self::ResourceLocked => "somebody else holds a lock",
            Self::StorageFull => "the storage is full",
            Self::Conflict => "the file changed in the meantime",
            Self::Partial => "some of several files or addresses failed",
            Self::VerificationFailed => "what was read back is not what was written",
        }
    }

    /// The table for `--help`.
    pub(crate) fn table() -> String {
        let rows = Self::ALL.map(|exit| format!("  {:>2}  {}", exit.code(), exit.meaning()));
        format!("Exit codes:\n{}", rows.join("\n"))
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::AlreadyExists => Self::AlreadyExists,
            ErrorKind::PermissionDenied => Self::PermissionDenied,
            ErrorKind::InvalidPath => Self::InvalidPath,
            ErrorKind::CapabilityNotSupported => Self::CapabilityNotSupported,
            ErrorKind::DirectoryNotEmpty => Self::DirectoryNotEmpty,
            ErrorKind::BackendUnavailable => Self::BackendUnavailable,
            ErrorKind::ResourceLocked => Self::ResourceLocked,
            ErrorKind::StorageFull => Self::StorageFull,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::InvalidArgument => Self::Usage,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_the_documented_ones() {
        let guide = include_str!("../../../docs/command.md");
        for (code, exit) in Exit::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(exit.code()), code);
            let row = format!("| {code} | {} |", exit.meaning());
            assert!(guide.contains(&row), "docs/command.md lacks {row:?}");
        }
    }

    #[test]
    fn the_kinds_that_callers_tell_apart_have_codes_of_their_own() {
        assert_eq!(Exit::from(ErrorKind::NotFound).code(), 3);
        assert_eq!(Exit::from(ErrorKind::AlreadyExists).code(), 4);
        assert_eq!(Exit::from(ErrorKind::InvalidArgument).code(), 2);
        assert_eq!(Exit::from(ErrorKind::Conflict).code(), 12);
        assert_eq!(Exit::from(ErrorKind::Other).code(), 1);
    }
}
