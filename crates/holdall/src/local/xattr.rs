//! User metadata, kept in one extended attribute as a JSON map.

use std::fs::File;
use std::io;

use crate::driver::{Outcome, Refusal};
use crate::error::ErrorKind;
use crate::metadata::UserMetadata;

use super::errors::refusal;

/// The extended attribute that holds the map.
pub(super) const ATTRIBUTE: &str = "user.holdall.metadata";

/// Room for the largest map there is, with every character escaped.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// Puts `metadata` on a file that is not yet visible.
pub(super) fn store(file: &File, metadata: &UserMetadata) -> Outcome<()> {
    let map: serde_json::Map<String, serde_json::Value> = metadata
        .iter()
        .map(|(key, value)| (key.to_owned(), value.into()))
        .collect();
    let text = serde_json::Value::Object(map).to_string();
    platform::set(file, ATTRIBUTE, text.as_bytes()).map_err(|error| {
        if error.kind() == io::ErrorKind::ArgumentListTooLong {
            return Refusal::failed(
                ErrorKind::InvalidArgument,
                "the metadata is larger than the file system's extended attributes allow",
            );
        }
        refusal("store the user metadata", error)
    })
}

/// The map of a file; `None` where it has none.
pub(super) fn load(file: &File) -> Outcome<Option<UserMetadata>> {
    match platform::get(file, ATTRIBUTE, MOST_BYTES) {
        Ok(value) => Ok(value.as_deref().and_then(parse)),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(refusal("read the user metadata", error)),
    }
}

/// A map as it was stored; `None` for a text that Holdall did not write.
pub(super) fn parse(value: &[u8]) -> Option<UserMetadata> {
    let map: std::collections::BTreeMap<String, String> = serde_json::from_slice(value).ok()?;
    UserMetadata::new(map).ok()
}

/// Whether files beneath the open folder can have user metadata.
pub(super) fn is_supported(folder: &File) -> bool {
    platform::get(folder, ATTRIBUTE, MOST_BYTES).is_ok()
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod platform {
    use std::fs::File;
    use std::io;

    use rustix::fs::{XattrFlags, fgetxattr, fsetxattr};
    use rustix::io::Errno;

    pub(super) fn set(file: &File, name: &str, value: &[u8]) -> io::Result<()> {
        Ok(fsetxattr(file, name, value, XattrFlags::empty())?)
    }

    pub(super) fn get(file: &File, name: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        let mut value = Vec::with_capacity(most);
        match fgetxattr(file, name, rustix::buffer::spare_capacity(&mut value)) {
            Ok(_) => Ok(Some(value)),
            Err(error) if is_absent(error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(target_vendor = "apple")]
    fn is_absent(error: Errno) -> bool {
        error == Errno::NOATTR
    }

    #[cfg(not(target_vendor = "apple"))]
    fn is_absent(error: Errno) -> bool {
        error == Errno::NODATA
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod platform {
    use std::fs::File;
    use std::io;

    pub(super) fn set(_file: &File, _name: &str, _value: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn get(_file: &File, _name: &str, _most: usize) -> io::Result<Option<Vec<u8>>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
