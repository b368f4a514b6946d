//! Folders alone, for the path-IO layer.

use super::AsyncStore;
use crate::error::{Operation, Result};

impl AsyncStore {
    /// Whether the backend makes and renames folders by themselves.
    pub(crate) fn has_folder_calls(&self) -> bool {
        self.base.backend.has_folder_calls()
    }

    /// As [`AsyncBackend::make_folder`](crate::AsyncBackend::make_folder).
    pub(crate) async fn make_folder(&self, path: &str, parents: bool) -> Result<()> {
        let operation = Operation::MakeFolder;
        let full = self.base.file_call(operation, path)?;
        let make = self.base.backend.make_folder(&full, parents);
        self.observed(operation, path, make).await
    }

    /// As [`AsyncBackend::rename_folder`](crate::AsyncBackend::rename_folder).
    pub(crate) async fn rename_folder(&self, src: &str, dst: &str) -> Result<()> {
        let operation = Operation::RenameFolder;
        let from = self.base.file_call(operation, src)?;
        let to = self.base.file_path(operation, dst)?;
        let rename = self.base.backend.rename_folder(&from, &to);
        self.observed(operation, src, rename).await
    }
}
