//! Writes over a driver: at once, or staged piece by piece.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::try_join;
use futures::stream::{BoxStream, StreamExt};

use crate::capability::Capability;
use crate::content::{AsyncWritableContent, WritableContent};
use crate::contract::{AppendStep, Batch, BeginStep, FinishStep, Kernel, PutStep};
use crate::driver::{Driver, FileStat, WritePlan};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{WriteResult, WriteSource};
use crate::path::RemotePath;
use crate::writer::StagedUpload;

/// One write in progress.
pub(super) struct Upload<D: Driver> {
    kernel: Arc<Kernel<D>>,
    operation: Operation,
    path: String,
    key: RemotePath,
    plan: WritePlan,
    /// There once the write has begun, away while a step has it.
    stage: Option<D::Stage>,
}

impl<D: Driver> Upload<D> {
    pub(super) fn new(
        kernel: Arc<Kernel<D>>,
        operation: Operation,
        path: String,
        key: RemotePath,
        plan: WritePlan,
    ) -> Self {
        Self {
            kernel,
            operation,
            path,
            key,
            plan,
            stage: None,
        }
    }

    fn told<T>(&self, result: Result<T>) -> Result<T> {
        result
            .map_err(|error| error.located(self.operation, &self.path, self.kernel.driver().name()))
    }

    /// Begins to stage.
    pub(super) async fn begin(&mut self) -> Result<()> {
        let step = BeginStep {
            key: self.key.clone(),
            plan: self.plan.clone(),
            // What is written piece by piece may be long in the making.
            tells_early: self.operation == Operation::OpenAtomic,
        };
        let stage = self.kernel.run(step).await;
        self.stage = Some(self.told(stage)?);
        Ok(())
    }

    /// Stages chunks.
    async fn append_all(&mut self, chunks: Vec<Bytes>) -> Result<()> {
        let Some(stage) = self.stage.take() else {
            return self.told(Err(given_up()));
        };
        let (step, appended) = self
            .kernel
            .run_and_return(AppendStep { stage, chunks })
            .await;
        self.told(appended)?;
        self.stage = step.map(|step| step.stage);
        Ok(())
    }

    /// Publishes what is staged.
    async fn finish(mut self) -> Result<WriteResult> {
        let Some(stage) = self.stage.take() else {
            return self.told(Err(given_up()));
        };
        let step = FinishStep {
            stage: Some(stage),
            key: self.key.clone(),
            durable: self.plan.durable,
        };
        let stat = self.kernel.run(step).await;
        let stat = self.told(stat)?;
        Ok(self.result(stat))
    }

    /// Writes content that is at hand: one step.
    async fn put(self, chunks: Vec<Bytes>) -> Result<WriteResult> {
        let step = PutStep {
            key: self.key.clone(),
            plan: self.plan.clone(),
            chunks,
        };
        let stat = self.kernel.run(step).await;
        let stat = self.told(stat)?;
        Ok(self.result(stat))
    }

    fn result(self, stat: FileStat) -> WriteResult {
        let mut result = WriteResult::new(self.key, stat.size);
        result.metadata = self.plan.metadata;
        if self
            .kernel
            .driver()
            .capabilities()
            .supports(Capability::WriteResultNative)
        {
            result.source = WriteSource::Native;
            result.digest = stat.digest;
            result.etag = stat.etag;
            result.version_id = stat.version_id;
            result.last_modified = stat.modified_at;
        }
        result
    }
}

fn given_up() -> Error {
    Error::new(
        ErrorKind::Other,
        "an earlier step of this write was given up midway; begin the write again",
    )
}

#[async_trait]
impl<D: Driver> StagedUpload for Upload<D> {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        self.append_all(vec![chunk]).await
    }

    async fn commit(self: Box<Self>) -> Result<WriteResult> {
        self.finish().await
    }
}

/// Content of either kind of write.
pub(super) enum Content<'a> {
    /// The whole content.
    Bytes(Bytes),
    /// Chunks to be drained.
    Stream(BoxStream<'a, Result<Bytes>>),
}

impl From<AsyncWritableContent> for Content<'static> {
    fn from(content: AsyncWritableContent) -> Self {
        match content {
            AsyncWritableContent::Bytes(bytes) => Self::Bytes(bytes),
            AsyncWritableContent::Stream(stream) => Self::Stream(stream),
        }
    }
}

impl<'a> From<WritableContent<'a>> for Content<'a> {
    fn from(content: WritableContent<'a>) -> Self {
        match content {
            WritableContent::Bytes(bytes) => Self::Bytes(bytes),
            reader @ WritableContent::Reader(_) => Self::Stream(reader.into_stream()),
        }
    }
}

/// Drains the content into the upload and publishes it.
///
/// The first batch is drained before the path is looked at, so that an error
/// of a short source beats the path's. While a batch is staged the next one
/// fills: memory stays at two batches, and no thread waits for the source.
pub(super) async fn write_from<D: Driver>(
    mut upload: Upload<D>,
    content: Content<'_>,
) -> Result<WriteResult> {
    let mut source = match content {
        Content::Bytes(bytes) => return upload.put(vec![bytes]).await,
        Content::Stream(stream) => stream,
    };
    let (mut chunks, mut more) = fill(&mut source).await?;
    if !more {
        return upload.put(chunks).await;
    }
    upload.begin().await?;
    loop {
        let next = if more {
            // Whichever fails first: a source may stall, and a full disk is told
            // at once.
            try_join(upload.append_all(chunks), fill(&mut source))
                .await?
                .1
        } else {
            upload.append_all(chunks).await?;
            (Vec::new(), false)
        };
        if !more {
            return upload.finish().await;
        }
        (chunks, more) = next;
        if chunks.is_empty() {
            return upload.finish().await;
        }
    }
}

/// The source's next batch, and whether there may be more.
pub(crate) async fn fill(source: &mut BoxStream<'_, Result<Bytes>>) -> Result<(Vec<Bytes>, bool)> {
    let mut batch = Batch::default();
    while !batch.is_full() {
        match source.next().await.transpose()? {
            Some(chunk) => batch.push(chunk),
            None => return Ok((batch.into_chunks(), false)),
        }
    }
    Ok((batch.into_chunks(), true))
}
