//! Files and folders in memory.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::content::Content;
use crate::Timestamp;
use crate::pathio::error::{PathIoError, PathIoErrorKind, PathIoResult};
use crate::pathio::path::PathName;
use crate::pathio::stat::PathStat;

/// A number that no other node of this process has.
fn next_inode() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A file; whoever has it open in place holds it, whatever becomes of its name.
#[derive(Debug)]
pub(super) struct File {
    inode: u64,
    pub(super) data: Mutex<Data>,
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Data {
    pub(super) content: Content,
    modified: Timestamp,
    changed: Timestamp,
}

impl File {
    pub(super) fn new(content: Content) -> Self {
        let now = Timestamp::now();
        Self {
            inode: next_inode(),
            data: Mutex::new(Data {
                content,
                modified: now,
                changed: now,
            }),
        }
    }

    fn stat(&self) -> PathStat {
        let data = self.data.lock();
        let stat = PathStat::file(data.content.length(), data.modified);
        numbered(stat, data.changed, self.inode)
    }
}

impl Data {
    /// Notes that the content was changed just now.
    pub(super) fn touch(&mut self) {
        let now = Timestamp::now();
        (self.modified, self.changed) = (now, now);
    }

    fn set_modified(&mut self, modified: Timestamp) {
        (self.modified, self.changed) = (modified, Timestamp::now());
    }
}

fn numbered(mut stat: PathStat, changed: Timestamp, inode: u64) -> PathStat {
    stat.changed = changed;
    stat.inode = Some(inode);
    stat
}

/// What a name in a folder stands for.
#[derive(Debug)]
pub(super) enum Node {
    File(Arc<File>),
    Folder(Box<Folder>),
}

/// A folder: its children by name, in order, so that a listing can go on where
/// it stopped.
#[derive(Debug)]
pub(super) struct Folder {
    inode: u64,
    modified: Timestamp,
    changed: Timestamp,
    children: BTreeMap<Box<str>, Node>,
}

impl Drop for Folder {
    /// Takes the tree apart level by level: folders in folders, as deep as a path
    /// may be long, would overflow the stack otherwise.
    fn drop(&mut self) {
        let mut pending = vec![std::mem::take(&mut self.children)];
        while let Some(children) = pending.pop() {
            for node in children.into_values() {
                if let Node::Folder(mut folder) = node {
                    pending.push(std::mem::take(&mut folder.children));
                }
            }
        }
    }
}

impl Node {
    pub(super) fn stat(&self) -> PathStat {
        match self {
            Self::File(file) => file.stat(),
            Self::Folder(folder) => folder.stat(),
        }
    }

    pub(super) fn set_modified(&mut self, modified: Timestamp) {
        match self {
            Self::File(file) => file.data.lock().set_modified(modified),
            Self::Folder(folder) => folder.set_modified(modified),
        }
    }
}

impl Folder {
    pub(super) fn new() -> Self {
        let now = Timestamp::now();
        Self {
            inode: next_inode(),
            modified: now,
            changed: now,
            children: BTreeMap::new(),
        }
    }

    pub(super) fn stat(&self) -> PathStat {
        numbered(PathStat::folder(self.modified), self.changed, self.inode)
    }

    pub(super) fn set_modified(&mut self, modified: Timestamp) {
        (self.modified, self.changed) = (modified, Timestamp::now());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> PathIoResult<&Node> {
        self.children.get(name).ok_or_else(not_found)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> PathIoResult<&mut Node> {
        self.children.get_mut(name).ok_or_else(not_found)
    }

    /// Puts a node at a name; hands back what it replaces, to be dropped outside
    /// the lock.
    pub(super) fn insert(&mut self, name: &str, node: Node) -> Option<Node> {
        self.set_modified(Timestamp::now());
        self.children.insert(name.into(), node)
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Node> {
        self.set_modified(Timestamp::now());
        self.children.remove(name)
    }

    /// The folder at `path` beneath this one.
    pub(super) fn folder(&self, path: &PathName) -> PathIoResult<&Self> {
        let mut folder = self;
        for name in path.names() {
            folder = match folder.get(name)? {
                Node::Folder(next) => next,
                Node::File(_) => return Err(not_a_directory()),
            };
        }
        Ok(folder)
    }

    /// As [`Folder::folder`].
    pub(super) fn folder_mut(&mut self, path: &PathName) -> PathIoResult<&mut Self> {
        let mut folder = self;
        for name in path.names() {
            folder = match folder.get_mut(name)? {
                Node::Folder(next) => next,
                Node::File(_) => return Err(not_a_directory()),
            };
        }
        Ok(folder)
    }

    /// The folder at `path`, made with those on the way: all of them, or none
    /// where a file is in the way.
    pub(super) fn make_folders(&mut self, path: &PathName) -> PathIoResult<&mut Self> {
        let mut folder = self;
        for name in path.names() {
            if !folder.children.contains_key(name) {
                folder.insert(name, Node::Folder(Box::new(Self::new())));
            }
            folder = match folder.get_mut(name)? {
                Node::Folder(next) => next,
                Node::File(_) => return Err(not_a_directory()),
            };
        }
        Ok(folder)
    }

    /// The children after the one called `after`, at most `limit`.
    pub(super) fn list(&self, after: Option<&str>, limit: usize) -> Vec<(String, PathStat)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.children
            .range::<str, _>((from, Bound::Unbounded))
            .take(limit)
            .map(|(name, node)| (name.as_ref().to_owned(), node.stat()))
            .collect()
    }
}

pub(super) fn not_found() -> PathIoError {
    PathIoError::new(PathIoErrorKind::NotFound, "nothing stands at the path")
}

pub(super) fn already_exists() -> PathIoError {
    let message = "something stands at the path already";
    PathIoError::new(PathIoErrorKind::AlreadyExists, message)
}

pub(super) fn is_a_directory() -> PathIoError {
    let message = "a folder stands at the path, where a file is needed";
    PathIoError::new(PathIoErrorKind::IsADirectory, message)
}

pub(super) fn not_a_directory() -> PathIoError {
    let message = "a file stands at the path or on the way, where a folder is needed";
    PathIoError::new(PathIoErrorKind::NotADirectory, message)
}

pub(super) fn directory_not_empty() -> PathIoError {
    let message = "the folder has content: remove that first";
    PathIoError::new(PathIoErrorKind::DirectoryNotEmpty, message)
}
