//! Timeouts, for every path IO alike.

use std::future::Future;
use std::io::SeekFrom;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{StreamExt, try_unfold};

use super::connection::Connection;
use super::error::{PathIoError, PathIoErrorKind, PathIoOperation, PathIoResult};
use super::file::PathFile;
use super::io::{AbstractPathIo, MkdirOptions, SharedState};
use super::lister::Lister;
use super::mode::OpenMode;
use super::stat::PathStat;
use crate::Timestamp;

/// A path IO each of whose calls may take only so long.
///
/// The limit is on every call, every block of a file and every entry of a
/// listing. A call that takes longer is given up, as if its future were dropped,
/// and fails with [`PathIoErrorKind::TimedOut`]; the file that it was about is
/// given up with it. A path IO that blocks in place cannot be interrupted: what
/// it does ends first, and counts.
///
/// Needs a tokio runtime with timers.
#[doc(alias = "with_timeout")]
#[derive(Clone)]
pub struct TimedPathIo {
    inner: Arc<dyn AbstractPathIo>,
    timeout: Duration,
}

impl TimedPathIo {
    /// Limits each call of `inner` to `timeout`.
    pub fn new(inner: Arc<dyn AbstractPathIo>, timeout: Duration) -> Self {
        Self { inner, timeout }
    }
}

async fn limited<T>(
    timeout: Duration,
    call: impl Future<Output = PathIoResult<T>>,
) -> PathIoResult<T> {
    tokio::time::timeout(timeout, call)
        .await
        .unwrap_or_else(|elapsed| {
            let message = format!("the call took longer than {timeout:?}");
            Err(PathIoError::new(PathIoErrorKind::TimedOut, message).with_reason(elapsed))
        })
}

impl TimedPathIo {
    /// A limited call at a path, which its errors name.
    async fn call<T>(
        &self,
        operation: PathIoOperation,
        path: &str,
        call: impl Future<Output = PathIoResult<T>>,
    ) -> PathIoResult<T> {
        limited(self.timeout, call)
            .await
            .map_err(|error| error.located(operation, path))
    }
}

#[async_trait]
impl AbstractPathIo for TimedPathIo {
    fn for_connection(&self, connection: Connection) -> Arc<dyn AbstractPathIo> {
        Arc::new(Self::new(
            self.inner.for_connection(connection),
            self.timeout,
        ))
    }

    fn connection(&self) -> Option<&Connection> {
        self.inner.connection()
    }

    fn state(&self) -> Option<SharedState> {
        self.inner.state()
    }

    fn timeout(&self) -> Option<Duration> {
        Some(self.timeout)
    }

    async fn open_file(&self, path: &str, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        let opening = self.inner.open_file(path, mode);
        let file = self.call(PathIoOperation::Open, path, opening).await?;
        Ok(Box::new(TimedFile {
            file: Some(file),
            timeout: self.timeout,
        }))
    }

    fn list(&self, path: &str) -> Lister {
        let timeout = self.timeout;
        let entries = try_unfold(self.inner.list(path), move |mut entries| async move {
            let next = limited(timeout, async { entries.next().await.transpose() }).await?;
            Ok(next.map(|entry| (entry, entries)))
        });
        Lister::new(path, entries)
    }

    async fn stat(&self, path: &str) -> PathIoResult<PathStat> {
        self.call(PathIoOperation::Stat, path, self.inner.stat(path))
            .await
    }

    async fn mkdir(&self, path: &str, options: MkdirOptions) -> PathIoResult<()> {
        self.call(
            PathIoOperation::Mkdir,
            path,
            self.inner.mkdir(path, options),
        )
        .await
    }

    async fn rmdir(&self, path: &str) -> PathIoResult<()> {
        self.call(PathIoOperation::Rmdir, path, self.inner.rmdir(path))
            .await
    }

    async fn unlink(&self, path: &str) -> PathIoResult<()> {
        self.call(PathIoOperation::Unlink, path, self.inner.unlink(path))
            .await
    }

    async fn rename(&self, source: &str, destination: &str) -> PathIoResult<()> {
        self.call(
            PathIoOperation::Rename,
            source,
            self.inner.rename(source, destination),
        )
        .await
    }

    async fn rename_new(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let renamed = self.inner.rename_new(source, destination);
        self.call(PathIoOperation::RenameNew, source, renamed).await
    }

    async fn set_modified(&self, path: &str, modified: Timestamp) -> PathIoResult<()> {
        self.call(
            PathIoOperation::SetModified,
            path,
            self.inner.set_modified(path, modified),
        )
        .await
    }
}

/// A file of a timed path IO; without an inner file once a call took too long.
struct TimedFile {
    file: Option<Box<dyn PathFile>>,
    timeout: Duration,
}

impl TimedFile {
    fn take(&mut self) -> PathIoResult<Box<dyn PathFile>> {
        self.file.take().ok_or_else(|| {
            PathIoError::new(
                PathIoErrorKind::TimedOut,
                "the file was given up when an earlier call was: open it again",
            )
        })
    }
}

#[async_trait]
impl PathFile for TimedFile {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        let mut file = self.take()?;
        let read = limited(self.timeout, async { Ok(file.read(max).await) }).await?;
        self.file = Some(file);
        read
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        let mut file = self.take()?;
        let written = limited(self.timeout, async { Ok(file.write(data).await) }).await?;
        self.file = Some(file);
        written
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let mut file = self.take()?;
        let position = limited(self.timeout, async { Ok(file.seek(to).await) }).await?;
        self.file = Some(file);
        position
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        let mut file = self.take()?;
        let required = file.require_new();
        self.file = Some(file);
        required
    }

    async fn close(mut self: Box<Self>) -> PathIoResult<()> {
        let file = self.take()?;
        limited(self.timeout, file.close()).await
    }
}
