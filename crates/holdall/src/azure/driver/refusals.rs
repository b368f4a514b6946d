//! What the service's errors mean to the contract, where it does not depend on
//! the operation.

use crate::azure::client::ServiceError;
use crate::driver::{Key, Outcome, Refusal};
use crate::error::{Error, ErrorKind};

/// An absent container is an absent path.
pub(super) fn refused(error: ServiceError) -> Refusal {
    if error.is_container_missing() {
        return Refusal::Missing;
    }
    error.into()
}

/// As [`refused`], where the service knows files from folders: a conflict of
/// the two is something that lies below a file. Other paths may be refused for
/// their length or their characters.
pub(super) fn refused_among_folders(error: ServiceError) -> Refusal {
    if error.is_about_types() {
        return Refusal::NotFolder;
    }
    refused(error)
}

/// As [`refused`], where a missing container must be told of.
pub(super) fn refused_with_container(error: ServiceError, container: &str) -> Refusal {
    if !error.is_container_missing() {
        return error.into();
    }
    Refusal::Failed(
        Error::new(
            ErrorKind::NotFound,
            format!("the container {container:?} does not exist; create it first"),
        )
        .with_source(Error::from(error)),
    )
}

/// A condition of ours did not hold: something stands where only something new
/// was to be made. Services tell it by 409 or by 412.
pub(super) fn is_taken(error: &ServiceError) -> bool {
    error.is_occupied() || error.is_condition_not_met()
}

/// Refuses a name that listings, which are XML, cannot tell.
/// <https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#blob-names>
pub(super) fn check_name(key: Key<'_>) -> Outcome<()> {
    let is_untold = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r');
    match key.as_str().contains(is_untold) {
        true => Err(Refusal::Unreachable(
            "the path holds a control character, which no listing of Azure can tell",
        )),
        false => Ok(()),
    }
}
