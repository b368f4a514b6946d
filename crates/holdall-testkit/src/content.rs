//! Content for cases: reproducible noise, and sources that misbehave.

use std::task::Poll;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use holdall::{AsyncWritableContent, Error, ErrorKind};

/// Reproducible noise (splitmix64), so that a failure can be told again.
#[derive(Debug, Clone)]
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Bytes {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes.into()
    }
}

/// `length` bytes of noise that depend on `seed`.
pub(crate) fn noise(seed: u64, length: usize) -> Bytes {
    Noise::new(seed).bytes(length)
}

/// Content as a stream of chunks of the given sizes, the last one repeated.
pub(crate) fn in_chunks(content: &Bytes, sizes: &[usize]) -> AsyncWritableContent {
    let mut rest = content.clone();
    let mut sizes = sizes.to_vec();
    sizes.reverse();
    let chunks = std::iter::from_fn(move || {
        let size = match sizes.as_slice() {
            [last] => *last,
            _ => sizes.pop()?,
        };
        (!rest.is_empty()).then(|| rest.split_to(size.min(rest.len())))
    });
    AsyncWritableContent::from_stream(stream::iter(chunks.map(Ok::<_, Error>)))
}

/// The message of the error that a failing source ends with.
pub(crate) const SOURCE_MESSAGE: &str = "the source gave out";

fn chunks_then<S>(chunks: usize, size: usize, end: S) -> AsyncWritableContent
where
    S: Stream<Item = Result<Bytes, Error>> + Send + 'static,
{
    let chunks = stream::iter((0..chunks).map(move |n| Ok(noise(n as u64, size))));
    AsyncWritableContent::from_stream(chunks.chain(end))
}

/// A source of `chunks` chunks that then fails.
///
/// The kind is one that no backend has a reason to make up.
pub(crate) fn failing_source(chunks: usize, size: usize) -> AsyncWritableContent {
    let error = async { Err(Error::new(ErrorKind::ResourceLocked, SOURCE_MESSAGE)) };
    chunks_then(chunks, size, stream::once(error))
}

/// A source of `chunks` chunks that then waits for ever.
pub(crate) fn stalling_source(chunks: usize, size: usize) -> AsyncWritableContent {
    chunks_then(chunks, size, stream::pending())
}

/// A source that is not ready once before each chunk.
pub(crate) fn hesitant_source(content: &Bytes, size: usize) -> AsyncWritableContent {
    let mut rest = content.clone();
    let mut hesitated = false;
    let chunks = stream::poll_fn(move |cx| {
        if rest.is_empty() {
            return Poll::Ready(None);
        }
        hesitated = !hesitated;
        if hesitated {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok::<_, Error>(rest.split_to(size.min(rest.len())))))
    });
    AsyncWritableContent::from_stream(chunks)
}
