//! Locations: a store and a place in it, made from an address.

mod common;
mod disk;
mod stores;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use holdall::{AsyncStore, ErrorKind, FileInfo, SyncPolicy, is_temporary_name};

pub(crate) use common::CommonStore;
pub(crate) use disk::existing_folder;
pub(crate) use stores::{DEFAULT, Purpose, Stores};

use crate::address::url_path;
use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// A place in a store.
#[derive(Clone)]
pub(crate) struct Location {
    store: AsyncStore,
    /// The path in the store; empty for its root.
    key: String,
    /// How the user names it.
    label: String,
    /// Whether the address ends in a separator.
    names_a_folder: bool,
    /// Whether the address is a URL, in which some characters are encoded.
    is_url: bool,
    /// Where the store's root lies on this machine's disk.
    disk_root: Option<PathBuf>,
    /// What its writes sync, where it lies on this machine's disk.
    write_sync: SyncPolicy,
    /// The name that a copy gets in a folder; none for the root of a store.
    name: Option<String>,
    /// Whether this is the root of a whole store, which is there even before
    /// anything is in it.
    is_store_root: bool,
    /// Where its store is.
    service: Service,
}

/// Where a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    /// On this machine: it is there, even before anything is in it.
    Here,
    /// Somewhere else: whether it is there has to be asked.
    Elsewhere,
}

/// What stands at a location.
#[derive(Debug)]
pub(crate) enum Node {
    /// A file.
    File(Box<FileInfo>),
    /// A folder.
    Folder,
    /// Nothing.
    Missing,
}

impl Location {
    /// The store.
    pub(crate) fn store(&self) -> &AsyncStore {
        &self.store
    }

