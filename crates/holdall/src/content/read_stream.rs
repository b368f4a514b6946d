//! Content on its way out, for code that blocks.

use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use bytes::{Buf, Bytes, BytesMut};

use crate::error::{Error, ErrorKind, Result};

/// The most that one fetch asks for, in bytes.
const FETCH: usize = 256 * 1024;

/// What a backend gives to a [`ReadStream`]: the chunks of a file, in order.
/// Dropping it releases what it holds.
pub trait ChunkSource: Send + 'static {
    /// The next chunk; `None` at the end. Called again after neither the end
    /// nor an error.
    ///
    /// # Errors
    ///
    /// The backend's.
    fn next_chunk(&mut self) -> Result<Option<Bytes>>;
}

impl<I: Iterator<Item = Result<Bytes>> + Send + 'static> ChunkSource for I {
    fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        self.next().transpose()
    }
}

/// What a backend gives to a [`SeekableStream`]: one version of one file, read
/// piece by piece at any offset.
pub trait RandomSource: Send + 'static {
    /// The file's length in bytes.
    fn size(&self) -> u64;

    /// The bytes from `offset` on, at most `max`; empty at the end and only
    /// there.
    ///
    /// # Errors
    ///
    /// The backend's.
    fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes>;
}

/// The content of a file: [`Read`] and [`BufRead`], open when it is handed out.
///
/// ```
/// # use holdall::{MemoryBackend, Store};
/// use std::io::BufRead;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let store = Store::new(MemoryBackend::new(), "")?;
/// store.write("a.txt", "one\ntwo\n")?;
/// for line in store.read("a.txt")?.lines() {
///     println!("{}", line?);
/// }
/// # Ok(()) }
/// ```
pub struct ReadStream {
    source: Source,
}

enum Source {
    Forward {
        chunks: Box<dyn ChunkSource>,
        rest: Bytes,
        ended: bool,
    },
    Seekable(SeekableStream),
}

impl ReadStream {
    /// A stream that goes forward only.
    pub fn new(chunks: impl ChunkSource) -> Self {
        Self::from_boxed(Box::new(chunks))
    }

    fn from_boxed(chunks: Box<dyn ChunkSource>) -> Self {
        Self {
            source: Source::Forward {
                chunks,
                rest: Bytes::new(),
                ended: false,
            },
        }
    }

    /// Whether [`into_seekable`](Self::into_seekable) succeeds.
    pub fn seekable(&self) -> bool {
        matches!(self.source, Source::Seekable(_))
    }

    /// The same stream, at the same position, as one that can be repositioned;
    /// the stream as it was where it goes forward only.
    ///
    /// # Errors
    ///
    /// The stream itself, unharmed.
    pub fn into_seekable(self) -> std::result::Result<SeekableStream, Self> {
        match self.source {
            Source::Seekable(stream) => Ok(stream),
            source @ Source::Forward { .. } => Err(Self { source }),
        }
    }

    /// The next chunk, of whatever size the backend gives; `None` at the end.
    /// After an error the stream is at its end.
    ///
    /// # Errors
    ///
    /// The backend's.
    pub fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        match &mut self.source {
            Source::Seekable(stream) => stream.next_chunk(),
            Source::Forward {
                chunks,
                rest,
                ended,
            } => {
                if !rest.is_empty() {
                    return Ok(Some(std::mem::take(rest)));
                }
                pull(&mut **chunks, ended)
            }
        }
    }

    /// All that is left, in one piece. Memory grows with the content.
    ///
    /// # Errors
    ///
    /// The first error of the stream.
    pub fn bytes(mut self) -> Result<Bytes> {
        let Some(first) = self.next_chunk()? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.next_chunk()? else {
            return Ok(first);
        };
        let mut all = BytesMut::from(first);
        all.extend_from_slice(&second);
        while let Some(chunk) = self.next_chunk()? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// Puts a layer around what the stream reads from.
    pub(crate) fn wrapped(
        self,
        forward: impl FnOnce(Box<dyn ChunkSource>) -> Box<dyn ChunkSource>,
        random: impl FnOnce(Box<dyn RandomSource>) -> Box<dyn RandomSource>,
    ) -> Self {
        match self.source {
            Source::Forward { chunks, .. } => Self::from_boxed(forward(chunks)),
            Source::Seekable(stream) => stream.wrapped(random).into(),
        }
    }
}

