//! The backends that the suite is run against.

use holdall::{AsyncMemoryBackend, DriverBackend, MemoryDriver};
use holdall_testkit::{Conformance, Delayed, conformance};

/// Every subject by name.
pub(crate) fn all() -> Vec<(&'static str, Conformance)> {
    let delayed = conformance(|| async {
        // A driver that waits makes every await point real.
        let driver = MemoryDriver::named("delayed-memory");
        DriverBackend::from_driver(Delayed::new(driver, 1))
    });
    vec![
        (
            "memory",
            conformance(|| async { AsyncMemoryBackend::new() }),
        ),
        ("delayed-memory", delayed),
    ]
}
