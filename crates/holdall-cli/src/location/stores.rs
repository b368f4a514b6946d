//! Opening the store that an address names.

use std::path::Path;
use std::sync::OnceLock;

use holdall::{AsyncMemoryBackend, AsyncStore, LocalBackend, RemotePath};

use super::Location;
use super::disk::{existing_folder, split_path};
use crate::address::Address;
use crate::failure::{Failure, Result};
use crate::home;

/// What a location is wanted for, which decides how links and folders at its
/// end are taken. It matters on this machine's disk alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading: a link at the end is followed, a folder is the store's root.
    Source,
    /// Writing: a link at the end is replaced, a folder is the store's root.
    Target,
    /// Removing or moving: the node itself, a link or a folder too.
    Node,
}

/// The stores of this process.
#[derive(Default)]
pub(crate) struct Stores {
    memory: OnceLock<AsyncStore>,
}

impl Stores {
    /// Parses `text` and opens its store. Nothing is created.
    pub(crate) fn locate(&self, text: &str, purpose: Purpose) -> Result<Location> {
        let address = Address::parse(text)?;
        let label = address.label();
        self.open(&address, &label, purpose)
            .map_err(|failure| failure.with_subject(label))
    }

    fn open(&self, address: &Address, label: &str, purpose: Purpose) -> Result<Location> {
        let (store, disk_root, key) = match address {
            Address::Local(path) => {
                let (root, key) = split_path(Path::new(path), purpose)?;
                (open_disk(&root, "")?, Some(root), key)
            }
            Address::Default(path) => {
                let folder = home::default_store()?;
                let (root, rest) = existing_folder(&folder)?;
                (open_disk(&root, &rest)?, Some(folder), normalized(path)?)
            }
            Address::Memory(path) => (self.memory()?, None, normalized(path)?),
        };
        let name = match address {
            Address::Local(path) => Path::new(path)
                .file_name()
                .and_then(|name| name.to_str())
                .map(str::to_owned),
            _ => last_segment(&key).map(str::to_owned),
        };
        Ok(Location {
            is_store_root: key.is_empty() && !matches!(address, Address::Local(_)),
            names_a_folder: address.names_a_folder(),
            label: label.to_owned(),
            store,
            key,
            disk_root,
            name,
        })
    }

    fn memory(&self) -> Result<AsyncStore> {
        if let Some(store) = self.memory.get() {
            return Ok(store.clone());
        }
        let store = AsyncStore::new(AsyncMemoryBackend::new(), "")
            .map_err(|error| Failure::from(&error))?;
        Ok(self.memory.get_or_init(|| store).clone())
    }
}

/// A store over the folder `root` of this machine's disk, which has to be there.
pub(super) fn open_disk(root: &Path, root_path: &str) -> Result<AsyncStore> {
    let backend = LocalBackend::builder(root)
        .create_root(false)
        .build()
        .map_err(|error| Failure::from(&error))?;
    AsyncStore::new(backend, root_path).map_err(|error| Failure::from(&error))
}

/// The canonical form of a path in a store; empty for the root.
fn normalized(path: &str) -> Result<String> {
    if path
        .split(['/', '\\'])
        .all(|segment| matches!(segment, "" | "."))
    {
        return Ok(String::new());
    }
    match RemotePath::new(path) {
        Ok(path) => Ok(path.as_str().to_owned()),
        Err(error) => Err(Failure::from(&error)),
    }
}

fn last_segment(key: &str) -> Option<&str> {
    key.rsplit('/').next().filter(|name| !name.is_empty())
}
