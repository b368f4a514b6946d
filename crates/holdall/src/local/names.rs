//! Names: temporary ones, the ones that cannot be keys, and native paths.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use crate::driver::Key;
use crate::path::{is_temporary_name, normalize};

/// A new name for a file that is being written.
pub(super) fn temporary_name() -> io::Result<String> {
    let number = getrandom::u64().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(format!(".~holdall.{number:016x}.tmp"))
}

/// Whether an entry of a folder is a file being written, or one that was left
/// behind.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    name.to_str().is_some_and(is_temporary_name)
}

/// The entry's name as a segment of a key; the name itself where it can be
/// none: not UTF-8, or with a backslash, which a path would read as a
/// separator.
pub(super) fn segment(name: OsString) -> Result<String, OsString> {
    let name = name.into_string()?;
    if name.contains('\\') {
        return Err(name.into());
    }
    Ok(name)
}

/// The native path of `key` below `root`.
pub(super) fn native_path(root: &Path, key: Key<'_>) -> String {
    let mut path = root.to_path_buf();
    path.extend(key.segments());
    path.to_string_lossy().into_owned()
}

/// The key of a native path; `None` where it lies outside `root` or could be
/// no key.
pub(super) fn to_key(root: &Path, native: &str) -> Option<String> {
    let mut segments = Vec::new();
    for component in Path::new(native).strip_prefix(root).ok()?.components() {
        match component {
            std::path::Component::Normal(name) => segments.push(segment(name.into()).ok()?),
            _ => return None,
        }
    }
    let key = segments.join("/");
    normalize(&key).ok()?;
    Some(key)
}
