//! Writing.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::AsyncStore;
use crate::backend::AsyncBackend;
use crate::content::AsyncWritableContent;
use crate::error::{Operation, Result};
use crate::model::WriteResult;
use crate::options::WriteOptions;
use crate::store::observe::Rebase;
use crate::text::{self, TextOptions};
use crate::writer::{AtomicWriter, StagedUpload};

/// Every method here makes the parents of its path, and shows nothing at the
/// path before the content is complete: an error, a source that fails and a
/// dropped future leave what was there.
impl AsyncStore {
    /// Stores `content` at `path`, where nothing may stand yet.
    ///
    /// Needs [`Capability::Write`](crate::Capability::Write).
    ///
    /// # Errors
    ///
    /// The first of: [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for
    /// a bad metadata map,
    /// [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported),
    /// [`InvalidPath`](crate::ErrorKind::InvalidPath) for a malformed path, the
    /// root, a folder there or a file among the ancestors,
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists),
    /// [`StorageFull`](crate::ErrorKind::StorageFull), and whatever else the
    /// system says. An error of the content's source comes back as it is.
    pub async fn write(
        &self,
        path: &str,
        content: impl Into<AsyncWritableContent>,
    ) -> Result<WriteResult> {
        self.write_with(path, content, WriteOptions::new()).await
    }

    /// As [`write`](Self::write), with overwriting or metadata.
    ///
    /// Without [`overwrite`](WriteOptions::overwrite), of any number of
    /// concurrent writers exactly one succeeds.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub async fn write_with(
        &self,
        path: &str,
        content: impl Into<AsyncWritableContent>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::Write;
        let full = self.base.write_call(operation, path, &options)?;
        let write = self
            .base
            .backend
            .write(&full, content.into().marked(), options);
        self.observed(operation, path, write)
            .await
            .and_then(|result| self.base.rebase(result))
    }

    /// Stores `text` at `path` as UTF-8.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub async fn write_text(&self, path: &str, text: &str) -> Result<WriteResult> {
        self.write_text_with(path, text, TextOptions::new(), WriteOptions::new())
            .await
    }

    /// As [`write_text`](Self::write_text) with another encoding, overwriting
    /// or metadata.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write), and before all others
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for an unknown
    /// encoding and [`InvalidText`](crate::ErrorKind::InvalidText) for text that
    /// the encoding does not have.
    pub async fn write_text_with(
        &self,
        path: &str,
        text: &str,
        encoding: TextOptions,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::WriteText;
        let content = text::encode(text, &encoding)
            .map_err(|error| error.with_operation(operation).with_path(path))?;
        let full = self.base.write_call(operation, path, &options)?;
        let write = self.base.backend.write(&full, content.into(), options);
        self.observed(operation, path, write)
            .await
            .and_then(|result| self.base.rebase(result))
    }

    /// As [`write`](Self::write); once acknowledged, the file survives a crash
    /// and a loss of power, as far as the backend can promise it.
    ///
    /// Needs [`Capability::AtomicWrite`](crate::Capability::AtomicWrite).
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub async fn write_atomic(
        &self,
        path: &str,
        content: impl Into<AsyncWritableContent>,
    ) -> Result<WriteResult> {
        self.write_atomic_with(path, content, WriteOptions::new())
            .await
    }

    /// As [`write_atomic`](Self::write_atomic), with overwriting or metadata.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub async fn write_atomic_with(
        &self,
        path: &str,
        content: impl Into<AsyncWritableContent>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::WriteAtomic;
        let full = self.base.write_call(operation, path, &options)?;
        let write = self
            .base
            .backend
            .write_atomic(&full, content.into().marked(), options);
        self.observed(operation, path, write)
            .await
            .and_then(|result| self.base.rebase(result))
    }

    /// A writer for `path` whose content shows at its
    /// [`commit`](AtomicWriter::commit), with the promises of
    /// [`write_atomic`](Self::write_atomic). Dropping it leaves what was there.
    ///
    /// Needs [`Capability::AtomicWrite`](crate::Capability::AtomicWrite).
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write), at the opening as far as they can be known
    /// then, and again at the commit, which decides.
    pub async fn open_atomic(&self, path: &str) -> Result<AtomicWriter> {
        self.open_atomic_with(path, WriteOptions::new()).await
    }

    /// As [`open_atomic`](Self::open_atomic), with overwriting or metadata.
    ///
    /// # Errors
    ///
    /// As [`open_atomic`](Self::open_atomic).
    pub async fn open_atomic_with(
        &self,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        let operation = Operation::OpenAtomic;
        let full = self.base.write_call(operation, path, &options)?;
        let backend = Arc::clone(&self.base.backend);
        let writer = self
            .observed(operation, path, backend.open_atomic(&full, options))
            .await?;
        let rebase = Rebase::new(&self.base, operation, path);
        Ok(writer.wrapped(|upload| Box::new(RebasedUpload { upload, rebase })))
    }
}

/// A backend's upload, its errors and its result rebased.
struct RebasedUpload {
    upload: Box<dyn StagedUpload>,
    rebase: Rebase<dyn AsyncBackend>,
}

#[async_trait]
impl StagedUpload for RebasedUpload {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        self.rebase.apply(self.upload.append(chunk).await)
    }

    async fn commit(self: Box<Self>) -> Result<WriteResult> {
        let Self { upload, rebase } = *self;
        let Rebase {
            base,
            operation,
            path,
        } = rebase;
        let store = AsyncStore { base };
        let result = store.observed(operation, &path, upload.commit()).await?;
        store.base.rebase(result)
    }
}
