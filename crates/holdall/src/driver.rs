//! The small interface beneath the contract: what a backend author writes.
//!
//! A driver offers about fifteen primitives and holds no rule. It does one thing with its
//! precondition (create only, replace, remove a file) and reports what the
//! system said as a [`Refusal`]. The contract kernel makes the contract's
//! errors of it, and looks closer only after a failure. Wrap a driver in
//! [`DriverBackend`](crate::DriverBackend) to get a whole
//! [`AsyncBackend`](crate::AsyncBackend).

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use bytes::Bytes;
use jiff::Timestamp;

use crate::capability::CapabilitySet;
use crate::error::{Error, ErrorKind};
use crate::metadata::UserMetadata;
use crate::model::ContentDigest;
pub use crate::path::Key;

/// The result of a driver's primitive.
pub type Outcome<T> = std::result::Result<T, Refusal>;

/// Why a primitive did not do what it was asked: the system's answer, not yet
/// the caller's error.
#[derive(Debug)]
pub enum Refusal {
    /// Nothing stands at the key.
    Missing,
    /// Something stands at the key of a create, whatever it is.
    Occupied,
    /// A folder stands where a file is needed.
    IsFolder,
    /// A file stands where a folder is needed: at the key or among its ancestors.
    NotFolder,
    /// The folder has children.
    NotEmpty,
    /// The node is neither a file nor a folder: a pipe, a socket, a device.
    NotRegular,
    /// The key can name nothing in here, with the reason: a link that leads
    /// out or in a circle, a name that is too long.
    Unreachable(&'static str),
    /// The answer is not at hand and the call must not wait; see
    /// [`CallContext::must_not_wait`].
    WouldWait,
    /// The caller gave up before the commit; see [`CallContext::commit`].
    Cancelled,
    /// Anything else, with its kind.
    Failed(Error),
}

impl Refusal {
    /// A refusal of `kind` that no rule of the contract explains.
    pub fn failed(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::Failed(Error::new(kind, message))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// How the calls of a driver run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Execution {
    /// Every call is done at the first poll and costs little: it runs where
    /// the caller is.
    Ready,
    /// Calls block their thread: each operation runs whole on a pool of threads.
    Blocks {
        /// Whether reads, looks and listings heed
        /// [`CallContext::must_not_wait`], and so are tried on the caller's
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

/// A call's terms: whether it may wait, and whether its caller is still there.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallContext<'a> {
    nowait: bool,
    gate: Option<&'a CommitGate>,
}

impl<'a> CallContext<'a> {
    /// A call that may wait and cannot be cancelled.
    pub const UNBOUND: CallContext<'static> = CallContext {
        nowait: false,
        gate: None,
    };

    /// A call on the caller's own thread: what is not at hand is
    /// [`Refusal::WouldWait`], and nothing has changed then.
    pub(crate) const fn without_waiting() -> Self {
        Self {
            nowait: true,
            gate: None,
        }
    }

    /// A call that `gate` can still cancel.
    pub(crate) const fn gated(gate: &'a CommitGate) -> Self {
        Self {
            nowait: false,
            gate: Some(gate),
        }
    }

    /// Whether an answer that is not at hand must be [`Refusal::WouldWait`].
    pub const fn must_not_wait(self) -> bool {
        self.nowait
    }

    /// Whether the caller gave up: long work looks now and then and returns
    /// [`Refusal::Cancelled`].
    pub fn is_cancelled(self) -> bool {
        self.gate.is_some_and(CommitGate::is_cancelled)
    }

    /// Passes the point of no return. A driver calls this once per change, as
    /// the last thing before the change becomes visible, holding whatever lock
    /// keeps later calls on the same key behind this one until the change is
    /// done.
    ///
    /// # Errors
    ///
    /// [`Refusal::Cancelled`] where the caller gave up before: nothing may
    /// change then.
    pub fn commit(self) -> Outcome<()> {
        match self.gate {
            Some(gate) if !gate.commit() => Err(Refusal::Cancelled),
            _ => Ok(()),
        }
    }
}

/// Decides between a caller that gives up and a change that commits: exactly
/// one of them wins.
#[derive(Debug, Default)]
pub(crate) struct CommitGate(AtomicU8);

const OPEN: u8 = 0;
const COMMITTED: u8 = 1;
const CANCELLED: u8 = 2;

impl CommitGate {
    /// Whether the change may be made: true also when it was committed before.
    fn commit(&self) -> bool {
        match self
            .0
            .compare_exchange(OPEN, COMMITTED, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => true,
            Err(state) => state == COMMITTED,
        }
    }

