//! The path IOs that the path-IO suite is run against.

#![allow(clippy::unwrap_used, dead_code)]

use std::path::Path;
use std::sync::Arc;

use holdall::pathio::{AbstractPathIo, AsyncPathIo, MemoryPathIo, PathIo, StorePathIo};
use holdall::{
    AsyncDriverBackend, AsyncLocalBackend, AsyncMemoryBackend, AsyncStore, IntoAsyncBackend,
    LocalBackend, LocalDriver, MemoryBackend, MemoryDriver, SyncBackendAdapter,
};
use holdall_testkit::pathio::{Case, Delayed, Instance, Property, conformance};
use holdall_testkit::{Conformance, Delayed as DelayedDriver};
use minimal_driver::MapDriver;

// Who runs the suite of stores, too, has the example a second time.
#[path = "../../examples/minimal_driver.rs"]
#[allow(dead_code, clippy::duplicate_mod)]
pub(crate) mod minimal_driver;

/// A subject's name, and its run.
type Subject = (&'static str, Conformance<Case>);

/// Every subject by name. `Delayed` makes the await points between calls real,
/// and `DelayedDriver` those within the calls of a store.
pub(crate) fn all() -> Vec<Subject> {
    let mut all = direct();
    all.extend(over_stores());
    all
}

fn direct() -> Vec<Subject> {
    vec![
        (
            "pathio-memory",
            conformance(|| async { Instance::new(memory()) }),
        ),
        (
            "pathio-delayed-memory",
            conformance(|| async { Instance::new(delayed(memory())) }),
        ),
        ("pathio-path", on_disk(path)),
        (
            "pathio-portable-path",
            on_disk(|root| Arc::new(PathIo::from(portable(root)))),
        ),
        ("pathio-delayed-path", on_disk(|root| delayed(path(root)))),
        ("pathio-async-path", on_disk(async_path)),
        (
            "pathio-portable-async-path",
            on_disk(|root| Arc::new(AsyncPathIo::from(portable(root)))),
        ),
        (
            "pathio-delayed-async-path",
            on_disk(|root| delayed(async_path(root))),
        ),
    ]
}

/// One flat, without renames and versions: the example of a whole driver.
fn over_stores() -> Vec<Subject> {
    vec![
        (
            "pathio-store-memory",
            conformance(|| async { over_store(AsyncMemoryBackend::new()) }),
        ),
        (
            "pathio-store-delayed-memory",
            conformance(|| async {
                let driver = DelayedDriver::new(MemoryDriver::named("delayed-memory"), 1);
                over_store(AsyncDriverBackend::from_driver(driver))
            }),
        ),
        (
            "pathio-store-local",
            store_on_disk(|root| over_store(AsyncLocalBackend::new(root).unwrap())),
        ),
        (
            "pathio-store-delayed-local",
            store_on_disk(|root| {
                let driver = LocalBackend::builder(root).build_driver().unwrap();
                let driver = DelayedDriver::new(driver, 1);
                over_store(AsyncDriverBackend::from_driver(driver))
            }),
        ),
        (
            "pathio-store-map",
            conformance(|| async {
                let map = AsyncDriverBackend::from_driver(MapDriver::default());
                over_store(map).lacking([Property::ComparesVersions, Property::RenamesNew])
            }),
        ),
        (
            "pathio-store-adapted",
            conformance(|| async { over_store(SyncBackendAdapter::new(MemoryBackend::new())) }),
        ),
    ]
}

fn delayed(io: Arc<dyn AbstractPathIo>) -> Arc<dyn AbstractPathIo> {
    Arc::new(Delayed::new(io, 1))
}

pub(crate) fn memory() -> Arc<dyn AbstractPathIo> {
    Arc::new(MemoryPathIo::new())
}

pub(crate) fn path(root: &Path) -> Arc<dyn AbstractPathIo> {
    Arc::new(PathIo::new(root).unwrap())
}

/// The way of systems without openat2.
fn portable(root: &Path) -> LocalDriver {
    let builder = LocalBackend::builder(root).force_portable(true);
    builder.build_driver().unwrap()
}

pub(crate) fn async_path(root: &Path) -> Arc<dyn AbstractPathIo> {
    Arc::new(AsyncPathIo::new(root).unwrap())
}

/// A path IO over a temporary folder of its own, which shares nothing else.
fn on_disk(open: fn(&Path) -> Arc<dyn AbstractPathIo>) -> Conformance<Case> {
    conformance(move || async move {
        let root = tempfile::tempdir().unwrap();
        Instance::new(open(root.path()))
            .lacking([Property::SharedState])
            .keeping(root)
    })
}

fn store_on_disk(open: fn(&Path) -> Instance) -> Conformance<Case> {
    conformance(move || async move {
        let root = tempfile::tempdir().unwrap();
        open(root.path()).keeping(root)
    })
}

/// A path IO over a store, which commits changed copies and keeps its own times.
pub(crate) fn over_store(backend: impl IntoAsyncBackend) -> Instance {
    Instance::new(store(backend)).lacking([
        Property::SetModified,
        Property::AtomicRename,
        Property::ChangesInPlace,
    ])
}

/// In a folder of the store, so that its paths differ from the backend's.
pub(crate) fn store(backend: impl IntoAsyncBackend) -> Arc<dyn AbstractPathIo> {
    let store = AsyncStore::new(backend, "home").unwrap();
    Arc::new(StorePathIo::new(store))
}
