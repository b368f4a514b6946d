//! The one error of the layer.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};

/// The result of every call of the layer.
pub type PathIoResult<T> = Result<T, PathIoError>;

/// What went wrong, as far as a caller would act on it: the errors of POSIX that
/// the calls of the layer can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathIoErrorKind {
    /// Nothing stands at the path (`ENOENT`).
    NotFound,
    /// Something stands at the path (`EEXIST`).
    AlreadyExists,
    /// A folder stands where a file is needed (`EISDIR`).
    IsADirectory,
    /// A file stands where a folder is needed, or on the way (`ENOTDIR`).
    NotADirectory,
    /// The folder has content (`ENOTEMPTY`).
    DirectoryNotEmpty,
    /// The system, a credential or the root's confinement refused (`EACCES`).
    PermissionDenied,
    /// The path, the mode or the position makes no sense, or not with this file
    /// (`EINVAL`, `EBADF`).
    InvalidArgument,
    /// The storage or a quota is used up (`ENOSPC`, `EDQUOT`).
    StorageFull,
    /// The file is larger than can be changed in place (`EFBIG`).
    TooLarge,
    /// Somebody else changed the file meanwhile (`ESTALE`).
    Conflict,
    /// Another session holds a lock on it (`ETXTBSY`, a lease).
    Locked,
    /// The call took longer than the timeout allows.
    TimedOut,
    /// The task that did the work was cancelled.
    Cancelled,
    /// The storage cannot be reached; trying again later may help.
    Unavailable,
    /// The path IO has no such operation.
    NotImplemented,
    /// Everything else.
    Other,
}

impl PathIoErrorKind {
    /// The kind's name in snake case, as it stands in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::IsADirectory => "is_a_directory",
            Self::NotADirectory => "not_a_directory",
            Self::DirectoryNotEmpty => "directory_not_empty",
            Self::PermissionDenied => "permission_denied",
            Self::InvalidArgument => "invalid_argument",
            Self::StorageFull => "storage_full",
            Self::TooLarge => "too_large",
            Self::Conflict => "conflict",
            Self::Locked => "locked",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Unavailable => "unavailable",
            Self::NotImplemented => "not_implemented",
            Self::Other => "other",
        }
    }

    /// Whether the same call can succeed later without any change.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::TimedOut | Self::Unavailable | Self::Locked)
    }

    /// Of a system's error.
    pub(crate) fn of_io(kind: io::ErrorKind) -> Self {
        match kind {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::AlreadyExists => Self::AlreadyExists,
            io::ErrorKind::IsADirectory => Self::IsADirectory,
            io::ErrorKind::NotADirectory => Self::NotADirectory,
            io::ErrorKind::DirectoryNotEmpty => Self::DirectoryNotEmpty,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::PermissionDenied
            }
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => Self::InvalidArgument,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull,
            io::ErrorKind::FileTooLarge => Self::TooLarge,
            io::ErrorKind::StaleNetworkFileHandle => Self::Conflict,
            io::ErrorKind::ExecutableFileBusy | io::ErrorKind::ResourceBusy => Self::Locked,
            io::ErrorKind::TimedOut => Self::TimedOut,
            io::ErrorKind::Unsupported => Self::NotImplemented,
            _ => Self::Other,
        }
    }

    /// Of a store's error.
    pub(crate) fn of_store(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::AlreadyExists => Self::AlreadyExists,
            ErrorKind::PermissionDenied => Self::PermissionDenied,
            ErrorKind::InvalidPath | ErrorKind::InvalidArgument => Self::InvalidArgument,
            ErrorKind::CapabilityNotSupported => Self::NotImplemented,
            ErrorKind::DirectoryNotEmpty => Self::DirectoryNotEmpty,
            ErrorKind::BackendUnavailable => Self::Unavailable,
            ErrorKind::ResourceLocked => Self::Locked,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::StorageFull => Self::StorageFull,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for PathIoErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathIoOperation {
    /// Opening a file.
    Open,
    /// Reading from a file.
    Read,
    /// Writing to a file.
    Write,
    /// Moving in a file.
    Seek,
    /// Demanding that a file take the place of nothing.
    RequireNew,
    /// Closing a file.
    Close,
    /// Listing a folder.
    List,
    /// Asking for size, times and mode.
    Stat,
    /// Making a folder.
    Mkdir,
    /// Removing a folder.
    Rmdir,
    /// Removing a file.
    Unlink,
    /// Renaming.
    Rename,
    /// Renaming to where nothing stands.
    RenameNew,
    /// Changing the time of the last change.
    SetModified,
}

impl PathIoOperation {
    /// The method's name, as it stands in logs and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Read => "read",
            Self::Write => "write",
            Self::Seek => "seek",
            Self::RequireNew => "require_new",
            Self::Close => "close",
            Self::List => "list",
            Self::Stat => "stat",
            Self::Mkdir => "mkdir",
            Self::Rmdir => "rmdir",
            Self::Unlink => "unlink",
            Self::Rename => "rename",
            Self::RenameNew => "rename_new",
            Self::SetModified => "set_modified",
        }
    }
}

