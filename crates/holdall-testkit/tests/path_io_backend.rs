//! The contract against backends over path IOs.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use holdall::pathio::{
    AbstractPathIo, AsyncPathIo, MemoryPathIo, PathIo, PathIoBackend, StorePathIo,
};
use holdall::{AsyncMemoryBackend, AsyncStore};
use holdall_testkit::{Conformance, Instance, conformance};

async fn assert_keeps_the_contract(name: &str, suite: Conformance) {
    let report = suite.name(name).await;
    println!("{}", report.totals());
    report.assert_passed();
}

fn on_disk(open: fn(&std::path::Path) -> Arc<dyn AbstractPathIo>) -> Conformance {
    conformance(move || async move {
        let root = tempfile::tempdir().unwrap();
        Instance::new(PathIoBackend::new(open(root.path()))).keeping(root)
    })
}

#[tokio::test]
async fn over_path_io_in_memory() {
    let suite = conformance(|| async { PathIoBackend::new(Arc::new(MemoryPathIo::new())) });
    assert_keeps_the_contract("pathio-memory", suite).await;
}

#[tokio::test]
async fn over_path_io_that_blocks() {
    let suite = on_disk(|root| Arc::new(PathIo::new(root).unwrap()));
    assert_keeps_the_contract("pathio-path", suite).await;
}

#[tokio::test]
async fn over_path_io_on_an_executor() {
    let suite = on_disk(|root| Arc::new(AsyncPathIo::new(root).unwrap()));
    assert_keeps_the_contract("pathio-async-path", suite).await;
}

#[tokio::test]
async fn over_path_io_over_a_store() {
    let suite = conformance(|| async {
        let store = AsyncStore::new(AsyncMemoryBackend::new(), "home").unwrap();
        PathIoBackend::new(Arc::new(StorePathIo::new(store)))
    });
    assert_keeps_the_contract("pathio-store", suite).await;
}
