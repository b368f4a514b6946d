//! Digests of what passes by on a write and of what is stored.

#![cfg(feature = "hash")]
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use futures::stream;
use holdall::ext::hash::{HashAlgorithm, Hasher};
use holdall::ext::integrity::{checksum, verify};
use holdall::ext::write::{open_atomic_with_hash, write_with_hash};
use holdall::{
    AsyncMemoryBackend, AsyncStore, AsyncWritableContent, ContentDigest, Error, ErrorKind,
    WriteOptions,
};
use tokio::io::AsyncWriteExt;

fn store() -> AsyncStore {
    AsyncStore::new(AsyncMemoryBackend::new(), "data").unwrap()
}

/// More than a batch of the writer, and its digest.
fn content(algorithm: HashAlgorithm) -> (Vec<u8>, ContentDigest) {
    let bytes: Vec<u8> = (0..1_310_720_u32).map(|i| (i / 7 % 251) as u8).collect();
    let mut hasher: Hasher = algorithm.hasher();
    hasher.update(&bytes);
    (bytes, hasher.finish())
}

#[tokio::test]
async fn bytes_and_streams_have_the_same_digest() {
    for algorithm in HashAlgorithm::ALL {
        let store = store();
        let (bytes, digest) = content(algorithm);
        let whole = write_with_hash(&store, "a", bytes.clone(), algorithm, WriteOptions::new());
        let whole = whole.await.unwrap();
        assert_eq!(
            (whole.size, whole.digest.as_ref()),
            (1_310_720, Some(&digest))
        );

        let chunks: Vec<Result<Bytes, Error>> = bytes
            .chunks(70_001)
            .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
            .collect();
        let chunks = AsyncWritableContent::from_stream(stream::iter(chunks));
        let streamed = write_with_hash(&store, "b", chunks, algorithm, WriteOptions::new());
        assert_eq!(streamed.await.unwrap().digest, Some(digest.clone()));

        assert_eq!(checksum(&store, "b", algorithm).await.unwrap(), digest);
        assert!(verify(&store, "a", &digest).await.unwrap());
    }
}

#[tokio::test]
async fn empty_content_has_a_digest() {
    let store = store();
    let options = WriteOptions::new;
    let written = write_with_hash(&store, "a", "", HashAlgorithm::Md5, options()).await;
    let digest = "md5:d41d8cd98f00b204e9800998ecf8427e";
    assert_eq!(written.unwrap().digest.unwrap().to_string(), digest);

    let file = open_atomic_with_hash(&store, "b", HashAlgorithm::Md5, options()).await;
    let written = file.unwrap().commit().await.unwrap();
    assert_eq!(written.digest.unwrap().to_string(), digest);
}

#[tokio::test]
async fn a_writer_commits_with_the_digest_of_all_it_was_given() {
    let store = store();
    let (bytes, digest) = content(HashAlgorithm::Sha256);
    let options = WriteOptions::new().metadata([("owner", "finance")]);
    let file = open_atomic_with_hash(&store, "a", HashAlgorithm::Sha256, options).await;
    let mut file = file.unwrap();
    let (first, rest) = bytes.split_at(234_567);
    file.write(first.to_vec()).await.unwrap();
    file.write_all(rest).await.unwrap();
    file.shutdown().await.unwrap();
    assert!(!store.exists("a").await.unwrap());
    let written = file.commit().await.unwrap();
    assert_eq!(written.path.as_str(), "a");
    assert_eq!(written.digest, Some(digest));
    assert_eq!(written.metadata.unwrap().get("owner"), Some("finance"));
    assert_eq!(store.read_bytes("a").await.unwrap(), bytes);
}

#[tokio::test]
async fn a_failing_source_stores_nothing_and_gives_its_own_error() {
    let store = store();
    let chunks = stream::iter([
        Ok(Bytes::from_static(b"a")),
        Err(Error::new(ErrorKind::ResourceLocked, "the source is busy")),
    ]);
    let content = AsyncWritableContent::from_stream(chunks);
    let written = write_with_hash(
        &store,
        "a",
        content,
        HashAlgorithm::Sha1,
        WriteOptions::new(),
    );
    let error = written.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceLocked);
    assert_eq!(error.message(), "the source is busy");
    assert!(!store.exists("a").await.unwrap());
}

#[tokio::test]
async fn a_digest_does_not_loosen_the_rules_of_writing() {
    let store = store();
    store.write("a", "old").await.unwrap();
    let algorithm = HashAlgorithm::Sha512;
    let again = write_with_hash(&store, "a", "new", algorithm, WriteOptions::new()).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AlreadyExists);
    let again = open_atomic_with_hash(&store, "a", algorithm, WriteOptions::new()).await;
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AlreadyExists);
    let options = WriteOptions::new().metadata([("_x", "y")]);
    let bad = write_with_hash(&store, "", "new", algorithm, options).await;
    assert_eq!(bad.unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert_eq!(store.read_text("a").await.unwrap(), "old");
}

#[tokio::test]
async fn damage_is_found() {
    let store = store();
    store.write("a", "abd").await.unwrap();
    let digest = ContentDigest::new("MD5", "900150983CD24FB0D6963F7D28E17F72").unwrap();
    assert!(!verify(&store, "a", &digest).await.unwrap());
    let options = WriteOptions::new().overwrite(true);
    store.write_with("a", "abc", options).await.unwrap();
    assert!(verify(&store, "a", &digest).await.unwrap());
}

#[tokio::test]
async fn what_cannot_be_verified_is_an_error_and_not_damage() {
    let store = store();
    let missing = checksum(&store, "a", HashAlgorithm::Blake3).await;
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
    let unknown = ContentDigest::new("crc32", "00").unwrap();
    let error = verify(&store, "a", &unknown).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}
