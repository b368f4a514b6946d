//! Paths of this machine's disk: which folder a store is rooted at, and what is
//! left as a path in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::join;
use super::stores::Purpose;
use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// `path` with the links in the part of it that is there resolved.
pub(super) fn real_place(path: &Path) -> PathBuf {
    let mut missing = PathBuf::new();
    for ancestor in path.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            return real.join(missing);
        }
        if let Some(name) = ancestor.file_name() {
            missing = Path::new(name).join(missing);
        }
    }
    path.to_owned()
}

/// The root and the key of a store for `path`: confinement then holds for all
/// that is below the folder that the user named, and `..` and links in the path
/// itself mean what they mean to the system.
pub(super) fn split_path(path: &Path, purpose: Purpose) -> Result<(PathBuf, String)> {
    match purpose {
        Purpose::Node => {
            let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
                return Err(Failure::new(
                    Exit::InvalidPath,
                    "the path does not end in a name",
                ));
            };
            let (root, above) = existing_folder(parent)?;
            Ok((root, join(&above, segment(name)?)))
        }
        Purpose::Source => match path.canonicalize() {
            Ok(real) => existing_folder(&real),
            Err(_) => existing_folder(path),
        },
        Purpose::Target => existing_folder(path),
    }
}

/// The deepest folder on the way to `path` that is there, and the rest of the
/// path as a key.
pub(crate) fn existing_folder(path: &Path) -> Result<(PathBuf, String)> {
    let mut folder = path;
    let mut names = Vec::new();
    while !on_disk(folder).is_dir() {
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            return Err(Failure::new(
                Exit::NotFound,
                "the path leads through '..' or a root that is not there",
            ));
        };
        names.push(segment(name)?);
        folder = parent;
    }
    names.reverse();
    Ok((on_disk(folder).to_owned(), names.join("/")))
}

/// The empty path is the current folder.
fn on_disk(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

/// One name on disk as a segment of a key.
pub(super) fn segment(name: &OsStr) -> Result<&str> {
    let text = name.to_str().ok_or_else(|| {
        Failure::new(
            Exit::InvalidPath,
            "the path holds a name that is not UTF-8, which no store path can",
        )
    })?;
    if text.contains('\\') {
        return Err(Failure::new(
            Exit::InvalidPath,
            "the path holds a name with a backslash, which no store path can",
        ));
    }
    Ok(text)
}
