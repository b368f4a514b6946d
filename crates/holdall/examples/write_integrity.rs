//! The chapter docs/write-integrity.md, running.

use holdall::ext::hash::HashAlgorithm;
use holdall::ext::integrity::{checksum, verify};
use holdall::ext::write::{open_atomic_with_hash, write_with_hash};
use holdall::{AsyncMemoryBackend, AsyncStore, ContentDigest, WriteOptions, WriteSource};

#[tokio::main]
async fn main() -> holdall::Result<()> {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
    results(&store).await?;
    digest_on_the_way(&store).await?;
    digest_of_a_writer(&store).await?;
    verification(&store).await?;
    copies(&store).await
}

async fn results(store: &AsyncStore) -> holdall::Result<()> {
    let written = store.write("a.txt", "abc").await?;
    assert_eq!((written.path.as_str(), written.size), ("a.txt", 3));

    let head = store.head("a.txt").await?;
    assert_eq!(head.source, WriteSource::Sidecar);
    assert_eq!(head.size, written.size);
    Ok(())
}

async fn digest_on_the_way(store: &AsyncStore) -> holdall::Result<()> {
    let content = store.read("a.txt")?;
    let options = WriteOptions::new();
    let written =
        write_with_hash(store, "copy.txt", content, HashAlgorithm::Blake3, options).await?;

    let there = checksum(store, "a.txt", HashAlgorithm::Blake3).await?;
    assert_eq!(written.digest, Some(there));
    Ok(())
}

async fn digest_of_a_writer(store: &AsyncStore) -> holdall::Result<()> {
    let options = WriteOptions::new();
    let mut file = open_atomic_with_hash(store, "b.txt", HashAlgorithm::Md5, options).await?;
    file.write("ab").await?;
    file.write("c").await?;

    let written = file.commit().await?;
    let known = ContentDigest::new("md5", "900150983cd24fb0d6963f7d28e17f72")?;
    assert_eq!(written.digest, Some(known));
    Ok(())
}

async fn verification(store: &AsyncStore) -> holdall::Result<()> {
    let recorded = checksum(store, "a.txt", HashAlgorithm::Sha256).await?;
    assert!(verify(store, "a.txt", &recorded).await?);

    let replace = WriteOptions::new().overwrite(true);
    store.write_with("a.txt", "abd", replace).await?;
    assert!(!verify(store, "a.txt", &recorded).await?);
    Ok(())
}

async fn copies(store: &AsyncStore) -> holdall::Result<()> {
    assert!(copy_verified(store, "a.txt", store, "archive/a.txt").await?);
    Ok(())
}

async fn copy_verified(
    from: &AsyncStore,
    source: &str,
    to: &AsyncStore,
    target: &str,
) -> holdall::Result<bool> {
    let content = from.read(source)?;
    let options = WriteOptions::new();
    let written = write_with_hash(to, target, content, HashAlgorithm::Blake3, options).await?;
    match written.digest {
        Some(digest) => verify(to, target, &digest).await,
        None => Ok(false),
    }
}
