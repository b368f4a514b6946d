//! The helpers for a store that blocks do as those for one that is awaited.

#![cfg(all(feature = "local", feature = "hash"))]
#![allow(clippy::unwrap_used)]

use std::io::{self, Cursor, Read, Write};

use holdall::ext::hash::HashAlgorithm;
use holdall::ext::sync::glob::glob_files;
use holdall::ext::sync::integrity::{checksum, verify};
use holdall::ext::sync::write::{open_atomic_with_hash, write_with_hash};
use holdall::{
    Capability, ContentDigest, Error, ErrorKind, LocalBackend, MemoryBackend, Store,
    WritableContent, WriteOptions,
};

fn store() -> Store {
    Store::new(MemoryBackend::new(), "data").unwrap()
}

/// More than a batch of the writer, and its digest.
fn content(algorithm: HashAlgorithm) -> (Vec<u8>, ContentDigest) {
    let bytes: Vec<u8> = (0..1_310_720_u32).map(|i| (i / 7 % 251) as u8).collect();
    let mut hasher = algorithm.hasher();
    hasher.update(&bytes);
    (bytes, hasher.finish())
}

fn found(store: &Store, pattern: &str) -> Vec<String> {
    let files = glob_files(store, pattern).unwrap();
    let mut paths: Vec<String> = files.map(|file| file.unwrap().path.to_string()).collect();
    paths.sort();
    paths
}

#[test]
fn globbing_finds_the_same_with_and_without_a_glob_of_the_backends_own() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Store::new(LocalBackend::new(folder.path()).unwrap(), "data").unwrap();
    assert!(disk.supports(Capability::Glob));
    assert!(!store().supports(Capability::Glob));
    for store in [disk, store()] {
        for path in ["a.csv", "2026/a.csv", "2026/01/b.csv", "2026/01/c.txt"] {
            store.write(path, "").unwrap();
        }
        assert_eq!(found(&store, "*.csv"), ["a.csv"]);
        let deep = ["2026/01/b.csv", "2026/a.csv"];
        assert_eq!(found(&store, "2026/**/*.csv"), deep);
        assert_eq!(found(&store, "missing/*"), [""; 0]);
        let error = glob_files(&store, "a/../*").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPath);
        assert_eq!(error.path(), Some("a/../*"));
    }
}

#[test]
fn bytes_and_readers_have_the_same_digest() {
    for algorithm in HashAlgorithm::ALL {
        let store = store();
        let (bytes, digest) = content(algorithm);
        let options = WriteOptions::new;
        let whole = write_with_hash(&store, "a", bytes.clone(), algorithm, options()).unwrap();
        assert_eq!(
            (whole.size, whole.digest),
            (1_310_720, Some(digest.clone()))
        );
        let mut reader = Cursor::new(bytes);
        let reader = WritableContent::from_reader(&mut reader);
        let read = write_with_hash(&store, "b", reader, algorithm, options()).unwrap();
        assert_eq!((read.size, read.digest), (1_310_720, Some(digest.clone())));
        assert_eq!(checksum(&store, "b", algorithm).unwrap(), digest);
        assert!(verify(&store, "a", &digest).unwrap());
    }
}

#[test]
fn an_atomic_file_commits_with_the_digest_of_all_it_was_given() {
    let store = store();
    let (bytes, digest) = content(HashAlgorithm::Sha256);
    let options = WriteOptions::new().metadata([("owner", "finance")]);
    let mut file = open_atomic_with_hash(&store, "a", HashAlgorithm::Sha256, options).unwrap();
    let (first, rest) = bytes.split_at(234_567);
    file.write_all(first).unwrap();
    file.flush().unwrap();
    file.write_all(rest).unwrap();
    assert!(!store.exists("a").unwrap());
    let written = file.commit().unwrap();
    assert_eq!(written.path.as_str(), "a");
    assert_eq!(written.digest, Some(digest));
    assert_eq!(written.metadata.unwrap().get("owner"), Some("finance"));
    assert_eq!(store.read_bytes("a").unwrap(), bytes);
}

struct Busy;

impl Read for Busy {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(Error::new(ErrorKind::ResourceLocked, "the source is busy").into())
    }
}

#[test]
fn a_failing_source_stores_nothing_and_gives_its_own_error() {
    let store = store();
    let content = WritableContent::from_reader(Cursor::new("a").chain(Busy));
    let options = WriteOptions::new();
    let error = write_with_hash(&store, "a", content, HashAlgorithm::Sha1, options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceLocked);
    assert_eq!(error.message(), "the source is busy");
    assert!(!store.exists("a").unwrap());
}

#[test]
fn a_digest_does_not_loosen_the_rules_of_writing() {
    let store = store();
    store.write("a", "old").unwrap();
    let algorithm = HashAlgorithm::Sha512;
    let again = write_with_hash(&store, "a", "new", algorithm, WriteOptions::new());
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AlreadyExists);
    let again = open_atomic_with_hash(&store, "a", algorithm, WriteOptions::new());
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AlreadyExists);
    let options = WriteOptions::new().metadata([("_x", "y")]);
    let bad = write_with_hash(&store, "", "new", algorithm, options);
    assert_eq!(bad.unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(store.read_text("a").unwrap(), "old");
}

#[test]
fn damage_is_told_from_what_cannot_be_verified() {
    let store = store();
    let digest = ContentDigest::new("MD5", "900150983CD24FB0D6963F7D28E17F72").unwrap();
    let missing = verify(&store, "a", &digest).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    store.write("a", "abd").unwrap();
    assert!(!verify(&store, "a", &digest).unwrap());
    store.write("b", "abc").unwrap();
    assert!(verify(&store, "b", &digest).unwrap());
    let unknown = ContentDigest::new("crc32", "00").unwrap();
    let error = verify(&store, "a", &unknown).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}
