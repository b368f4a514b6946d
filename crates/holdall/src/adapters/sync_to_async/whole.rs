//! Content of a write, set aside until its source has ended.

use bytes::Bytes;

use crate::backend::spool::Spool;
use crate::backend::upload::fill;
use crate::content::{AsyncWritableContent, ReadStream, WritableContent};
use crate::error::Result;

/// The whole content of a write.
///
/// A backend that blocks reads its content to the end in one call: were that
/// fed as the source goes along, it would hold a thread for as long as the
/// source takes, and two such calls that feed each other would hang. So the
/// call begins when the source has ended.
pub(super) enum Whole {
    /// Little of it, or what was in memory already.
    Chunks(Vec<Bytes>),
    /// More than a batch.
    Spooled(Spool),
}

impl Whole {
    /// Drains `content`, where its caller is; only the spool's file is the
    /// pool's. Whether more than a batch is worth to be drained, `look` tells.
    pub(super) async fn of(
        content: AsyncWritableContent,
        look: impl Future<Output = Result<()>>,
    ) -> Result<Self> {
        let mut source = match content {
            AsyncWritableContent::Bytes(bytes) => return Ok(Self::Chunks(vec![bytes])),
            AsyncWritableContent::Stream(stream) => stream,
        };
        let (mut chunks, mut more) = fill(&mut source).await?;
        if !more {
            return Ok(Self::Chunks(chunks));
        }
        look.await?;
        let mut spool = Spool::new();
        loop {
            if !chunks.is_empty() {
                spool = spool.append(chunks).await?;
            }
            if !more {
                return Ok(Self::Spooled(spool));
            }
            (chunks, more) = fill(&mut source).await?;
        }
    }

    /// The same content for code that blocks.
    pub(super) fn into_content(self) -> Result<WritableContent<'static>> {
        let mut chunks = match self {
            Self::Chunks(chunks) => chunks,
            Self::Spooled(spool) => return Ok(WritableContent::from_reader(spool.into_reader()?)),
        };
        if chunks.len() > 1 {
            return Ok(ReadStream::new(chunks.into_iter().map(Ok)).into());
        }
        Ok(chunks.pop().unwrap_or_default().into())
    }
}
