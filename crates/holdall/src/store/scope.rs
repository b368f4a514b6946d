//! The store's root: paths on their way down, and back.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::Result;
use crate::path::{RemotePath, refuse_temporary};

/// The folder that a store is rooted at; empty for the backend's root.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope(Arc<str>);

impl Scope {
    pub(super) fn new(root: &str) -> Result<Self> {
        if root.is_empty() {
            return Ok(Self("".into()));
        }
        Ok(Self(folder(root)?.as_str().into()))
    }

    pub(super) fn root(&self) -> &str {
        &self.0
    }

    /// The scope of a folder inside this one.
    pub(super) fn below(&self, path: &str) -> Result<Self> {
        Ok(Self(self.full(folder(path)?.as_str()).into()))
    }

    /// The backend's path of a canonical path of the store.
    pub(super) fn full<'a>(&self, path: &'a str) -> Cow<'a, str> {
        match (self.root(), path) {
            ("", path) => Cow::Borrowed(path),
            (root, "") => Cow::Owned(root.to_owned()),
            (root, path) => Cow::Owned(format!("{root}/{path}")),
        }
    }

    /// The store's path of a backend's path; `None` where it lies outside.
    pub(super) fn strip<'a>(&self, full: &'a str) -> Option<&'a str> {
        match self.root() {
            "" => Some(full),
            root => match full.strip_prefix(root)? {
                "" => Some(""),
                rest => rest.strip_prefix('/'),
            },
        }
    }
}

/// A path that files can lie below.
fn folder(path: &str) -> Result<RemotePath> {
    let path = RemotePath::new(path)?;
    refuse_temporary(path.key())?;
    Ok(path)
}
