//! The one error type of the library.

use std::error::Error as StdError;
use std::fmt;

use crate::capability::Capability;

/// The result of every fallible Holdall call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as a caller would act on it.
///
/// A kind exists only where callers act differently on it; everything else is
/// [`ErrorKind::Other`], with the cause in [`std::error::Error::source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No file or folder stands at the path, or the container is gone.
    NotFound,
    /// A file stands at the target and overwriting was not asked for.
    AlreadyExists,
    /// The operating system, an access list or a credential refused.
    PermissionDenied,
    /// The path is malformed, leads out of the store, is the root where a file
    /// is needed, or names the wrong type of node.
    InvalidPath,
    /// The backend does not offer what the call needs; see [`Error::capability`].
    CapabilityNotSupported,
    /// A folder with content was to be deleted without `recursive`.
    DirectoryNotEmpty,
    /// The backend cannot be reached or has no room for one more request now.
    BackendUnavailable,
    /// Another session holds a lock on the resource.
    ResourceLocked,
    /// A precondition on the version of the resource did not hold.
    Conflict,
    /// The storage is full or a quota is used up.
    StorageFull,
    /// An option, metadata map, pattern, encoding name or configuration value
    /// is not valid.
    InvalidArgument,
    /// Bytes that do not decode, or text that does not encode.
    InvalidText,
    /// The adapter was closed before the call.
    Closed,
    /// A blocking call was made from inside an async task.
    InsideAsync,
    /// Everything else; not retryable unless proven so.
    Other,
}

impl ErrorKind {
    /// The kind's name in snake case, as it stands in logs and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::PermissionDenied => "permission_denied",
            Self::InvalidPath => "invalid_path",
            Self::CapabilityNotSupported => "capability_not_supported",
            Self::DirectoryNotEmpty => "directory_not_empty",
            Self::BackendUnavailable => "backend_unavailable",
            Self::ResourceLocked => "resource_locked",
            Self::Conflict => "conflict",
            Self::StorageFull => "storage_full",
            Self::InvalidArgument => "invalid_argument",
            Self::InvalidText => "invalid_text",
            Self::Closed => "closed",
            Self::InsideAsync => "inside_async",
            Self::Other => "other",
        }
    }

    /// Whether trying the same call again later can help, unless the backend
    /// knows better: only for [`ErrorKind::BackendUnavailable`].
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::BackendUnavailable)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The call that failed, by the name it has on [`AsyncStore`](crate::AsyncStore).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Opening or configuring a backend or a store.
    Open,
    /// `read`, and the reads that stand on it.
    Read,
    /// `read_bytes`.
    ReadBytes,
    /// `read_text`.
    ReadText,
    /// `read_range`.
    ReadRange,
    /// `read_seekable`.
    ReadSeekable,
    /// `write`.
    Write,
    /// `write_text`.
    WriteText,
    /// `write_atomic`.
    WriteAtomic,
    /// `open_atomic`.
    OpenAtomic,
    /// `delete`.
    Delete,
    /// `delete_folder`.
    DeleteFolder,
    /// `list_files`.
    ListFiles,
    /// `list_folders`.
    ListFolders,
    /// `iter_children`.
    IterChildren,
    /// `glob`.
    Glob,
    /// `rename`.
    Rename,
    /// Making a folder, for the path-IO layer.
    MakeFolder,
    /// Renaming a folder, for the path-IO layer.
    RenameFolder,
    /// `copy`.
    Copy,
    /// `head`.
    Head,
    /// `exists`.
    Exists,
    /// `is_file`.
    IsFile,
    /// `is_folder`.
    IsFolder,
    /// `get_file_info`.
    GetFileInfo,
    /// `get_folder_info`.
    GetFolderInfo,
    /// `ping`, on a backend `check_health`.
    Ping,
    /// `aclose`.
    Close,
    /// `child`.
    Child,
    /// `resolve`.
    Resolve,
    /// `unwrap`.
    Unwrap,
    /// `native_path`.
    NativePath,
    /// `to_key`.
    ToKey,
}

