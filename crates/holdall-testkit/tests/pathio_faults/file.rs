//! A file with one deliberate fault.

use std::io::SeekFrom;
use std::sync::{Arc, Weak};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use holdall::pathio::{AbstractPathIo, OpenMode, PathFile, PathIoErrorKind as Kind, PathIoResult};
use tokio::sync::Mutex;

use crate::broken::dead;
use crate::fault::Fault;
use crate::stray::Strays;

/// One reader for everybody who opens a path.
#[derive(Clone)]
pub(crate) struct SharedReader(Arc<Mutex<Box<dyn PathFile>>>);

impl SharedReader {
    pub(crate) fn new(file: Box<dyn PathFile>) -> Self {
        Self(Arc::new(Mutex::new(file)))
    }
}

#[async_trait]
impl PathFile for SharedReader {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        self.0.lock().await.read(max).await
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        self.0.lock().await.write(data).await
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        self.0.lock().await.seek(to).await
    }

    async fn close(self: Box<Self>) -> PathIoResult<()> {
        Ok(())
    }
}

/// A file with a fault in its calls, or in its end.
pub(crate) struct BrokenFile {
    file: Option<Box<dyn PathFile>>,
    io: Arc<dyn AbstractPathIo>,
    path: String,
    mode: OpenMode,
    fault: Fault,
    life: Option<Weak<()>>,
    strays: Strays,
    position: u64,
    appended: BytesMut,
}

impl BrokenFile {
    pub(crate) fn new(
        file: Box<dyn PathFile>,
        io: Arc<dyn AbstractPathIo>,
        path: &str,
        mode: OpenMode,
        fault: Fault,
        life: Option<Weak<()>>,
        strays: Strays,
    ) -> Self {
        let mut this = Self {
            file: Some(file),
            io,
            path: path.to_owned(),
            mode,
            fault,
            life,
            strays,
            position: 0,
            appended: BytesMut::new(),
        };
        if this.remembers() {
            this.appended = this.content().unwrap_or_default().as_ref().into();
        }
        this
    }

    /// Whether it writes back at its close what it read when it was opened.
    fn remembers(&self) -> bool {
        self.fault == Fault::AppendsFromMemory && self.mode == OpenMode::Append
    }

    /// The content that is there now.
    fn content(&self) -> PathIoResult<Bytes> {
        let reading = async {
            let mut all = BytesMut::new();
            let mut file = self.io.open(&self.path, OpenMode::Read).await?;
            loop {
                let block = file.read(1 << 20).await?;
                if block.is_empty() {
                    return Ok(all.freeze());
                }
                all.extend_from_slice(&block);
            }
        };
        reading.now_or_never().unwrap()
    }

    fn inner(&mut self) -> PathIoResult<&mut Box<dyn PathFile>> {
        if self
            .life
            .as_ref()
            .is_some_and(|life| life.strong_count() == 0)
        {
            return Err(dead());
        }
        self.file.as_mut().ok_or_else(dead)
    }
}

#[async_trait]
impl PathFile for BrokenFile {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        if self.fault == Fault::ReadsByName {
            let content = self.content()?;
            let begin = (self.position as usize).min(content.len());
            let block = content.slice(begin..content.len().min(begin.saturating_add(max)));
            self.position += block.len() as u64;
            return Ok(block);
        }
        let fault = self.fault;
        let file = self.inner()?;
        match fault {
            Fault::ReadsTooMuch => file.read(max.saturating_add(1)).await,
            Fault::ReadsOneByteLess => {
                let mut block = file.read(max).await?;
                block.truncate(block.len().saturating_sub(1));
                Ok(block)
            }
            _ => file.read(max).await,
        }
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        if self.remembers() {
            self.appended.extend_from_slice(&data);
            return Ok(());
        }
        if self.fault == Fault::DroppedAppendsStay && self.mode == OpenMode::Append {
            let mut now = self.io.open(&self.path, OpenMode::Append).await?;
            now.write(data).await?;
            return now.close().await;
        }
        let ignores = self.fault == Fault::IgnoresPositionsInWrites;
        let file = self.inner()?;
        if ignores {
            file.seek(SeekFrom::End(0)).await?;
        }
        file.write(data).await
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let fault = self.fault;
        let file = self.inner()?;
        match fault {
            Fault::SeeksToTheEndAtMost => {
                let position = file.seek(to).await?;
                let end = file.seek(SeekFrom::End(0)).await?;
                file.seek(SeekFrom::Start(position.min(end))).await
            }
            Fault::SeeksBeforeTheBeginning => match file.seek(to).await {
                Err(error) if error.kind() == Kind::InvalidArgument => {
                    file.seek(SeekFrom::Start(0)).await
                }
                sought => sought,
            },
            _ => file.seek(to).await,
        }
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        match self.fault {
            Fault::NewFilesReplace => Ok(()),
            _ => self.inner()?.require_new(),
        }
    }

    async fn close(mut self: Box<Self>) -> PathIoResult<()> {
        let file = self.file.take().ok_or_else(dead)?;
        if self.remembers() {
            drop(file);
            let mut anew = self.io.open(&self.path, OpenMode::Write).await?;
            anew.write(self.appended.split().freeze()).await?;
            return anew.close().await;
        }
        if self.mode != OpenMode::Write {
            return file.close().await;
        }
        match self.fault {
            Fault::CancelledWritesLand => {
                let closing = async move { file.close().await };
                self.strays.run(closing.boxed()).await?;
                self.strays.land().await
            }
            Fault::CancelledUnlinksLand => {
                file.close().await?;
                self.strays.land().await
            }
            Fault::DroppedWritesRemoveTheOld => {
                if self.io.is_file(&self.path).await? {
                    self.io.unlink(&self.path).await?;
                    tokio::task::yield_now().await;
                }
                file.close().await
            }
            _ => file.close().await,
        }
    }
}

impl Drop for BrokenFile {
    fn drop(&mut self) {
        if self.fault != Fault::PublishesOnDrop {
            return;
        }
        if let Some(file) = self.file.take() {
            let _ = file.close().now_or_never();
        }
    }
}
