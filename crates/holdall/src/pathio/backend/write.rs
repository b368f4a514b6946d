//! Writing: content goes to a file of the path IO, or, where the folder is
//! missing, to a spool until it is whole.

use bytes::Bytes;
use futures::stream::StreamExt;

use super::driver::PathIoDriver;
use super::parents::Parents;
use super::refusals::refused;
use crate::backend::spool::{Spool, given_up};
use crate::driver::{CallContext, FileStat, Key, Outcome, Refusal, WritePlan};
use crate::pathio::file::PathFile;
use crate::pathio::mode::OpenMode;

/// Content that no path shows yet.
pub struct PathIoStage {
    content: Content,
    size: u64,
    replace: bool,
}

enum Content {
    File(Box<dyn PathFile>),
    Spooled(Spool),
    /// An append failed, or was given up midway.
    Lost,
}

impl PathIoDriver {
    async fn open_anew(&self, key: Key<'_>, replace: bool) -> Outcome<Box<dyn PathFile>> {
        let opened = self.io().open_file(key.as_str(), OpenMode::Write).await;
        let mut file = opened.map_err(refused)?;
        if !replace {
            file.require_new().map_err(refused)?;
        }
        Ok(file)
    }

    pub(super) async fn begin(&self, key: Key<'_>, plan: &WritePlan) -> Outcome<PathIoStage> {
        let content = match self.open_anew(key, plan.replace).await {
            Ok(file) => Content::File(file),
            // Nothing is made that a write that is given up would leave behind.
            Err(Refusal::Missing) => Content::Spooled(Spool::new()),
            Err(refusal) => return Err(refusal),
        };
        Ok(PathIoStage {
            content,
            size: 0,
            replace: plan.replace,
        })
    }

    pub(super) async fn finish(
        &self,
        cx: CallContext<'_>,
        stage: PathIoStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        cx.commit()?;
        match stage.content {
            Content::File(file) => file.close().await.map_err(refused)?,
            Content::Spooled(spool) => self.write_spooled(spool, key, stage.replace).await?,
            Content::Lost => return Err(given_up().into()),
        }
        Ok(FileStat::new(stage.size))
    }

    async fn write_spooled(&self, spool: Spool, key: Key<'_>, replace: bool) -> Outcome<()> {
        let parents = Parents::make(self.io(), key).await?;
        let written = async {
            let mut file = self.open_anew(key, replace).await?;
            let mut content = std::pin::pin!(spool.into_stream().await?);
            while let Some(chunk) = content.next().await {
                file.write(chunk?).await.map_err(refused)?;
            }
            file.close().await.map_err(refused)
        };
        let written = written.await;
        if written.is_err() {
            parents.remove().await;
        }
        written
    }
}

impl PathIoStage {
    pub(super) async fn append(&mut self, chunks: &[Bytes]) -> Outcome<()> {
        self.size += chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>();
        self.content = match std::mem::replace(&mut self.content, Content::Lost) {
            Content::File(mut file) => {
                for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
                    file.write(Bytes::clone(chunk)).await.map_err(refused)?;
                }
                Content::File(file)
            }
            Content::Spooled(spool) => Content::Spooled(spool.append(chunks.to_vec()).await?),
            Content::Lost => return Err(given_up().into()),
        };
        Ok(())
    }
}
