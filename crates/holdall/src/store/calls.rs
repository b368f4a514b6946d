//! What every call on a store begins and ends with.

use std::borrow::Cow;

use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, WriteResult};
use crate::options::WriteOptions;
use crate::path::{RemotePath, normalize};

use super::AsyncStore;

impl AsyncStore {
    /// Demands the capability that gates `operation`.
    pub(super) fn admit(&self, operation: Operation, path: &str) -> Result<()> {
        let admitted = self
            .backend
            .capabilities()
            .admit(operation, self.backend.name());
        admitted.map_err(|error| error.with_path(path))
    }

    /// The backend's path where a folder may be named: `""` and `"."` are the
    /// store's root.
    pub(super) fn folder_path<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        let canonical = match path {
            "" | "." => Cow::Borrowed(""),
            path => below_root(path).map_err(|error| error.with_operation(operation))?,
        };
        Ok(self.full(canonical))
    }

    /// The backend's path where the root is refused.
    pub(super) fn file_path<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        let canonical = below_root(path).map_err(|error| error.with_operation(operation))?;
        Ok(self.full(canonical))
    }

    fn full<'a>(&self, canonical: Cow<'a, str>) -> Cow<'a, str> {
        match canonical {
            Cow::Borrowed(path) => self.scope.full(path),
            Cow::Owned(path) => Cow::Owned(self.scope.full(&path).into_owned()),
        }
    }

    /// The gate and the path of a call on a file.
    pub(super) fn file_call<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        self.admit(operation, path)?;
        self.file_path(operation, path)
    }

    /// The gate and the path of a call on a folder.
    pub(super) fn folder_call<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        self.admit(operation, path)?;
        self.folder_path(operation, path)
    }

    /// The metadata, the gates and the path of a write, in the contract's order.
    pub(super) fn write_call<'a>(
        &self,
        operation: Operation,
        path: &'a str,
        options: &WriteOptions,
    ) -> Result<Cow<'a, str>> {
        let metadata = options.user_metadata().and_then(|metadata| match metadata {
            Some(_) => self
                .backend
                .capabilities()
                .admit_metadata(self.backend.name()),
            None => Ok(()),
        });
        metadata.map_err(|error| error.with_operation(operation).with_path(path))?;
        self.file_call(operation, path)
    }

    /// Makes a backend's error speak of the caller's operation and path.
    pub(super) fn rebase_error(&self, operation: Operation, path: &str, error: Error) -> Error {
        error.relocated(operation, |full| match self.scope.strip(full) {
            // The caller's own spelling, where the error is about that path.
            Some(inside) if same_path(inside, path) => path.to_owned(),
            Some(inside) => inside.to_owned(),
            None => full.to_owned(),
        })
    }

    pub(super) fn rebased<T>(
        &self,
        operation: Operation,
        path: &str,
        result: Result<T>,
    ) -> Result<T> {
        result.map_err(|error| self.rebase_error(operation, path, error))
    }

    /// Makes a record's path relative to the store.
    pub(super) fn rebase<T: Record>(&self, mut record: T) -> Result<T> {
        if !self.scope.root().is_empty() {
            let full = record.path_mut();
            let inside = self.scope.strip(full.key().as_str()).map(str::to_owned);
            *full = match inside {
                Some(inside) => RemotePath::from_canonical(inside),
                None => {
                    return Err(Error::new(
                        ErrorKind::InvalidPath,
                        "the backend reported an entry outside the store",
                    )
                    .with_path(full.as_str())
                    .with_backend(self.backend.name()));
                }
            };
        }
        Ok(record)
    }
}

/// The canonical form of a path that must name something below the root.
fn below_root(path: &str) -> Result<Cow<'_, str>> {
    let canonical = normalize(path)?;
    if canonical.is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidPath,
            "the path is empty after normalization; name a file or folder below the store's root",
        )
        .with_path(path));
    }
    Ok(canonical)
}

fn same_path(canonical: &str, given: &str) -> bool {
    normalize(given).is_ok_and(|given| given == canonical)
}

/// A record that names a path.
pub(super) trait Record {
    fn path_mut(&mut self) -> &mut RemotePath;
}

macro_rules! records {
    ($($record:ty),*) => {$(
        impl Record for $record {
            fn path_mut(&mut self) -> &mut RemotePath {
                &mut self.path
            }
        }
    )*};
}

records!(FileInfo, FolderEntry, FolderInfo, WriteResult);

impl Record for PathEntry {
    fn path_mut(&mut self) -> &mut RemotePath {
        match self {
            Self::File(file) => &mut file.path,
            Self::Folder(folder) => &mut folder.path,
        }
    }
}
