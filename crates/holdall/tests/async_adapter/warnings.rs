//! What a close logs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use holdall::{Backend, ErrorKind};
use tracing::span;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::assert_kind;
use crate::probe::Probe;

/// Counts warnings, and whatever is worse.
struct Warnings(Arc<AtomicUsize>);

impl Subscriber for Warnings {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        if *event.metadata().level() <= Level::WARN {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The warnings that this thread logs meanwhile.
fn warnings(run: impl FnOnce()) -> usize {
    let counted = Arc::new(AtomicUsize::new(0));
    tracing::subscriber::with_default(Warnings(Arc::clone(&counted)), run);
    counted.load(Ordering::SeqCst)
}

#[test]
fn a_close_that_runs_out_of_time_warns_once() {
    let (probe, begun) = Probe::beginning();
    let adapter = Arc::new(probe.adapted());
    let shared = Arc::clone(&adapter);
    let caller = thread::spawn(move || shared.read_bytes("never"));
    begun.recv().unwrap();
    let timed_out = warnings(|| adapter.close_within(Duration::ZERO).unwrap());
    assert_eq!(timed_out, 1);
    assert_kind(caller.join().unwrap(), ErrorKind::BackendUnavailable);
    let adapter = Arc::into_inner(adapter).unwrap();
    assert_eq!(warnings(|| drop(adapter)), 0);
}

#[test]
fn a_backend_that_never_closes_is_left_with_one_warning() {
    let probe = Probe {
        closes_never: true,
        ..Probe::default()
    };
    let adapter = probe.adapted();
    let left = warnings(|| {
        adapter.close_within(Duration::ZERO).unwrap();
        adapter.close_within(Duration::ZERO).unwrap();
        adapter.close_within(None).unwrap();
        assert_kind(adapter.exists("a"), ErrorKind::Closed);
        drop(adapter);
    });
    assert_eq!(left, 1);
}

#[test]
fn a_close_in_time_warns_of_nothing() {
    let adapter = Probe::default().adapted();
    let closed = warnings(|| {
        adapter.close().unwrap();
        adapter.close().unwrap();
        drop(adapter);
    });
    assert_eq!(closed, 0);
}
