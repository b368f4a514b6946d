//! Reading.

use std::ops::RangeBounds;

use bytes::Bytes;

use super::Store;
use crate::backend::Backend;
use crate::content::{ChunkSource, RandomSource, ReadStream, SeekableStream};
use crate::driver::ByteRange;
use crate::error::{Operation, Result};
use crate::store::observe::{Rebase, StreamObserver};
use crate::text::{self, TextOptions};

/// Every method here needs [`Capability::Read`](crate::Capability::Read).
impl Store {
    /// The content of the file at `path`, open: whatever stands in the way is
    /// told by this call. It is [seekable](ReadStream::seekable) where the
    /// backend declares [`SeekableRead`](crate::Capability::SeekableRead).
    ///
    /// # Errors
    ///
    /// [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported),
    /// [`InvalidPath`](crate::ErrorKind::InvalidPath) for a malformed path, the
    /// root or a folder, [`NotFound`](crate::ErrorKind::NotFound), and whatever
    /// the system says.
    pub fn read(&self, path: &str) -> Result<ReadStream> {
        let operation = Operation::Read;
        let full = self.base.file_call(operation, path)?;
        let content = self.observed(operation, path, || self.base.backend.read(&full))?;
        Ok(self.observed_content(operation, path, content))
    }

    /// The bytes of `range`, cut short at the end of the file: a range past the
    /// end is empty.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a range that
    /// ends before it starts.
    pub fn read_range(&self, path: &str, range: impl RangeBounds<u64>) -> Result<ReadStream> {
        let operation = Operation::ReadRange;
        let full = self.base.file_call(operation, path)?;
        let range = ByteRange::from_bounds(&range)
            .map_err(|error| error.with_operation(operation).with_path(path))?;
        let backend = &self.base.backend;
        let content = self.observed(operation, path, || backend.read_range(&full, range))?;
        Ok(self.observed_content(operation, path, content))
    }

    /// The content of the file at `path` in one piece; memory grows with it.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, path: &str) -> Result<Bytes> {
        let operation = Operation::ReadBytes;
        let full = self.base.file_call(operation, path)?;
        self.observed(operation, path, || self.base.backend.read_bytes(&full))
    }

    /// The content of the file at `path`, decoded as strict UTF-8. A byte order
    /// mark and line ends are kept.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and [`InvalidText`](crate::ErrorKind::InvalidText).
    pub fn read_text(&self, path: &str) -> Result<String> {
        self.read_text_with(path, TextOptions::new())
    }

    /// As [`read_text`](Self::read_text) with another encoding or error handler.
    ///
    /// # Errors
    ///
    /// As [`read_text`](Self::read_text), and
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for an unknown
    /// encoding.
    pub fn read_text_with(&self, path: &str, options: TextOptions) -> Result<String> {
        let operation = Operation::ReadText;
        options
            .check()
            .map_err(|error| error.with_operation(operation).with_path(path))?;
        let full = self.base.file_call(operation, path)?;
        let backend = &self.base.backend;
        let content = self.observed(operation, path, || backend.read_bytes(&full))?;
        text::decode(&content, &options)
            .map_err(|error| error.located(operation, path, backend.name()))
    }

    /// The file at `path`, open for reading at any position, on every backend:
    /// by ranges where it has them, else from a copy that goes to a temporary
    /// file past 8 MiB.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_seekable(&self, path: &str) -> Result<SeekableStream> {
        let operation = Operation::ReadSeekable;
        let full = self.base.file_call(operation, path)?;
        let backend = &self.base.backend;
        let reader = self.observed(operation, path, || backend.read_seekable(&full))?;
        let rebase = Rebase::new(&self.base, operation, path);
        Ok(reader.wrapped(|source| Box::new(RebasedRead { source, rebase })))
    }

    /// Rebases the errors of a content stream, and reports on it.
    fn observed_content(
        &self,
        operation: Operation,
        path: &str,
        content: ReadStream,
    ) -> ReadStream {
        let observer = StreamObserver::new(&self.base, operation, path);
        let rebase = Rebase::new(&self.base, operation, path);
        content.wrapped(
            |source| Box::new(ObservedChunks { source, observer }),
            |source| Box::new(RebasedRead { source, rebase }),
        )
    }
}

/// A backend's chunks, rebased and reported.
struct ObservedChunks {
    source: Box<dyn ChunkSource>,
    observer: StreamObserver<dyn Backend>,
}

impl ChunkSource for ObservedChunks {
    fn next_chunk(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.source.next_chunk().transpose();
        self.observer.pass_chunk(chunk).transpose()
    }
}

/// A backend's open file, its errors rebased.
struct RebasedRead {
    source: Box<dyn RandomSource>,
    rebase: Rebase<dyn Backend>,
}

impl RandomSource for RebasedRead {
    fn size(&self) -> u64 {
        self.source.size()
    }

    fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        let piece = self.source.read_at(offset, max);
        self.rebase.apply(piece)
    }
}
