//! Folders and files as a tree; every method is one step under the lock.

use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::Timestamp;

use super::content::Content;
use crate::driver::{FileStat, Key, Outcome, Refusal, ScanEntry};
use crate::metadata::UserMetadata;
use crate::version::FileVersion;

/// A file at rest.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) content: Content,
    pub(super) modified_at: Timestamp,
    /// Boxed because most files have none.
    pub(super) metadata: Option<Box<UserMetadata>>,
}

impl File {
    pub(super) fn stat(&self) -> FileStat {
        FileStat {
            size: self.content.len(),
            modified_at: Some(self.modified_at),
            metadata: self.metadata.as_deref().cloned(),
            ..FileStat::default()
        }
    }
}

/// What a name in a folder stands for.
#[derive(Debug)]
pub(super) enum Entry {
    File(File),
    Folder(Box<Folder>),
}

/// A folder: its children by name, in order, so that a listing can go on
/// where it stopped.
#[derive(Debug, Default)]
pub(super) struct Folder {
    children: BTreeMap<Box<str>, Entry>,
}

impl Drop for Folder {
    /// Takes the tree apart level by level: a chain of folders as deep as a
    /// path may be long would overflow the stack otherwise.
    fn drop(&mut self) {
        let mut pending = vec![std::mem::take(&mut self.children)];
        while let Some(children) = pending.pop() {
            for entry in children.into_values() {
                if let Entry::Folder(mut folder) = entry {
                    pending.push(std::mem::take(&mut folder.children));
                }
            }
        }
    }
}

impl Folder {
    /// What stands below the root: never asked for the root itself.
    pub(super) fn find(&self, key: Key<'_>) -> Outcome<&Entry> {
        let parent = self.folder(key.parent())?;
        parent.children.get(key.name()).ok_or(Refusal::Missing)
    }

    pub(super) fn file(&self, key: Key<'_>) -> Outcome<&File> {
        match self.find(key)? {
            Entry::File(file) => Ok(file),
            Entry::Folder(_) => Err(Refusal::IsFolder),
        }
    }

    pub(super) fn folder(&self, key: Key<'_>) -> Outcome<&Self> {
        let mut folder = self;
        for segment in key.segments() {
            folder = match folder.children.get(segment) {
                Some(Entry::Folder(next)) => next,
                Some(Entry::File(_)) => return Err(Refusal::NotFolder),
                None => return Err(Refusal::Missing),
            };
        }
        Ok(folder)
    }

    fn folder_mut(&mut self, key: Key<'_>) -> Outcome<&mut Self> {
        let mut folder = self;
        for segment in key.segments() {
            folder = match folder.children.get_mut(segment) {
                Some(Entry::Folder(next)) => next,
                Some(Entry::File(_)) => return Err(Refusal::NotFolder),
                None => return Err(Refusal::Missing),
            };
        }
        Ok(folder)
    }

    /// The folder at `key`, made with its parents where it is missing. Either
    /// nothing is made, because a file is in the way, or all of it.
    pub(super) fn make_folder(&mut self, key: Key<'_>) -> Outcome<&mut Self> {
        let mut folder = self;
        for segment in key.segments() {
            let entry = folder
                .children
                .entry(segment.into())
                .or_insert_with(|| Entry::Folder(Box::default()));
            folder = match entry {
                Entry::Folder(next) => next,
                Entry::File(_) => return Err(Refusal::NotFolder),
            };
        }
        Ok(folder)
    }

    /// Whether a file may be put at `key`.
    pub(super) fn admits(&self, key: Key<'_>, replace: bool) -> Outcome<()> {
        match self.find(key) {
            Ok(Entry::Folder(_)) => Err(Refusal::IsFolder),
            Ok(Entry::File(_)) if !replace => Err(Refusal::Occupied),
            Ok(Entry::File(_)) | Err(Refusal::Missing) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Demands that the file at `key` is of that version.
    pub(super) fn require_version(&self, key: Key<'_>, version: &FileVersion) -> Outcome<()> {
        match self.file(key) {
            Ok(file) if version.is(&FileVersion::from(&file.stat())) => Ok(()),
            Ok(_) | Err(Refusal::Missing) => Err(Refusal::Changed),
            Err(refusal) => Err(refusal),
        }
    }

    /// Puts a file at a key that [admits](Self::admits) it; hands back what
    /// it replaces, to be dropped outside the lock.
    pub(super) fn put(&mut self, key: Key<'_>, file: File) -> Outcome<Option<Entry>> {
        let parent = self.make_folder(key.parent())?;
        Ok(parent.children.insert(key.name().into(), Entry::File(file)))
    }

    /// Takes a file out.
    pub(super) fn take_file(&mut self, key: Key<'_>) -> Outcome<File> {
        self.file(key)?;
        let parent = self.folder_mut(key.parent())?;
        match parent.children.remove(key.name()) {
            Some(Entry::File(file)) => Ok(file),
            Some(Entry::Folder(_)) | None => Err(Refusal::Missing),
        }
    }

    /// Whether a new folder may be made at `key`, its parents with it or not.
    pub(super) fn admits_folder(&self, key: Key<'_>, parents: bool) -> Outcome<()> {
        match self.find(key) {
            Ok(_) => Err(Refusal::Occupied),
            Err(Refusal::Missing) if parents => Ok(()),
            Err(Refusal::Missing) => self.folder(key.parent()).map(drop),
            Err(refusal) => Err(refusal),
        }
    }

    /// Whether a folder may be moved to `key`.
    pub(super) fn admits_moved_folder(&self, key: Key<'_>) -> Outcome<()> {
        self.folder(key.parent())?;
        match self.find(key) {
            Ok(Entry::Folder(folder)) => folder.require_empty(),
            Ok(Entry::File(_)) => Err(Refusal::NotFolder),
            Err(Refusal::Missing) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Moves a folder to a key that [admits](Self::admits_moved_folder) it.
    pub(super) fn move_folder(&mut self, from: Key<'_>, to: Key<'_>) -> Outcome<()> {
        let moved = self.take_folder(from)?.ok_or(Refusal::Missing)?;
        let parent = self.make_folder(to.parent())?;
        parent.children.insert(to.name().into(), moved);
        Ok(())
    }

    pub(super) fn require_empty(&self) -> Outcome<()> {
        if self.children.is_empty() {
            Ok(())
        } else {
            Err(Refusal::NotEmpty)
        }
    }

    /// Takes a folder out, with all it holds.
    pub(super) fn take_folder(&mut self, key: Key<'_>) -> Outcome<Option<Entry>> {
        Ok(self.folder_mut(key.parent())?.children.remove(key.name()))
    }

    /// The children after the one called `after`, at most `limit`.
    pub(super) fn list(&self, after: Option<&str>, limit: usize) -> Vec<ScanEntry> {
        let from = match after {
            Some(name) => Bound::Excluded(name),
            None => Bound::Unbounded,
        };
        self.children
            .range::<str, _>((from, Bound::Unbounded))
            .take(limit)
            .map(|(name, entry)| match entry {
                Entry::File(file) => ScanEntry::file(&**name, file.stat()),
                Entry::Folder(_) => ScanEntry::folder(&**name),
            })
            .collect()
    }
}