/// The next chunk that is not empty.
fn pull(chunks: &mut dyn ChunkSource, ended: &mut bool) -> Result<Option<Bytes>> {
    while !*ended {
        match chunks.next_chunk() {
            Ok(Some(chunk)) if chunk.is_empty() => {}
            Ok(Some(chunk)) => return Ok(Some(chunk)),
            end_or_error => {
                *ended = true;
                return end_or_error;
            }
        }
    }
    Ok(None)
}

impl From<SeekableStream> for ReadStream {
    fn from(stream: SeekableStream) -> Self {
        Self {
            source: Source::Seekable(stream),
        }
    }
}

impl BufRead for ReadStream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.source {
            Source::Seekable(stream) => stream.fill_buf(),
            Source::Forward {
                chunks,
                rest,
                ended,
            } => {
                if rest.is_empty()
                    && let Some(chunk) = pull(&mut **chunks, ended)?
                {
                    *rest = chunk;
                }
                Ok(rest)
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.source {
            Source::Seekable(stream) => stream.consume(amount),
            Source::Forward { rest, .. } => {
                let amount = amount.min(rest.len());
                rest.advance(amount);
            }
        }
    }
}

impl Read for ReadStream {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, target)
    }
}

impl fmt::Debug for ReadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadStream")
            .field("seekable", &self.seekable())
            .finish_non_exhaustive()
    }
}

/// A file open for reading at any position: [`Read`], [`BufRead`] and [`Seek`].
///
/// A position past the end is no error: reads there find the end.
pub struct SeekableStream {
    source: Box<dyn RandomSource>,
    /// The offset of the first byte of `buffer`.
    position: u64,
    buffer: Bytes,
}

impl SeekableStream {
    /// A stream at position 0 of `source`.
    pub fn new(source: impl RandomSource) -> Self {
        Self::from_boxed(Box::new(source))
    }

    fn from_boxed(source: Box<dyn RandomSource>) -> Self {
        Self {
            source,
            position: 0,
            buffer: Bytes::new(),
        }
    }

    /// The file's length in bytes when it was opened.
    pub fn size(&self) -> u64 {
        self.source.size()
    }

    /// What the stream reads from.
    pub(crate) fn into_source(self) -> Box<dyn RandomSource> {
        self.source
    }

    fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        self.fill()?;
        let chunk = std::mem::take(&mut self.buffer);
        self.position += chunk.len() as u64;
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    fn fill(&mut self) -> Result<()> {
        if self.buffer.is_empty() && self.position < self.source.size() {
            self.buffer = self.source.read_at(self.position, FETCH)?;
        }
        Ok(())
    }

    /// Puts a layer around what the stream reads from.
    pub(crate) fn wrapped(
        self,
        wrap: impl FnOnce(Box<dyn RandomSource>) -> Box<dyn RandomSource>,
    ) -> Self {
        Self {
            source: wrap(self.source),
            ..self
        }
    }
}

impl BufRead for SeekableStream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill()?;
        Ok(&self.buffer)
    }

    fn consume(&mut self, amount: usize) {
        let amount = amount.min(self.buffer.len());
        self.buffer.advance(amount);
        self.position += amount as u64;
    }
}

impl Read for SeekableStream {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        read_buffered(self, target)
    }
}

impl Seek for SeekableStream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
            SeekFrom::End(delta) => self.size().checked_add_signed(delta),
        };
        let Some(target) = target else {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "the seek leads before the start of the file",
            )
            .into());
        };
        let buffered = self.buffer.len() as u64;
        match target.checked_sub(self.position) {
            Some(ahead) if ahead <= buffered => self.buffer.advance(ahead as usize),
            _ => self.buffer.clear(),
        }
        self.position = target;
        Ok(target)
    }
}

impl fmt::Debug for SeekableStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeekableStream")
            .field("size", &self.size())
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

fn read_buffered(reader: &mut impl BufRead, target: &mut [u8]) -> io::Result<usize> {
    let mut available = reader.fill_buf()?;
    let amount = available.read(target)?;
    reader.consume(amount);
    Ok(amount)
}
