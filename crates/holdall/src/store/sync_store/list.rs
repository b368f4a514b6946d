//! Listing and globbing.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Store;
use crate::content::Entries;
use crate::error::{Operation, Result};
use crate::model::{FileInfo, FolderEntry, PathEntry};
use crate::options::ListOptions;
use crate::pattern::Pattern;
use crate::store::filter::Filter;
use crate::store::observe::StreamObserver;
use crate::store::records::Record;

/// Listings come in no promised order. A folder that is missing, or is a file,
/// lists as empty. Except for [`glob`](Store::glob), every method needs
/// [`Capability::List`](crate::Capability::List).
impl Store {
    /// The files of the folder at `path`.
    ///
    /// # Errors
    ///
    /// At the call: [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported),
    /// [`InvalidPath`](crate::ErrorKind::InvalidPath) for a malformed path.
    /// Among the items: whatever the system says.
    pub fn list_files(&self, path: &str) -> Result<Entries<FileInfo>> {
        self.list_files_with(path, ListOptions::new())
    }

    /// As [`list_files`](Self::list_files), recursive, to a depth, or filtered
    /// by name.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn list_files_with(&self, path: &str, options: ListOptions) -> Result<Entries<FileInfo>> {
        let operation = Operation::ListFiles;
        let full = self.base.folder_call(operation, path)?;
        let filter = Filter::new(path, &options)?;
        let files = self.base.backend.list_files(&full, filter.depth());
        let files = self.observed_entries(operation, path, files);
        Ok(Entries::new(files.filter(move |file| {
            file.as_ref().map_or(true, |file| filter.admits_file(file))
        })))
    }

    /// The immediate subfolders of the folder at `path`.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn list_folders(&self, path: &str) -> Result<Entries<FolderEntry>> {
        self.list_folders_with(path, ListOptions::new())
    }

    /// As [`list_folders`](Self::list_folders), level by level to a depth, or
    /// filtered by name. Memory grows with the folders of one level.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn list_folders_with(
        &self,
        path: &str,
        options: ListOptions,
    ) -> Result<Entries<FolderEntry>> {
        let operation = Operation::ListFolders;
        let full = self.base.folder_call(operation, path)?;
        let filter = Filter::new(path, &options)?;
        let levels = options.max_depth.unwrap_or(0);
        let folders = self.folders_by_level(full.into_owned(), levels);
        let folders = self.observed_entries(operation, path, folders);
        Ok(Entries::new(folders.filter(move |folder| {
            let folder = folder.as_ref();
            folder.map_or(true, |folder| filter.admits_name(folder.name()))
        })))
    }

    /// The files and folders of the folder at `path`, in one pass.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn iter_children(&self, path: &str) -> Result<Entries<PathEntry>> {
        let operation = Operation::IterChildren;
        let full = self.base.folder_call(operation, path)?;
        Ok(self.observed_entries(operation, path, self.base.backend.iter_children(&full)))
    }

    /// The files that match `pattern`, by the backend's own means; the language
    /// is that of [`Pattern`] on every backend. [`glob_files`](crate::ext::sync::glob::glob_files)
    /// works on backends without, too.
    ///
    /// Needs [`Capability::Glob`](crate::Capability::Glob).
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files); at the call also
    /// [`InvalidPath`](crate::ErrorKind::InvalidPath) and
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) as
    /// [`Pattern::new`].
    pub fn glob(&self, pattern: &str) -> Result<Entries<FileInfo>> {
        let operation = Operation::Glob;
        self.base.admit(operation, pattern)?;
        let compiled = Pattern::beneath(self.base.root(), pattern)
            .map_err(|error| error.with_operation(operation).with_path(pattern))?;
        Ok(self.observed_entries(operation, pattern, self.base.backend.glob(&compiled)))
    }

    /// Breadth first: one backend listing per visited folder.
    fn folders_by_level(&self, full: String, levels: usize) -> Entries<FolderEntry> {
        let backend = Arc::clone(&self.base.backend);
        let mut pending = VecDeque::from([(full, 0)]);
        let mut current: Option<(Entries<FolderEntry>, usize)> = None;
        Entries::new(std::iter::from_fn(move || {
            loop {
                let (mut listing, level) = match current.take() {
                    Some(open) => open,
                    None => {
                        let (folder, level) = pending.pop_front()?;
                        (backend.list_folders(&folder), level)
                    }
                };
                match listing.next() {
                    Some(Ok(folder)) => {
                        if level < levels {
                            pending.push_back((folder.path.as_str().to_owned(), level + 1));
                        }
                        current = Some((listing, level));
                        return Some(Ok(folder));
                    }
                    Some(Err(error)) => return Some(Err(error)),
                    None => {}
                }
            }
        }))
    }

    /// Rebases the entries and errors of a listing, and reports on it.
    fn observed_entries<T: Record + Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        mut entries: Entries<T>,
    ) -> Entries<T> {
        let mut observer = StreamObserver::new(&self.base, operation, path);
        Entries::new(std::iter::from_fn(move || {
            observer.pass_entry(entries.next())
        }))
    }
}
