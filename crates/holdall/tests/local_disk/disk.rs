//! A store on a temporary folder.

use std::path::{Path, PathBuf};

use holdall::{
    AsyncLocalBackend, AsyncStore, Error, ErrorKind, ListOptions, PathEntry, TransferOptions,
    WriteOptions,
};

/// A root inside a folder of its own, so that there is an outside.
pub(crate) struct Disk {
    folder: tempfile::TempDir,
    pub(crate) store: AsyncStore,
}

impl Disk {
    pub(crate) fn new(portable: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("root"), portable);
        Self { folder, store }
    }

    /// The native path of a key.
    pub(crate) fn at(&self, key: &str) -> PathBuf {
        self.folder.path().join("root").join(key)
    }

    /// A native path beside the root.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names that a folder really has.
    pub(crate) fn names(&self, key: &str) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.at(key))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The names that the store lists in a folder.
    pub(crate) async fn children(&self, key: &str) -> Result<Vec<String>, Error> {
        children(&self.store, key).await
    }

    /// The paths of all files that the store lists below a folder.
    pub(crate) async fn files(&self, key: &str) -> Result<Vec<String>, Error> {
        let options = ListOptions::new().recursive(true);
        let mut listing = self.store.list_files_with(key, options)?;
        let mut paths = Vec::new();
        while let Some(file) = listing.next().await {
            paths.push(file?.path.as_str().to_owned());
        }
        paths.sort();
        Ok(paths)
    }
}

pub(crate) async fn children(store: &AsyncStore, key: &str) -> Result<Vec<String>, Error> {
    let mut listing = store.iter_children(key)?;
    let mut names = Vec::new();
    while let Some(entry) = listing.next().await {
        names.push(match entry? {
            PathEntry::File(file) => file.name().to_owned(),
            PathEntry::Folder(folder) => format!("{}/", folder.path.name()),
        });
    }
    names.sort();
    Ok(names)
}

/// A store on `root`.
pub(crate) fn open(root: &Path, portable: bool) -> AsyncStore {
    let backend = AsyncLocalBackend::builder(root)
        .force_portable(portable)
        .build()
        .unwrap();
    AsyncStore::new(backend, "").unwrap()
}

/// Runs a scenario on each implementation.
pub(crate) async fn on_each(scenario: impl AsyncFn(Disk)) {
    for portable in [false, true] {
        eprintln!("portable: {portable}");
        scenario(Disk::new(portable)).await;
    }
}

pub(crate) fn replacing() -> WriteOptions {
    WriteOptions::new().overwrite(true)
}

pub(crate) fn onto() -> TransferOptions {
    TransferOptions::new().overwrite(true)
}

/// The kind of error that a call failed with.
#[track_caller]
pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.unwrap_err().kind()
}
