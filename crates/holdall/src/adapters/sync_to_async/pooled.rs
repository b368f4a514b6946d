//! Blocking objects that travel to the pool and back.

use std::io::Write;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::Calls;
use crate::backend::Backend;
use crate::backend::spool::given_up;
use crate::content::{AtomicFile, RandomSource};
use crate::error::{Error, Operation, Result};
use crate::model::WriteResult;
use crate::pool::Queue;
use crate::reader::RandomRead;
use crate::writer::StagedUpload;

/// Something whose methods block, and perhaps its drop, too: both are for the
/// pool.
pub(super) struct Pooled<T: Send + 'static> {
    value: Option<T>,
    threads: Arc<Queue>,
}

impl<T: Send + 'static> Pooled<T> {
    pub(super) fn new(value: T, threads: &Arc<Queue>) -> Self {
        Self {
            value: Some(value),
            threads: Arc::clone(threads),
        }
    }

    /// The value itself, for who is on the pool already; an error where a step
    /// that had it did not return it.
    pub(super) fn into_inner(mut self) -> Result<T> {
        self.value.take().ok_or_else(given_up)
    }

    /// Runs `step` on the pool. The value is lost where the step panics or the
    /// future is dropped.
    async fn with<R: Send + 'static>(
        &mut self,
        step: impl FnOnce(&mut T) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let threads = Arc::clone(&self.threads);
        let taken = Self {
            value: self.value.take(),
            threads: Arc::clone(&threads),
        };
        let done = self.threads.run(move || {
            let mut value = taken.into_inner()?;
            let result = step(&mut value);
            Ok::<_, Error>((Self::new(value, &threads), result))
        });
        let (value, result) = done.await??;
        *self = value;
        result
    }
}

impl<T: Send + 'static> Drop for Pooled<T> {
    fn drop(&mut self) {
        if let Some(value) = self.value.take() {
            self.threads.spawn(move || drop(value));
        }
    }
}

/// Who calls what on which path.
pub(super) struct Place {
    pub(super) calls: Arc<Calls>,
    pub(super) operation: Operation,
    pub(super) path: String,
}

impl Place {
    pub(super) fn told<T>(&self, result: Result<T>) -> Result<T> {
        self.calls.told(self.operation, &self.path, result)
    }
}

/// A file of the backend, open for reading at any position.
pub(super) struct PooledRead {
    pub(super) place: Place,
    pub(super) size: u64,
    pub(super) source: Pooled<Box<dyn RandomSource>>,
}

#[async_trait]
impl RandomRead for PooledRead {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        let read = self
            .source
            .with(move |source| source.read_at(offset, max))
            .await;
        self.place.told(read)
    }
}

/// A file of the backend that is being written.
pub(super) struct PooledFile {
    pub(super) place: Place,
    pub(super) file: Pooled<AtomicFile>,
}

#[async_trait]
impl StagedUpload for PooledFile {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        let appended = self
            .file
            .with(move |file| Ok(file.write_all(&chunk)?))
            .await;
        self.place.told(appended)
    }

    async fn commit(self: Box<Self>) -> Result<WriteResult> {
        let Self { place, file } = *self;
        let Place {
            calls,
            operation,
            path,
        } = place;
        let commit = move |_: &dyn Backend| file.into_inner()?.commit();
        calls.change(operation, &[&path], commit).await
    }
}
