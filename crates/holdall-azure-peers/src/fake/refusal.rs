//! What the services refuse, with the status and the code that they refuse it
//! with.

/// A refused call: an HTTP status, an `x-ms-error-code` and the message to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

/// A result of a call to one of the services.
pub(crate) type Result<T, E = Refusal> = std::result::Result<T, E>;

macro_rules! refusals {
    ($($(#[$note:meta])* $name:ident = $status:literal $code:literal $message:literal;)*) => {
        impl Refusal {
            $($(#[$note])* pub(crate) const $name: Self = Self {
                status: $status,
                code: $code,
                message: $message,
            };)*
        }
    };
}

// The first group is recorded. The second follows the reference: "Common REST
// API error codes", "Blob Storage error codes", and the tables of status codes
// of the operations "Path - Create", "Path - Update", "Path - Delete".
refusals! {
    BLOB_NOT_FOUND = 404 "BlobNotFound" "The specified blob does not exist.";
    CONTAINER_ALREADY_EXISTS = 409 "ContainerAlreadyExists" "The specified container already exists.";
    INVALID_RANGE = 416 "InvalidRange" "The range specified is invalid for the current size of the resource.";
    NOT_IN_CURRENT_STATE = 409 "OperationNotAllowedInCurrentState" "The requested operation is not allowed in the current state of the entity.";
    PATH_CONFLICT = 409 "PathConflict" "The specified path, or an element of the path, exists and its resource type is invalid for this operation.";
    PATH_NOT_FOUND = 404 "PathNotFound" "The specified path does not exist.";
    RENAME_TYPES_DIFFER = 409 "InvalidSourceOrDestinationResourceType" "The source and destination resource type must be identical.";

    AUTHENTICATION_FAILED = 403 "AuthenticationFailed" "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";
    BLOB_ALREADY_EXISTS = 409 "BlobAlreadyExists" "The specified blob already exists.";
    CANNOT_VERIFY_COPY_SOURCE = 403 "CannotVerifyCopySource" "The copy source could not be read without credentials of its own.";
    CONDITION_NOT_MET = 412 "ConditionNotMet" "The condition specified using HTTP conditional header(s) is not met.";
    CONTAINER_NOT_FOUND = 404 "ContainerNotFound" "The specified container does not exist.";
    DIRECTORY_IS_NOT_EMPTY = 409 "DirectoryIsNotEmpty" "This operation is not permitted on a non-empty directory.";
    DIRECTORY_NOT_EMPTY = 409 "DirectoryNotEmpty" "The recursive query parameter value must be true to delete a non-empty directory.";
    FILESYSTEM_NOT_FOUND = 404 "FilesystemNotFound" "The specified filesystem does not exist.";
    INVALID_BLOCK_LIST = 400 "InvalidBlockList" "The specified block list is invalid.";
    INVALID_BLOB_OR_BLOCK = 400 "InvalidBlobOrBlock" "The specified blob or block content is invalid.";
    INVALID_CONTINUATION = 400 "InvalidQueryParameterValue" "The continuation token is not one that this service gave.";
    INVALID_FLUSH_POSITION = 400 "InvalidFlushPosition" "The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.";
    INVALID_HEADER_VALUE = 400 "InvalidHeaderValue" "The value for one of the HTTP headers is not in the correct format.";
    INVALID_INPUT = 400 "InvalidInput" "One of the request inputs is not valid.";
    INVALID_METADATA = 400 "InvalidMetadata" "The specified metadata is invalid. It includes characters that are not permitted.";
    INVALID_QUERY_VALUE = 400 "InvalidQueryParameterValue" "Value for one of the query parameters specified in the request URI is invalid.";
    INVALID_RENAME_SOURCE = 409 "InvalidRenameSourcePath" "The source directory cannot be the same as the destination directory, nor can the destination be a subdirectory of the source directory.";
    INVALID_RESOURCE_NAME = 400 "InvalidResourceName" "The specified resource name contains invalid characters.";
    INVALID_XML = 400 "InvalidXmlDocument" "XML specified is not syntactically valid.";
    MD5_MISMATCH = 400 "Md5Mismatch" "The MD5 value specified in the request did not match the MD5 value calculated by the server.";
    MISSING_HEADER = 400 "MissingRequiredHeader" "An HTTP header that's mandatory for this request is not specified.";
    NOT_MODIFIED = 304 "ConditionNotMet" "The condition specified using HTTP conditional header(s) is not met.";
    NO_PENDING_COPY = 409 "NoPendingCopyOperation" "There is currently no pending copy operation.";
    NO_AUTHENTICATION = 401 "NoAuthenticationInformation" "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    PATH_ALREADY_EXISTS = 409 "PathAlreadyExists" "The specified path already exists.";
    RENAME_PARENT_NOT_FOUND = 404 "RenameDestinationParentPathNotFound" "The parent directory of the destination path does not exist.";
    RESOURCE_TYPE_MISMATCH = 409 "ResourceTypeMismatch" "The specified resource type does not match the type of the existing resource.";
    SOURCE_CONDITION_NOT_MET = 412 "SourceConditionNotMet" "The source condition specified using HTTP conditional header(s) is not met.";
    SOURCE_PATH_NOT_FOUND = 404 "SourcePathNotFound" "The source path for a rename operation does not exist.";
    UNSUPPORTED = 405 "UnsupportedHttpVerb" "The resource doesn't support the specified HTTP verb.";
}
