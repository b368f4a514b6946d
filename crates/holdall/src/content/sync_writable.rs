//! Content on its way in, from code that blocks.

use std::fmt;
use std::io::Read;

use bytes::{Bytes, BytesMut};
use futures::stream::{BoxStream, StreamExt};

use crate::error::{Error, Result};

/// The most that one read of a source asks for, in bytes.
const CHUNK: usize = 256 * 1024;

/// What a write of a [`Store`](crate::Store) stores: bytes that are there, or a
/// reader that is read to its end.
///
/// Made from `&str`, `&[u8]`, `String`, `Vec<u8>` and [`Bytes`] by `into()`, from
/// a reader by [`from_reader`](Self::from_reader). An error of the reader is
/// handed on, and nothing is stored.
pub enum WritableContent<'a> {
    /// The whole content.
    Bytes(Bytes),
    /// A source that is read to its end.
    Reader(Box<dyn Read + Send + 'a>),
}

impl<'a> WritableContent<'a> {
    /// Content from a reader; `&mut reader` is one, too.
    pub fn from_reader(reader: impl Read + Send + 'a) -> Self {
        Self::Reader(Box::new(reader))
    }

    /// The number of bytes, where it is known before the content is read.
    pub fn len_hint(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Reader(_) => None,
        }
    }

    /// The next chunk; `None` at the end. A [`holdall::Error`](Error) inside an
    /// error of the reader comes out as it was.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        match self {
            Self::Bytes(bytes) => {
                let all = std::mem::take(bytes);
                Ok((!all.is_empty()).then_some(all))
            }
            Self::Reader(reader) => read_chunk(reader).map_err(Error::of_source),
        }
    }

    /// The chunks as a stream that never waits: its polls block.
    pub(crate) fn into_stream(self) -> BoxStream<'a, Result<Bytes>> {
        let chunks = futures::stream::try_unfold(self, |mut content| async move {
            Ok(content.next_chunk()?.map(|chunk| (chunk, content)))
        });
        chunks.boxed()
    }
}

fn read_chunk(reader: &mut dyn Read) -> Result<Option<Bytes>> {
    let mut chunk = BytesMut::zeroed(CHUNK);
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return Ok(None),
            Ok(read) => {
                chunk.truncate(read);
                return Ok(Some(chunk.freeze()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

impl fmt::Debug for WritableContent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "WritableContent({} bytes)", bytes.len()),
            Self::Reader(_) => f.write_str("WritableContent(reader)"),
        }
    }
}

macro_rules! content_from_owned {
    ($($source:ty),*) => {$(
        impl From<$source> for WritableContent<'_> {
            fn from(content: $source) -> Self {
                Self::Bytes(Bytes::from(content))
            }
        }
    )*};
}

content_from_owned!(Bytes, BytesMut, Vec<u8>, String, Box<[u8]>);

impl From<&str> for WritableContent<'_> {
    fn from(content: &str) -> Self {
        content.as_bytes().into()
    }
}

impl From<&[u8]> for WritableContent<'_> {
    fn from(content: &[u8]) -> Self {
        Self::Bytes(Bytes::copy_from_slice(content))
    }
}

impl<const N: usize> From<&[u8; N]> for WritableContent<'_> {
    fn from(content: &[u8; N]) -> Self {
        content.as_slice().into()
    }
}

impl<'a> From<std::fs::File> for WritableContent<'a> {
    fn from(file: std::fs::File) -> Self {
        Self::from_reader(file)
    }
}

impl<'a> From<super::ReadStream> for WritableContent<'a> {
    fn from(stream: super::ReadStream) -> Self {
        Self::from_reader(stream)
    }
}