    /// Gives up, unless the change is committed already.
    pub(crate) fn cancel(&self) {
        let _ = self
            .0
            .compare_exchange(OPEN, CANCELLED, Ordering::AcqRel, Ordering::Acquire);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire) == CANCELLED
    }
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

/// How much a look at a key must tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Only what kind of node it is.
    Kind,
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
}

/// A file that was opened for reading.
#[derive(Debug)]
pub struct Opened<R> {
    /// Reads from the range's start on.
    pub reader: R,
    /// The file's length in bytes at the moment it was opened.
    pub size: u64,
}

/// What a write is to become.
#[derive(Debug, Clone, Default)]
pub struct WritePlan {
    /// Replace a file at the key; otherwise whatever stands there is
    /// [`Refusal::Occupied`].
    pub replace: bool,
    /// `write_atomic`: once acknowledged, the file survives a crash.
    pub durable: bool,
    /// User metadata; `None` clears that of a replaced file.
    pub metadata: Option<UserMetadata>,
}

/// One entry of a scan.
#[derive(Debug, Clone)]
pub struct ScanEntry {
    /// The path below the scanned folder: one segment, or several where the
    /// driver [scans deep](Driver::scans_deep).
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

/// The primitives of a backend.
///
/// Methods may be written as `async fn`. Keys are canonical and never the root
/// unless a method says so. A method that changes something calls
/// [`CallContext::commit`] right before the change becomes visible.
///
/// What a driver must guarantee for the contract to hold:
///
/// - Nothing shows at a key before [`publish`](Self::publish), and then all of
///   it does, in one step.
/// - A publish, rename or copy without `replace` is decided by the system in
///   that same step, never by a look beforehand.
/// - A staged write that is dropped leaves nothing that any call can see.
/// - Parents of a key that is written to are made as needed.
pub trait Driver: Send + Sync + 'static {
    /// An open file. It knows its position.
    type Reader: Send + 'static;
    /// Content that is staged and not yet visible.
    type Stage: Send + 'static;
    /// A listing in progress.
    type Scan: Send + 'static;

    /// The backend's name, such as `local`.
    fn name(&self) -> &str;

    /// What the backend can do.
    fn capabilities(&self) -> CapabilitySet;

    /// How calls run.
    fn execution(&self) -> Execution;

    /// Whether folders are nodes.
    fn namespace(&self) -> Namespace {
        Namespace::Hierarchical
    }

    // Reading

