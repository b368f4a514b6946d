//! User metadata: what Azure can keep, and the one key that is not the user's.

use std::collections::BTreeMap;

use crate::driver::Refusal;
use crate::error::ErrorKind;
use crate::metadata::UserMetadata;

/// The key under which an exact create, and a write for one version alone, mark
/// their blob.
pub(super) const CREATE_ID: &str = "holdall_create_id";
/// The header of that key.
pub(super) const CREATE_ID_HEADER: &str = "x-ms-meta-holdall_create_id";

/// Demands what a header can carry: a key is a C# identifier, and since
/// headers do not tell upper from lower case, one in lower case; a value is
/// printable ASCII without spaces at its ends, which would be lost.
/// <https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#metadata-names>
pub(super) fn check(metadata: Option<&UserMetadata>) -> Result<(), Refusal> {
    for (key, value) in metadata.into_iter().flat_map(UserMetadata::iter) {
        if !is_name(key) {
            return Err(invalid(format!(
                "Azure cannot keep the metadata key {key:?}: it must begin with a letter and go \
                 on with letters, digits and '_', all in lower case"
            )));
        }
        if matches!(key, CREATE_ID | "hdi_isfolder") {
            return Err(invalid(format!("the metadata key {key:?} is reserved")));
        }
        if !is_header_value(value) {
            return Err(invalid(format!(
                "Azure cannot keep the value of the metadata key {key:?}: it must be printable \
                 ASCII, without spaces at its ends, and not empty"
            )));
        }
    }
    Ok(())
}

fn is_name(key: &str) -> bool {
    key.bytes().enumerate().all(|(at, byte)| match byte {
        b'a'..=b'z' | b'_' => true,
        b'0'..=b'9' => at > 0,
        _ => false,
    })
}

fn is_header_value(value: &str) -> bool {
    !value.is_empty()
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !value.starts_with(' ')
        && !value.ends_with(' ')
}

fn invalid(message: String) -> Refusal {
    Refusal::failed(ErrorKind::InvalidArgument, message)
}

/// The user's part; `None` where nothing is left.
pub(super) fn user_part(mut metadata: BTreeMap<String, String>) -> Option<UserMetadata> {
    metadata.remove(CREATE_ID);
    if metadata.is_empty() {
        return None;
    }
    // What others have written may break the contract's rules: it does not show.
    UserMetadata::new(metadata).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_kept(key: &str, value: &str) -> bool {
        let metadata = UserMetadata::new([(key, value)]).unwrap();
        match check(Some(&metadata)) {
            Ok(()) => true,
            Err(Refusal::Failed(error)) => {
                assert_eq!(error.kind(), ErrorKind::InvalidArgument);
                assert!(error.message().contains(key), "{error}");
                false
            }
            Err(refusal) => panic!("{refusal:?}"),
        }
    }

    #[test]
    fn what_a_header_carries_unchanged_is_kept() {
        for (key, value) in [("owner", "a b"), ("k9", "~!\"=;,"), ("a_b", "x")] {
            assert!(is_kept(key, value), "{key}: {value}");
        }
    }

    #[test]
    fn what_a_header_would_change_is_refused() {
        for key in [
            "Owner",
            "a-b",
            "a b",
            "9k",
            "a.b",
            CREATE_ID,
            "hdi_isfolder",
        ] {
            assert!(!is_kept(key, "x"), "{key}");
        }
        for value in ["", " x", "x ", "two\nlines", "\t", "é"] {
            assert!(!is_kept("key", value), "{value:?}");
        }
    }

    #[test]
    fn the_mark_of_a_create_does_not_show() {
        let stored = |pairs: &[(&str, &str)]| {
            let own = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
            user_part(pairs.iter().map(own).collect())
        };
        assert_eq!(stored(&[(CREATE_ID, "1")]), None);
        let kept = stored(&[(CREATE_ID, "1"), ("owner", "ann")]).unwrap();
        assert_eq!((kept.len(), kept.get("owner")), (1, Some("ann")));
    }
}
