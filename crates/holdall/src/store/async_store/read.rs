//! Reading.

use std::ops::RangeBounds;

use async_trait::async_trait;
use bytes::Bytes;

use super::AsyncStore;
use crate::backend::AsyncBackend;
use crate::content::ByteStream;
use crate::driver::ByteRange;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::{Operation, Result};
use crate::reader::{RandomRead, SeekableReader};
use crate::store::observe::{Rebase, StreamObserver};
use crate::text::{self, TextOptions};

/// Every method here needs [`Capability::Read`](crate::Capability::Read).
impl AsyncStore {
    /// The content of the file at `path`, in chunks of 1 MiB at the most
    /// from our own backends. Nothing is fetched before the first poll, and
    /// the whole stream is of one version of the file.
    ///
    /// # Errors
    ///
    /// At the call: [`CapabilityNotSupported`](ErrorKind::CapabilityNotSupported),
    /// [`InvalidPath`](ErrorKind::InvalidPath) for a malformed path or the root.
    /// With the first item: [`InvalidPath`](ErrorKind::InvalidPath) for a
    /// folder, [`NotFound`](ErrorKind::NotFound), and whatever the system says.
    pub fn read(&self, path: &str) -> Result<ByteStream> {
        let operation = Operation::Read;
        let full = self.base.file_call(operation, path)?;
        Ok(self.observed_content(operation, path, self.base.backend.read(&full)))
    }

    /// The bytes of `range`, cut short at the end of the file: a range past the
    /// end is empty.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); at the call also
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for a range that ends
    /// before it starts.
    pub fn read_range(&self, path: &str, range: impl RangeBounds<u64>) -> Result<ByteStream> {
        let operation = Operation::ReadRange;
        let full = self.base.file_call(operation, path)?;
        let range = ByteRange::from_bounds(&range)
            .map_err(|error| error.with_operation(operation).with_path(path))?;
        Ok(self.observed_content(operation, path, self.base.backend.read_range(&full, range)))
    }

    /// The content of the file at `path` in one piece; memory grows with it.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        let operation = Operation::ReadBytes;
        let full = self.base.file_call(operation, path)?;
        self.observed(operation, path, self.base.backend.read_bytes(&full))
            .await
    }

    /// The content of the file at `path`, decoded as strict UTF-8. A byte order
    /// mark and line ends are kept.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and [`InvalidText`](ErrorKind::InvalidText).
    pub async fn read_text(&self, path: &str) -> Result<String> {
        self.read_text_with(path, TextOptions::new()).await
    }

    /// As [`read_text`](Self::read_text) with another encoding or error handler.
    ///
    /// # Errors
    ///
    /// As [`read_text`](Self::read_text), and
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for an unknown encoding.
    pub async fn read_text_with(&self, path: &str, options: TextOptions) -> Result<String> {
        let operation = Operation::ReadText;
        options
            .check()
            .map_err(|error| error.with_operation(operation).with_path(path))?;
        let full = self.base.file_call(operation, path)?;
        let content = self
            .observed(operation, path, self.base.backend.read_bytes(&full))
            .await?;
        text::decode(&content, &options)
            .map_err(|error| error.located(operation, path, self.base.backend.name()))
    }

    /// The file at `path`, open for reading at any position.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), all of them from this call.
    pub async fn read_seekable(&self, path: &str) -> Result<SeekableReader> {
        self.read_seekable_ahead(path, 0).await
    }

    /// As [`read_seekable`](Self::read_seekable), with the first bytes on their way.
    pub(crate) async fn read_seekable_ahead(
        &self,
        path: &str,
        ahead: u64,
    ) -> Result<SeekableReader> {
        let operation = Operation::ReadSeekable;
        let full = self.base.file_call(operation, path)?;
        let backend = std::sync::Arc::clone(&self.base.backend);
        let reader = self
            .observed(operation, path, backend.read_seekable_ahead(&full, ahead))
            .await?;
        let rebase = Rebase::new(&self.base, operation, path);
        Ok(reader.wrapped(|source| Box::new(RebasedRead { source, rebase })))
    }

    /// Rebases the errors of a content stream, and reports on it.
    fn observed_content(
        &self,
        operation: Operation,
        path: &str,
        content: ByteStream,
    ) -> ByteStream {
        let mut observer = StreamObserver::new(&self.base, operation, path);
        content.map_items(move |chunk| observer.pass_chunk(chunk))
    }
}

/// A backend's open file, its errors rebased.
struct RebasedRead {
    source: Box<dyn RandomRead>,
    rebase: Rebase<dyn AsyncBackend>,
}

#[async_trait]
impl RandomRead for RebasedRead {
    fn size(&self) -> u64 {
        self.source.size()
    }

    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        self.rebase.apply(self.source.read_at(offset, max).await)
    }
}
