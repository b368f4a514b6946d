//! Writing piece by piece, visible at the commit.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use tokio::io::AsyncWrite;

use crate::error::{Error, ErrorKind, Result};
use crate::model::WriteResult;

/// How much an [`AtomicWriter`] gathers before it hands it on, in bytes.
const BATCH: usize = 1024 * 1024;

/// What a backend gives to an [`AtomicWriter`]: staged content that shows
/// nowhere until its commit. Dropping it discards the content.
#[async_trait]
pub trait StagedUpload: Send + 'static {
    /// Adds a chunk to the end.
    async fn append(&mut self, chunk: Bytes) -> Result<()>;

    /// Makes the content the file, in one step.
    async fn commit(self: Box<Self>) -> Result<WriteResult>;
}

/// A file being written: an [`AsyncWrite`] whose content shows at the path, all
/// of it at once, when [`commit`](Self::commit) returns.
///
/// Dropping the writer without a commit leaves what was there; so does an
/// error. `shutdown` flushes and does not commit.
///
/// ```
/// # use holdall::{AsyncMemoryBackend, AsyncStore};
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// # let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// let mut file = store.open_atomic("report.csv").await?;
/// file.write("a,b\n").await?;
/// file.write("1,2\n").await?;
/// assert!(!store.exists("report.csv").await?);
/// let written = file.commit().await?;
/// assert_eq!(written.size, 8);
/// # Ok(()) }
/// ```
pub struct AtomicWriter {
    state: State,
    buffer: BytesMut,
    written: u64,
    /// A `write` is under way, or its future was dropped midway: then it is
    /// unknown how much of its chunk was taken.
    writing: bool,
}

type Upload = Box<dyn StagedUpload>;

enum State {
    Idle(Upload),
    Appending(BoxFuture<'static, (Upload, Result<()>)>),
    /// An append failed: nothing can be committed any more.
    Failed,
}

impl AtomicWriter {
    /// A writer into `upload`.
    pub fn new(upload: impl StagedUpload) -> Self {
        Self::from_boxed(Box::new(upload))
    }

    fn from_boxed(upload: Upload) -> Self {
        Self {
            state: State::Idle(upload),
            buffer: BytesMut::new(),
            written: 0,
            writing: false,
        }
    }

    /// Adds `chunk` to the end of the content.
    ///
    /// # Errors
    ///
    /// The backend's error. The writer cannot be committed then, nor after the
    /// future of a `write` was dropped before it was done.
    pub async fn write(&mut self, chunk: impl Into<Bytes>) -> Result<()> {
        if self.writing {
            return Err(spoiled());
        }
        self.writing = true;
        self.take(chunk.into()).await?;
        self.writing = false;
        Ok(())
    }

    async fn take(&mut self, chunk: Bytes) -> Result<()> {
        self.written += chunk.len() as u64;
        if self.buffer.len() + chunk.len() < BATCH {
            self.buffer.extend_from_slice(&chunk);
            return Ok(());
        }
        self.hand_on().await?;
        self.append(chunk).await
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
    pub async fn commit(mut self) -> Result<WriteResult> {
        if self.writing {
            return Err(spoiled());
        }
        self.hand_on().await?;
        match self.state {
            State::Idle(upload) => upload.commit().await,
            State::Appending(_) | State::Failed => Err(spoiled()),
        }
    }

    /// Puts a layer around the upload of a writer that is fresh.
    pub(crate) fn wrapped(self, wrap: impl FnOnce(Upload) -> Upload) -> Self {
        match self.state {
            State::Idle(upload) => Self::from_boxed(wrap(upload)),
            State::Appending(_) | State::Failed => self,
        }
    }

    async fn hand_on(&mut self) -> Result<()> {
        std::future::poll_fn(|cx| self.poll_hand_on(cx)).await
    }

    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        self.begin(chunk);
        std::future::poll_fn(|cx| self.poll_appended(cx)).await
    }

    /// Hands on all that is buffered and waits until it is taken.
    fn poll_hand_on(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.poll_appended(cx))?;
        if !self.buffer.is_empty() {
            let chunk = self.buffer.split().freeze();
            self.begin(chunk);
            ready!(self.poll_appended(cx))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Begins an append; only when none is under way.
    fn begin(&mut self, chunk: Bytes) {
        self.state = match std::mem::replace(&mut self.state, State::Failed) {
            State::Idle(mut upload) => State::Appending(Box::pin(async move {
                let appended = upload.append(chunk).await;
                (upload, appended)
            })),
            state => state,
        };
    }

    /// Waits for the append that is under way, if any.
    fn poll_appended(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Idle(upload) => {
                self.state = State::Idle(upload);
                Poll::Ready(Ok(()))
            }
            State::Appending(mut append) => match append.as_mut().poll(cx) {
                Poll::Pending => {
                    self.state = State::Appending(append);
                    Poll::Pending
                }
                Poll::Ready((upload, Ok(()))) => {
                    self.state = State::Idle(upload);
                    Poll::Ready(Ok(()))
                }
                Poll::Ready((_, Err(error))) => Poll::Ready(Err(error)),
            },
            State::Failed => Poll::Ready(Err(spoiled())),
        }
    }
}

fn spoiled() -> Error {
    Error::new(
        ErrorKind::Other,
        "an earlier write of this file failed or was given up, so it cannot be committed; begin again",
    )
}

impl AsyncWrite for AtomicWriter {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let this = self.get_mut();
        if this.buffer.len() >= BATCH {
            ready!(this.poll_hand_on(cx))?;
        }
        let amount = data.len().min(BATCH - this.buffer.len());
        this.buffer
            .extend_from_slice(data.get(..amount).unwrap_or_default());
        this.written += amount as u64;
        Poll::Ready(Ok(amount))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.get_mut().poll_hand_on(cx).map_err(Into::into)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.poll_flush(cx)
    }
}

impl fmt::Debug for AtomicWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicWriter")
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}
