//! Deleting, renaming and copying.

use super::AsyncStore;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Operation, Result};
use crate::options::{DeleteFolderOptions, DeleteOptions, TransferOptions};

impl AsyncStore {
    /// Deletes the file at `path`; its folder stays.
    ///
    /// Needs [`Capability::Delete`](crate::Capability::Delete).
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path, the root or
    /// a folder, [`NotFound`](ErrorKind::NotFound).
    pub async fn delete(&self, path: &str) -> Result<()> {
        self.delete_with(path, DeleteOptions::new()).await
    }

    /// As [`delete`](Self::delete); a missing file may count as deleted.
    ///
    /// # Errors
    ///
    /// As [`delete`](Self::delete).
    pub async fn delete_with(&self, path: &str, options: DeleteOptions) -> Result<()> {
        let operation = Operation::Delete;
        let full = self.base.file_call(operation, path)?;
        self.observed(operation, path, self.base.backend.delete(&full, options))
            .await
    }

    /// Deletes the folder at `path`, which must be empty.
    ///
    /// Needs [`Capability::Delete`](crate::Capability::Delete).
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for the root (before anything
    /// else), a malformed path or a file, [`NotFound`](ErrorKind::NotFound),
    /// [`DirectoryNotEmpty`](ErrorKind::DirectoryNotEmpty).
    pub async fn delete_folder(&self, path: &str) -> Result<()> {
        self.delete_folder_with(path, DeleteFolderOptions::new())
            .await
    }

    /// As [`delete_folder`](Self::delete_folder), with its content, or where it
    /// may be missing.
    ///
    /// A recursive delete is done in bounded pieces: dropping its future, or a
    /// failure, leaves a part of the content.
    ///
    /// # Errors
    ///
    /// As [`delete_folder`](Self::delete_folder).
    pub async fn delete_folder_with(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        let operation = Operation::DeleteFolder;
        self.base.refuse_root(operation, path)?;
        let full = self.base.file_call(operation, path)?;
        self.observed(
            operation,
            path,
            self.base.backend.delete_folder(&full, options),
        )
        .await
    }

    /// Moves the file at `src` to `dst`, where nothing may stand yet. The same
    /// path twice does nothing.
    ///
    /// Needs [`Capability::Move`](crate::Capability::Move); atomic where the
    /// backend declares [`AtomicMove`](crate::Capability::AtomicMove).
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path, the root, a
    /// folder at either end or a file among the ancestors of `dst`,
    /// [`NotFound`](ErrorKind::NotFound) for `src`,
    /// [`AlreadyExists`](ErrorKind::AlreadyExists) for `dst`; the error's path
    /// tells which.
    #[doc(alias = "move")]
    pub async fn rename(&self, src: &str, dst: &str) -> Result<()> {
        self.rename_with(src, dst, TransferOptions::new()).await
    }

    /// As [`rename`](Self::rename), with overwriting.
    ///
    /// # Errors
    ///
    /// As [`rename`](Self::rename).
    #[doc(alias = "move")]
    pub async fn rename_with(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let operation = Operation::Rename;
        let from = self.base.file_call(operation, src)?;
        let to = self.base.file_path(operation, dst)?;
        self.observed(
            operation,
            src,
            self.base.backend.rename(&from, &to, options),
        )
        .await
    }

    /// Copies the file at `src` to `dst`, where nothing may stand yet, with its
    /// user metadata and, where the backend has them, its time and mode. The
    /// same path twice does nothing.
    ///
    /// Needs [`Capability::Copy`](crate::Capability::Copy).
    ///
    /// # Errors
    ///
    /// As [`rename`](Self::rename).
    pub async fn copy(&self, src: &str, dst: &str) -> Result<()> {
        self.copy_with(src, dst, TransferOptions::new()).await
    }

    /// As [`copy`](Self::copy), with overwriting.
    ///
    /// # Errors
    ///
    /// As [`rename`](Self::rename).
    pub async fn copy_with(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let operation = Operation::Copy;
        let from = self.base.file_call(operation, src)?;
        let to = self.base.file_path(operation, dst)?;
        self.observed(operation, src, self.base.backend.copy(&from, &to, options))
            .await
    }
}
