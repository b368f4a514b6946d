//! Content on its way in, and streams of content and entries on their way out.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures::stream::{BoxStream, Stream, StreamExt};
use tokio::io::AsyncRead;

use crate::error::{Error, Result};

/// What a write stores: bytes that are there, or a stream that is drained.
///
/// Made from `&str`, `&[u8]`, `String`, `Vec<u8>` and [`Bytes`] by `into()`, from
/// a stream by [`from_stream`](Self::from_stream), from a reader by
/// [`from_reader`](Self::from_reader). An error of the source is handed on as
/// it is, and nothing is stored.
pub enum AsyncWritableContent {
    /// The whole content.
    Bytes(Bytes),
    /// Chunks in order, of any size; empty ones are allowed.
    Stream(BoxStream<'static, Result<Bytes>>),
}

impl AsyncWritableContent {
    /// Content from a stream of chunks. A [`holdall::Error`](Error) of the
    /// stream reaches the caller of the write unchanged, any other error as
    /// the source of an [`Other`](crate::ErrorKind::Other).
    pub fn from_stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = std::result::Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let stream = stream.map(|item| item.map(Into::into).map_err(Error::from_foreign));
        Self::Stream(stream.boxed())
    }

    /// Content from a reader, read to its end in chunks of 256 KiB at most.
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        const CHUNK: usize = 256 * 1024;
        let reader = Box::pin(reader);
        let stream = futures::stream::try_unfold(reader, |mut reader| async move {
            let mut chunk = BytesMut::with_capacity(CHUNK);
            match tokio::io::AsyncReadExt::read_buf(&mut reader, &mut chunk).await {
                Ok(0) => Ok(None),
                Ok(_) => Ok(Some((chunk.freeze(), reader))),
                Err(error) => Err(Error::from(error)),
            }
        });
        Self::Stream(stream.boxed())
    }

    /// The number of bytes, where it is known before the content is drained.
    pub fn len_hint(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Stream(_) => None,
        }
    }

    /// The same content, its errors marked as those of the source.
    pub(crate) fn marked(self) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(bytes),
            Self::Stream(stream) => {
                Self::Stream(stream.map(|chunk| chunk.map_err(Error::of_source)).boxed())
            }
        }
    }

    /// The content as a stream of chunks.
    pub fn into_stream(self) -> BoxStream<'static, Result<Bytes>> {
        match self {
            Self::Bytes(bytes) => futures::stream::once(async move { Ok(bytes) }).boxed(),
            Self::Stream(stream) => stream,
        }
    }
}

impl fmt::Debug for AsyncWritableContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "AsyncWritableContent({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("AsyncWritableContent(stream)"),
        }
    }
}

macro_rules! content_from_owned {
    ($($source:ty),*) => {$(
        impl From<$source> for AsyncWritableContent {
            fn from(content: $source) -> Self {
                Self::Bytes(Bytes::from(content))
            }
        }
    )*};
}

content_from_owned!(Bytes, BytesMut, Vec<u8>, String, Box<[u8]>);

impl From<&str> for AsyncWritableContent {
    fn from(content: &str) -> Self {
        content.as_bytes().into()
    }
}

impl From<&[u8]> for AsyncWritableContent {
    fn from(content: &[u8]) -> Self {
        Self::Bytes(Bytes::copy_from_slice(content))
    }
}

impl<const N: usize> From<&[u8; N]> for AsyncWritableContent {
    fn from(content: &[u8; N]) -> Self {
        content.as_slice().into()
    }
}

impl From<ByteStream> for AsyncWritableContent {
    fn from(stream: ByteStream) -> Self {
        Self::Stream(stream.chunks)
    }
}

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

/// A lazy listing: entries in no promised order, fetched in batches as they
/// are asked for, so memory stays bounded however large the folder is.
///
/// After an error the listing is at its end.
pub struct Listing<T> {
    entries: BoxStream<'static, Result<T>>,
    ended: bool,
}

impl<T: Send + 'static> Listing<T> {
    /// Wraps the entries of a backend.
    pub fn new(entries: impl Stream<Item = Result<T>> + Send + 'static) -> Self {
        Self {
            entries: entries.boxed(),
            ended: false,
        }
    }

    /// A listing whose first item is `error`.
    pub fn failed(error: Error) -> Self {
        Self::new(futures::stream::once(async move { Err(error) }))
    }

    /// A listing from batches: `next` is asked again whenever the last batch
    /// is used up, and says `None` at the end.
    pub(crate) fn from_batches<S, F, Next>(state: S, next: Next) -> Self
    where
        S: Send + 'static,
        Next: FnMut(S) -> F + Send + 'static,
        F: Future<Output = Result<Option<(Vec<T>, S)>>> + Send + 'static,
    {
        let batches = futures::stream::try_unfold(state, next);
        Self::new(batches.flat_map(|batch| {
            let (entries, error) = match batch {
                Ok(entries) => (entries, None),
                Err(error) => (Vec::new(), Some(error)),
            };
            futures::stream::iter(entries.into_iter().map(Ok).chain(error.map(Err)))
        }))
    }

    /// The next entry; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }

    /// All entries. Memory grows with their number.
    ///
    /// # Errors
    ///
    /// The first error of the listing; the entries before it are dropped.
    pub async fn try_collect(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(entry) = self.next().await {
            all.push(entry?);
        }
        Ok(all)
    }

    /// Entries passed through `map`: kept, changed, or left out by `None`.
    pub(crate) fn filter_map_items<U: Send + 'static>(
        self,
        mut map: impl FnMut(Result<T>) -> Option<Result<U>> + Send + 'static,
    ) -> Listing<U> {
        Listing::new(self.filter_map(move |item| std::future::ready(map(item))))
    }

    /// Passes every entry and error through `map`, and tells it of the end.
    pub(crate) fn map_items(
        self,
        mut map: impl FnMut(Option<Result<T>>) -> Option<Result<T>> + Send + 'static,
    ) -> Self {
        let end = futures::stream::once(std::future::ready(None));
        let items = self.map(Some).chain(end);
        Self::new(items.filter_map(move |item| std::future::ready(map(item))))
    }
}

impl<T> Stream for Listing<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let item = std::task::ready!(self.entries.poll_next_unpin(cx));
        self.ended = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl<T> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
