//! Digests of what is stored, for code that blocks.

use crate::error::Result;
use crate::ext::hash::HashAlgorithm;
use crate::model::ContentDigest;
use crate::store::Store;

/// As [`ext::integrity::checksum`](crate::ext::integrity::checksum), for a
/// [`Store`].
///
/// # Errors
///
/// As [`Store::read`].
///
/// ```
/// use holdall::ext::{hash::HashAlgorithm, sync::integrity::checksum};
/// use holdall::{MemoryBackend, Store};
///
/// # fn main() -> holdall::Result<()> {
/// let store = Store::new(MemoryBackend::new(), "")?;
/// store.write("a", "abc")?;
/// let digest = checksum(&store, "a", HashAlgorithm::Md5)?;
/// assert_eq!(digest.to_string(), "md5:900150983cd24fb0d6963f7d28e17f72");
/// # Ok(()) }
/// ```
pub fn checksum(store: &Store, path: &str, algorithm: HashAlgorithm) -> Result<ContentDigest> {
    let mut hasher = algorithm.hasher();
    let mut content = store.read(path)?;
    while let Some(chunk) = content.next_chunk()? {
        hasher.update(&chunk);
    }
    Ok(hasher.finish())
}

/// As [`ext::integrity::verify`](crate::ext::integrity::verify), for a
/// [`Store`].
///
/// # Errors
///
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything is
/// read, for a digest of an algorithm that is not a [`HashAlgorithm`]; else as
/// [`Store::read`].
pub fn verify(store: &Store, path: &str, expected: &ContentDigest) -> Result<bool> {
    let algorithm: HashAlgorithm = expected.algorithm().parse()?;
    Ok(checksum(store, path, algorithm)? == *expected)
}
