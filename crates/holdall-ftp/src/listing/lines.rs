//! Listings as blocks of text.

use futures::stream::StreamExt;
use holdall::pathio::PathIoResult;

use super::entries::Entries;
use super::format::Format;

/// How much text goes out at once; so much is held in memory.
const BLOCK: usize = 32 * 1024;

/// The lines of a listing, made as its entries come.
pub(crate) struct Lines {
    entries: Entries,
    format: Format,
}

impl Lines {
    pub(crate) fn new(entries: Entries, format: Format) -> Self {
        Self { entries, format }
    }

    /// The next lines, or none after the last.
    pub(crate) async fn next_block(&mut self) -> PathIoResult<Option<Vec<u8>>> {
        let mut block = Vec::new();
        while let Some(entry) = self.entries.next().await {
            self.format.push(&mut block, &entry?);
            if block.len() >= BLOCK {
                break;
            }
        }
        Ok((!block.is_empty()).then_some(block))
    }
}
