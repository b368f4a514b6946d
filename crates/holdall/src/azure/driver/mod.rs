//! The driver of an Azure container, flat or hierarchical.

mod folders;
mod inspect;
mod lanes;
mod list;
mod metadata;
mod namespace;
mod own;
mod pace;
mod part;
mod read;
mod refusals;
mod remove;
mod stage;
mod sweep;
mod transfer;
mod write;
mod write_hns;

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;
use tokio::sync::OnceCell;

pub(super) use list::AzureScan;
pub(super) use read::AzureReader;
pub(super) use stage::AzureStage;

use self::lanes::Lanes;
use self::refusals::refused_with_container;
use super::builder::NAME;
use super::client::AzureClient;
use crate::capability::{Capability, CapabilitySet};
use crate::driver::{
    ByteRange, CallContext, Detail, Driver, Execution, FileStat, Key, Namespace, Node, Opened,
    Outcome, Progress, ScanEntry, WritePlan,
};

/// The [`Driver`] of the Azure backend.
pub struct AzureDriver {
    client: AzureClient,
    lanes: Lanes,
    namespace: OnceCell<Namespace>,
    /// Whether deletes must be sent one by one.
    refuses_batches: Arc<AtomicBool>,
}

impl AzureDriver {
    pub(super) fn new(client: AzureClient) -> Self {
        let told = client.settings().hns.map(namespace::of);
        Self {
            client,
            lanes: Lanes::default(),
            namespace: OnceCell::new_with(told),
            refuses_batches: Arc::default(),
        }
    }
}

impl fmt::Debug for AzureDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureDriver")
            .field("client", &self.client)
            .field("namespace", &self.namespace.get())
            .finish_non_exhaustive()
    }
}

impl Driver for AzureDriver {
    type Reader = AzureReader;
    type Stage = AzureStage;
    type Scan = AzureScan;

    fn name(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> CapabilitySet {
        let all = CapabilitySet::all().without(Capability::SeekableRead);
        match self.known_namespace() {
            Namespace::Hierarchical => all,
            Namespace::Flat => all.without(Capability::AtomicMove),
        }
    }

    fn execution(&self) -> Execution {
        Execution::Waits
    }

    fn namespace(&self) -> Namespace {
        self.known_namespace()
    }

    async fn open(
        &self,
        _cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<AzureReader>> {
        self.ready().await?;
        self.open_blob(key, range).await
    }

    async fn read(
        &self,
        _cx: CallContext<'_>,
        reader: &mut AzureReader,
        max: usize,
    ) -> Outcome<Bytes> {
        reader.read(max).await
    }

    fn seek(&self, reader: &mut AzureReader, position: u64) {
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
    ) -> Outcome<AzureStage> {
        self.begin(key, plan, 0).await
    }

    async fn append(
        &self,
        _cx: CallContext<'_>,
        stage: &mut AzureStage,
        chunks: &[Bytes],
    ) -> Outcome<()> {
        self.append_content(stage, chunks).await
    }

    async fn publish(
        &self,
        cx: CallContext<'_>,
        stage: AzureStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        self.publish_stage(cx, stage, key).await
    }

    async fn put(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
        chunks: &[Bytes],
    ) -> Outcome<FileStat> {
        self.put_content(cx, key, plan, chunks).await
    }

    async fn stat(&self, _cx: CallContext<'_>, key: Key<'_>, detail: Detail) -> Outcome<Node> {
        self.look(key, detail).await
    }

    async fn scan(&self, _cx: CallContext<'_>, key: Key<'_>, deep: bool) -> Outcome<AzureScan> {
        self.begin_scan(key, deep).await
    }

    async fn scan_next(
        &self,
        _cx: CallContext<'_>,
        scan: &mut AzureScan,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        scan.next(limit).await
    }

    fn scans_deep(&self) -> bool {
        true
    }

    async fn remove_file(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.remove_blob(cx, key).await
    }

    async fn remove_folder(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.remove_empty_folder(cx, key).await
    }

    async fn remove_tree(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        _budget: usize,
    ) -> Outcome<Progress> {
        self.remove_whole_folder(cx, key).await
    }

    async fn rename(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        self.rename_blob(cx, from, to, replace).await
    }

    async fn copy(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        self.copy_blob(cx, from, to, replace).await
    }

    /// A flat namespace has no folders.
    fn has_folder_calls(&self) -> bool {
        self.known_namespace() == Namespace::Hierarchical
    }

    async fn make_folder(&self, cx: CallContext<'_>, key: Key<'_>, parents: bool) -> Outcome<()> {
        self.make_directory(cx, key, parents).await
    }

    async fn rename_folder(&self, cx: CallContext<'_>, from: Key<'_>, to: Key<'_>) -> Outcome<()> {
        self.rename_directory(cx, from, to).await
    }

    async fn probe(&self, _cx: CallContext<'_>) -> Outcome<()> {
        self.ready().await?;
        self.reach_container()
            .await
            .map_err(|error| refused_with_container(error, self.client.container()))
    }

    /// Waits for what is under way, also of callers who have gone.
    async fn close(&self) -> Outcome<()> {
        self.lanes.drain().await;
        Ok(())
    }

    fn close_is_terminal(&self) -> bool {
        true
    }

    fn native_path(&self, key: Key<'_>) -> String {
        match key.is_root() {
            true => self.client.container().to_owned(),
            false => format!("{}/{key}", self.client.container()),
        }
    }

    fn to_key(&self, native: &str) -> Option<String> {
        let rest = native.strip_prefix(self.client.container())?;
        match rest.strip_prefix('/') {
            Some(key) => Some(key.to_owned()),
            None => rest.is_empty().then(String::new),
        }
    }

    fn details(&self, _key: Key<'_>) -> BTreeMap<String, String> {
        let details = [
            ("container", self.client.container().to_owned()),
            ("account_url", self.client.blob_url()),
        ];
        details.map(|(name, value)| (name.to_owned(), value)).into()
    }

    fn handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        (wanted == TypeId::of::<AzureClient>())
            .then(|| Arc::new(self.client.clone()) as Arc<dyn Any + Send + Sync>)
    }
}
