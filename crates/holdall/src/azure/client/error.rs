//! Why a request failed, and what that means.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::driver::Refusal;
use crate::error::{Error, ErrorKind};

/// What kept a request from its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The service answered with an error.
    Answered,
    /// No connection came about: nothing was sent.
    Connect,
    /// The connection broke.
    Transport,
    /// Nothing moved for too long, or the whole took too long.
    Timeout,
    /// No credential could be had.
    Credential,
    /// The request cannot be sent as it is.
    Request,
    /// The answer cannot be understood.
    Malformed,
}

/// A request that failed, with all its attempts.
pub(crate) struct ServiceError {
    inner: Box<Inner>,
}

struct Inner {
    failure: Failure,
    status: Option<StatusCode>,
    code: String,
    message: String,
    request_id: Option<String>,
    attempts: u32,
    may_have_landed: bool,
    retry_after: Option<Duration>,
    /// Of a failure that has an error of this library inside.
    cause: Option<Error>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ServiceError {
    pub(super) fn new(failure: Failure, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                failure,
                status: None,
                code: String::new(),
                message: message.into(),
                request_id: None,
                attempts: 1,
                may_have_landed: false,
                retry_after: None,
                cause: None,
                source: None,
            }),
        }
    }

    /// A request that cannot be sent.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Failure::Request, message)
    }

    /// An answer that cannot be understood.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::new(Failure::Malformed, message)
    }

    /// No credential.
    pub(super) fn credential(cause: Error) -> Self {
        let mut error = Self::new(Failure::Credential, cause.message());
        error.inner.cause = Some(cause);
        error
    }

    /// An error answer.
    pub(super) fn answered(
        status: StatusCode,
        code: String,
        message: String,
        request_id: Option<String>,
    ) -> Self {
        let mut error = Self::new(Failure::Answered, message);
        error.inner.status = Some(status);
        error.inner.code = code;
        error.inner.request_id = request_id;
        error
    }

    pub(super) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    pub(super) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.inner.retry_after = retry_after;
        self
    }

    /// Tells of all attempts.
    pub(super) fn after(mut self, attempts: u32, earlier_may_have_landed: bool) -> Self {
        self.inner.attempts = attempts;
        self.inner.may_have_landed = earlier_may_have_landed || self.itself_may_have_landed();
        self
    }

    /// Whether this attempt may have changed something although it failed.
    pub(super) fn itself_may_have_landed(&self) -> bool {
        match self.inner.failure {
            Failure::Transport | Failure::Timeout | Failure::Malformed => true,
            Failure::Connect | Failure::Credential | Failure::Request => false,
            // No error of a server promises that nothing was done, a 503
            // neither: it may be a gateway's, whose server had the request. A
            // doubt too many costs a look; one too few would take one's own
            // write for somebody else's.
            Failure::Answered => self
                .inner
                .status
                .is_some_and(|status| status.is_server_error()),
        }
    }

    /// Whether the same request may succeed a little later.
    /// <https://learn.microsoft.com/azure/architecture/best-practices/retry-service-specific#general-guidelines>
    pub(crate) fn is_retryable(&self) -> bool {
        match self.inner.failure {
            Failure::Connect | Failure::Transport | Failure::Timeout => true,
            Failure::Request | Failure::Malformed => false,
            Failure::Credential => self.inner.cause.as_ref().is_some_and(Error::is_retryable),
            Failure::Answered => {
                matches!(self.status(), Some(408 | 429 | 500 | 502 | 503 | 504))
            }
        }
    }

    /// Whether the service answered that it will not, now or later.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.status(), Some(400..=499)) && !self.is_retryable()
    }

    /// What kept the request from its answer.
    #[cfg(test)]
    pub(super) fn failure(&self) -> Failure {
        self.inner.failure
    }

    /// The status of the answer, where there was one.
    pub(crate) fn status(&self) -> Option<u16> {
        self.inner.status.map(|status| status.as_u16())
    }

    /// The service's own code, such as `BlobNotFound`; may be empty.
    pub(crate) fn code(&self) -> &str {
        &self.inner.code
    }

    /// The attempts that were made.
    #[cfg(test)]
    pub(super) fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Whether any of the attempts may have changed something.
    pub(crate) fn may_have_landed(&self) -> bool {
        self.inner.may_have_landed
    }

    /// When the service wants to be asked again.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Whether the container is absent, or about to be.
    pub(crate) fn is_container_missing(&self) -> bool {
        matches!(
            self.code(),
            "ContainerNotFound"
                | "FilesystemNotFound"
                | "ContainerBeingDeleted"
                | "FilesystemBeingDeleted"
        )
    }

    /// Whether nothing stands at the key, in a container that is there.
    pub(crate) fn is_missing(&self) -> bool {
        self.status() == Some(404) && !self.is_container_missing()
    }

    /// Whether something stands where only something new was to be made.
    pub(crate) fn is_occupied(&self) -> bool {
        matches!(self.code(), "BlobAlreadyExists" | "PathAlreadyExists")
    }

    /// Whether what stands at a path, or above it, is a file rather than a
    /// folder, or the other way round.
    pub(crate) fn is_about_types(&self) -> bool {
        matches!(
            self.code(),
            "PathConflict"
                | "OperationNotAllowedInCurrentState"
                | "InvalidSourceOrDestinationResourceType"
                | "ResourceTypeMismatch"
        )
    }

    /// Whether a condition of the request's own did not hold: a lease of
    /// somebody else's is told by 412, too.
    pub(crate) fn is_condition_not_met(&self) -> bool {
        let ours = matches!(
            self.code(),
            "" | "ConditionNotMet" | "SourceConditionNotMet" | "TargetConditionNotMet"
        );
        self.status() == Some(412) && ours
    }

    /// What a caller would act on.
    ///
    /// <https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes>,
    /// <https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/create#response>
    pub(crate) fn kind(&self) -> ErrorKind {
        match self.inner.failure {
            Failure::Connect | Failure::Transport | Failure::Timeout => {
                ErrorKind::BackendUnavailable
            }
            Failure::Credential => match &self.inner.cause {
                Some(cause) => cause.kind(),
                None => ErrorKind::PermissionDenied,
            },
            Failure::Request => ErrorKind::InvalidArgument,
            Failure::Malformed => ErrorKind::Other,
            Failure::Answered => kind_of_answer(self.status().unwrap_or_default(), self.code()),
        }
    }

    /// What the service said, with the code and the request's id: never empty.
    pub(crate) fn message(&self) -> String {
        let inner = &*self.inner;
        let mut text = match inner.message.trim() {
            "" => "the service refused the request".to_owned(),
            message => message.to_owned(),
        };
        let mut notes = Vec::new();
        if let Some(status) = inner.status {
            notes.push(format!("status={}", status.as_u16()));
        }
        if !inner.code.is_empty() {
            notes.push(format!("code={}", inner.code));
        }
        if let Some(id) = &inner.request_id {
            notes.push(format!("request_id={id}"));
        }
        if inner.attempts > 1 {
            notes.push(format!("attempts={}", inner.attempts));
        }
        if !notes.is_empty() {
            text.push_str(&format!(" ({})", notes.join(", ")));
        }
        text
    }
}

