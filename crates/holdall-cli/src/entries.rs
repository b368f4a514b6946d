//! What lies in a folder: sorted for people, streamed for copying.

use std::iter::Peekable;
use std::vec::IntoIter;

use holdall::{FileInfo, Listing, PathEntry, Timestamp};

use crate::failure::{Failure, Failures, Result};
use crate::location::Location;

/// A child of a folder, as small as a listing needs it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The last segment of its path.
    pub(crate) name: String,
    /// File or folder.
    pub(crate) kind: EntryKind,
    /// Bytes; 0 for a folder.
    pub(crate) size: u64,
    /// The last change of a file, where the store knows it.
    pub(crate) modified_at: Option<Timestamp>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

impl EntryKind {
    /// The name in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
        }
    }
}

impl Entry {
    /// The entry of a file.
    pub(crate) fn file(name: &str, info: &FileInfo) -> Self {
        Self {
            name: name.to_owned(),
            kind: EntryKind::File,
            size: info.size,
            modified_at: info.modified_at,
        }
    }

    /// The entry of a folder.
    pub(crate) fn folder(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: EntryKind::Folder,
            size: 0,
            modified_at: None,
        }
    }
}

impl From<PathEntry> for Entry {
    fn from(entry: PathEntry) -> Self {
        match &entry {
            PathEntry::File(info) => Self::file(info.name(), info),
            PathEntry::Folder(folder) => Self::folder(folder.name()),
        }
    }
}

/// The children of `relative` below `folder`, by name.
async fn sorted_children(folder: &Location, relative: &str) -> Result<IntoIter<Entry>> {
    let failed = |error| Failure::store(folder.label_below(relative), &error);
    let key = folder.key_below(relative);
    let mut listing = folder.store().iter_children(&key).map_err(failed)?;
    let mut children = Vec::new();
    while let Some(entry) = listing.next().await {
        children.push(Entry::from(entry.map_err(failed)?));
    }
    children.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(children.into_iter())
}

/// A walk through a folder, each folder's children by name, a folder before
/// its content. Memory holds the folders on the way to the current entry.
pub(crate) struct SortedWalk<'a> {
    root: &'a Location,
    recursive: bool,
    levels: Vec<Level>,
}

struct Level {
    /// Relative to the root of the walk.
    path: String,
    children: Peekable<IntoIter<Entry>>,
}

/// One entry on a [`SortedWalk`].
pub(crate) struct Visit {
    /// Relative to the root of the walk.
    pub(crate) path: String,
    /// What stands there.
    pub(crate) entry: Entry,
    /// For each level from the top down to the entry's own, whether anything
    /// follows on it.
    pub(crate) followed: Vec<bool>,
}

impl<'a> SortedWalk<'a> {
    /// Begins at the folder `root`.
    ///
    /// Fails where `root` cannot be listed.
    pub(crate) async fn new(root: &'a Location, recursive: bool) -> Result<Self> {
        let children = sorted_children(root, "").await?.peekable();
        let top = Level {
            path: String::new(),
            children,
        };
        Ok(Self {
            root,
            recursive,
            levels: vec![top],
        })
    }

    /// The next entry; `None` at the end. A folder that cannot be listed goes
    /// to `failures`, and the walk goes on after it.
    pub(crate) async fn next(&mut self, failures: &mut Failures) -> Option<Visit> {
        let (entry, path) = loop {
            let level = self.levels.last_mut()?;
            match level.children.next() {
                Some(entry) => {
                    let path = match level.path.as_str() {
                        "" => entry.name.clone(),
                        parent => format!("{parent}/{}", entry.name),
                    };
                    break (entry, path);
                }
                None => self.levels.pop(),
            };
        };
        let followed = self.levels.iter_mut();
        let followed = followed
            .map(|level| level.children.peek().is_some())
            .collect();
        if self.recursive && entry.kind == EntryKind::Folder {
            self.descend(&path, failures).await;
        }
        Some(Visit {
            path,
            entry,
            followed,
        })
    }

    async fn descend(&mut self, path: &str, failures: &mut Failures) {
        if self.root.is_linked(&self.root.key_below(path)) {
            return;
        }
        match sorted_children(self.root, path).await {
            Ok(children) => self.levels.push(Level {
                path: path.to_owned(),
                children: children.peekable(),
            }),
            Err(failure) => failures.add(&failure),
        }
    }
}

/// All files below a folder, as the store yields them. Memory holds the paths
/// of the folders that are still to be entered.
pub(crate) struct FileWalk {
    root: Location,
    pending: Vec<String>,
    current: Option<Visited>,
    left_out: u64,
}

/// A folder that is being listed.
struct Visited {
    path: String,
    listing: Listing<PathEntry>,
    entries: u64,
}

impl FileWalk {
    /// Begins at the folder `root`.
    pub(crate) fn new(root: Location) -> Self {
        Self {
            root,
            pending: vec![String::new()],
            current: None,
            left_out: 0,
        }
    }

    /// How many names lie on this machine's disk in the folders walked so far
    /// that the store does not show: links that lead out or nowhere, pipes and
    /// the like, and names that no store path can hold.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The path of the next file relative to the root and its record, or why a
    /// folder cannot be listed: the walk then goes on after it.
    pub(crate) async fn next(&mut self) -> Option<Result<(String, FileInfo)>> {
        loop {
            let Some(folder) = &mut self.current else {
                match self.enter() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(failure) => return Some(Err(failure)),
                }
            };
            let entry = folder.listing.next().await;
            folder.entries += u64::from(matches!(entry, Some(Ok(_))));
            match entry {
                Some(Ok(PathEntry::File(info))) => {
                    let path = self.root.relative(info.path.as_str()).to_owned();
                    return Some(Ok((path, info)));
                }
                Some(Ok(PathEntry::Folder(found))) => {
                    if !self.root.is_linked(found.path.as_str()) {
                        let path = self.root.relative(found.path.as_str());
                        self.pending.push(path.to_owned());
                    }
                }
                Some(Err(error)) => {
                    let label = self.root.label_below(&folder.path);
                    self.current = None;
                    return Some(Err(Failure::store(label, &error)));
                }
                None => self.leave(),
            }
        }
    }

    /// Ends the current folder.
    fn leave(&mut self) {
        if let Some(folder) = self.current.take() {
            let key = self.root.key_below(&folder.path);
            let on_disk = self.root.names_on_disk(&key).unwrap_or_default();
            self.left_out += on_disk.saturating_sub(folder.entries);
        }
    }

    /// Begins the next pending folder; false where none is left.
    fn enter(&mut self) -> Result<bool> {
        let Some(path) = self.pending.pop() else {
            return Ok(false);
        };
        let key = self.root.key_below(&path);
        let listing = self.root.store().iter_children(&key);
        let listing =
            listing.map_err(|error| Failure::store(self.root.label_below(&path), &error))?;
        self.current = Some(Visited {
            path,
            listing,
            entries: 0,
        });
        Ok(true)
    }
}
