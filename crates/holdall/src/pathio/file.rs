//! Open files.

use std::fmt;
use std::io::SeekFrom;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{Stream, try_unfold};

use super::error::{PathIoError, PathIoErrorKind, PathIoOperation, PathIoResult};
use super::mode::OpenMode;

/// The size of a block where a caller has no reason for another: 256 KiB.
///
/// Each block is a hop or a request, so that the size alone decides how fast
/// large files move.
pub const DEFAULT_BLOCK_SIZE: usize = 256 * 1024;

/// What an implementation does with an open file; callers hold an
/// [`AsyncPathFile`].
///
/// A method is called only where the mode allows it. Dropping a file gives up
/// what was not closed. Dropping the future of a call leaves the file fit to be
/// dropped, and nothing else.
#[async_trait]
pub trait PathFile: Send + 'static {
    /// Reads from the position: at least one byte and at most `max`, or none at
    /// the end. `max` is not 0.
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes>;

    /// Writes at the position, or at the end in [`OpenMode::Append`]: all of
    /// `data`, which is not empty.
    async fn write(&mut self, data: Bytes) -> PathIoResult<()>;

    /// Moves to a position, which may lie beyond the end, and says where that is
    /// from the beginning.
    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64>;

    /// Makes [`PathFile::close`] fail with [`PathIoErrorKind::AlreadyExists`]
    /// where anything stands at the path by then, in the step in which the file
    /// would show. Called before the first write to a file opened with
    /// [`OpenMode::Write`]. By default
    /// [`PathIoErrorKind::NotImplemented`].
    fn require_new(&mut self) -> PathIoResult<()> {
        Err(PathIoError::not_implemented(PathIoOperation::RequireNew))
    }

    /// Ends with success: what was written shows.
    async fn close(self: Box<Self>) -> PathIoResult<()>;
}

/// An open file.
///
/// [`AsyncPathFile::close`] ends it and shows what was written. A file that is
/// dropped was given up: in [`OpenMode::Write`] what stood there before still
/// does.
///
/// The position is this file's own: two readers of one path are independent.
pub struct AsyncPathFile {
    file: Box<dyn PathFile>,
    mode: OpenMode,
    path: String,
}

impl AsyncPathFile {
    /// Makes the caller's file of an implementation's.
    pub(super) fn new(file: Box<dyn PathFile>, path: &str, mode: OpenMode) -> Self {
        Self {
            file,
            mode,
            path: path.to_owned(),
        }
    }

    /// The path that was opened, as the caller gave it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How the file was opened.
    pub fn mode(&self) -> OpenMode {
        self.mode
    }

    /// Reads from the position: at least one byte and at most `block_size`, or
    /// none at the end, or where `block_size` is 0.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] where the mode does not allow it;
    /// [`PathIoErrorKind::Conflict`] where a store's file was replaced meanwhile;
    /// whatever the storage reports.
    pub async fn read(&mut self, block_size: usize) -> PathIoResult<Bytes> {
        self.allow(self.mode.can_read(), PathIoOperation::Read, "read from")?;
        if block_size == 0 {
            return Ok(Bytes::new());
        }
        let read = self.file.read(block_size).await;
        read.map_err(|error| error.located(PathIoOperation::Read, &self.path))
    }

    /// Writes all of `data` at the position, or at the end in
    /// [`OpenMode::Append`], and says how many bytes that were.
    ///
    /// The storage may have taken less than was written so far: errors of an
    /// earlier write may come with a later call, at the latest with
    /// [`AsyncPathFile::close`]. A hole between the end and a position beyond it
    /// is filled with zeros.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] where the mode does not allow it;
    /// [`PathIoErrorKind::TooLarge`] where a store's file is too large to be
    /// changed in place; [`PathIoErrorKind::StorageFull`]; whatever the storage
    /// reports.
    pub async fn write(&mut self, data: impl Into<Bytes>) -> PathIoResult<usize> {
        self.allow(self.mode.can_write(), PathIoOperation::Write, "written to")?;
        let data = data.into();
        let length = data.len();
        if length > 0 {
            let written = self.file.write(data).await;
            written.map_err(|error| error.located(PathIoOperation::Write, &self.path))?;
        }
        Ok(length)
    }

    /// Moves to a position, which may lie beyond the end, and says where that is
    /// from the beginning.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] for a position before the beginning.
    pub async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let position = self.file.seek(to).await;
        position.map_err(|error| error.located(PathIoOperation::Seek, &self.path))
    }

    /// Lets this file take the place of nothing: its close fails where anything
    /// stands at the path by then. Of any number of such files for one path
    /// exactly one shows.
    ///
    /// Said before the first write, of a file opened with [`OpenMode::Write`].
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] in other modes;
    /// [`PathIoErrorKind::NotImplemented`] where the path IO cannot promise it.
    pub fn require_new(&mut self) -> PathIoResult<()> {
        let is_new = self.mode == OpenMode::Write;
        self.allow(is_new, PathIoOperation::RequireNew, "required to be new")?;
        let required = self.file.require_new();
        required.map_err(|error| error.located(PathIoOperation::RequireNew, &self.path))
    }

    /// Ends the file: once it returns, what was written shows to everybody.
    ///
    /// # Errors
    ///
    /// Errors of earlier writes that were not told yet;
    /// [`PathIoErrorKind::AlreadyExists`] after [`AsyncPathFile::require_new`];
    /// [`PathIoErrorKind::Conflict`] where somebody else changed a store's file
    /// that was opened to be changed. After an error nothing was shown, unless
    /// the file is changed in place, as local ones are in [`OpenMode::Append`]
    /// and [`OpenMode::ReadWrite`].
    pub async fn close(self) -> PathIoResult<()> {
        let closed = self.file.close().await;
        closed.map_err(|error| error.located(PathIoOperation::Close, &self.path))
    }

    /// The rest of the file in blocks of at most `block_size`, ended by the end
    /// or an error.
    pub fn iter_by_block(
        &mut self,
        block_size: usize,
    ) -> impl Stream<Item = PathIoResult<Bytes>> + Send + '_ {
        try_unfold(self, move |file| async move {
            let block = file.read(block_size).await?;
            Ok((!block.is_empty()).then_some((block, file)))
        })
    }

    fn allow(&self, allowed: bool, operation: PathIoOperation, what: &str) -> PathIoResult<()> {
        if allowed {
            return Ok(());
        }
        let message = format!("a file opened as {} cannot be {what}", self.mode);
        Err(PathIoError::new(PathIoErrorKind::InvalidArgument, message)
            .located(operation, &self.path))
    }
}

impl fmt::Debug for AsyncPathFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncPathFile")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