fn kind_of_answer(status: u16, code: &str) -> ErrorKind {
    match (status, code) {
        (
            _,
            "PathConflict"
            | "OperationNotAllowedInCurrentState"
            | "InvalidSourceOrDestinationResourceType"
            | "ResourceTypeMismatch"
            | "InvalidUri"
            | "InvalidResourceName"
            | "OutOfRangeInput"
            | "RenameDestinationParentPathNotFound"
            | "SourcePathNotFound"
            | "InvalidRenameSourcePath"
            | "InvalidDestinationPath"
            | "InvalidSourceUri",
        ) if status != 404 => ErrorKind::InvalidPath,
        // Its blocks cannot be told from those of another upload.
        (_, "InvalidBlobOrBlock") => ErrorKind::Conflict,
        (_, "DirectoryNotEmpty" | "DirectoryIsNotEmpty") => ErrorKind::DirectoryNotEmpty,
        (_, code) if code.starts_with("Lease") => ErrorKind::ResourceLocked,
        (_, "AccountQuotaExceeded" | "QuotaExceeded") | (507, _) => ErrorKind::StorageFull,
        (_, "ContainerBeingDeleted" | "FilesystemBeingDeleted" | "ServerBusy") => {
            ErrorKind::BackendUnavailable
        }
        (_, "InvalidMetadata" | "EmptyMetadataKey" | "MetadataTooLarge") => {
            ErrorKind::InvalidArgument
        }
        (_, "BlobImmutableDueToPolicy" | "BlobNotWritable") => ErrorKind::PermissionDenied,
        (_, "PendingCopyOperation") => ErrorKind::ResourceLocked,
        (
            _,
            "SnapshotsPresent"
            | "InvalidBlobType"
            | "BlobArchived"
            | "BlobBeingRehydrated"
            | "NoPendingCopyOperation",
        ) => ErrorKind::Other,
        (404, _) => ErrorKind::NotFound,
        (401 | 403, _) => ErrorKind::PermissionDenied,
        (409, _) => ErrorKind::AlreadyExists,
        (414, _) => ErrorKind::InvalidPath,
        (412 | 304, _) => ErrorKind::Conflict,
        (423, _) => ErrorKind::ResourceLocked,
        (408 | 429, _) => ErrorKind::BackendUnavailable,
        (status, _) if status >= 500 => ErrorKind::BackendUnavailable,
        _ => ErrorKind::Other,
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        let retryable = error.is_retryable() || error.kind().is_retryable();
        let mapped = Self::new(error.kind(), error.message()).with_retryable(retryable);
        let inner = *error.inner;
        match (inner.cause, inner.source) {
            (Some(cause), _) => mapped.with_source(cause),
            (None, Some(source)) => mapped.with_source(source),
            (None, None) => mapped,
        }
    }
}

