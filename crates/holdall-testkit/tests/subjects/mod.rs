//! The backends that the suite is run against.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use holdall::{
    AsyncBackendSyncAdapter, AsyncDriverBackend, AsyncLocalBackend, AsyncMemoryBackend,
    LocalBackend, MemoryBackend, MemoryDriver, SyncBackendAdapter,
};
use holdall_testkit::{
    Conformance, Delayed, Instance, ThroughStore, conformance, sync_conformance,
};
use minimal_driver::MapDriver;

#[path = "../../examples/minimal_driver.rs"]
#[allow(dead_code)]
mod minimal_driver;

/// A subject's name, and its run.
type Subject = (&'static str, Conformance);

/// Every subject by name.
pub(crate) fn all() -> Vec<Subject> {
    let mut all = awaited();
    all.extend(blocking());
    all.extend(adapted());
    all
}

/// Backends that are awaited.
///
/// Behind a driver that waits, every await point of the contract kernel is
/// real, also for memory and the local disk. The map is the example of a whole
/// driver, and the one with a flat namespace.
fn awaited() -> Vec<Subject> {
    vec![
        (
            "memory",
            conformance(|| async { AsyncMemoryBackend::new() }),
        ),
        (
            "delayed-memory",
            conformance(|| async {
                let driver = MemoryDriver::named("delayed-memory");
                AsyncDriverBackend::from_driver(Delayed::new(driver, 1))
            }),
        ),
        (
            "local",
            on_disk(|root| Instance::new(AsyncLocalBackend::new(root).unwrap())),
        ),
        (
            "local-portable",
            on_disk(|root| {
                let backend = AsyncLocalBackend::builder(root).force_portable(true);
                Instance::new(backend.build().unwrap())
            }),
        ),
        (
            "delayed-local",
            on_disk(|root| {
                let driver = LocalBackend::builder(root).build_driver().unwrap();
                Instance::new(AsyncDriverBackend::from_driver(Delayed::new(driver, 1)))
            }),
        ),
        (
            "map",
            conformance(|| async { AsyncDriverBackend::from_driver(MapDriver::default()) }),
        ),
    ]
}

/// Backends whose calls block, and the same through a store.
fn blocking() -> Vec<Subject> {
    vec![
        ("sync-memory", sync_conformance(MemoryBackend::new)),
        (
            "sync-local",
            on_disk(|root| Instance::blocking(LocalBackend::new(root).unwrap())),
        ),
        (
            "store-memory",
            sync_conformance(|| ThroughStore::new(MemoryBackend::new()).unwrap()),
        ),
        (
            "store-local",
            on_disk(|root| {
                let backend = LocalBackend::new(root).unwrap();
                Instance::blocking(ThroughStore::new(backend).unwrap())
            }),
        ),
    ]
}

/// Backends on the other side of an adapter.
fn adapted() -> Vec<Subject> {
    vec![
        (
            "async-over-sync-memory",
            conformance(|| async { SyncBackendAdapter::new(MemoryBackend::new()) }),
        ),
        (
            "async-over-sync-local",
            on_disk(|root| {
                let backend = LocalBackend::new(root).unwrap();
                Instance::new(SyncBackendAdapter::new(backend))
            }),
        ),
        (
            "sync-over-async-memory",
            sync_conformance(|| AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new()).unwrap()),
        ),
        (
            "sync-over-async-local",
            on_disk(|root| {
                let backend = AsyncLocalBackend::new(root).unwrap();
                Instance::blocking(AsyncBackendSyncAdapter::new(backend).unwrap())
            }),
        ),
        (
            "sync-over-async-over-sync-memory",
            sync_conformance(|| {
                let awaited = SyncBackendAdapter::new(MemoryBackend::new());
                AsyncBackendSyncAdapter::new(awaited).unwrap()
            }),
        ),
        (
            "async-over-sync-over-async-memory",
            conformance(|| async {
                let blocking = AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new()).unwrap();
                SyncBackendAdapter::new(blocking)
            }),
        ),
    ]
}

/// A backend in a temporary folder of its own.
fn on_disk(open: fn(&Path) -> Instance) -> Conformance {
    conformance(move || async move {
        let root = tempfile::tempdir().unwrap();
        open(root.path()).keeping(root)
    })
}
