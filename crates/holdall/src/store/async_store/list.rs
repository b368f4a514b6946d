//! Listing and globbing.

use std::collections::VecDeque;

use super::AsyncStore;
use crate::content::Listing;
use crate::error::{Operation, Result};
use crate::model::{FileInfo, FolderEntry, PathEntry};
use crate::options::ListOptions;
use crate::pattern::Pattern;
use crate::store::filter::Filter;
use crate::store::observe::StreamObserver;
use crate::store::records::Record;

/// Listings come in no promised order. A folder that is missing, or is a file,
/// lists as empty. Except for [`glob`](AsyncStore::glob), every method needs
/// [`Capability::List`](crate::Capability::List).
impl AsyncStore {
    /// The files of the folder at `path`.
    ///
    /// # Errors
    ///
    /// At the call: [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported),
    /// [`InvalidPath`](crate::ErrorKind::InvalidPath) for a malformed path.
    /// Among the items: whatever the system says.
    pub fn list_files(&self, path: &str) -> Result<Listing<FileInfo>> {
        self.list_files_with(path, ListOptions::new())
    }

    /// As [`list_files`](Self::list_files), recursive, to a depth, or filtered
    /// by name.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn list_files_with(&self, path: &str, options: ListOptions) -> Result<Listing<FileInfo>> {
        let operation = Operation::ListFiles;
        let full = self.base.folder_call(operation, path)?;
        let filter = Filter::new(path, &options)?;
        let files = self.base.backend.list_files(&full, filter.depth());
        let files = self.observed_entries(operation, path, files);
        Ok(files.filter_map_items(move |file| match file {
            Ok(file) if !filter.admits_file(&file) => None,
            file => Some(file),
        }))
    }

    /// The immediate subfolders of the folder at `path`.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn list_folders(&self, path: &str) -> Result<Listing<FolderEntry>> {
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
    ) -> Result<Listing<FolderEntry>> {
        let operation = Operation::ListFolders;
        let full = self.base.folder_call(operation, path)?;
        let filter = Filter::new(path, &options)?;
        let levels = options.max_depth.unwrap_or(0);
        let folders = self.folders_by_level(full.into_owned(), levels);
        let folders = self.observed_entries(operation, path, folders);
        Ok(folders.filter_map_items(move |folder| match folder {
            Ok(folder) if !filter.admits_name(folder.name()) => None,
            folder => Some(folder),
        }))
    }

    /// The files and folders of the folder at `path`, in one pass.
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files).
    pub fn iter_children(&self, path: &str) -> Result<Listing<PathEntry>> {
        let operation = Operation::IterChildren;
        let full = self.base.folder_call(operation, path)?;
        Ok(self.observed_entries(operation, path, self.base.backend.iter_children(&full)))
    }

    /// The files that match `pattern`, by the backend's own means; the language
    /// is that of [`Pattern`] on every backend. [`glob_files`](crate::ext::glob::glob_files)
    /// works also where there is no native glob.
    ///
    /// Needs [`Capability::Glob`](crate::Capability::Glob).
    ///
    /// # Errors
    ///
    /// As [`list_files`](Self::list_files); at the call also
    /// [`InvalidPath`](crate::ErrorKind::InvalidPath) and
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) as
    /// [`Pattern::new`].
    pub fn glob(&self, pattern: &str) -> Result<Listing<FileInfo>> {
        let operation = Operation::Glob;
        self.base.admit(operation, pattern)?;

        let compiled = Pattern::beneath(self.base.root(), pattern)
            .map_err(|error| error.with_operation(operation).with_path(pattern))?;
        Ok(self.observed_entries(operation, pattern, self.base.backend.glob(&compiled)))
    }

    /// Breadth first: one backend listing per visited folder.
    fn folders_by_level(&self, full: String, levels: usize) -> Listing<FolderEntry> {
        let backend = std::sync::Arc::clone(&self.base.backend);
        let pending = VecDeque::from([(full, 0)]);
        let state = (pending, None::<(Listing<FolderEntry>, usize)>);
        Listing::new(futures::stream::try_unfold(
            state,
            move |(mut pending, mut current)| {
                let backend = std::sync::Arc::clone(&backend);
                async move {
                    loop {
                        let (mut listing, level) = match current.take() {
                            Some(open) => open,
                            None => match pending.pop_front() {
                                Some((folder, level)) => (backend.list_folders(&folder), level),
                                None => return Ok(None),
                            },
                        };
                        if let Some(folder) = listing.next().await.transpose()? {
                            if level < levels {
                                pending.push_back((folder.path.as_str().to_owned(), level + 1));
                            }
                            return Ok(Some((folder, (pending, Some((listing, level))))));
                        }
                    }
                }
            },
        ))
    }

    /// Rebases the entries and errors of a listing, and reports on it.
    fn observed_entries<T: Record + Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        entries: Listing<T>,
    ) -> Listing<T> {
        let mut observer = StreamObserver::new(&self.base, operation, path);
        entries.map_items(move |entry| observer.pass_entry(entry))
    }
}
