//! What a backend that implements [`Backend`] whole need not write.

use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tempfile::SpooledTempFile;

use super::Backend;
pub(super) use super::spool::native_path;
use super::spool::{self, SPOOL_MEMORY};
use crate::content::{
    AtomicFile, RandomSource, ReadStream, SeekableStream, StagedFile, WritableContent,
};
use crate::driver::ByteRange;
use crate::error::Result;
use crate::model::WriteResult;
use crate::options::WriteOptions;

/// Reads from the beginning and drops what lies outside `range`.
pub(super) fn read_range(mut content: ReadStream, range: ByteRange) -> Result<ReadStream> {
    let (mut at, mut is_done) = (0, false);
    let chunks = std::iter::from_fn(move || {
        while !is_done {
            let chunk = match content.next_chunk() {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            };
            let first = at;
            at += chunk.len() as u64;
            is_done = range.end.is_some_and(|end| at >= end);
            let kept = spool::clip(chunk, first, range);
            if !kept.is_empty() {
                return Some(Ok(kept));
            }
        }
        None
    });
    Ok(ReadStream::new(chunks))
}

/// The stream itself where it is seekable, else its content in a spool.
pub(crate) fn read_seekable(content: ReadStream) -> Result<SeekableStream> {
    let mut content = match content.into_seekable() {
        Ok(stream) => return Ok(stream),
        Err(content) => content,
    };
    let mut spool = SpooledTempFile::new(SPOOL_MEMORY);
    let mut size = 0;
    while let Some(chunk) = content.next_chunk()? {
        spool.write_all(&chunk)?;
        size += chunk.len() as u64;
    }
    Ok(SeekableStream::new(Spool { spool, size }))
}

struct Spool {
    spool: SpooledTempFile,
    size: u64,
}

impl RandomSource for Spool {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        self.spool.seek(SeekFrom::Start(offset))?;
        let mut piece = BytesMut::zeroed(max);
        let read = self.spool.read(&mut piece)?;
        piece.truncate(read);
        Ok(piece.freeze())
    }
}

pub(super) fn open_atomic<B: Backend + ?Sized>(
    backend: Arc<B>,
    path: &str,
    options: WriteOptions,
) -> Result<AtomicFile> {
    options.user_metadata()?;
    if !options.replaces() && backend.is_file(path)? {
        return Err(spool::taken(backend.name(), path));
    }
    Ok(AtomicFile::new(SpooledFile {
        backend,
        path: path.to_owned(),
        options,
        spool: SpooledTempFile::new(SPOOL_MEMORY),
    }))
}

struct SpooledFile<B: ?Sized> {
    backend: Arc<B>,
    path: String,
    options: WriteOptions,
    spool: SpooledTempFile,
}

impl<B: Backend + ?Sized> StagedFile for SpooledFile<B> {
    fn append(&mut self, chunk: Bytes) -> Result<()> {
        Ok(self.spool.write_all(&chunk)?)
    }

    fn commit(mut self: Box<Self>) -> Result<WriteResult> {
        self.spool.rewind()?;
        let content = WritableContent::from_reader(&mut self.spool);
        self.backend.write_atomic(&self.path, content, self.options)
    }
}