    /// The path in the store; empty for its root.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// How the user names it.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The last segment; `.` for the root of a store.
    pub(crate) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(".")
    }

    /// Whether the address ends in a separator, so can only be a folder.
    pub(crate) fn names_a_folder(&self) -> bool {
        self.names_a_folder
    }

    /// Whether this is the root of the store that it was opened with.
    pub(crate) fn is_root(&self) -> bool {
        self.key.is_empty()
    }

    /// The key of `relative` below this location.
    pub(crate) fn key_below(&self, relative: &str) -> String {
        join(&self.key, relative)
    }

    /// The path of `key` relative to this location, which it is below.
    pub(crate) fn relative<'a>(&self, key: &'a str) -> &'a str {
        key.strip_prefix(self.key.as_str())
            .map_or(key, |rest| rest.trim_start_matches('/'))
    }

    /// How the user names `relative` below this location.
    pub(crate) fn label_below(&self, relative: &str) -> String {
        let encoded = match self.is_url {
            true => Cow::Owned(url_path(relative)),
            false => Cow::Borrowed(relative),
        };
        let relative = encoded.as_ref();
        match relative {
            "" | "." => self.label.clone(),
            _ if self.label.ends_with(['/', ':']) => format!("{}{relative}", self.label),
            _ => format!("{}/{relative}", self.label),
        }
    }

    /// The file `name` in this folder.
    pub(crate) fn child(&self, name: &str) -> Self {
        Self {
            store: self.store.clone(),
            key: self.key_below(name),
            label: self.label_below(name),
            names_a_folder: false,
            is_url: self.is_url,
            disk_root: self.disk_root.clone(),
            write_sync: self.write_sync,
            name: Some(name.to_owned()),
            is_store_root: false,
            service: self.service,
        }
    }

    /// What stands here.
    pub(crate) async fn look(&self) -> Result<Node> {
        if self.is_store_root {
            if self.service == Service::Elsewhere {
                let answer = self.store.ping().await;
                answer.map_err(|error| self.failure(&error))?;
            }
            return Ok(Node::Folder);
        }
        let error = if self.is_root() {
            None
        } else {
            match self.store.get_file_info(&self.key).await {
                Ok(_) if self.names_a_folder => {
                    return Err(Failure::at(
                        &self.label,
                        Exit::InvalidPath,
                        "a file stands here, and the address ends as that of a folder",
                    ));
                }
                Ok(info) => return Ok(Node::File(Box::new(info))),
                Err(error) => match error.kind() {
                    ErrorKind::NotFound => None,
                    ErrorKind::InvalidPath => Some(error),
                    _ => return Err(self.failure(&error)),
                },
            }
        };
        let is_folder = self.store.is_folder(&self.key).await;
        match (is_folder.map_err(|error| self.failure(&error))?, error) {
            (true, _) => Ok(Node::Folder),
            (false, Some(error)) => Err(self.failure(&error)),
            (false, None) => Ok(Node::Missing),
        }
    }

    /// What stands here, which has to be something.
    pub(crate) async fn look_for_something(&self) -> Result<Node> {
        match self.look().await? {
            Node::Missing => Err(self.missing()),
            node => Ok(node),
        }
    }

    /// The failure of a location where nothing stands.
    pub(crate) fn missing(&self) -> Failure {
        Failure::at(
            &self.label,
            Exit::NotFound,
            "no file and no folder stands here",
        )
    }

    /// The store's `error` at this location.
    pub(crate) fn failure(&self, error: &holdall::Error) -> Failure {
        Failure::store(&self.label, error)
    }

    /// Whether the folder `key` is a link to one: those are shown, and never
    /// descended into, as they can lead in a circle.
    pub(crate) fn is_linked(&self, key: &str) -> bool {
        self.disk_root
            .as_ref()
            .is_some_and(|root| root.join(key).is_symlink())
    }

    /// How many names the folder `key` has on this machine's disk, whatever
    /// they stand for; temporary ones apart.
    pub(crate) fn names_on_disk(&self, key: &str) -> Option<u64> {
        let entries = std::fs::read_dir(self.disk_root.as_ref()?.join(key)).ok()?;
        let is_lasting = |name: &OsStr| !name.to_str().is_some_and(is_temporary_name);
        let lasting = entries
            .flatten()
            .filter(|entry| is_lasting(&entry.file_name()));
        Some(lasting.count() as u64)
    }

    /// Where this lies on this machine's disk, if it does.
    #[cfg(feature = "ftp")]
    pub(crate) fn disk_folder(&self) -> Option<PathBuf> {
        self.disk_root.as_ref().map(|root| root.join(&self.key))
    }

    /// What its writes sync, where it lies on this machine's disk.
    #[cfg(feature = "ftp")]
    pub(crate) fn write_sync(&self) -> SyncPolicy {
        self.write_sync
    }

    /// Whether this is `other`, or lies below it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        match (&self.disk_root, &other.disk_root) {
            (Some(root), Some(other_root)) => {
                let place = disk::real_place(&root.join(&self.key));
                place.starts_with(disk::real_place(&other_root.join(&other.key)))
            }
            (None, None) if self.has_the_store_of(other) => {
                Path::new(&self.full_key()).starts_with(other.full_key())
            }
            _ => false,
        }
    }

    /// The path in the backend.
    fn full_key(&self) -> String {
        join(self.store.root_path(), &self.key)
    }

    /// Whether both are on one backend.
    fn shares_a_backend_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.store.backend(), other.store.backend())
    }

    /// Whether both are in one place, as far as the backends can tell: two
    /// names and a URL can all mean one container.
    fn has_the_store_of(&self, other: &Self) -> bool {
        if self.shares_a_backend_with(other) {
            return true;
        }
        let plans = (self.store.resolve(""), other.store.resolve(""));
        match plans {
            (Ok(plan), Ok(other)) => {
                !plan.details.is_empty() && (plan.kind, plan.details) == (other.kind, other.details)
            }
            _ => false,
        }
    }

    /// Whether this and `other` are one place.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.is_within(other) && other.is_within(self)
    }

    /// Where this lies on the disk, links above it resolved and one at its end
    /// not.
    fn disk_place(&self) -> Option<PathBuf> {
        let path = self.disk_root.as_ref()?.join(&self.key);
        let name = path.file_name()?;
        Some(disk::real_place(path.parent()?).join(name))
    }
}

fn join(folder: &str, rest: &str) -> String {
    match (folder, rest) {
        ("", rest) => rest.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    }
}
