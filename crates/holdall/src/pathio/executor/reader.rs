//! Files that are read: the next block comes while the caller uses this one.

use std::io::SeekFrom;

use async_trait::async_trait;
use bytes::{Buf, Bytes};

use super::lent::{Brought, Lent, gone};
use super::whole::read_only;
use crate::pathio::blocking::TreeFile;
use crate::pathio::error::PathIoResult;
use crate::pathio::file::{DEFAULT_BLOCK_SIZE, PathFile};
use crate::pathio::rules;

/// The largest block that is fetched, however much is asked for.
const LARGEST_BLOCK: usize = 1024 * 1024;

/// A file, the rest of one block of it, and another block on its way.
pub(super) struct Reader<F: TreeFile> {
    file: Lent<F>,
    position: u64,
    /// What the file holds from `position` on.
    block: Bytes,
    /// Whether the file stands, or fetches, somewhere else than behind `block`.
    is_elsewhere: bool,
}

impl<F: TreeFile> Reader<F> {
    /// A file that stands behind its first block.
    pub(super) fn new(file: Lent<F>, first: Bytes) -> Self {
        Self {
            file,
            position: 0,
            block: first,
            is_elsewhere: false,
        }
    }

    /// Has the next block fetched, unless it is on its way.
    fn fetch(&mut self, wanted: usize) -> PathIoResult<()> {
        if !self.file.is_here() {
            return Ok(());
        }
        let length = wanted.clamp(DEFAULT_BLOCK_SIZE, LARGEST_BLOCK);
        let is_elsewhere = std::mem::take(&mut self.is_elsewhere);
        let from = self.position + self.block.len() as u64;
        self.file.send(move |file| {
            if is_elsewhere {
                file.seek(SeekFrom::Start(from))?;
            }
            let bytes = file.read(length)?;
            Ok(Brought { bytes, position: 0 })
        })
    }

    /// Where the file ends: a hop, since only the file knows.
    async fn end(&mut self) -> PathIoResult<u64> {
        self.is_elsewhere = true;
        self.block.clear();
        let _ = self.file.back().await;
        let moved = self.file.run(|file| {
            let position = file.seek(SeekFrom::End(0))?;
            let bytes = Bytes::new();
            Ok(Brought { bytes, position })
        });
        Ok(moved.await?.position)
    }

    /// The block behind the one that is used up; empty at the end.
    async fn next_block(&mut self, wanted: usize) -> PathIoResult<Bytes> {
        if self.is_elsewhere {
            // What is on its way is not wanted any more, nor why it failed.
            let _ = self.file.back().await;
        }
        self.fetch(wanted)?;
        let arrived = self.file.back().await;
        // Nobody knows where a read that failed left the file.
        self.is_elsewhere = arrived.is_err();
        Ok(arrived?.ok_or_else(gone)?.bytes)
    }
}

#[async_trait]
impl<F: TreeFile> PathFile for Reader<F> {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        if self.block.is_empty() {
            self.block = self.next_block(max).await?;
        }
        let bytes = self.block.split_to(self.block.len().min(max));
        self.position += bytes.len() as u64;
        if !bytes.is_empty() && !self.is_elsewhere {
            self.fetch(max)?;
        }
        Ok(bytes)
    }

    async fn write(&mut self, _data: Bytes) -> PathIoResult<()> {
        Err(read_only())
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let position = match to {
            SeekFrom::End(_) => {
                let end = self.end().await?;
                rules::position(to, self.position, || Ok(end))?
            }
            _ => rules::position(to, self.position, || Ok(0))?,
        };
        let skipped = position.checked_sub(self.position);
        let skipped = skipped.and_then(|skipped| usize::try_from(skipped).ok());
        match skipped.filter(|skipped| *skipped <= self.block.len()) {
            Some(skipped) => self.block.advance(skipped),
            None => {
                self.is_elsewhere = true;
                self.block.clear();
            }
        }
        self.position = position;
        Ok(position)
    }

    /// The executor closes the file: nothing can go wrong that a reader would care
    /// for.
    async fn close(self: Box<Self>) -> PathIoResult<()> {
        Ok(())
    }
}
