//! Something put between the contract kernel and a driver.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use holdall::CapabilitySet;
use holdall::driver::{
    ByteRange, CallContext, Detail, Driver, Execution, FileStat, Key, Namespace, Node, Opened,
    Outcome, Progress, ScanEntry, WritePlan,
};

/// What happens around each primitive of a driver.
pub trait Interposer: Send + Sync + 'static {
    /// How calls run, given how the driver runs them.
    fn execution(&self, own: Execution) -> Execution {
        own
    }

    /// Whether closing is the end of the driver's use, given what the driver
    /// says. The driver itself is closed either way.
    fn close_is_terminal(&self, own: bool) -> bool {
        own
    }

    /// Before a primitive; a refusal keeps the driver from being asked.
    fn before(&self, cx: CallContext<'_>) -> impl Future<Output = Outcome<()>> + Send;

    /// After a primitive.
    fn after(&self) -> impl Future<Output = ()> + Send;
}

/// A driver with an [`Interposer`] around each of its primitives.
///
/// A whole write is always made of stage, append and publish, so that
/// something can happen between them.
#[derive(Debug)]
pub struct Interposed<D, I> {
    driver: D,
    interposer: I,
}

impl<D: Driver, I: Interposer> Interposed<D, I> {
    /// `driver` with `interposer` around it.
    pub fn around(driver: D, interposer: I) -> Self {
        Self { driver, interposer }
    }

    /// What is around the driver.
    pub fn interposer(&self) -> &I {
        &self.interposer
    }

    /// The driver beneath.
    pub fn driver(&self) -> &D {
        &self.driver
    }

    async fn call<T>(
        &self,
        cx: CallContext<'_>,
        primitive: impl Future<Output = Outcome<T>> + Send,
    ) -> Outcome<T> {
        self.interposer.before(cx).await?;
        let outcome = primitive.await;
        self.interposer.after().await;
        outcome
    }
}

impl<D: Driver, I: Interposer> Driver for Interposed<D, I> {
    type Reader = D::Reader;
    type Stage = D::Stage;
    type Scan = D::Scan;

    fn name(&self) -> &str {
        self.driver.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.driver.capabilities()
    }

    fn execution(&self) -> Execution {
        self.interposer.execution(self.driver.execution())
    }

    fn namespace(&self) -> Namespace {
        self.driver.namespace()
    }

    fn supports_if_match(&self) -> bool {
        self.driver.supports_if_match()
    }

    async fn open(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<Self::Reader>> {
        self.call(cx, self.driver.open(cx, key, range)).await
    }

    async fn read(
        &self,
        cx: CallContext<'_>,
        reader: &mut Self::Reader,
        max: usize,
    ) -> Outcome<Bytes> {
        self.call(cx, self.driver.read(cx, reader, max)).await
    }

    fn seek(&self, reader: &mut Self::Reader, position: u64) {
        self.driver.seek(reader, position);
    }

    async fn stage(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
    ) -> Outcome<Self::Stage> {
        self.call(cx, self.driver.stage(cx, key, plan)).await
    }

    async fn append(
        &self,
        cx: CallContext<'_>,
        stage: &mut Self::Stage,
        chunks: &[Bytes],
    ) -> Outcome<()> {
        self.call(cx, self.driver.append(cx, stage, chunks)).await
    }

    async fn publish(
        &self,
        cx: CallContext<'_>,
        stage: Self::Stage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        self.call(cx, self.driver.publish(cx, stage, key)).await
    }

    async fn stat(&self, cx: CallContext<'_>, key: Key<'_>, detail: Detail) -> Outcome<Node> {
        self.call(cx, self.driver.stat(cx, key, detail)).await
    }

    async fn scan(&self, cx: CallContext<'_>, key: Key<'_>, deep: bool) -> Outcome<Self::Scan> {
        self.call(cx, self.driver.scan(cx, key, deep)).await
    }

    async fn scan_next(
        &self,
        cx: CallContext<'_>,
        scan: &mut Self::Scan,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        self.call(cx, self.driver.scan_next(cx, scan, limit)).await
    }

    fn scans_deep(&self) -> bool {
        self.driver.scans_deep()
    }

    async fn remove_file(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.call(cx, self.driver.remove_file(cx, key)).await
    }

    async fn remove_folder(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.call(cx, self.driver.remove_folder(cx, key)).await
    }

    async fn remove_tree(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        budget: usize,
    ) -> Outcome<Progress> {
        self.call(cx, self.driver.remove_tree(cx, key, budget))
            .await
    }

    async fn rename(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        self.call(cx, self.driver.rename(cx, from, to, replace))
            .await
    }

    async fn copy(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        self.call(cx, self.driver.copy(cx, from, to, replace)).await
    }

    fn has_folder_calls(&self) -> bool {
        self.driver.has_folder_calls()
    }

    async fn make_folder(&self, cx: CallContext<'_>, key: Key<'_>, parents: bool) -> Outcome<()> {
        self.call(cx, self.driver.make_folder(cx, key, parents))
            .await
    }

    async fn rename_folder(&self, cx: CallContext<'_>, from: Key<'_>, to: Key<'_>) -> Outcome<()> {
        self.call(cx, self.driver.rename_folder(cx, from, to)).await
    }

    async fn probe(&self, cx: CallContext<'_>) -> Outcome<()> {
        self.call(cx, self.driver.probe(cx)).await
    }

    async fn close(&self) -> Outcome<()> {
        self.driver.close().await
    }

    fn close_is_terminal(&self) -> bool {
        self.interposer
            .close_is_terminal(self.driver.close_is_terminal())
    }

    fn native_path(&self, key: Key<'_>) -> String {
        self.driver.native_path(key)
    }

    fn to_key(&self, native: &str) -> Option<String> {
        self.driver.to_key(native)
    }

    fn details(&self, key: Key<'_>) -> BTreeMap<String, String> {
        self.driver.details(key)
    }

    fn handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.driver.handle(wanted)
    }
}