impl Operation {
    /// The method's name, as it stands in logs and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Read => "read",
            Self::ReadBytes => "read_bytes",
            Self::ReadText => "read_text",
            Self::ReadRange => "read_range",
            Self::ReadSeekable => "read_seekable",
            Self::Write => "write",
            Self::WriteText => "write_text",
            Self::WriteAtomic => "write_atomic",
            Self::OpenAtomic => "open_atomic",
            Self::Delete => "delete",
            Self::DeleteFolder => "delete_folder",
            Self::ListFiles => "list_files",
            Self::ListFolders => "list_folders",
            Self::IterChildren => "iter_children",
            Self::Glob => "glob",
            Self::Rename => "rename",
            Self::MakeFolder => "make_folder",
            Self::RenameFolder => "rename_folder",
            Self::Copy => "copy",
            Self::Head => "head",
            Self::Exists => "exists",
            Self::IsFile => "is_file",
            Self::IsFolder => "is_folder",
            Self::GetFileInfo => "get_file_info",
            Self::GetFolderInfo => "get_folder_info",
            Self::Ping => "ping",
            Self::Close => "aclose",
            Self::Child => "child",
            Self::Resolve => "resolve",
            Self::Unwrap => "unwrap",
            Self::NativePath => "native_path",
            Self::ToKey => "to_key",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a call failed: a [kind](ErrorKind) to act on, and the operation, path,
/// backend and cause to report.
///
/// The path is the one that the caller used, relative to the store that the
/// caller called.
///
/// ```
/// use holdall::{Error, ErrorKind, Operation};
///
/// let error = Error::new(ErrorKind::NotFound, "no file stands at this path")
///     .with_operation(Operation::Read)
///     .with_path("reports/q1.csv")
///     .with_backend("local");
/// assert_eq!(
///     error.to_string(),
///     "no file stands at this path | operation=read | path='reports/q1.csv' | backend='local'",
/// );
/// assert!(!error.is_retryable());
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    operation: Option<Operation>,
    path: Option<String>,
    backend: Option<String>,
    capability: Option<Capability>,
    retryable: bool,
    /// Raised by the source of a write: its path is not this store's.
    of_source: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind` whose `message` says what is wrong and what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                operation: None,
                path: None,
                backend: None,
                capability: None,
                retryable: kind.is_retryable(),
                of_source: false,
                source: None,
            }),
        }
    }

    /// An error from elsewhere: a Holdall error is handed back as it is,
    /// anything else becomes the source of an [`ErrorKind::Other`].
    pub fn from_foreign(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source = match source.into().downcast::<std::io::Error>() {
            Ok(error) => return Self::from(*error),
            Err(source) => source,
        };
        match source.downcast::<Error>() {
            Ok(error) => *error,
            Err(source) => {
                Self::new(ErrorKind::Other, source.to_string()).with_boxed_source(source)
            }
        }
    }

    /// Names the call that failed.
    #[must_use]
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    /// Names the path as the caller gave it.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.inner.path = Some(path.into());
        self
    }

    /// Names the backend.
    #[must_use]
    pub fn with_backend(mut self, backend: impl Into<String>) -> Self {
        self.inner.backend = Some(backend.into());
        self
    }

    /// Names the capability that is missing.
    #[must_use]
    pub fn with_capability(mut self, capability: Capability) -> Self {
        self.inner.capability = Some(capability);
        self
    }

    /// Says whether trying again can help, where the kind alone does not tell.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.inner.retryable = retryable;
        self
    }

    /// Attaches the cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with_boxed_source(source.into())
    }

    fn with_boxed_source(mut self, source: Box<dyn StdError + Send + Sync>) -> Self {
        self.inner.source = Some(source);
        self
    }

    /// Fills in the place of the failure, as far as it is not known yet.
    ///
    /// An error of a write's source is left as it is: it is about another place.
    pub(crate) fn located(mut self, operation: Operation, path: &str, backend: &str) -> Self {
        if self.inner.of_source {
            return self;
        }
        self.inner.operation.get_or_insert(operation);
        self.inner.path.get_or_insert_with(|| path.to_owned());
        self.inner.backend.get_or_insert_with(|| backend.to_owned());
        self
    }

    /// Marks an error as raised by the source of a write.
    pub(crate) fn of_source(mut self) -> Self {
        self.inner.of_source = true;
        self
    }

    /// Speaks of another path and operation, where `map` knows better ones.
    pub(crate) fn relocated(
        mut self,
        operation: Operation,
        map: impl FnOnce(&str) -> String,
    ) -> Self {
        if self.inner.of_source {
            return self;
        }
        self.inner.operation = Some(operation);
        self.inner.path = self.inner.path.take().map(|path| map(&path));
        self
    }

    /// What to act on.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The message alone, without operation, path and backend.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The call that failed.
    pub fn operation(&self) -> Option<Operation> {
        self.inner.operation
    }

    /// The path that the caller gave, relative to the store that was called.
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// The name of the backend that reported the error; `None` where the call
    /// was refused before any backend was asked.
    pub fn backend(&self) -> Option<&str> {
        self.inner.backend.as_deref()
    }

    /// The missing capability, on [`ErrorKind::CapabilityNotSupported`].
    pub fn capability(&self) -> Option<Capability> {
        self.inner.capability
    }

    /// Whether the same call can succeed later without any change.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        f.write_str(&inner.message)?;
        if let Some(operation) = inner.operation {
            write!(f, " | operation={operation}")?;
        }
        if let Some(path) = &inner.path {
            write!(f, " | path='{}'", path.escape_debug())?;
        }
        if let Some(backend) = &inner.backend {
            write!(f, " | backend='{backend}'")?;
        }
        if let Some(capability) = inner.capability {
            write!(f, " | capability='{capability}'")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.inner;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("operation", &inner.operation)
            .field("path", &inner.path)
            .field("backend", &inner.backend)
            .field("capability", &inner.capability)
            .field("retryable", &inner.retryable)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<Error> for std::io::Error {
    /// For the readers and writers that speak `std::io`: the nearest
    /// [`std::io::ErrorKind`], with the whole error inside.
    fn from(error: Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = match error.kind() {
            ErrorKind::NotFound => Io::NotFound,
            ErrorKind::AlreadyExists => Io::AlreadyExists,
            ErrorKind::PermissionDenied => Io::PermissionDenied,
            ErrorKind::InvalidPath | ErrorKind::InvalidArgument => Io::InvalidInput,
            ErrorKind::InvalidText => Io::InvalidData,
            ErrorKind::CapabilityNotSupported => Io::Unsupported,
            ErrorKind::DirectoryNotEmpty => Io::DirectoryNotEmpty,
            ErrorKind::ResourceLocked => Io::ResourceBusy,
            ErrorKind::StorageFull => Io::StorageFull,
            _ => Io::Other,
        };
        Self::new(kind, error)
    }
}

impl From<std::io::Error> for Error {
    /// The reverse: a Holdall error inside is handed back, any other becomes
    /// the source of an [`ErrorKind::Other`].
    fn from(error: std::io::Error) -> Self {
        if error.get_ref().is_some_and(|inner| inner.is::<Error>()) {
            return match error.into_inner() {
                Some(inner) => Self::from_foreign(inner),
                None => Self::new(ErrorKind::Other, "an input or output error"),
            };
        }
        Self::new(ErrorKind::Other, error.to_string()).with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_control_characters_cannot_forge_a_log_line() {
        let error = Error::new(ErrorKind::NotFound, "missing").with_path("a\nb'");
        assert_eq!(error.to_string(), r"missing | path='a\nb\''");
    }

    #[test]
    fn an_error_survives_the_trip_through_std_io() {
        let error = Error::new(ErrorKind::AlreadyExists, "taken").with_path("a");
        let io: std::io::Error = error.into();
        assert_eq!(io.kind(), std::io::ErrorKind::AlreadyExists);
        let back = Error::from(io);
        assert_eq!(back.kind(), ErrorKind::AlreadyExists);
        assert_eq!(back.path(), Some("a"));
    }

    #[test]
    fn an_error_inside_a_foreign_io_error_comes_out_as_it_was() {
        let io: std::io::Error = Error::new(ErrorKind::NotFound, "missing").into();
        assert_eq!(Error::from_foreign(io).kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_foreign_error_is_kept_as_the_source() {
        let error = Error::from_foreign("the disk said no");
        assert_eq!(error.kind(), ErrorKind::Other);
        assert!(
            error
                .source()
                .is_some_and(|s| s.to_string() == "the disk said no")
        );
    }
}
