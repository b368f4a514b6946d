//! Closing, and what outlives it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use holdall::{
    AsyncBackendSyncAdapter, AsyncMemoryBackend, Backend, Depth, ErrorKind, WritableContent,
    WriteOptions,
};

use crate::assert_kind;
use crate::probe::Probe;

#[test]
fn a_stream_that_is_dropped_midway_releases_that_of_the_backend() {
    let (probe, released) = Probe::releasing();
    let adapter = probe.adapted();
    let mut stream = adapter.read("a").unwrap();
    stream.next_chunk().unwrap().unwrap();
    drop(stream);
    let thread = released.recv().unwrap();
    assert_ne!(thread, thread::current().id());
}

#[test]
fn a_stream_that_outlives_the_adapter_is_released_and_says_so() {
    let (probe, released) = Probe::releasing();
    let adapter = probe.adapted();
    let mut stream = adapter.read("a").unwrap();
    stream.next_chunk().unwrap().unwrap();
    drop(adapter);
    released.recv().unwrap();
    assert_kind(stream.next_chunk(), ErrorKind::Closed);
    assert!(stream.next_chunk().unwrap().is_none());
}

#[test]
fn after_the_close_every_call_is_refused() {
    let probe = Probe::default();
    let closed = Arc::clone(&probe.closed);
    let adapter = Arc::new(probe.adapted());
    for _ in 0..2 {
        adapter.close().unwrap();
    }
    assert_eq!(closed.load(Ordering::SeqCst), 1);
    assert_kind(adapter.exists(""), ErrorKind::Closed);
    assert_kind(adapter.read("a"), ErrorKind::Closed);
    assert_kind(adapter.check_health(), ErrorKind::Closed);
    let content = WritableContent::from_reader(&b"x"[..]);
    assert_kind(
        adapter.write("a", content, WriteOptions::new()),
        ErrorKind::Closed,
    );
    assert_kind(adapter.list_folders("").next().unwrap(), ErrorKind::Closed);
    assert_eq!(adapter.native_path("a").unwrap(), "a");
    drop(adapter);
    assert_eq!(closed.load(Ordering::SeqCst), 1);
}

#[test]
fn a_drop_closes_the_backend() {
    let probe = Probe::default();
    let closed = Arc::clone(&probe.closed);
    drop(probe.adapted());
    assert_eq!(closed.load(Ordering::SeqCst), 1);
}

#[test]
fn every_call_beside_a_close_is_answered_and_none_is_lost() {
    for _ in 0..20 {
        let memory = AsyncMemoryBackend::new();
        let adapter = Arc::new(AsyncBackendSyncAdapter::new(memory.clone()).unwrap());
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let adapter = Arc::clone(&adapter);
                thread::spawn(move || {
                    let write = |n: &usize| {
                        let path = format!("{writer}/{n}");
                        adapter.write(&path, "x".into(), WriteOptions::new())
                    };
                    let refused = (0..)
                        .map(|n| (n, write(&n)))
                        .find(|(_, result)| result.is_err());
                    let (written, refused) = refused.unwrap();
                    assert_kind(refused, ErrorKind::Closed);
                    written
                })
            })
            .collect();
        adapter.close_within(None).unwrap();
        let written: usize = writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum();
        let kept = AsyncBackendSyncAdapter::new(memory).unwrap();
        assert_eq!(kept.list_files("", Depth::Unlimited).count(), written);
    }
}

#[test]
fn a_close_without_a_timeout_waits_for_the_call_and_then_closes_the_backend() {
    let (probe, begun) = Probe::beginning();
    let (release, ended) = (Arc::clone(&probe.release), Arc::clone(&probe.ended));
    let adapter = Arc::new(probe.adapted());
    thread::scope(|scope| {
        let caller = scope.spawn(|| adapter.read_bytes("waits"));
        begun.recv().unwrap();
        let closer = scope.spawn(|| adapter.close_within(None));
        while adapter.exists("a").is_ok() {
            thread::yield_now();
        }
        release.notify_one();
        caller.join().unwrap().unwrap();
        closer.join().unwrap().unwrap();
    });
    assert_eq!(*ended.lock().unwrap(), ["the call", "the backend"]);
}

#[test]
fn a_close_gives_up_on_a_backend_that_never_answers() {
    let (probe, begun) = Probe::beginning();
    let adapter = Arc::new(probe.adapted());
    let caller = {
        let adapter = Arc::clone(&adapter);
        thread::spawn(move || adapter.read_bytes("never"))
    };
    begun.recv().unwrap();
    adapter.close_within(Duration::from_millis(20)).unwrap();
    assert_kind(caller.join().unwrap(), ErrorKind::BackendUnavailable);
    assert_kind(adapter.exists("a"), ErrorKind::Closed);
    // It is over: this waits for nothing any more.
    adapter.close_within(None).unwrap();
}
