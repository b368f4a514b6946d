//! The small interface beneath the contract: what a backend author writes.
//!
//! A driver offers about a dozen primitives and holds no rule. It does one thing with its
//! precondition (create only, replace, remove a file) and reports what the
//! system said as a [`Refusal`]. The contract kernel makes the contract's
//! errors of it, and looks closer only after a failure. Wrap a driver in
//! [`AsyncDriverBackend`](crate::AsyncDriverBackend) to get a whole
//! [`AsyncBackend`](crate::AsyncBackend).

mod call;
mod defaults;
mod records;
mod refusal;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;

pub use call::CallContext;
pub(crate) use call::CommitGate;
pub use records::{
    ByteRange, Detail, Execution, FileStat, Namespace, Node, Opened, Progress, ScanEntry, WritePlan,
};
pub use refusal::{Outcome, Refusal};

use crate::capability::CapabilitySet;
pub use crate::path::Key;

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

    /// Whether the publishing of a write waits until a disk has acknowledged
    /// it. A driver that blocks is then called where many such calls can wait
    /// at once.
    fn syncs(&self, durable: bool) -> bool {
        durable
    }

    /// Whether writes heed [`WritePlan::if_match`]; otherwise the kernel refuses
    /// those that have one.
    fn supports_if_match(&self) -> bool {
        false
    }

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

    /// Removes the folder at `key` if it has no children. By default as a flat
    /// namespace has it, where a folder without children is not there: it is
    /// looked at, and never removed.
    fn remove_folder(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
    ) -> impl Future<Output = Outcome<()>> + Send {
        defaults::remove_flat_folder(self, cx, key)
    }

    /// Removes the folder at `key` with all it holds, at most about `budget`
    /// nodes a call. By default it is scanned and emptied node by node.
    fn remove_tree(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        budget: usize,
    ) -> impl Future<Output = Outcome<Progress>> + Send {
        defaults::remove_tree(self, cx, key, budget)
    }

    // Moving

    /// Moves a file in one step. `from` and `to` differ; a folder at either is
    /// [`Refusal::IsFolder`]. By default refused, for a driver without
    /// [`Move`](crate::Capability::Move).
    fn rename(
        &self,
        _cx: CallContext<'_>,
        _from: Key<'_>,
        _to: Key<'_>,
        _replace: bool,
    ) -> impl Future<Output = Outcome<()>> + Send {
        std::future::ready(Err(defaults::no_rename()))
    }

    /// Copies a file with its content and user metadata. `from` and `to`
    /// differ. By default it is read and written again.
    fn copy(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> impl Future<Output = Outcome<()>> + Send {
        defaults::copy(self, cx, from, to, replace)
    }

    // Folders, for the path-IO layer

    /// Whether [`make_folder`](Self::make_folder) and
    /// [`rename_folder`](Self::rename_folder) are there. Where they are not, path IO
    /// makes folders of files, and moves them file by file.
    fn has_folder_calls(&self) -> bool {
        false
    }

    /// Makes a folder. Whatever stands there, a folder too, is
    /// [`Refusal::Occupied`]. Without `parents`, a missing folder around it is
    /// [`Refusal::Missing`]; with it, that one is made as well.
    fn make_folder(
        &self,
        _cx: CallContext<'_>,
        _key: Key<'_>,
        _parents: bool,
    ) -> impl Future<Output = Outcome<()>> + Send {
        std::future::ready(Err(defaults::no_folder_calls()))
    }

    /// Moves a folder with all it holds, in one step. `to` is neither `from` nor
    /// below it, and the folder that it lies in must be there. An empty folder at
    /// `to` is replaced, which may be a step of its own; one with content is
    /// [`Refusal::NotEmpty`]; a file at either is [`Refusal::NotFolder`].
    fn rename_folder(
        &self,
        _cx: CallContext<'_>,
        _from: Key<'_>,
        _to: Key<'_>,
    ) -> impl Future<Output = Outcome<()>> + Send {
        std::future::ready(Err(defaults::no_folder_calls()))
    }

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
