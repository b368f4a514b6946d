//! What the wrapped backend hands out, for callers that block.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;

use super::private::Private;
use super::resident::Resident;
use crate::backend::AsyncBackend;
use crate::content::{ByteStream, ChunkSource, Listing, RandomSource, StagedFile};
use crate::error::{Error, Operation, Result};
use crate::model::WriteResult;
use crate::options::WriteOptions;
use crate::reader::RandomRead;
use crate::writer::AtomicWriter;

/// The most entries that one trip brings; the first brings few, for callers
/// that look at the first entries alone.
const MAX_BATCH: usize = 256;
const FIRST_BATCH: usize = 16;

/// The chunks of a file, one pull at a time.
pub(super) struct Chunks {
    /// What the opening has fetched already: a chunk or the end.
    first: Option<Option<Bytes>>,
    stream: Resident<ByteStream>,
}

impl Chunks {
    /// Opens the stream and fetches its first chunk, so that whatever stands
    /// in the way is told at once.
    pub(super) fn open(
        private: &Arc<Private>,
        operation: Operation,
        path: &str,
        open: impl FnOnce(&dyn AsyncBackend, &str) -> ByteStream + Send + 'static,
    ) -> Result<Self> {
        let stream = Resident::new(private, operation, path);
        let (backend, path) = (Arc::clone(&private.backend), path.to_owned());
        let first = stream.call(move |place: &mut Option<ByteStream>| {
            async move {
                let stream = place.insert(open(&*backend, &path));
                stream.next().await.transpose()
            }
            .boxed()
        })?;
        Ok(Self {
            first: Some(first),
            stream,
        })
    }
}

impl ChunkSource for Chunks {
    fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        if let Some(first) = self.first.take() {
            return Ok(first);
        }
        let chunk = self.stream.call(|place| {
            async move {
                match place {
                    Some(stream) => stream.next().await.transpose().map(Some),
                    None => Ok(None),
                }
            }
            .boxed()
        })?;
        chunk.ok_or_else(|| self.stream.gone())
    }
}

/// A file of the wrapped backend at any position.
pub(super) struct Pieces {
    size: u64,
    reader: Resident<Box<dyn RandomRead>>,
}

impl Pieces {
    pub(super) fn open(private: &Arc<Private>, path: &str) -> Result<Self> {
        let reader = Resident::new(private, Operation::ReadSeekable, path);
        let (backend, path) = (Arc::clone(&private.backend), path.to_owned());
        let size = reader.call(move |place: &mut Option<Box<dyn RandomRead>>| {
            async move {
                let source = backend.read_seekable(&path).await?.into_source()?;
                Ok(place.insert(source).size())
            }
            .boxed()
        })?;
        Ok(Self { size, reader })
    }
}

impl RandomSource for Pieces {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        let piece = self.reader.call(move |place| {
            async move {
                match place {
                    Some(source) => source.read_at(offset, max).await.map(Some),
                    None => Ok(None),
                }
            }
            .boxed()
        })?;
        piece.ok_or_else(|| self.reader.gone())
    }
}

/// A writer of the wrapped backend.
pub(super) struct Staged {
    writer: Resident<AtomicWriter>,
}

impl Staged {
    pub(super) fn open(private: &Arc<Private>, path: &str, options: WriteOptions) -> Result<Self> {
        let writer = Resident::new(private, Operation::OpenAtomic, path);
        let (backend, path) = (Arc::clone(&private.backend), path.to_owned());
        writer.call(move |place: &mut Option<AtomicWriter>| {
            async move {
                *place = Some(backend.open_atomic(&path, options).await?);
                Ok(())
            }
            .boxed()
        })?;
        Ok(Self { writer })
    }
}

impl StagedFile for Staged {
    fn append(&mut self, chunk: Bytes) -> Result<()> {
        let appended = self.writer.call(|place| {
            async move {
                match place {
                    Some(writer) => writer.write(chunk).await.map(Some),
                    None => Ok(None),
                }
            }
            .boxed()
        })?;
        appended.ok_or_else(|| self.writer.gone())
    }

    fn commit(self: Box<Self>) -> Result<WriteResult> {
        let written = self.writer.call(|place| {
            async move {
                match place.take() {
                    Some(writer) => writer.commit().await.map(Some),
                    None => Ok(None),
                }
            }
            .boxed()
        })?;
        written.ok_or_else(|| self.writer.gone())
    }
}

/// The entries of a listing, a batch a trip.
pub(super) struct Batches<T, L> {
    /// Used up by the first trip.
    list: Option<L>,
    listing: Resident<Listing<T>>,
    fetched: VecDeque<T>,
    /// What ended the listing after the entries that are fetched.
    failure: Option<Error>,
    most: usize,
}

impl<T, L> Batches<T, L>
where
    T: Send + 'static,
    L: FnOnce() -> Listing<T> + Send + 'static,
{
    pub(super) fn new(private: &Arc<Private>, operation: Operation, path: &str, list: L) -> Self {
        Self {
            list: Some(list),
            listing: Resident::new(private, operation, path),
            fetched: VecDeque::new(),
            failure: None,
            most: FIRST_BATCH,
        }
    }

    fn fetch(&mut self) -> Result<()> {
        let (list, most) = (self.list.take(), self.most);
        self.most = MAX_BATCH;
        let (fetched, failure) = self.listing.call(move |place| {
            async move {
                if let Some(list) = list {
                    *place = Some(list());
                }
                Ok(match place {
                    Some(listing) => batch(listing, most).await,
                    None => (VecDeque::new(), None),
                })
            }
            .boxed()
        })?;
        (self.fetched, self.failure) = (fetched, failure);
        Ok(())
    }
}

/// The next entry, and those after it that are there without a wait; none at
/// the end.
async fn batch<T: Send + 'static>(
    listing: &mut Listing<T>,
    most: usize,
) -> (VecDeque<T>, Option<Error>) {
    let mut entries = VecDeque::new();
    let mut next = listing.next().await;
    loop {
        match next {
            Some(Ok(entry)) => entries.push_back(entry),
            Some(Err(error)) => return (entries, Some(error)),
            None => return (entries, None),
        }
        if entries.len() >= most {
            return (entries, None);
        }
        match listing.next().now_or_never() {
            Some(ready) => next = ready,
            None => return (entries, None),
        }
    }
}

impl<T, L> Iterator for Batches<T, L>
where
    T: Send + 'static,
    L: FnOnce() -> Listing<T> + Send + 'static,
{
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.fetched.is_empty()
            && self.failure.is_none()
            && let Err(error) = self.fetch()
        {
            return Some(Err(error));
        }
        match self.fetched.pop_front() {
            Some(entry) => Some(Ok(entry)),
            None => self.failure.take().map(Err),
        }
    }
}
