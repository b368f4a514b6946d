//! A path IO with something before and after each of its calls.

use std::io::SeekFrom;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::try_unfold;
use holdall::Timestamp;
use holdall::pathio::{
    AbstractPathIo, Connection, Lister, MkdirOptions, OpenMode, PathFile, PathIoOperation,
    PathIoResult, PathStat, SharedState,
};

use crate::delayed::Yields;

/// What happens around each call of a path IO and of its files.
#[async_trait]
pub trait Interposer: Clone + Send + Sync + 'static {
    /// Happens before a call; its error is the call's.
    ///
    /// # Errors
    ///
    /// Whatever the call is to fail with.
    async fn before(&self, operation: PathIoOperation) -> PathIoResult<()>;

    /// Happens after a call that succeeded.
    ///
    /// # Errors
    ///
    /// Whatever the call is to fail with though it was made.
    async fn after(&self, operation: PathIoOperation) -> PathIoResult<()> {
        let _ = operation;
        Ok(())
    }
}

/// A path IO with something before and after each of its calls, each call of its
/// files, and each entry of its listings.
pub struct Interposed<I> {
    inner: Arc<dyn AbstractPathIo>,
    with: I,
}

/// A path IO that waits before and after each call.
///
/// Every await point becomes real, whatever is beneath: a call can be dropped at
/// each, and others get their turn.
///
/// ```
/// use std::sync::Arc;
/// use holdall::pathio::{AbstractPathIo, MemoryPathIo, MkdirOptions};
/// use holdall_testkit::pathio::Delayed;
///
/// # #[tokio::main] async fn main() -> holdall::pathio::PathIoResult<()> {
/// let io = Delayed::new(Arc::new(MemoryPathIo::new()), 2);
/// io.mkdir("folder", MkdirOptions::new()).await?;
/// # Ok(()) }
/// ```
pub type Delayed = Interposed<Yields>;

impl Delayed {
    /// `inner` with `turns` turns for other tasks before and after each call, and
    /// at least one.
    pub fn new(inner: Arc<dyn AbstractPathIo>, turns: usize) -> Self {
        Self::around(inner, Yields::of(turns))
    }
}

#[async_trait]
impl Interposer for Yields {
    async fn before(&self, _operation: PathIoOperation) -> PathIoResult<()> {
        self.give_way().await;
        Ok(())
    }

    async fn after(&self, _operation: PathIoOperation) -> PathIoResult<()> {
        self.give_way().await;
        Ok(())
    }
}

impl<I: Interposer> Interposed<I> {
    /// `inner` with `with` around each call.
    pub fn around(inner: Arc<dyn AbstractPathIo>, with: I) -> Self {
        Self { inner, with }
    }
}

async fn around<I: Interposer, T>(
    with: &I,
    operation: PathIoOperation,
    call: impl Future<Output = PathIoResult<T>>,
) -> PathIoResult<T> {
    with.before(operation).await?;
    let value = call.await?;
    with.after(operation).await?;
    Ok(value)
}

#[async_trait]
impl<I: Interposer> AbstractPathIo for Interposed<I> {
    fn for_connection(&self, connection: Connection) -> Arc<dyn AbstractPathIo> {
        let inner = self.inner.for_connection(connection);
        Arc::new(Self::around(inner, self.with.clone()))
    }

    fn connection(&self) -> Option<&Connection> {
        self.inner.connection()
    }

    fn state(&self) -> Option<SharedState> {
        self.inner.state()
    }

    async fn open_file(&self, path: &str, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        let open = self.inner.open_file(path, mode);
        let file = around(&self.with, PathIoOperation::Open, open).await?;
        let with = self.with.clone();
        Ok(Box::new(InterposedFile { file, with }))
    }

    fn list(&self, path: &str) -> Lister {
        let unbegun = (self.inner.list(path), self.with.clone(), false);
        let entries = try_unfold(unbegun, |(mut entries, with, begun)| async move {
            if !begun {
                with.before(PathIoOperation::List).await?;
            }
            let next = entries.try_next().await?;
            with.after(PathIoOperation::List).await?;
            Ok(next.map(|entry| (entry, (entries, with, true))))
        });
        Lister::new(path, entries)
    }

    async fn stat(&self, path: &str) -> PathIoResult<PathStat> {
        let call = self.inner.stat(path);
        around(&self.with, PathIoOperation::Stat, call).await
    }

    async fn mkdir(&self, path: &str, options: MkdirOptions) -> PathIoResult<()> {
        let call = self.inner.mkdir(path, options);
        around(&self.with, PathIoOperation::Mkdir, call).await
    }

    async fn rmdir(&self, path: &str) -> PathIoResult<()> {
        let call = self.inner.rmdir(path);
        around(&self.with, PathIoOperation::Rmdir, call).await
    }

    async fn unlink(&self, path: &str) -> PathIoResult<()> {
        let call = self.inner.unlink(path);
        around(&self.with, PathIoOperation::Unlink, call).await
    }

    async fn rename(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let call = self.inner.rename(source, destination);
        around(&self.with, PathIoOperation::Rename, call).await
    }

    async fn rename_new(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let call = self.inner.rename_new(source, destination);
        around(&self.with, PathIoOperation::RenameNew, call).await
    }

    async fn set_modified(&self, path: &str, modified: Timestamp) -> PathIoResult<()> {
        let call = self.inner.set_modified(path, modified);
        around(&self.with, PathIoOperation::SetModified, call).await
    }
}

struct InterposedFile<I> {
    file: Box<dyn PathFile>,
    with: I,
}

#[async_trait]
impl<I: Interposer> PathFile for InterposedFile<I> {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        around(&self.with, PathIoOperation::Read, self.file.read(max)).await
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        around(&self.with, PathIoOperation::Write, self.file.write(data)).await
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        around(&self.with, PathIoOperation::Seek, self.file.seek(to)).await
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        self.file.require_new()
    }

    async fn close(self: Box<Self>) -> PathIoResult<()> {
        let Self { file, with } = *self;
        around(&with, PathIoOperation::Close, file.close()).await
    }
}
