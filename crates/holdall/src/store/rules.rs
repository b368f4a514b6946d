//! The rules that stores add to those of their backend.

use super::base::{Base, is_root};
use super::described::Described;
use crate::capability::Capability;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::FolderInfo;
use crate::path::RemotePath;

impl<B: Described + ?Sized> Base<B> {
    /// A folder that is deleted is never the store's root. That is told ahead
    /// of the capability.
    pub(super) fn refuse_root(&self, operation: Operation, path: &str) -> Result<()> {
        if !is_root(path) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::InvalidPath,
            "the store's root cannot be deleted; name a folder below it",
        )
        .with_operation(operation)
        .with_path(path))
    }

    /// Sums to a depth stand on a listing, and need its capability.
    pub(super) fn admit_sum(&self, operation: Operation, path: &str) -> Result<()> {
        let capabilities = self.backend.capabilities();
        let gate = capabilities.require(Capability::List, self.backend.name());
        gate.map_err(|error| error.with_operation(operation).with_path(path))
    }

    /// The sums of a folder: the root is there without a look, and then holds
    /// nothing.
    pub(super) fn summed(&self, path: &str, sums: Result<FolderInfo>) -> Result<FolderInfo> {
        match sums {
            Ok(info) => self.rebase(info),
            Err(error) if is_root(path) && error.kind() == ErrorKind::NotFound => {
                Ok(FolderInfo::new(RemotePath::root()))
            }
            Err(error) => Err(error),
        }
    }

    /// Why the backend's path `full`, where something stands or nothing does,
    /// is no folder.
    pub(super) fn not_a_folder(&self, full: &str, exists: bool) -> Error {
        let error = if exists {
            Error::new(
                ErrorKind::InvalidPath,
                "a file stands at the path where a folder is needed",
            )
        } else {
            Error::new(ErrorKind::NotFound, "no folder stands at the path")
        };
        error.with_path(full).with_backend(self.backend.name())
    }
}
