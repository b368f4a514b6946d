//! Content on its way out.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures::stream::{BoxStream, Stream, StreamExt};
use tokio::io::AsyncRead;

use crate::error::{Error, Result};

/// The content of a file as a stream of chunks; also an
/// [`AsyncRead`] and [`AsyncBufRead`](tokio::io::AsyncBufRead).
///
/// Chunks are not empty. Nothing is fetched before the first poll; dropping
/// the stream ends the read. After an error the stream is at its end.
///
/// ```
/// # use holdall::{AsyncMemoryBackend, AsyncStore};
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// # let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// store.write("a.txt", "one\ntwo\n").await?;
/// let mut chunks = store.read("a.txt")?;
/// while let Some(chunk) = chunks.next().await {
///     println!("{} bytes", chunk?.len());
/// }
/// # Ok(()) }
/// ```
pub struct ByteStream {
    chunks: BoxStream<'static, Result<Bytes>>,
    /// What a reader has pulled and not yet consumed.
    rest: Bytes,
    ended: bool,
}

impl ByteStream {
    /// Wraps the chunks of a backend; empty ones are dropped.
    pub fn new(chunks: impl Stream<Item = Result<Bytes>> + Send + 'static) -> Self {
        Self {
            chunks: chunks.boxed(),
            rest: Bytes::new(),
            ended: false,
        }
    }

    /// A stream whose first item is `error`.
    pub fn failed(error: Error) -> Self {
        Self::new(futures::stream::once(async move { Err(error) }))
    }

    /// The next chunk; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        StreamExt::next(self).await
    }

    /// All that is left, in one piece. Memory grows with the content.
    ///
    /// # Errors
    ///
    /// The first error of the stream.
    pub async fn bytes(mut self) -> Result<Bytes> {
        let Some(first) = self.next().await.transpose()? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.next().await.transpose()? else {
            return Ok(first);
        };
        let mut all = BytesMut::from(first);
        all.extend_from_slice(&second);
        while let Some(chunk) = self.next().await.transpose()? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Passes every chunk and error through `map`, and tells it of the end.
    pub(crate) fn map_items(
        self,
        mut map: impl FnMut(Option<Result<Bytes>>) -> Option<Result<Bytes>> + Send + 'static,
    ) -> Self {
        let end = futures::stream::once(std::future::ready(None));
        let items = self.map(Some).chain(end);
        Self::new(items.filter_map(move |item| std::future::ready(map(item))))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if !this.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.rest))));
        }
        if this.ended {
            return Poll::Ready(None);
        }
        loop {
            match std::task::ready!(this.chunks.poll_next_unpin(cx)) {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.ended = true;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

impl tokio::io::AsyncBufRead for ByteStream {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<&[u8]>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            match std::task::ready!(Pin::new(&mut *this).poll_next(cx)) {
                Some(Ok(chunk)) => this.rest = chunk,
                Some(Err(error)) => return Poll::Ready(Err(error.into())),
                None => {}
            }
        }
        Poll::Ready(Ok(&this.rest))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.get_mut();
        let amount = amount.min(this.rest.len());
        bytes::Buf::advance(&mut this.rest, amount);
    }
}

impl AsyncRead for ByteStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        use tokio::io::AsyncBufRead;
        let available = std::task::ready!(self.as_mut().poll_fill_buf(cx))?;
        let amount = available.len().min(buffer.remaining());
        buffer.put_slice(available.get(..amount).unwrap_or_default());
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
