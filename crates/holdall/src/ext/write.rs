//! Writing with a digest of what was written.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::StreamExt;
use parking_lot::Mutex;

use super::hash::Hasher;
use crate::content::AsyncWritableContent;
use crate::error::Result;
use crate::model::WriteResult;
use crate::options::WriteOptions;
use crate::store::AsyncStore;
use crate::writer::{AtomicWriter, StagedUpload};

pub use super::hash::HashAlgorithm;

/// How much is hashed before other tasks have their turn, in bytes.
const PIECE: usize = 1024 * 1024;

/// As [`AsyncStore::write_with`]; the result's digest is that of the content,
/// computed here as it passes by. Nothing is read back or held in memory.
///
/// # Errors
///
/// As [`AsyncStore::write_with`].
///
/// ```
/// use holdall::ext::write::{HashAlgorithm, write_with_hash};
/// use holdall::{AsyncMemoryBackend, AsyncStore, WriteOptions};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// let options = WriteOptions::new();
/// let written = write_with_hash(&store, "a", "abc", HashAlgorithm::Md5, options).await?;
/// let digest = written.digest.map(|digest| digest.to_string());
/// assert_eq!(digest.as_deref(), Some("md5:900150983cd24fb0d6963f7d28e17f72"));
/// # Ok(()) }
/// ```
pub async fn write_with_hash(
    store: &AsyncStore,
    path: &str,
    content: impl Into<AsyncWritableContent>,
    algorithm: HashAlgorithm,
    options: WriteOptions,
) -> Result<WriteResult> {
    match content.into() {
        AsyncWritableContent::Bytes(bytes) => {
            let mut result = store.write_with(path, bytes.clone(), options).await?;
            let mut hasher = algorithm.hasher();
            for piece in bytes.chunks(PIECE) {
                hasher.update(piece);
                tokio::task::yield_now().await;
            }
            result.digest = Some(hasher.finish());
            Ok(result)
        }
        AsyncWritableContent::Stream(chunks) => {
            let hasher = Arc::new(Mutex::new(algorithm.hasher()));
            let passing = Arc::clone(&hasher);
            let chunks = chunks.inspect(move |chunk| {
                if let Ok(chunk) = chunk {
                    passing.lock().update(chunk);
                }
            });
            let content = AsyncWritableContent::Stream(chunks.boxed());
            let mut result = store.write_with(path, content, options).await?;
            let hasher = std::mem::replace(&mut *hasher.lock(), algorithm.hasher());
            result.digest = Some(hasher.finish());
            Ok(result)
        }
    }
}

/// As [`AsyncStore::open_atomic_with`]; the result of the writer's
/// [`commit`](AtomicWriter::commit) has the digest of what was written.
///
/// # Errors
///
/// As [`AsyncStore::open_atomic_with`].
///
/// ```
/// use holdall::ext::write::{HashAlgorithm, open_atomic_with_hash};
/// use holdall::{AsyncMemoryBackend, AsyncStore, WriteOptions};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// let options = WriteOptions::new();
/// let mut file = open_atomic_with_hash(&store, "a", HashAlgorithm::Md5, options).await?;
/// file.write("ab").await?;
/// file.write("c").await?;
/// let digest = file.commit().await?.digest.map(|digest| digest.to_string());
/// assert_eq!(digest.as_deref(), Some("md5:900150983cd24fb0d6963f7d28e17f72"));
/// # Ok(()) }
/// ```
pub async fn open_atomic_with_hash(
    store: &AsyncStore,
    path: &str,
    algorithm: HashAlgorithm,
    options: WriteOptions,
) -> Result<AtomicWriter> {
    let writer = store.open_atomic_with(path, options).await?;
    let hasher = algorithm.hasher();
    Ok(writer.wrapped(|upload| Box::new(HashingUpload { upload, hasher })))
}

/// An upload that hashes exactly what it hands on.
struct HashingUpload {
    upload: Box<dyn StagedUpload>,
    hasher: Hasher,
}

#[async_trait]
impl StagedUpload for HashingUpload {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        self.hasher.update(&chunk);
        self.upload.append(chunk).await
    }

    async fn commit(self: Box<Self>) -> Result<WriteResult> {
        let mut result = self.upload.commit().await?;
        result.digest = Some(self.hasher.finish());
        Ok(result)
    }
}
