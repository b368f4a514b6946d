//! Counting and hashing of content on its way.

use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use holdall::{AsyncWritableContent, Bytes};

use crate::failure::{Failure, Result};
use crate::location::Location;
use crate::progress::Progress;

/// What passed by on the way from a source to a destination.
#[derive(Clone)]
pub(super) struct Tally {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    bytes: u64,
    hasher: Option<blake3::Hasher>,
    source_failed: bool,
}

impl Tally {
    /// Nothing has passed yet; hashes what will if `hash`.
    fn new(hash: bool) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                bytes: 0,
                hasher: hash.then(blake3::Hasher::new),
                source_failed: false,
            })),
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn observe(&self, chunk: &holdall::Result<Bytes>) {
        self.with(|inner| match chunk {
            Ok(bytes) => {
                inner.bytes += bytes.len() as u64;
                if let Some(hasher) = &mut inner.hasher {
                    hasher.update(bytes);
                }
            }
            Err(_) => inner.source_failed = true,
        });
    }

    /// The bytes that passed.
    pub(super) fn bytes(&self) -> u64 {
        self.with(|inner| inner.bytes)
    }

    /// The BLAKE3 of what passed, if it was to be computed.
    pub(super) fn hash(&self) -> Option<blake3::Hash> {
        self.with(|inner| inner.hasher.as_ref().map(blake3::Hasher::finalize))
    }

    /// Whether it was the source that failed, rather than the destination.
    pub(super) fn source_failed(&self) -> bool {
        self.with(|inner| inner.source_failed)
    }
}

/// The content of `source` for a write, with the tally of what passes.
pub(super) fn tallied(
    source: &Location,
    hash: bool,
    progress: &Arc<Progress>,
) -> Result<(AsyncWritableContent, Tally)> {
    let chunks = source.store().read(source.key());
    let chunks = chunks.map_err(|error| source.failure(&error))?;
    let tally = Tally::new(hash);
    let (observer, progress) = (tally.clone(), Arc::clone(progress));
    let chunks = chunks.inspect(move |chunk| {
        observer.observe(chunk);
        progress.add_bytes(chunk.as_ref().map_or(0, |bytes| bytes.len() as u64));
    });
    Ok((AsyncWritableContent::from_stream(chunks), tally))
}

/// The BLAKE3 of the file at `location`, read in bounded memory.
pub(super) async fn hash_of(location: &Location) -> Result<blake3::Hash> {
    let failed = |error| Failure::store(location.label(), &error);
    let mut chunks = location.store().read(location.key()).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    while let Some(chunk) = chunks.next().await {
        hasher.update(&chunk.map_err(failed)?);
    }
    Ok(hasher.finalize())
}

/// Whether two files have the same bytes.
pub(super) async fn same_content(a: &Location, b: &Location) -> Result<bool> {
    let (size_a, size_b) = futures::try_join!(size_of(a), size_of(b))?;
    if size_a != size_b {
        return Ok(false);
    }
    let (hash_a, hash_b) = futures::try_join!(hash_of(a), hash_of(b))?;
    Ok(hash_a == hash_b)
}

/// The size of the file at `location` in bytes.
pub(crate) async fn size_of(location: &Location) -> Result<u64> {
    let info = location.store().get_file_info(location.key()).await;
    Ok(info.map_err(|error| location.failure(&error))?.size)
}
