//! Opening the store that an address names.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use holdall::registry::ConfigValue;
use holdall::{
    AsyncMemoryBackend, AsyncStore, BackendConfig, LocalBackend, RemotePath, SyncPolicy,
};

use super::disk::{existing_folder, split_path};
use super::{Location, Service};
use crate::address::{Address, SUPPORTED};
use crate::configuration::Configuration;
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

/// The name of the store that is there without any configuration.
pub(crate) const DEFAULT: &str = "default";

/// The stores of this process.
#[derive(Default)]
pub(crate) struct Stores {
    memory: OnceLock<AsyncStore>,
    configuration: Configuration,
}

/// A store that an address names, and the path in it.
struct Opened {
    store: AsyncStore,
    disk_root: Option<PathBuf>,
    write_sync: SyncPolicy,
    key: String,
    service: Service,
}

impl Stores {
    /// The stores of `configuration` besides those that are always there.
    pub(crate) fn new(configuration: Configuration) -> Self {
        Self {
            memory: OnceLock::new(),
            configuration,
        }
    }

    /// What is configured.
    pub(crate) fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Parses `text` and opens its store. Nothing is created.
    pub(crate) fn locate(&self, text: &str, purpose: Purpose) -> Result<Location> {
        let address = Address::parse(text)?;
        let label = address.label();
        self.open(&address, purpose)
            .map(|opened| located(&address, label.clone(), opened))
            .map_err(|failure| failure.with_subject(label))
    }

    fn open(&self, address: &Address, purpose: Purpose) -> Result<Opened> {
        match address {
            Address::Local(path) => {
                let (root, key) = split_path(Path::new(path), purpose)?;
                Ok(Opened {
                    store: open_disk(&root, "")?,
                    disk_root: Some(root),
                    write_sync: SyncPolicy::default(),
                    key,
                    service: Service::Here,
                })
            }
            Address::Default(path) if self.configuration.backend_of(DEFAULT)?.is_none() => {
                let folder = home::default_store()?;
                let (root, rest) = existing_folder(&folder)?;
                Ok(Opened {
                    store: open_disk(&root, &rest)?,
                    disk_root: Some(folder),
                    write_sync: SyncPolicy::default(),
                    key: normalized(path)?,
                    service: Service::Here,
                })
            }
            Address::Default(path) => self.named(DEFAULT, path),
            Address::Named { store, path } => self.named(store, path),
            Address::Memory(path) => Ok(Opened {
                store: self.memory()?,
                disk_root: None,
                write_sync: SyncPolicy::default(),
                key: normalized(path)?,
                service: Service::Here,
            }),
            Address::Url { store, path } => {
                let registry = self.configuration.registry()?;
                let store = registry.store_at(store);
                Ok(Opened {
                    store: store.map_err(|error| Failure::from(&error))?,
                    disk_root: None,
                    write_sync: SyncPolicy::default(),
                    key: normalized(path)?,
                    service: Service::Elsewhere,
                })
            }
        }
    }

    fn named(&self, name: &str, path: &str) -> Result<Opened> {
        let backend = self.configuration.backend_of(name)?;
        let kind = backend.map(BackendConfig::kind);
        let store = self.configuration.registry()?.store(name);
        let store = store.map_err(|error| match kind {
            Some(_) => Failure::from(&error),
            None => Failure::from(&error).with_hint(SUPPORTED),
        })?;
        let disk_root = match kind {
            Some("local") => {
                let native = store.native_path("");
                Some(native.map_err(|error| Failure::from(&error))?.into())
            }
            _ => None,
        };
        Ok(Opened {
            key: normalized(path)?,
            service: match kind {
                Some("local" | "memory") => Service::Here,
                _ => Service::Elsewhere,
            },
            store,
            disk_root,
            write_sync: backend.map_or(SyncPolicy::default(), write_sync),
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

fn located(address: &Address, label: String, opened: Opened) -> Location {
    let Opened {
        store,
        disk_root,
        write_sync,
        key,
        service,
    } = opened;
    let name = match address {
        Address::Local(path) => Path::new(path)
            .file_name()
            .and_then(|name| name.to_str())
            .map(str::to_owned),
        _ => last_segment(&key).map(str::to_owned),
    };
    Location {
        is_store_root: key.is_empty() && !matches!(address, Address::Local(_)),
        names_a_folder: address.names_a_folder(),
        is_url: matches!(address, Address::Url { .. }),
        label,
        store,
        key,
        disk_root,
        write_sync,
        name,
        service,
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

/// What a local backend was told to sync; it was checked when it was opened.
fn write_sync(backend: &BackendConfig) -> SyncPolicy {
    let policy = backend.options().get("write_sync");
    match policy.and_then(ConfigValue::as_str) {
        Some("data") => SyncPolicy::Data,
        Some("full") => SyncPolicy::Full,
        _ => SyncPolicy::Never,
    }
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
