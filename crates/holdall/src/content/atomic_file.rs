//! Writing piece by piece, visible at the commit, for code that blocks.

use std::fmt;
use std::io::{self, Write};

use bytes::{Bytes, BytesMut};

use crate::error::{Error, ErrorKind, Result};
use crate::model::WriteResult;

/// How much an [`AtomicFile`] gathers before it hands it on, in bytes.
const BATCH: usize = 1024 * 1024;

/// What a backend gives to an [`AtomicFile`]: staged content that shows
/// nowhere until its commit. Dropping it discards the content.
pub trait StagedFile: Send + 'static {
    /// Adds a chunk to the end.
    ///
    /// # Errors
    ///
    /// The backend's.
    fn append(&mut self, chunk: Bytes) -> Result<()>;

    /// Makes the content the file, in one step.
    ///
    /// # Errors
    ///
    /// The backend's; what was at the path is as it was.
    fn commit(self: Box<Self>) -> Result<WriteResult>;
}

/// A file being written: a [`Write`] whose content shows at the path, all of it
/// at once, when [`commit`](Self::commit) returns.
///
/// Dropping the writer without a commit leaves what was there; so does an
/// error.
///
/// ```
/// # use holdall::{MemoryBackend, Store};
/// use std::io::Write;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let store = Store::new(MemoryBackend::new(), "")?;
/// let mut file = store.open_atomic("report.csv")?;
/// writeln!(file, "a,b")?;
/// writeln!(file, "1,2")?;
/// assert!(!store.exists("report.csv")?);
/// assert_eq!(file.commit()?.size, 8);
/// # Ok(()) }
/// ```
pub struct AtomicFile {
    /// `None` once an append has failed: nothing can be committed any more.
    staged: Option<Box<dyn StagedFile>>,
    buffer: BytesMut,
    written: u64,
}

impl AtomicFile {
    /// A writer into `staged`.
    pub fn new(staged: impl StagedFile) -> Self {
        Self::from_boxed(Box::new(staged))
    }

    fn from_boxed(staged: Box<dyn StagedFile>) -> Self {
        Self {
            staged: Some(staged),
            buffer: BytesMut::new(),
            written: 0,
        }
    }

    /// The number of bytes written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Makes the content the file at the path, in one step.
    ///
    /// # Errors
    ///
    /// As `write_atomic`; what was at the path is as it was.
    pub fn commit(mut self) -> Result<WriteResult> {
        self.hand_on()?;
        self.staged.ok_or_else(spoiled)?.commit()
    }

    /// Puts a layer around what the writer writes to.
    pub(crate) fn wrapped(
        self,
        wrap: impl FnOnce(Box<dyn StagedFile>) -> Box<dyn StagedFile>,
    ) -> Self {
        Self {
            staged: self.staged.map(wrap),
            ..self
        }
    }

    fn hand_on(&mut self) -> Result<()> {
        let mut staged = self.staged.take().ok_or_else(spoiled)?;
        if !self.buffer.is_empty() {
            staged.append(self.buffer.split().freeze())?;
        }
        self.staged = Some(staged);
        Ok(())
    }
}

fn spoiled() -> Error {
    Error::new(
        ErrorKind::Other,
        "an earlier write of this file failed, so it cannot be committed; begin again",
    )
}

impl Write for AtomicFile {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.buffer.len() >= BATCH {
            self.hand_on()?;
        }
        let amount = data.len().min(BATCH - self.buffer.len());
        self.buffer
            .extend_from_slice(data.get(..amount).unwrap_or_default());
        self.written += amount as u64;
        Ok(amount)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(self.hand_on()?)
    }
}

impl fmt::Debug for AtomicFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicFile")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}
