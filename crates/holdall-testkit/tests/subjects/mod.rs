//! The backends that the suite is run against.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use holdall::{
    AsyncDriverBackend, AsyncLocalBackend, AsyncMemoryBackend, LocalBackend, MemoryDriver,
};
use holdall_testkit::{Conformance, Delayed, Instance, conformance};
use minimal_driver::MapDriver;

#[path = "../../examples/minimal_driver.rs"]
#[allow(dead_code)]
mod minimal_driver;

/// Every subject by name.
///
/// Behind a driver that waits, every await point of the contract kernel is
/// real, also for memory and the local disk. The map is the example of a whole
/// driver, and the one with a flat namespace.
pub(crate) fn all() -> Vec<(&'static str, Conformance)> {
    let delayed_memory = conformance(|| async {
        let driver = MemoryDriver::named("delayed-memory");
        AsyncDriverBackend::from_driver(Delayed::new(driver, 1))
    });
    let local = on_disk(|root| Instance::new(LocalBackend::new(root).unwrap()));
    let portable = on_disk(|root| {
        let backend = AsyncLocalBackend::builder(root).force_portable(true);
        Instance::new(backend.build().unwrap())
    });
    let delayed_local = on_disk(|root| {
        let driver = LocalBackend::builder(root).build_driver().unwrap();
        Instance::new(AsyncDriverBackend::from_driver(Delayed::new(driver, 1)))
    });
    vec![
        (
            "memory",
            conformance(|| async { AsyncMemoryBackend::new() }),
        ),
        ("delayed-memory", delayed_memory),
        ("local", local),
        ("local-portable", portable),
        ("delayed-local", delayed_local),
        (
            "map",
            conformance(|| async { AsyncDriverBackend::from_driver(MapDriver::default()) }),
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
