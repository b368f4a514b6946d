//! Homes of users: folders below the one that is served.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use holdall::pathio::{
    AbstractPathIo, AsyncPathIo, MkdirOptions, PathIoErrorKind, PathIoResult, PathName,
    StorePathIo, universal_error,
};
use holdall::{AsyncStore, LocalBackend, SyncPolicy};
use holdall_ftp::Homes;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::{Location, Node};

/// The folders below one that is served. Each is opened once, so that all its
/// sessions share what the path IO keeps.
pub(super) struct ServedHomes {
    served: Served,
    open: Mutex<HashMap<PathName, Home>>,
}

/// The folder that is served.
enum Served {
    /// Of this machine's disk, where files can be changed in place.
    Disk {
        folder: PathBuf,
        /// What is synced before an upload counts as complete.
        sync: SyncPolicy,
    },
    /// Of any other store.
    Store(AsyncStore),
}

/// A home that was opened.
#[derive(Clone)]
struct Home {
    io: Arc<dyn AbstractPathIo>,
    identity: Option<Identity>,
}

/// Tells a folder of the disk, while it is open, from all others: from one that
/// took its path, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl ServedHomes {
    /// The folders below `location`, which has to be a folder that is there.
    pub(super) async fn of(location: &Location) -> Result<Self> {
        if let Node::File(_) = location.look_for_something().await? {
            let failure = Failure::at(location.label(), Exit::InvalidPath, "this is a file");
            return Err(failure.with_hint("serve the folder that it is in"));
        }
        let served = match (location.disk_folder(), location.key()) {
            (Some(folder), _) => Served::Disk {
                folder,
                sync: location.write_sync(),
            },
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

    fn known(&self, path: &PathName) -> Option<Home> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(path).cloned()
    }

    /// Keeps `home`, unless another session was quicker: all share the first.
    fn keep(&self, path: &PathName, home: Home) -> Home {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get(path) {
            Some(first) if first.identity == home.identity => first.clone(),
            _ => {
                open.insert(path.clone(), home.clone());
                home
            }
        }
    }
}

/// The folder of the disk, which is made where it is missing: `known` if that is
/// still it.
async fn on_disk(folder: PathBuf, sync: SyncPolicy, known: Option<Home>) -> PathIoResult<Home> {
    let opening = tokio::task::spawn_blocking(move || {
        if let Some(known) = known.filter(|known| known.identity == identity(&folder)) {
            return Ok(known);
        }
        let driver = LocalBackend::builder(&folder).write_sync(sync);
        let driver = driver.build_driver().map_err(universal_error)?;
        Ok(Home {
            io: Arc::new(AsyncPathIo::from(driver)),
            identity: identity(&folder),
        })
    });
    opening.await.map_err(universal_error)?
}

fn identity(folder: &Path) -> Option<Identity> {
    let found = std::fs::metadata(folder).ok().filter(|it| it.is_dir())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some(Identity {
            device: found.dev(),
            inode: found.ino(),
        })
    }
    #[cfg(not(unix))]
    {
        drop(found);
        Some(Identity {})
    }
}

/// The folder of a store, which is made where it is missing.
async fn in_store(store: &AsyncStore, path: &PathName, known: Option<Home>) -> PathIoResult<Home> {
    if !path.is_root() {
        make(store, path).await?;
    }
    if let Some(known) = known {
        return Ok(known);
    }
    let store = match path.is_root() {
        true => store.clone(),
        false => store.child(path.as_str()).map_err(universal_error)?,
    };
    Ok(Home {
        io: Arc::new(StorePathIo::new(store)),
        identity: None,
    })
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
        let known = self.known(path);
        let home = match &self.served {
            Served::Disk { folder, sync } => {
                on_disk(folder.join(path.as_str()), *sync, known).await?
            }
            Served::Store(store) => in_store(store, path, known).await?,
        };
        Ok(self.keep(path, home).io)
    }
}
