//! What the defaults of both kinds of backend share, and [`Spool`], where
//! awaited content is set aside until it is whole.

use std::io::{self, Read, Seek, Write};

use bytes::Bytes;
use futures::stream::Stream;
use tempfile::SpooledTempFile;

use crate::content::batched;
use crate::contract::Keys;
use crate::driver::ByteRange;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::{self, Lane};

/// What a spool keeps in memory before it goes to a temporary file.
pub(super) const SPOOL_MEMORY: usize = 8 * 1024 * 1024;
/// The chunks in which a spool is read back.
const SPOOL_CHUNK: usize = 256 * 1024;

/// Content that is set aside: in memory up to 8 MiB, then in a temporary file
/// without a name, which is gone with the spool. It travels to the pool and
/// back for each batch, so no caller that awaits waits for the disk.
pub(crate) struct Spool(SpooledTempFile);

impl Spool {
    pub(crate) fn new() -> Self {
        Self(SpooledTempFile::new(SPOOL_MEMORY))
    }

    /// What a spool keeps its content in, for content that is not only appended.
    #[cfg(feature = "pathio")]
    pub(crate) fn temporary_file() -> SpooledTempFile {
        SpooledTempFile::new(SPOOL_MEMORY)
    }

    /// A spool of content that is there already.
    #[cfg(feature = "pathio")]
    pub(crate) fn of(file: SpooledTempFile) -> Self {
        Self(file)
    }

    /// Adds chunks to the end.
    ///
    /// # Errors
    ///
    /// That of the temporary file; the spool is gone then.
    pub(crate) async fn append(mut self, chunks: Vec<Bytes>) -> Result<Self> {
        let appended = pool::run(Lane::Quick, move || {
            for chunk in &chunks {
                self.0.write_all(chunk)?;
            }
            Ok::<_, io::Error>(self)
        });
        Ok(appended.await??)
    }

    /// The content from its beginning, for code that blocks.
    ///
    /// # Errors
    ///
    /// That of the temporary file.
    pub(crate) fn into_reader(mut self) -> io::Result<impl Read + Send> {
        self.0.rewind()?;
        Ok(self.0)
    }

    /// The content from its beginning.
    ///
    /// # Errors
    ///
    /// That of the temporary file.
    pub(crate) async fn into_stream(
        self,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static> {
        let reader = pool::run(Lane::Quick, move || self.into_reader()).await??;
        Ok(batched(reader, |mut reader| async move {
            let read = pool::run(Lane::Quick, move || {
                let mut chunk = Vec::with_capacity(SPOOL_CHUNK);
                reader
                    .by_ref()
                    .take(SPOOL_CHUNK as u64)
                    .read_to_end(&mut chunk)?;
                Ok::<_, io::Error>((chunk, reader))
            });
            let (chunk, reader) = read.await??;
            Ok((!chunk.is_empty()).then(|| (vec![Bytes::from(chunk)], reader)))
        }))
    }
}

/// The part of a chunk that lies in `range`, where the chunk's first byte is
/// the file's byte `first`.
pub(super) fn clip(mut chunk: Bytes, first: u64, range: ByteRange) -> Bytes {
    let length = chunk.len();
    let within = |position: u64| {
        usize::try_from(position.saturating_sub(first)).map_or(length, |at| at.min(length))
    };
    chunk.truncate(range.end.map_or(length, within));
    chunk.split_off(within(range.start).min(chunk.len()))
}

/// The name of a place in a backend without names of its own: the canonical
/// path.
pub(super) fn native_path(path: &str) -> Result<String> {
    let key = Keys::any(path)?;
    Ok(key.key().as_str().to_owned())
}

/// Something that travels to the pool and back did not come back.
pub(crate) fn given_up() -> Error {
    Error::new(
        ErrorKind::Other,
        "an earlier step of this read or write failed or was given up midway; begin again",
    )
}

/// A file stands where one was to be made.
pub(crate) fn taken(backend: &str, path: &str) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        "a file stands at the path; allow overwriting to replace it",
    )
    .with_path(path)
    .with_backend(backend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_clipped_to_the_range() {
        let chunk = || Bytes::from_static(b"cdef");
        let clipped = |start, end| clip(chunk(), 2, ByteRange { start, end });
        assert_eq!(clipped(0, None), "cdef");
        assert_eq!(clipped(0, Some(2)), "");
        assert_eq!(clipped(3, Some(5)), "de");
        assert_eq!(clipped(5, Some(5)), "");
        assert_eq!(clipped(6, None), "");
        assert_eq!(clipped(4, Some(100)), "ef");
    }
}
