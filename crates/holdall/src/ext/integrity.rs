//! Digests of what is stored.

use super::hash::HashAlgorithm;
use crate::error::Result;
use crate::model::ContentDigest;
use crate::store::AsyncStore;

/// The digest of the file at `path`, by reading all of it chunk by chunk.
///
/// # Errors
///
/// As [`AsyncStore::read`].
///
/// ```
/// use holdall::ext::{hash::HashAlgorithm, integrity::checksum};
/// use holdall::{AsyncMemoryBackend, AsyncStore};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// store.write("a", "abc").await?;
/// let digest = checksum(&store, "a", HashAlgorithm::Md5).await?;
/// assert_eq!(digest.to_string(), "md5:900150983cd24fb0d6963f7d28e17f72");
/// # Ok(()) }
/// ```
pub async fn checksum(
    store: &AsyncStore,
    path: &str,
    algorithm: HashAlgorithm,
) -> Result<ContentDigest> {
    let mut hasher = algorithm.hasher();
    let mut chunks = store.read(path)?;
    while let Some(chunk) = chunks.next().await {
        hasher.update(&chunk?);
    }
    Ok(hasher.finish())
}

/// Whether the file at `path` has the digest `expected`, by reading all of it.
///
/// The comparison takes a time that depends on the digests: it detects damage
/// and keeps no secret.
///
/// # Errors
///
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything is
/// read, for a digest of an algorithm that is not a [`HashAlgorithm`]; else as
/// [`AsyncStore::read`].
pub async fn verify(store: &AsyncStore, path: &str, expected: &ContentDigest) -> Result<bool> {
    let algorithm: HashAlgorithm = expected.algorithm().parse()?;
    Ok(checksum(store, path, algorithm).await? == *expected)
}
