//! What primitives take and give.

use std::ops::{Bound, RangeBounds};

use jiff::Timestamp;

use crate::error::{Error, ErrorKind, Result};
use crate::metadata::UserMetadata;
use crate::model::ContentDigest;
use crate::version::FileVersion;

/// How the calls of a driver run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Execution {
    /// Every call is done at the first poll and costs little: it runs where
    /// the caller is.
    Ready,
    /// Calls block their thread: each operation runs whole on a pool of threads.
    Blocks {
        /// Whether reads, looks and listings heed
        /// [`CallContext::must_not_wait`](super::CallContext::must_not_wait), and so are tried on the caller's
        /// thread first.
        nowait: bool,
    },
    /// Calls wait on a reactor, as a network client does: they are awaited.
    Waits,
}

/// Whether folders are nodes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Namespace {
    /// Folders are nodes: a file cannot stand where a folder does, nor below
    /// another file.
    #[default]
    Hierarchical,
    /// Keys are plain texts, and a folder is there as long as a key lies below
    /// it: a write looks neither for a folder at its path nor for a file among
    /// the ancestors.
    Flat,
}

/// What stands at a key.
#[derive(Debug, Clone)]
pub enum Node {
    /// A file.
    File(FileStat),
    /// A folder.
    Folder,
    /// A pipe, a socket, a device: there, but never read and never listed.
    Special,
}

/// What a driver knows of a file.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct FileStat {
    /// Bytes.
    pub size: u64,
    /// The last change of the content.
    pub modified_at: Option<Timestamp>,
    /// The version tag, without quotes.
    pub etag: Option<String>,
    /// The version identifier.
    pub version_id: Option<String>,
    /// A stored digest.
    pub digest: Option<ContentDigest>,
    /// The media type.
    pub content_type: Option<String>,
    /// User metadata, where it was looked up.
    pub metadata: Option<UserMetadata>,
}

impl FileStat {
    /// A file of which only the size is known.
    pub fn new(size: u64) -> Self {
        Self {
            size,
            ..Self::default()
        }
    }
}

/// How much a look at a key must tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Only what kind of node it is.
    Kind,
    /// Only whether a file is there.
    File,
    /// Only whether a folder is there: an earlier call has found no file.
    Folder,
    /// All of [`FileStat`].
    Full,
}

/// The part of a file that a read is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ByteRange {
    /// The first byte.
    pub start: u64,
    /// The byte after the last; `None` for the end of the file.
    pub end: Option<u64>,
}

impl ByteRange {
    /// The whole file.
    pub const ALL: Self = Self {
        start: 0,
        end: None,
    };

    /// Half-open, whatever the bounds were.
    pub(crate) fn from_bounds(range: &impl RangeBounds<u64>) -> Result<Self> {
        let start = match range.start_bound() {
            Bound::Included(&start) => start,
            Bound::Excluded(&before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(&last) => last.checked_add(1),
            Bound::Excluded(&end) => Some(end),
            Bound::Unbounded => None,
        };
        if end.is_some_and(|end| end < start) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("the range ends before it starts, at byte {start}"),
            ));
        }
        Ok(Self { start, end })
    }
}

/// A file that was opened for reading.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened<R> {
    /// Reads from the range's start on.
    pub reader: R,
    /// The file's length in bytes at the moment it was opened.
    pub size: u64,
}

impl<R> Opened<R> {
    /// A file of `size` bytes that `reader` reads.
    pub fn new(reader: R, size: u64) -> Self {
        Self { reader, size }
    }
}

/// What a write is to become.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct WritePlan {
    /// Replace a file at the key; otherwise whatever stands there is
    /// [`Refusal::Occupied`](super::Refusal::Occupied).
    pub replace: bool,
    /// Replace a file of this version alone; any other, and nothing, is
    /// [`Refusal::Changed`](super::Refusal::Changed). `replace` is set, too.
    pub if_match: Option<FileVersion>,
    /// `write_atomic`: once acknowledged, the file survives a crash.
    pub durable: bool,
    /// User metadata; `None` clears that of a replaced file.
    pub metadata: Option<UserMetadata>,
}

/// One entry of a scan.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ScanEntry {
    /// The path below the scanned folder: one segment, or several where the
    /// driver [scans deep](super::Driver::scans_deep).
    pub name: String,
    /// A file or a folder; special nodes are not listed.
    pub node: Node,
    /// Whether a recursive listing enters the folder: not where it is a link.
    pub descend: bool,
}

impl ScanEntry {
    /// A file.
    pub fn file(name: impl Into<String>, stat: FileStat) -> Self {
        Self {
            name: name.into(),
            node: Node::File(stat),
            descend: false,
        }
    }

    /// A folder that is entered.
    pub fn folder(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            node: Node::Folder,
            descend: true,
        }
    }
}

/// How far a piece of bounded work got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// There is more to do: call again.
    More,
    /// Nothing is left.
    Done,
}
