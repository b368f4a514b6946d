//! Files that were read whole as they were opened.

use std::io::SeekFrom;

use async_trait::async_trait;
use bytes::{Buf, Bytes};

use crate::pathio::error::{PathIoError, PathIoErrorKind, PathIoResult};
use crate::pathio::file::PathFile;
use crate::pathio::rules;

/// The content of a small file; the file itself is closed.
pub(super) struct WholeFile {
    content: Bytes,
    position: u64,
}

impl WholeFile {
    pub(super) fn new(content: Bytes) -> Self {
        Self {
            content,
            position: 0,
        }
    }
}

#[async_trait]
impl PathFile for WholeFile {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        let mut rest = self.content.clone();
        rest.advance(usize::try_from(self.position).map_or(rest.len(), |at| at.min(rest.len())));
        rest.truncate(max);
        self.position += rest.len() as u64;
        Ok(rest)
    }

    async fn write(&mut self, _data: Bytes) -> PathIoResult<()> {
        Err(read_only())
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let end = || Ok(self.content.len() as u64);
        self.position = rules::position(to, self.position, end)?;
        Ok(self.position)
    }

    async fn close(self: Box<Self>) -> PathIoResult<()> {
        Ok(())
    }
}

/// The refusal to write to a file that is open for reading.
pub(super) fn read_only() -> PathIoError {
    PathIoError::new(
        PathIoErrorKind::InvalidArgument,
        "the file is not open for writing",
    )
}
