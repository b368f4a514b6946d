//! The tree of one container: directories and files, and the rules of paths.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::Bytes;
use jiff::Timestamp;

/// A path below a container's root, without a slash at either end.
///
/// Paths are ordered segment by segment, so that what a directory holds follows
/// it at once. The recorded listings are in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(String);

impl Path {
    pub(crate) const ROOT: &'static Self = &Self(String::new());

    pub(crate) fn new(text: &str) -> Self {
        Self(text.trim_matches('/').to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this path is below `directory`, at any depth.
    pub(crate) fn is_below(&self, directory: &Self) -> bool {
        if directory.is_root() {
            return !self.is_root();
        }
        let rest = self.0.strip_prefix(&directory.0);
        rest.is_some_and(|rest| rest.starts_with('/'))
    }

    pub(crate) fn parent(&self) -> Self {
        Self(
            self.0
                .rsplit_once('/')
                .map_or("", |(parent, _)| parent)
                .to_owned(),
        )
    }

    /// The proper ancestors, less the root, from the top.
    pub(crate) fn ancestors(&self) -> impl Iterator<Item = Self> + '_ {
        let slashes = self.0.match_indices('/');
        slashes
            .filter_map(|(end, _)| self.0.get(..end))
            .map(|path| Self(path.to_owned()))
    }

    /// Where this path comes to be when `from` is renamed `to`.
    fn moved(&self, from: &Self, to: &Self) -> Self {
        let rest = self.0.strip_prefix(&from.0).unwrap_or_default();
        Self(format!("{}{rest}", to.0))
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.split('/').cmp(other.0.split('/'))
    }
}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A version of something: its entity tag, without quotes, and when it came to
/// be.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    pub(crate) etag: String,
    pub(crate) time: Timestamp,
}

/// A directory or a file.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) stamp: Stamp,
    pub(crate) created: Timestamp,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) content_type: Option<String>,
    pub(crate) kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Directory,
    File(Box<File>),
}

/// A file's content, committed and on its way.
#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    pub(crate) content: Bytes,
    pub(crate) md5: Option<String>,
    /// The committed blocks, where the content was made of a block list.
    pub(crate) blocks: Vec<(String, Bytes)>,
    /// What was appended by position and not yet flushed.
    pub(crate) appended: BTreeMap<u64, Bytes>,
    pub(crate) copy: Option<Copy>,
}

/// The copy that a file is the destination of.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) length: usize,
    pub(crate) status: &'static str,
    pub(crate) completed: Timestamp,
    /// What arrives once this many more looks have been taken.
    pub(crate) pending: Option<(u32, &'static str, Bytes)>,
}

impl Node {
    pub(crate) fn directory(stamp: Stamp) -> Self {
        Self {
            created: stamp.time,
            stamp,
            metadata: BTreeMap::new(),
            content_type: None,
            kind: Kind::Directory,
        }
    }

    pub(crate) fn file(stamp: Stamp, file: File) -> Self {
        Self {
            kind: Kind::File(Box::new(file)),
            content_type: Some("application/octet-stream".to_owned()),
            ..Self::directory(stamp)
        }
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self.kind, Kind::Directory)
    }

    pub(crate) fn as_file(&self) -> Option<&File> {
        match &self.kind {
            Kind::File(file) => Some(file),
            Kind::Directory => None,
        }
    }

    pub(crate) fn length(&self) -> usize {
        self.as_file().map_or(0, |file| file.content.len())
    }
}

/// An element of a path is a file.
#[derive(Debug)]
pub(crate) struct UnderFile;

/// Everything in a container, by path.
#[derive(Debug, Default)]
pub(crate) struct Tree(BTreeMap<Path, Node>);

impl Tree {
    pub(crate) fn get(&self, path: &Path) -> Option<&Node> {
        self.0.get(path)
    }

    pub(crate) fn get_mut(&mut self, path: &Path) -> Option<&mut Node> {
        self.0.get_mut(path)
    }

    /// Refuses a path below a file.
    pub(crate) fn check_ancestors(&self, path: &Path) -> Result<(), UnderFile> {
        let is_file = |ancestor| self.get(&ancestor).is_some_and(|node| !node.is_directory());
        if path.ancestors().any(is_file) {
            return Err(UnderFile);
        }
        Ok(())
    }

    /// Puts a node at `path`, and directories where its ancestors are missing.
    /// A node that replaces a file keeps that file's time of creation.
    pub(crate) fn put(&mut self, path: &Path, mut node: Node) -> Result<(), UnderFile> {
        self.check_ancestors(path)?;
        for ancestor in path.ancestors() {
            let directory = || Node::directory(node.stamp.clone());
            self.0.entry(ancestor).or_insert_with(directory);
        }
        if let Some(replaced) = self.get(path) {
            node.created = replaced.created;
        }
        self.0.insert(path.clone(), node);
        Ok(())
    }

    pub(crate) fn remove(&mut self, path: &Path) -> Option<Node> {
        self.0.remove(path)
    }

    /// What is below `directory` at any depth, in order, after `start` where one
    /// is given.
    pub(crate) fn below<'a>(
        &'a self,
        directory: &'a Path,
        start: Option<&Path>,
    ) -> impl Iterator<Item = (&'a Path, &'a Node)> {
        let start = start.unwrap_or(directory).max(directory).clone();
        let range = self.0.range((Bound::Excluded(start), Bound::Unbounded));
        range.take_while(|(path, _)| path.is_below(directory))
    }

    pub(crate) fn is_empty_directory(&self, path: &Path) -> bool {
        self.below(path, None).next().is_none()
    }

    /// Moves the node at `from`, and all below it, to `to`.
    pub(crate) fn rename(&mut self, from: &Path, to: &Path) {
        let below: Vec<Path> = self
            .below(from, None)
            .map(|(path, _)| path.clone())
            .collect();
        for path in std::iter::once(from.clone()).chain(below) {
            if let Some(node) = self.0.remove(&path) {
                self.0.insert(path.moved(from, to), node);
            }
        }
    }
}
