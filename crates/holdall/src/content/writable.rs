//! Content on its way in.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures::stream::{BoxStream, Stream, StreamExt};
use tokio::io::AsyncRead;

use super::ByteStream;
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
        Self::Stream(stream.boxed())
    }
}
