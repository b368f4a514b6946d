//! Homes of users: folders below the one that is served.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use holdall::AsyncStore;
use holdall::pathio::{
    AbstractPathIo, AsyncPathIo, MkdirOptions, PathIoErrorKind, PathIoResult, PathName,
    StorePathIo, universal_error,
};
use holdall_ftp::Homes;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::{Location, Node};

/// The folders below one that is served. Each is opened once, so that all its
/// sessions share what the path IO keeps.
pub(super) struct ServedHomes {
    served: Served,
    open: Mutex<HashMap<PathName, Arc<dyn AbstractPathIo>>>,
}

/// The folder that is served.
enum Served {
    /// Of this machine's disk, where files can be changed in place.
    Disk(PathBuf),
    /// Of any other store.
    Store(AsyncStore),
}

impl ServedHomes {
    /// The folders below `location`, which has to be a folder that is there.
    pub(super) async fn of(location: &Location) -> Result<Self> {
        if let Node::File(_) = location.look_for_something().await? {
            let failure = Failure::at(location.label(), Exit::InvalidPath, "this is a file");
            return Err(failure.with_hint("serve the folder that it is in"));
        }
        let served = match (location.disk_folder(), location.key()) {
            (Some(folder), _) => Served::Disk(folder),
            (None, "") => Served::Store(location.store().clone()),
            (None, key) => {
                let store = location.store().child(key);
                Served::Store(store.map_err(|error| location.failure(&error))?)
            }
        };
        Ok(Self {
            served,
            open: Mutex::default(),
        })
    }

    fn opened(&self, path: &PathName) -> Option<Arc<dyn AbstractPathIo>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(path).cloned()
    }
}

impl Served {
    /// The folder `path`, which is made where it is missing.
    async fn open(&self, path: &PathName) -> PathIoResult<Arc<dyn AbstractPathIo>> {
        match self {
            Self::Disk(folder) => {
                let folder = folder.join(path.as_str());
                let opened = tokio::task::spawn_blocking(move || AsyncPathIo::new(folder)).await;
                Ok(Arc::new(opened.map_err(universal_error)??))
            }
            Self::Store(store) if path.is_root() => Ok(Arc::new(StorePathIo::new(store.clone()))),
            Self::Store(store) => {
                make(store, path).await?;
                let child = store.child(path.as_str()).map_err(universal_error)?;
                Ok(Arc::new(StorePathIo::new(child)))
            }
        }
    }
}

/// Makes the folder, as far as it may be made: who may only read finds nothing in it.
async fn make(store: &AsyncStore, path: &PathName) -> PathIoResult<()> {
    let options = MkdirOptions::new().parents(true).exist_ok(true);
    let io = StorePathIo::new(store.clone());
    match io.mkdir(path.as_str(), options).await {
        Err(error) => match error.kind() {
            PathIoErrorKind::PermissionDenied | PathIoErrorKind::NotImplemented => Ok(()),
            _ => Err(error),
        },
        Ok(()) => Ok(()),
    }
}

#[async_trait]
impl Homes for ServedHomes {
    async fn home(&self, path: &PathName) -> PathIoResult<Arc<dyn AbstractPathIo>> {
        if let Some(home) = self.opened(path) {
            return Ok(home);
        }
        let home = self.served.open(path).await?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Another session may have been quicker: all share the first.
        Ok(Arc::clone(open.entry(path.clone()).or_insert(home)))
    }
}
