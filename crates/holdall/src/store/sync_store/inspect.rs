//! Looking at files and folders.

use super::Store;
use crate::capability::Capability;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Error, Operation, Result};
use crate::model::{FileInfo, FolderInfo, WriteResult};
use crate::options::{Depth, FolderInfoOptions};
use crate::path::RemotePath;
use crate::store::base::is_root;

impl Store {
    /// Whether a file or folder stands at `path`. The root always does.
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path, and what
    /// the system says; never for what stands there or does not.
    pub fn exists(&self, path: &str) -> Result<bool> {
        let operation = Operation::Exists;
        let full = self.base.look_path(operation, path)?;
        self.observed(operation, path, || self.base.backend.exists(&full))
    }

    /// Whether a file stands at `path`.
    ///
    /// # Errors
    ///
    /// As [`exists`](Self::exists).
    pub fn is_file(&self, path: &str) -> Result<bool> {
        let operation = Operation::IsFile;
        let full = self.base.look_path(operation, path)?;
        self.observed(operation, path, || self.base.backend.is_file(&full))
    }

    /// Whether a folder stands at `path`. The root always is one.
    ///
    /// # Errors
    ///
    /// As [`exists`](Self::exists).
    pub fn is_folder(&self, path: &str) -> Result<bool> {
        let operation = Operation::IsFolder;
        let full = self.base.look_path(operation, path)?;
        self.observed(operation, path, || self.base.backend.is_folder(&full))
    }

    /// What is known of the file at `path`.
    ///
    /// Needs [`Capability::Metadata`].
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path, the root or
    /// a folder, [`NotFound`](ErrorKind::NotFound).
    pub fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        let operation = Operation::GetFileInfo;
        let full = self.base.file_call(operation, path)?;
        let info = self.observed(operation, path, || self.base.backend.get_file_info(&full))?;
        self.base.rebase(info)
    }

    /// What is known of the file at `path`, as a write would have reported it,
    /// with the source [`Sidecar`](crate::WriteSource::Sidecar).
    ///
    /// Needs [`Capability::Metadata`].
    ///
    /// # Errors
    ///
    /// As [`get_file_info`](Self::get_file_info).
    pub fn head(&self, path: &str) -> Result<WriteResult> {
        let operation = Operation::Head;
        let full = self.base.file_call(operation, path)?;
        let info = self.observed(operation, path, || self.base.backend.get_file_info(&full))?;
        self.base.rebase(WriteResult::from_info(info))
    }

    /// The number of files below the folder at `path`, their bytes and their
    /// latest change.
    ///
    /// Needs [`Capability::Metadata`].
    ///
    /// # Errors
    ///
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path or a file,
    /// [`NotFound`](ErrorKind::NotFound); never for the root.
    pub fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        self.get_folder_info_with(path, FolderInfoOptions::new())
    }

    /// As [`get_folder_info`](Self::get_folder_info), down to a depth.
    ///
    /// With a depth it stands on a listing and needs [`Capability::List`]
    /// instead.
    ///
    /// # Errors
    ///
    /// As [`get_folder_info`](Self::get_folder_info).
    pub fn get_folder_info_with(
        &self,
        path: &str,
        options: FolderInfoOptions,
    ) -> Result<FolderInfo> {
        let operation = Operation::GetFolderInfo;
        let Some(limit) = options.max_depth else {
            let full = self.base.folder_call(operation, path)?;
            let backend = &self.base.backend;
            let info = self.observed(operation, path, || backend.get_folder_info(&full));
            return self.base.summed(path, info);
        };
        self.base.admit_sum(operation, path)?;
        let full = self.base.folder_path(operation, path)?;
        self.observed(operation, path, || {
            self.sum(path, &full, Depth::Limit(limit))
        })
    }

    /// Counts what a listing shows.
    fn sum(&self, path: &str, full: &str, depth: Depth) -> Result<FolderInfo> {
        if !is_root(path) && !self.base.backend.is_folder(full)? {
            return Err(self.no_folder(full)?);
        }
        let mut sum = FolderInfo::new(RemotePath::from_backend_path(path)?);
        let mut files = self.base.backend.list_files(full, depth);
        for file in &mut files {
            let file = file?;
            sum.count(file.size, file.modified_at);
        }
        Ok(sum)
    }

    /// Why a path is no folder.
    fn no_folder(&self, full: &str) -> Result<Error> {
        let backend = &self.base.backend;
        if self.supports(Capability::Metadata)
            && let Err(error) = backend.get_folder_info(full)
        {
            return Ok(error);
        }
        let exists = backend.exists(full)?;
        Ok(self.base.not_a_folder(full, exists))
    }
}
