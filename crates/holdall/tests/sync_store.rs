//! A store for code that blocks: no runtime, no thread, the same contract.

#![cfg(feature = "local")]
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use holdall::{
    Backend, Capability, ErrorKind, ListOptions, LocalBackend, MemoryBackend, Store,
    WritableContent, WriteOptions,
};

fn each_store(check: impl Fn(Store)) {
    check(Store::new(MemoryBackend::new(), "root").unwrap());
    let folder = tempfile::tempdir().unwrap();
    check(Store::new(LocalBackend::new(folder.path()).unwrap(), "root").unwrap());
}

#[test]
fn a_missing_file_is_told_by_the_call() {
    each_store(|store| {
        let error = store.read("a/b").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.path(), Some("a/b"));
        store.write("folder/file", "x").unwrap();
        let error = store.read_range("folder", ..).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPath);
    });
}

#[test]
fn content_comes_from_any_reader_and_goes_to_any_reader() {
    each_store(|store| {
        let large: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
        let mut source = Cursor::new(large.clone());
        store
            .write("large", WritableContent::from_reader(&mut source))
            .unwrap();
        let mut back = Vec::new();
        store.read("large").unwrap().read_to_end(&mut back).unwrap();
        assert_eq!(back, large);
        store.write("lines", "one\ntwo\n").unwrap();
        let lines: Vec<_> = store
            .read("lines")
            .unwrap()
            .lines()
            .map(Result::unwrap)
            .collect();
        assert_eq!(lines, ["one", "two"]);
    });
}

#[test]
fn a_stream_that_is_seekable_turns_into_one_that_seeks() {
    each_store(|store| {
        assert!(store.supports(Capability::SeekableRead));
        store.write("a", "0123456789").unwrap();
        let mut stream = store.read("a").unwrap();
        assert!(stream.seekable());
        let mut first = [0; 2];
        stream.read_exact(&mut first).unwrap();
        let mut stream = stream.into_seekable().unwrap();
        assert_eq!(stream.stream_position().unwrap(), 2);
        stream.seek(SeekFrom::End(-3)).unwrap();
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "789");
    });
}

#[test]
fn an_atomic_file_shows_at_its_commit_or_never() {
    each_store(|store| {
        let mut given_up = store.open_atomic("a").unwrap();
        given_up.write_all(b"never").unwrap();
        drop(given_up);
        assert!(!store.exists("a").unwrap());
        let mut file = store.open_atomic("a").unwrap();
        file.write_all(&vec![7; 2_500_000]).unwrap();
        assert!(!store.exists("a").unwrap());
        let written = file.commit().unwrap();
        assert_eq!((written.path.as_str(), written.size), ("a", 2_500_000));
        assert_eq!(
            store.open_atomic("a").unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
    });
}

#[test]
fn a_source_that_fails_stores_nothing_and_its_error_comes_back() {
    struct Broken(u32);
    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 20 {
                return Err(std::io::Error::other("the tape tore"));
            }
            buffer.fill(7);
            Ok(buffer.len())
        }
    }
    each_store(|store| {
        store.write("a", "old").unwrap();
        let options = WriteOptions::new().overwrite(true);
        let content = WritableContent::from_reader(Broken(0));
        let error = store.write_with("a", content, options).unwrap_err();
        assert_eq!(error.message(), "the tape tore");
        assert_eq!(store.read_text("a").unwrap(), "old");
    });
}

#[test]
fn listings_are_lazy_iterators_checked_at_the_call() {
    each_store(|store| {
        for number in 0..5 {
            store
                .write(&format!("folder/sub/{number}.txt"), "x")
                .unwrap();
        }
        let options = ListOptions::new().recursive(true).pattern("[0-2].txt");
        let files = store.list_files_with("", options).unwrap();
        assert_eq!(files.map(Result::unwrap).count(), 3);
        assert_eq!(
            store.list_files("..").unwrap_err().kind(),
            ErrorKind::InvalidPath
        );
        let folders = store
            .list_folders_with("", ListOptions::new().max_depth(1))
            .unwrap();
        let paths: Vec<_> = folders
            .map(|folder| folder.unwrap().path.to_string())
            .collect();
        assert_eq!(paths, ["folder", "folder/sub"]);
    });
}

#[test]
fn blocking_and_awaited_stores_share_a_backend() {
    let backend = MemoryBackend::new();
    let store = Store::new(backend.clone(), "").unwrap();
    let awaited = holdall::AsyncStore::new(backend, "").unwrap();
    store.write("a", "x").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    assert_eq!(runtime.block_on(awaited.read_text("a")).unwrap(), "x");
}

#[test]
fn a_backend_is_taken_by_value_shared_and_erased() {
    let shared: Arc<dyn Backend> = Arc::new(MemoryBackend::new());
    let store = Store::new(Arc::clone(&shared), "").unwrap();
    store.write("a", "x").unwrap();
    assert!(Store::new(shared, "").unwrap().exists("a").unwrap());
    assert!(!store.supports(Capability::LazyRead));
    assert_eq!(store.backend().name(), "memory");
}