impl fmt::Display for PathIoOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call failed: a [kind](PathIoErrorKind) to act on, the operation and the
/// path to report, and the reason: the error that it was made of.
///
/// ```
/// use holdall::pathio::{PathIoErrorKind, universal_error};
/// use std::io;
///
/// let error = universal_error(io::Error::from(io::ErrorKind::NotFound));
/// assert_eq!(error.kind(), PathIoErrorKind::NotFound);
/// assert!(error.reason().is_some_and(|reason| reason.is::<io::Error>()));
/// ```
#[derive(Clone)]
pub struct PathIoError {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: PathIoErrorKind,
    message: String,
    operation: Option<PathIoOperation>,
    path: Option<String>,
    reason: Option<Arc<dyn StdError + Send + Sync>>,
}

impl PathIoError {
    /// An error of `kind` whose `message` says what is wrong and what to do.
    pub fn new(kind: PathIoErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                operation: None,
                path: None,
                reason: None,
            }),
        }
    }

    /// That a path IO has no such operation.
    pub fn not_implemented(operation: PathIoOperation) -> Self {
        let message = format!("this path IO has no {operation}");
        Self::new(PathIoErrorKind::NotImplemented, message).with_operation(operation)
    }

    /// Names the call that failed.
    #[must_use]
    pub fn with_operation(mut self, operation: PathIoOperation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    /// Names the path as the caller gave it.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.inner.path = Some(path.into());
        self
    }

    /// Attaches the reason.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.reason = Some(Arc::from(reason.into()));
        self
    }

    /// Fills in the call and the path, as far as they are not known yet.
    ///
    /// Implementations finish their errors with it.
    #[must_use]
    pub fn located(mut self, operation: PathIoOperation, path: &str) -> Self {
        self.inner.operation.get_or_insert(operation);
        self.inner.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// What to act on.
    pub fn kind(&self) -> PathIoErrorKind {
        self.inner.kind
    }

    /// The message alone, without operation and path.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The call that failed.
    pub fn operation(&self) -> Option<PathIoOperation> {
        self.inner.operation
    }

    /// The path that the caller gave.
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// The error that this one was made of.
    pub fn reason(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.inner.reason.as_deref()
    }

    /// Whether the same call can succeed later without any change.
    pub fn is_retryable(&self) -> bool {
        self.inner.kind.is_retryable()
    }
}

impl fmt::Display for PathIoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        if let Some(operation) = self.inner.operation {
            write!(f, " | operation={operation}")?;
        }
        if let Some(path) = &self.inner.path {
            write!(f, " | path='{}'", path.escape_debug())?;
        }
        Ok(())
    }
}

impl fmt::Debug for PathIoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathIoError")
            .field("kind", &self.inner.kind)
            .field("message", &self.inner.message)
            .field("operation", &self.inner.operation)
            .field("path", &self.inner.path)
            .field("reason", &self.inner.reason)
            .finish()
    }
}

impl StdError for PathIoError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.reason()
            .map(|reason| reason as &(dyn StdError + 'static))
    }
}

impl From<io::Error> for PathIoError {
    fn from(error: io::Error) -> Self {
        universal_error(error)
    }
}

impl From<Error> for PathIoError {
    fn from(error: Error) -> Self {
        universal_error(error)
    }
}

/// Makes the error of the layer of any error, which becomes its reason.
///
/// A [`PathIoError`] is handed back as it is, also out of an [`io::Error`] that
/// carries it. What says that an operation is not implemented, or that a task was
/// cancelled, keeps saying so, by its kind.
#[doc(alias = "universal_exception")]
pub fn universal_error(error: impl Into<Box<dyn StdError + Send + Sync>>) -> PathIoError {
    of_boxed(error.into())
}

fn of_boxed(error: Box<dyn StdError + Send + Sync>) -> PathIoError {
    let error = match error.downcast::<PathIoError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    let error = match error.downcast::<io::Error>() {
        Ok(error) => return of_io(*error),
        Err(error) => error,
    };
    let kind = if let Some(error) = error.downcast_ref::<Error>() {
        PathIoErrorKind::of_store(error.kind())
    } else if error
        .downcast_ref::<tokio::task::JoinError>()
        .is_some_and(|join| join.is_cancelled())
    {
        PathIoErrorKind::Cancelled
    } else {
        PathIoErrorKind::Other
    };
    PathIoError::new(kind, error.to_string()).with_reason(error)
}

fn of_io(error: io::Error) -> PathIoError {
    let carries_ours = error
        .get_ref()
        .is_some_and(|inner| inner.is::<PathIoError>() || inner.is::<Error>());
    let kind = PathIoErrorKind::of_io(error.kind());
    if carries_ours {
        return match error.into_inner() {
            Some(inner) => of_boxed(inner),
            None => PathIoError::new(kind, "an error without a cause"),
        };
    }
    PathIoError::new(kind, error.to_string()).with_reason(error)
}