impl From<ServiceError> for Refusal {
    /// What the status alone can tell: the rest depends on the operation.
    fn from(error: ServiceError) -> Self {
        if error.is_missing() {
            return Self::Missing;
        }
        if error.is_occupied() {
            return Self::Occupied;
        }
        if error.kind() == ErrorKind::DirectoryNotEmpty {
            return Self::NotEmpty;
        }
        Self::Failed(error.into())
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("failure", &self.inner.failure)
            .field("message", &self.message())
            .field("may_have_landed", &self.inner.may_have_landed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, code: &str) -> ServiceError {
        let status = StatusCode::from_u16(status).unwrap();
        ServiceError::answered(status, code.to_owned(), String::new(), None)
    }

    #[test]
    fn each_answer_has_its_kind() {
        use ErrorKind as Kind;
        for (status, code, kind) in [
            (404, "BlobNotFound", Kind::NotFound),
            (404, "PathNotFound", Kind::NotFound),
            (404, "ContainerNotFound", Kind::NotFound),
            (404, "SourcePathNotFound", Kind::NotFound),
            (401, "NoAuthenticationInformation", Kind::PermissionDenied),
            (403, "AuthorizationFailure", Kind::PermissionDenied),
            (409, "BlobAlreadyExists", Kind::AlreadyExists),
            (409, "PathAlreadyExists", Kind::AlreadyExists),
            (409, "", Kind::AlreadyExists),
            (409, "PathConflict", Kind::InvalidPath),
            (409, "OperationNotAllowedInCurrentState", Kind::InvalidPath),
            (
                409,
                "InvalidSourceOrDestinationResourceType",
                Kind::InvalidPath,
            ),
            (409, "ResourceTypeMismatch", Kind::InvalidPath),
            (409, "DirectoryNotEmpty", Kind::DirectoryNotEmpty),
            (409, "DirectoryIsNotEmpty", Kind::DirectoryNotEmpty),
            (409, "BlobImmutableDueToPolicy", Kind::PermissionDenied),
            (412, "LeaseIdMissing", Kind::ResourceLocked),
            (409, "LeaseAlreadyPresent", Kind::ResourceLocked),
            (412, "ConditionNotMet", Kind::Conflict),
            (429, "", Kind::BackendUnavailable),
            (500, "InternalError", Kind::BackendUnavailable),
            (503, "ServerBusy", Kind::BackendUnavailable),
            (400, "MetadataTooLarge", Kind::InvalidArgument),
            (400, "OutOfRangeInput", Kind::InvalidPath),
            (400, "InvalidUri", Kind::InvalidPath),
            (400, "InvalidBlobOrBlock", Kind::Conflict),
            (418, "", Kind::Other),
        ] {
            let error = answered(status, code);
            assert_eq!(error.kind(), kind, "{status} {code}");
            let error = Error::from(error);
            assert_eq!(error.is_retryable(), kind == Kind::BackendUnavailable);
            let said = error.message();
            assert!(
                said.contains(code) && said.contains(&status.to_string()),
                "{said}"
            );
        }
    }

    #[test]
    fn a_lease_is_no_condition_of_ours() {
        assert!(answered(412, "ConditionNotMet").is_condition_not_met());
        assert!(!answered(412, "LeaseIdMissing").is_condition_not_met());
    }

    #[test]
    fn an_absent_container_is_no_absent_blob() {
        for code in ["ContainerNotFound", "FilesystemNotFound"] {
            let error = answered(404, code);
            assert!(error.is_container_missing() && !error.is_missing());
            assert!(matches!(Refusal::from(error), Refusal::Failed(_)));
        }
        let refusal = Refusal::from(answered(404, "BlobNotFound"));
        assert!(matches!(refusal, Refusal::Missing));
    }
}
