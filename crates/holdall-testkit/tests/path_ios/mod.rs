//! The path IOs that the path-IO suite is run against.

#![allow(clippy::unwrap_used, dead_code)]

use std::path::Path;
use std::sync::Arc;

use holdall::pathio::{AbstractPathIo, AsyncPathIo, MemoryPathIo, PathIo};
use holdall_testkit::Conformance;
use holdall_testkit::pathio::{Case, Delayed, Instance, Property, conformance};

/// A subject's name, and its run.
type Subject = (&'static str, Conformance<Case>);

/// Every subject by name. `Delayed` makes the await points between calls real.
pub(crate) fn all() -> Vec<Subject> {
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
        ("pathio-delayed-path", on_disk(|root| delayed(path(root)))),
        ("pathio-async-path", on_disk(async_path)),
        (
            "pathio-delayed-async-path",
            on_disk(|root| delayed(async_path(root))),
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
