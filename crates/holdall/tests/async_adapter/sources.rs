//! Content that is written.

use std::io::Read;
use std::thread;

use holdall::{Backend, Error, ErrorKind, WritableContent, WriteOptions};

use crate::probe::Probe;
use crate::{assert_kind, store};

/// Gives some bytes and fails.
struct FailingReader(usize);

impl Read for FailingReader {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            let error = Error::new(ErrorKind::ResourceLocked, "mine").with_path("elsewhere");
            return Err(error.into());
        }
        let amount = target.len().min(self.0);
        self.0 -= amount;
        Ok(amount)
    }
}

#[test]
fn a_source_that_fails_is_told_unchanged_and_stores_nothing() {
    let store = store();
    for size in [0, 10, 3_000_000] {
        let content = WritableContent::from_reader(FailingReader(size));
        let error = store.write("a", content).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResourceLocked);
        assert_eq!((error.message(), error.path()), ("mine", Some("elsewhere")));
        assert!(!store.exists("a").unwrap());
    }
}

#[test]
fn a_source_is_read_where_the_caller_is() {
    struct Here(thread::ThreadId, usize);
    impl Read for Here {
        fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
            assert_eq!(thread::current().id(), self.0);
            let amount = target.len().min(self.1);
            self.1 -= amount;
            Ok(amount)
        }
    }
    let store = store();
    let mut source = Here(thread::current().id(), 5_000_000);
    let written = store
        .write("a", WritableContent::from_reader(&mut source))
        .unwrap();
    assert_eq!(written.size, 5_000_000);
    // A stream of the same adapter is a source like any other.
    let copied = store.write("b", store.read("a").unwrap()).unwrap();
    assert_eq!(copied.size, 5_000_000);
}

#[test]
fn a_backend_that_answers_early_ends_the_reading() {
    let adapter = Probe::default().adapted();
    let content = WritableContent::from_reader(std::io::repeat(0));
    assert_kind(
        adapter.write("a", content, WriteOptions::new()),
        ErrorKind::StorageFull,
    );
}

#[test]
fn a_source_that_panics_stores_nothing_and_harms_no_other_call() {
    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("a panic for the test")
        }
    }
    let store = store();
    let shared = store.clone();
    let writer = thread::spawn(move || shared.write("a", WritableContent::from_reader(Panics)));
    assert!(writer.join().is_err());
    assert!(!store.exists("a").unwrap());
    store.close().unwrap();
}

#[test]
fn a_backend_that_panics_is_an_error_and_no_hang() {
    let adapter = Probe::default().adapted();
    assert_kind(adapter.read_bytes("panic"), ErrorKind::BackendUnavailable);
    assert!(adapter.exists("a").unwrap());
    adapter.close().unwrap();
}
