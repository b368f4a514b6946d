//! The rules of the path-IO layer against path IO over stores.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use holdall::pathio::StorePathIo;
use holdall::{
    AsyncDriverBackend, AsyncLocalBackend, AsyncMemoryBackend, AsyncStore, IntoAsyncBackend,
    MemoryBackend, MemoryDriver, SyncBackendAdapter,
};
use holdall_testkit::pathio::{Case, Instance, Property, conformance};
use holdall_testkit::{Conformance, Delayed};
use minimal_driver::MapDriver;

#[path = "../examples/minimal_driver.rs"]
#[allow(dead_code)]
mod minimal_driver;

fn over(backend: impl IntoAsyncBackend) -> Instance {
    // In a folder of the store, so that paths differ from the backend's.
    let store = AsyncStore::new(backend, "home").unwrap();
    Instance::new(Arc::new(StorePathIo::new(store))).lacking([
        Property::SetModified,
        Property::AtomicRename,
        Property::ChangesInPlace,
    ])
}

async fn assert_keeps_the_rules(name: &str, suite: Conformance<Case>) {
    let suite = match std::env::var("HOLDALL_CASES") {
        Ok(cases) => suite.only(cases.split(',')),
        Err(_) => suite,
    };
    let report = suite.name(name).await;
    println!("{report}");
    report.assert_passed();
}

#[tokio::test]
async fn a_store_in_memory_keeps_the_rules() {
    let suite = conformance(|| async { over(AsyncMemoryBackend::new()) });
    assert_keeps_the_rules("store-memory", suite).await;
}

#[tokio::test]
async fn a_store_whose_every_call_waits_keeps_the_rules() {
    let suite = conformance(|| async {
        let driver = MemoryDriver::named("delayed-memory");
        over(AsyncDriverBackend::from_driver(Delayed::new(driver, 1)))
    });
    assert_keeps_the_rules("store-delayed-memory", suite).await;
}

#[tokio::test]
async fn a_store_on_disk_keeps_the_rules() {
    let open = |root: &Path| over(AsyncLocalBackend::new(root).unwrap());
    let suite = conformance(move || async move {
        let root = tempfile::tempdir().unwrap();
        open(root.path()).keeping(root)
    });
    assert_keeps_the_rules("store-local", suite).await;
}

#[tokio::test]
async fn a_store_without_folders_keeps_the_rules() {
    let suite = conformance(|| async {
        let map = AsyncDriverBackend::from_driver(MapDriver::default());
        over(map).lacking([Property::ComparesVersions])
    });
    assert_keeps_the_rules("store-map", suite).await;
}

#[tokio::test]
async fn a_store_across_an_adapter_keeps_the_rules() {
    let suite = conformance(|| async { over(SyncBackendAdapter::new(MemoryBackend::new())) });
    assert_keeps_the_rules("store-adapted", suite).await;
}
