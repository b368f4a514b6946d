//! Changes that a file has not been told of yet.

use std::io::SeekFrom;

use bytes::{Bytes, BytesMut};

use crate::pathio::blocking::TreeFile;
use crate::pathio::error::PathIoResult;
use crate::pathio::file::DEFAULT_BLOCK_SIZE;

/// Up to this size writes are gathered into one.
const SMALL_WRITE: usize = 4 * 1024;
/// What a move counts for, so that moves alone cannot pile up.
const MOVE_COST: usize = 64;

/// Changes in their order.
#[derive(Debug, Default)]
pub(super) struct Held {
    changes: Vec<Change>,
    /// Small writes, behind all of `changes`.
    gathered: BytesMut,
    cost: usize,
}

#[derive(Debug)]
enum Change {
    Write(Bytes),
    MoveTo(u64),
}

impl Held {
    pub(super) fn write(&mut self, data: Bytes) {
        self.cost += data.len();
        if data.len() < SMALL_WRITE {
            self.gathered.extend_from_slice(&data);
        } else {
            self.seal();
            self.changes.push(Change::Write(data));
        }
    }

    pub(super) fn move_to(&mut self, position: u64) {
        self.seal();
        if let Some(Change::MoveTo(last)) = self.changes.last_mut() {
            *last = position;
            return;
        }
        self.cost += MOVE_COST;
        self.changes.push(Change::MoveTo(position));
    }

    /// Whether there is enough to be worth a hop.
    pub(super) fn is_block(&self) -> bool {
        self.cost >= DEFAULT_BLOCK_SIZE
    }

    pub(super) fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Makes the changes.
    pub(super) fn apply(mut self, file: &mut impl TreeFile) -> PathIoResult<()> {
        self.seal();
        self.changes
            .into_iter()
            .try_for_each(|change| match change {
                Change::Write(data) => file.write(data),
                Change::MoveTo(position) => file.seek(SeekFrom::Start(position)).map(drop),
            })
    }

    fn seal(&mut self) {
        if !self.gathered.is_empty() {
            let gathered = self.gathered.split().freeze();
            self.changes.push(Change::Write(gathered));
        }
    }
}
