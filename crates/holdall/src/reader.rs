//! Reading at any position.

use std::fmt;
use std::io::SeekFrom;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_trait::async_trait;
use bytes::{Buf, Bytes};
use futures::future::BoxFuture;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncSeek, ReadBuf};

use crate::error::{Error, ErrorKind, Result};

/// The most that one fetch of a [`SeekableReader`] asks for, in bytes.
const FETCH: usize = 256 * 1024;

/// What a backend gives to a [`SeekableReader`]: one version of one file, read
/// piece by piece at any offset.
#[async_trait]
pub trait RandomRead: Send + 'static {
    /// The file's length in bytes.
    fn size(&self) -> u64;

    /// The bytes from `offset` on, at most `max`; empty at the end and only there.
    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes>;
}

/// A file open for reading at any position: [`AsyncRead`], [`AsyncBufRead`] and
/// [`AsyncSeek`].
///
/// A position past the end is no error: reads there find the end.
///
/// ```
/// # use holdall::{AsyncMemoryBackend, AsyncStore};
/// use std::io::SeekFrom;
/// use tokio::io::{AsyncReadExt, AsyncSeekExt};
///
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// store.write("a.txt", "header|body|footer").await?;
/// let mut file = store.read_seekable("a.txt").await?;
/// file.seek(SeekFrom::End(-6)).await?;
/// let mut footer = String::new();
/// file.read_to_string(&mut footer).await?;
/// assert_eq!(footer, "footer");
/// # Ok(()) }
/// ```
pub struct SeekableReader {
    state: State,
    size: u64,
    /// The offset of the first byte of `buffer`.
    position: u64,
    buffer: Bytes,
    /// A seek came while a fetch was under way: what it brings is not wanted.
    stale: bool,
}

type Source = Box<dyn RandomRead>;

enum State {
    Idle(Source),
    Fetching(BoxFuture<'static, (Source, Result<Bytes>)>),
    /// Only while a poll is under way.
    Taken,
}

impl SeekableReader {
    /// A reader at position 0 of `source`.
    pub fn new(source: impl RandomRead) -> Self {
        Self::from_boxed(Box::new(source))
    }

    fn from_boxed(source: Source) -> Self {
        let size = source.size();
        Self {
            state: State::Idle(source),
            size,
            position: 0,
            buffer: Bytes::new(),
            stale: false,
        }
    }

    /// The file's length in bytes when it was opened.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What a reader that is fresh reads from.
    pub(crate) fn into_source(self) -> Result<Source> {
        match self.state {
            State::Idle(source) => Ok(source),
            State::Fetching(_) | State::Taken => Err(Error::new(
                ErrorKind::Other,
                "the reader is in use and cannot be taken apart",
            )),
        }
    }

    /// Puts a layer around the source of a reader that is fresh.
    pub(crate) fn wrapped(self, wrap: impl FnOnce(Source) -> Source) -> Self {
        match self.state {
            State::Idle(source) => Self::from_boxed(wrap(source)),
            State::Fetching(_) | State::Taken => self,
        }
    }

    /// Waits for the fetch that is under way, if any.
    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        match std::mem::replace(&mut self.state, State::Taken) {
            State::Fetching(mut fetch) => match fetch.as_mut().poll(cx) {
                Poll::Pending => {
                    self.state = State::Fetching(fetch);
                    Poll::Pending
                }
                Poll::Ready((source, fetched)) => {
                    self.state = State::Idle(source);
                    if std::mem::take(&mut self.stale) {
                        return Poll::Ready(Ok(None));
                    }
                    Poll::Ready(fetched.map(Some))
                }
            },
            state => {
                self.state = state;
                Poll::Ready(Ok(None))
            }
        }
    }

    fn begin_fetch(&mut self) {
        let offset = self.position;
        self.state = match std::mem::replace(&mut self.state, State::Taken) {
            State::Idle(mut source) => State::Fetching(Box::pin(async move {
                let fetched = source.read_at(offset, FETCH).await;
                (source, fetched)
            })),
            state => state,
        };
    }
}

impl AsyncBufRead for SeekableReader {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<&[u8]>> {
        let this = self.get_mut();
        while this.buffer.is_empty() {
            if let Some(fetched) = ready!(this.poll_idle(cx))? {
                if fetched.is_empty() {
                    break;
                }
                this.buffer = fetched;
            } else if this.position >= this.size {
                break;
            } else {
                this.begin_fetch();
            }
        }
        Poll::Ready(Ok(&this.buffer))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.get_mut();
        let amount = amount.min(this.buffer.len());
        this.buffer.advance(amount);
        this.position += amount as u64;
    }
}

impl AsyncRead for SeekableReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        target: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let available = ready!(self.as_mut().poll_fill_buf(cx))?;
        let amount = available.len().min(target.remaining());
        target.put_slice(available.get(..amount).unwrap_or_default());
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}

impl AsyncSeek for SeekableReader {
    fn start_seek(self: Pin<&mut Self>, to: SeekFrom) -> std::io::Result<()> {
        let this = self.get_mut();
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(delta) => this.position.checked_add_signed(delta),
            SeekFrom::End(delta) => this.size.checked_add_signed(delta),
        };
        let Some(target) = target else {
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                "the seek leads before the start of the file",
            ));
        };
        let buffered = this.buffer.len() as u64;
        match target.checked_sub(this.position) {
            Some(ahead) if ahead <= buffered => this.buffer.advance(ahead as usize),
            _ => this.buffer.clear(),
        }
        // A fetch that was overtaken once stays so, also by a seek to where the
        // reader stands.
        this.stale |= matches!(this.state, State::Fetching(_)) && target != this.position;
        this.position = target;
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<u64>> {
        Poll::Ready(Ok(self.position))
    }
}

impl fmt::Debug for SeekableReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeekableReader")
            .field("size", &self.size)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::FutureExt;
    use tokio::io::{AsyncReadExt, AsyncSeekExt};
    use tokio::sync::Semaphore;

    use super::*;

    /// The bytes 0 to 99, each fetch of which waits for a permit.
    struct Slow(Arc<Semaphore>);

    #[async_trait]
    impl RandomRead for Slow {
        fn size(&self) -> u64 {
            100
        }

        async fn read_at(&mut self, offset: u64, _max: usize) -> Result<Bytes> {
            self.0.acquire().await.unwrap().forget();
            Ok(Bytes::from(vec![u8::try_from(offset).unwrap()]))
        }
    }

    #[tokio::test]
    async fn what_an_overtaken_fetch_brings_is_never_handed_out() {
        for seeks in [&[50][..], &[50, 50], &[50, 0]] {
            let permits = Arc::new(Semaphore::new(0));
            let mut reader = SeekableReader::new(Slow(Arc::clone(&permits)));
            assert!(reader.read_u8().now_or_never().is_none());
            for &position in seeks {
                reader.seek(SeekFrom::Start(position)).await.unwrap();
            }
            let position = reader.stream_position().await.unwrap();
            permits.add_permits(2);
            assert_eq!(u64::from(reader.read_u8().await.unwrap()), position);
        }
    }
}
