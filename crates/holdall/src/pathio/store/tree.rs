//! The store, and which paths name something in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use super::FOLDER_MARKER;
use crate::driver::Namespace;
use crate::path::is_temporary_name;
use crate::pathio::error::{PathIoError, PathIoErrorKind, PathIoResult};
use crate::pathio::path::PathName;
use crate::store::AsyncStore;

/// The store of a [`StorePathIo`](super::StorePathIo), shared by all that were
/// made of one.
#[derive(Clone)]
pub(super) struct Tree {
    store: Arc<AsyncStore>,
    edit_limit: u64,
    folders: Arc<MadeFolders>,
}

/// The folders that were made here: one at a time, and how many.
#[derive(Default)]
struct MadeFolders {
    turn: Mutex<()>,
    count: AtomicU64,
}

impl Tree {
    pub(super) fn new(store: AsyncStore, edit_limit: u64) -> Self {
        Self {
            store: Arc::new(store),
            edit_limit,
            folders: Arc::default(),
        }
    }

    pub(super) fn with_edit_limit(self, edit_limit: u64) -> Self {
        Self { edit_limit, ..self }
    }

    pub(super) fn store(&self) -> &AsyncStore {
        &self.store
    }

    pub(super) fn shared(&self) -> Arc<AsyncStore> {
        Arc::clone(&self.store)
    }

    pub(super) fn edit_limit(&self) -> u64 {
        self.edit_limit
    }

    /// Waits until nobody else makes a folder here: what looks before it acts
    /// would make it twice.
    pub(super) async fn turn_to_make_folders(&self) -> MutexGuard<'_, ()> {
        self.folders.turn.lock().await
    }

    pub(super) fn count_made_folder(&self) {
        self.folders.count.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn made_folders(&self) -> u64 {
        self.folders.count.load(Ordering::Acquire)
    }

    /// Whether folders are only what keys have in common. Some backends know
    /// only once they were asked for something.
    pub(super) fn is_flat(&self) -> bool {
        self.store.backend().namespace() == Namespace::Flat
    }
}

/// A path whose names a store can have.
pub(super) fn checked(path: &str) -> PathIoResult<PathName> {
    let path = PathName::new(path)?;
    for name in path.names() {
        if name.contains('\\') {
            return Err(refused("a store has no names with a backslash", &path));
        }
        if name == FOLDER_MARKER || is_temporary_name(name) {
            return Err(refused("the path holds a name that is reserved", &path));
        }
    }
    Ok(path)
}

fn refused(message: &str, path: &PathName) -> PathIoError {
    PathIoError::new(PathIoErrorKind::InvalidArgument, message).with_path(path.as_str())
}
