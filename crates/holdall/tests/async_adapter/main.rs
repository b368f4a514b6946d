//! An awaited backend for callers that block.

#![allow(clippy::unwrap_used)]

mod closing;
mod inside_async;
mod probe;
mod sources;
mod warnings;

use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use holdall::{
    AsyncBackend, AsyncBackendSyncAdapter, AsyncMemoryBackend, Backend, Capability, Depth,
    ErrorKind, Result, Store, WriteOptions,
};

use probe::Probe;

fn adapter() -> AsyncBackendSyncAdapter {
    AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new()).unwrap()
}

fn store() -> Store {
    Store::new(adapter(), "").unwrap()
}

#[track_caller]
fn assert_kind<T: std::fmt::Debug>(result: Result<T>, kind: ErrorKind) {
    assert_eq!(result.unwrap_err().kind(), kind);
}

#[test]
fn everything_that_a_store_does_works_over_the_adapter() {
    let store = store();
    store.write("folder/a", "0123456789").unwrap();
    assert_eq!(store.read_bytes("folder/a").unwrap(), "0123456789");
    let mut part = String::new();
    store
        .read_range("folder/a", 2..5)
        .unwrap()
        .read_to_string(&mut part)
        .unwrap();
    assert_eq!(part, "234");
    let mut anywhere = store.read_seekable("folder/a").unwrap();
    anywhere.seek(SeekFrom::End(-3)).unwrap();
    part.clear();
    anywhere.read_to_string(&mut part).unwrap();
    assert_eq!(part, "789");
    let mut file = store.open_atomic("folder/b").unwrap();
    file.write_all(b"staged").unwrap();
    file.flush().unwrap();
    assert!(!store.exists("folder/b").unwrap());
    file.commit().unwrap();
    assert_eq!(store.read_text("folder/b").unwrap(), "staged");
    assert_kind(store.open_atomic("folder/b"), ErrorKind::AlreadyExists);
    store.rename("folder/b", "c").unwrap();
    store.copy("c", "d").unwrap();
    let names: Vec<_> = store
        .iter_children("")
        .unwrap()
        .map(|e| e.unwrap().name().to_owned())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    store.delete("c").unwrap();
    store.ping().unwrap();
}

#[test]
fn a_missing_file_is_told_by_the_call() {
    let error = store().read("missing").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.path(), Some("missing"));
}

#[test]
fn streams_go_forward_only_and_the_other_capabilities_are_the_backends() {
    let adapter = adapter();
    let inner = AsyncMemoryBackend::new().capabilities();
    assert!(inner.supports(Capability::SeekableRead));
    assert_eq!(
        adapter.capabilities(),
        inner.without(Capability::SeekableRead)
    );
    adapter.write("a", "x".into(), WriteOptions::new()).unwrap();
    assert!(!adapter.read("a").unwrap().seekable());
}

#[test]
fn a_handle_that_is_safe_outside_the_runtime_is_handed_out() {
    let store = Store::new(Probe::default().adapted(), "").unwrap();
    assert_eq!(*store.unwrap::<String>().unwrap(), "safe");
    let unsafe_elsewhere = store.unwrap::<u8>().map(drop);
    assert_kind(unsafe_elsewhere, ErrorKind::CapabilityNotSupported);
}

#[test]
fn a_chunk_is_pulled_when_it_is_asked_for_and_not_before() {
    let probe = Probe::default();
    let pulled = Arc::clone(&probe.pulled);
    let adapter = probe.adapted();
    let mut stream = adapter.read("a").unwrap();
    for chunks in 1..100 {
        stream.next_chunk().unwrap().unwrap();
        assert_eq!(pulled.load(Ordering::SeqCst), chunks);
    }
}

#[test]
fn a_backend_with_ranges_is_read_anywhere_without_a_copy() {
    let probe = Probe {
        has_native_ranges: true,
        ..Probe::default()
    };
    let adapter = probe.adapted();
    let mut vast = adapter.read_seekable("a").unwrap();
    vast.seek(SeekFrom::End(-3)).unwrap();
    let mut end = String::new();
    vast.read_to_string(&mut end).unwrap();
    assert_eq!(end, "end");
}

#[test]
fn a_backend_without_ranges_is_read_anywhere_in_a_copy() {
    let probe = Probe {
        chunks: Some(3),
        ..Probe::default()
    };
    let pulled = Arc::clone(&probe.pulled);
    let adapter = probe.adapted();
    let mut copy = adapter.read_seekable("a").unwrap();
    for (start, rest) in [(14, "k"), (3, "nkchunkchunk"), (0, "chunkchunkchunk")] {
        copy.seek(SeekFrom::Start(start)).unwrap();
        let mut found = String::new();
        copy.read_to_string(&mut found).unwrap();
        assert_eq!(found, rest);
    }
    assert_eq!(pulled.load(Ordering::SeqCst), 3);
}

#[test]
fn a_long_listing_comes_in_batches() {
    let store = store();
    for n in 0..1_000 {
        store.write(&format!("folder/{n}"), "").unwrap();
    }
    assert_eq!(
        store
            .list_files("folder")
            .unwrap()
            .map(Result::unwrap)
            .count(),
        1_000
    );
    let probe = Probe::default();
    let listed = Arc::clone(&probe.listed);
    let adapter = probe.adapted();
    let mut endless = adapter.list_files("", Depth::Unlimited);
    endless.next().unwrap().unwrap();
    assert!(listed.load(Ordering::SeqCst) <= 16);
    for entry in endless.by_ref().take(1_000) {
        entry.unwrap();
    }
    assert!(listed.load(Ordering::SeqCst) <= 1_001 + 256);
}

#[test]
fn a_listing_tells_its_error_after_the_entries_before_it() {
    let probe = Probe {
        fails_at: Some(3),
        ..Probe::default()
    };
    let adapter = probe.adapted();
    let entries: Vec<_> = adapter.list_files("", Depth::Unlimited).collect();
    assert_eq!(entries.len(), 4);
    assert!(entries[..3].iter().all(Result::is_ok));
    assert_eq!(
        entries[3].as_ref().unwrap_err().kind(),
        ErrorKind::PermissionDenied
    );
}

#[test]
fn many_threads_get_each_its_own_answers() {
    let store = store();
    thread::scope(|scope| {
        for caller in 0..32 {
            let store = &store;
            scope.spawn(move || {
                for call in 0..250 {
                    // four calls each
                    let path = format!("{caller}/{}", call % 7);
                    let content = format!("{caller}:{call}");
                    let options = WriteOptions::new().overwrite(true);
                    let written = store.write_with(&path, content.as_str(), options).unwrap();
                    assert_eq!(written.size, content.len() as u64);
                    assert_eq!(store.read_text(&path).unwrap(), content);
                    let mut streamed = String::new();
                    store
                        .read(&path)
                        .unwrap()
                        .read_to_string(&mut streamed)
                        .unwrap();
                    assert_eq!(streamed, content);
                    let listed = store.list_files(&caller.to_string()).unwrap();
                    assert_eq!(listed.map(Result::unwrap).count(), (call + 1).min(7));
                }
            });
        }
    });
    store.close().unwrap();
}