    /// Opens the file at `key` for the bytes of `range`. A start past the end
    /// is no error: reads then find the end.
    fn open(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> impl Future<Output = Outcome<Opened<Self::Reader>>> + Send;

    /// The next bytes, at most `max`; empty at the end of the file and only
    /// there. A reader stays on the version of the file that it opened, or
    /// fails. On [`Refusal::WouldWait`] its position has not moved.
    fn read(
        &self,
        cx: CallContext<'_>,
        reader: &mut Self::Reader,
        max: usize,
    ) -> impl Future<Output = Outcome<Bytes>> + Send;

    /// Moves a reader to the byte at `position`, without any I/O.
    fn seek(&self, reader: &mut Self::Reader, position: u64);

    // Writing

    /// Begins a write to `key`: content that is appended to the stage shows
    /// nowhere.
    fn stage(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
    ) -> impl Future<Output = Outcome<Self::Stage>> + Send;

    /// Adds chunks to the end of the stage.
    fn append(
        &self,
        cx: CallContext<'_>,
        stage: &mut Self::Stage,
        chunks: &[Bytes],
    ) -> impl Future<Output = Outcome<()>> + Send;

    /// Makes the staged content the file at `key`, in one step.
    fn publish(
        &self,
        cx: CallContext<'_>,
        stage: Self::Stage,
        key: Key<'_>,
    ) -> impl Future<Output = Outcome<FileStat>> + Send;

    /// A whole write at once, for content that is at hand.
    fn put(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
        chunks: &[Bytes],
    ) -> impl Future<Output = Outcome<FileStat>> + Send {
        async move {
            let mut stage = self.stage(cx, key, plan).await?;
            self.append(cx, &mut stage, chunks).await?;
            self.publish(cx, stage, key).await
        }
    }

    // Looking

    /// What stands at `key`, which may be the root.
    fn stat(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        detail: Detail,
    ) -> impl Future<Output = Outcome<Node>> + Send;

    /// Begins to list the folder at `key`, which may be the root.
    fn scan(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        deep: bool,
    ) -> impl Future<Output = Outcome<Self::Scan>> + Send;

    /// The next entries, at most about `limit`; empty at the end and only
    /// there. On [`Refusal::WouldWait`] nothing was taken from the scan.
    fn scan_next(
        &self,
        cx: CallContext<'_>,
        scan: &mut Self::Scan,
        limit: usize,
    ) -> impl Future<Output = Outcome<Vec<ScanEntry>>> + Send;

    /// Whether [`scan`](Self::scan) can list all levels in one pass; otherwise
    /// `deep` is never set, and the kernel descends folder by folder.
    fn scans_deep(&self) -> bool {
        false
    }

    // Removing

    /// Removes the file at `key`; a folder there is [`Refusal::IsFolder`].
    fn remove_file(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
    ) -> impl Future<Output = Outcome<()>> + Send;

    /// Removes the folder at `key` if it has no children.
    fn remove_folder(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
    ) -> impl Future<Output = Outcome<()>> + Send;

    /// Removes the folder at `key` with all it holds, at most about `budget`
    /// nodes a call.
    fn remove_tree(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        budget: usize,
    ) -> impl Future<Output = Outcome<Progress>> + Send;

    // Moving

    /// Moves a file in one step. `from` and `to` differ; a folder at either is
    /// [`Refusal::IsFolder`].
    fn rename(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> impl Future<Output = Outcome<()>> + Send;

    /// Copies a file with its content and user metadata. `from` and `to` differ.
    fn copy(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> impl Future<Output = Outcome<()>> + Send;

    // The backend as a whole

    /// Whether the backend answers: the cheapest call that changes nothing.
    fn probe(&self, _cx: CallContext<'_>) -> impl Future<Output = Outcome<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Releases what the driver holds. A driver that cannot be used afterwards
    /// says so by [`close_is_terminal`](Self::close_is_terminal).
    fn close(&self) -> impl Future<Output = Outcome<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Whether [`close`](Self::close) is the end of the driver's use.
    fn close_is_terminal(&self) -> bool {
        false
    }

    // Names, without any I/O

    /// The backend's own spelling of `key`, which may be the root.
    fn native_path(&self, key: Key<'_>) -> String {
        key.as_str().to_owned()
    }

    /// The key of a native path; `None` where it lies outside the backend.
    fn to_key(&self, native: &str) -> Option<String> {
        Some(native.to_owned())
    }

    /// Details for `resolve`, free of secrets.
    fn details(&self, _key: Key<'_>) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// The native handle of the given type.
    fn handle(&self, _wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        None
    }
}
