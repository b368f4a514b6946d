//! The primitives of the driver interface, each done by a family of its own.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::builder::{LocalBuilder, SyncPolicy, unusable_root};
use super::lock::PathLocks;
use super::names;
use super::publish::LocalStage;
use super::read::LocalReader;
use super::scan::LocalScan;
use super::system::{self, System};
use crate::capability::{Capability, CapabilitySet};
use crate::driver::{
    ByteRange, CallContext, Detail, Driver, Execution, FileStat, Key, Node, Opened, Outcome,
    Progress, ScanEntry, WritePlan,
};
use crate::error::Result;

/// The backend's name.
pub(super) const NAME: &str = "local";

/// The local disk beneath the contract: what
/// [`AsyncLocalBackend`](crate::AsyncLocalBackend) stands on.
pub struct LocalDriver {
    pub(super) root: PathBuf,
    pub(super) system: Box<dyn System>,
    pub(super) locks: PathLocks,
    pub(super) write_sync: SyncPolicy,
    pub(super) atomic_write_sync: SyncPolicy,
}

impl LocalDriver {
    pub(super) fn open<B>(builder: &LocalBuilder<B>) -> Result<Self> {
        let unusable = |error| unusable_root(&builder.root, error);
        if builder.create_root {
            std::fs::create_dir_all(&builder.root).map_err(unusable)?;
        }
        let root = builder.root.canonicalize().map_err(unusable)?;
        Ok(Self {
            system: system::open(&root, builder.portable).map_err(unusable)?,
            root,
            locks: PathLocks::new(),
            write_sync: builder.write_sync,
            atomic_write_sync: builder.atomic_write_sync,
        })
    }

    /// What a write syncs.
    pub(super) fn sync_policy(&self, durable: bool) -> SyncPolicy {
        if durable {
            self.atomic_write_sync
        } else {
            self.write_sync
        }
    }

    /// The root as it was opened: absolute, without links.
    pub fn root_path(&self) -> &Path {
        &self.root
    }
}

impl fmt::Debug for LocalDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalDriver")
            .field("root", &self.root)
            .field("system", &self.system)
            .finish_non_exhaustive()
    }
}

impl Driver for LocalDriver {
    type Reader = LocalReader;
    type Stage = LocalStage;
    type Scan = LocalScan;

    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> CapabilitySet {
        if self.system.has_user_metadata() {
            CapabilitySet::all()
        } else {
            CapabilitySet::all().without(Capability::UserMetadata)
        }
    }

    fn execution(&self) -> Execution {
        Execution::Blocks {
            nowait: self.system.can_refuse_to_wait(),
        }
    }

    fn syncs(&self, durable: bool) -> bool {
        self.sync_policy(durable) != SyncPolicy::Never
    }

    async fn open(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<LocalReader>> {
        self.open_file(cx, key, range)
    }

    async fn read(
        &self,
        cx: CallContext<'_>,
        reader: &mut LocalReader,
        max: usize,
    ) -> Outcome<Bytes> {
        self.read_next(cx, reader, max)
    }

    fn seek(&self, reader: &mut LocalReader, position: u64) {
        reader.seek(position);
    }

    fn supports_if_match(&self) -> bool {
        true
    }

    async fn stage(
        &self,
        _cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
    ) -> Outcome<LocalStage> {
        self.begin(key, plan)
    }

    async fn append(
        &self,
        cx: CallContext<'_>,
        stage: &mut LocalStage,
        chunks: &[Bytes],
    ) -> Outcome<()> {
        stage.append(cx, chunks)
    }

    async fn publish(
        &self,
        cx: CallContext<'_>,
        stage: LocalStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        self.finish(cx, stage.into_lasting(), key)
    }

    async fn put(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
        chunks: &[Bytes],
    ) -> Outcome<FileStat> {
        let mut stage = self.begin(key, plan)?;
        stage.append(cx, chunks)?;
        self.finish(cx, stage, key)
    }

    async fn stat(&self, cx: CallContext<'_>, key: Key<'_>, detail: Detail) -> Outcome<Node> {
        self.inspect(cx, key, detail)
    }

    async fn scan(&self, cx: CallContext<'_>, key: Key<'_>, _deep: bool) -> Outcome<LocalScan> {
        self.begin_scan(cx, key)
    }

    async fn scan_next(
        &self,
        cx: CallContext<'_>,
        scan: &mut LocalScan,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        self.scan_more(cx, scan, limit)
    }

    async fn remove_file(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.remove_entry(cx, key)
    }

    async fn remove_folder(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.remove_empty_folder(cx, key)
    }

    async fn remove_tree(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        budget: usize,
    ) -> Outcome<Progress> {
        self.remove_some(cx, key, budget)
    }

    async fn rename(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        self.move_entry(cx, from, to, replace)
    }

    async fn copy(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        self.copy_file(cx, from, to, replace)
    }

    fn has_folder_calls(&self) -> bool {
        true
    }

    async fn make_folder(&self, cx: CallContext<'_>, key: Key<'_>, parents: bool) -> Outcome<()> {
        self.make_new_folder(cx, key, parents)
    }

    async fn rename_folder(&self, cx: CallContext<'_>, from: Key<'_>, to: Key<'_>) -> Outcome<()> {
        self.move_folder(cx, from, to)
    }

    async fn probe(&self, _cx: CallContext<'_>) -> Outcome<()> {
        self.probe_root()
    }

    fn native_path(&self, key: Key<'_>) -> String {
        names::native_path(&self.root, key)
    }

    fn to_key(&self, native: &str) -> Option<String> {
        names::to_key(&self.root, native)
    }

    fn details(&self, _key: Key<'_>) -> BTreeMap<String, String> {
        BTreeMap::from([("root".to_owned(), self.root.to_string_lossy().into_owned())])
    }

    /// The root as a [`PathBuf`].
    fn handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        (wanted == TypeId::of::<PathBuf>())
            .then(|| Arc::new(self.root.clone()) as Arc<dyn Any + Send + Sync>)
    }
}
