//! Writing.

use std::sync::Arc;

use bytes::Bytes;

use super::Store;
use crate::backend::Backend;
use crate::content::{AtomicFile, StagedFile, WritableContent};
use crate::error::{Operation, Result};
use crate::model::WriteResult;
use crate::options::WriteOptions;
use crate::store::observe::Rebase;
use crate::text::{self, TextOptions};

/// Every method here makes the parents of its path, and shows nothing at the
/// path before the content is complete: an error, and a source that fails
/// leave what was there.
impl Store {
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
    pub fn write<'a>(
        &self,
        path: &str,
        content: impl Into<WritableContent<'a>>,
    ) -> Result<WriteResult> {
        self.write_with(path, content, WriteOptions::new())
    }

    /// As [`write`](Self::write), with overwriting or metadata.
    ///
    /// Without [`overwrite`](WriteOptions::overwrite), of any number of
    /// concurrent writers exactly one succeeds.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_with<'a>(
        &self,
        path: &str,
        content: impl Into<WritableContent<'a>>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::Write;
        let full = self.base.write_call(operation, path, &options)?;
        self.observed(operation, path, || {
            self.base.backend.write(&full, content.into(), options)
        })
        .and_then(|result| self.base.rebase(result))
    }

    /// Stores `text` at `path` as UTF-8.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_text(&self, path: &str, text: &str) -> Result<WriteResult> {
        self.write_text_with(path, text, TextOptions::new(), WriteOptions::new())
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
    pub fn write_text_with(
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
        self.observed(operation, path, || {
            self.base.backend.write(&full, content.into(), options)
        })
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
    pub fn write_atomic<'a>(
        &self,
        path: &str,
        content: impl Into<WritableContent<'a>>,
    ) -> Result<WriteResult> {
        self.write_atomic_with(path, content, WriteOptions::new())
    }

    /// As [`write_atomic`](Self::write_atomic), with overwriting or metadata.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_atomic_with<'a>(
        &self,
        path: &str,
        content: impl Into<WritableContent<'a>>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let operation = Operation::WriteAtomic;
        let full = self.base.write_call(operation, path, &options)?;
        self.observed(operation, path, || {
            self.base
                .backend
                .write_atomic(&full, content.into(), options)
        })
        .and_then(|result| self.base.rebase(result))
    }

    /// A writer for `path` whose content shows at its
    /// [`commit`](AtomicFile::commit), with the promises of
    /// [`write_atomic`](Self::write_atomic). Dropping it leaves what was there.
    ///
    /// Needs [`Capability::AtomicWrite`](crate::Capability::AtomicWrite).
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write), at the opening as far as they can be known
    /// then, and again at the commit, which decides.
    pub fn open_atomic(&self, path: &str) -> Result<AtomicFile> {
        self.open_atomic_with(path, WriteOptions::new())
    }

    /// As [`open_atomic`](Self::open_atomic), with overwriting or metadata.
    ///
    /// # Errors
    ///
    /// As [`open_atomic`](Self::open_atomic).
    pub fn open_atomic_with(&self, path: &str, options: WriteOptions) -> Result<AtomicFile> {
        let operation = Operation::OpenAtomic;
        let full = self.base.write_call(operation, path, &options)?;
        let backend = Arc::clone(&self.base.backend);
        let writer = self.observed(operation, path, || backend.open_atomic(&full, options))?;
        let rebase = Rebase::new(&self.base, operation, path);
        Ok(writer.wrapped(|upload| Box::new(RebasedUpload { upload, rebase })))
    }
}

/// A backend's upload, its errors and its result rebased.
struct RebasedUpload {
    upload: Box<dyn StagedFile>,
    rebase: Rebase<dyn Backend>,
}

impl StagedFile for RebasedUpload {
    fn append(&mut self, chunk: Bytes) -> Result<()> {
        let appended = self.upload.append(chunk);
        self.rebase.apply(appended)
    }

    fn commit(self: Box<Self>) -> Result<WriteResult> {
        let Self { upload, rebase } = *self;
        let Rebase {
            base,
            operation,
            path,
        } = rebase;
        let store = Store { base };
        let result = store.observed(operation, &path, || upload.commit())?;
        store.base.rebase(result)
    }
}
