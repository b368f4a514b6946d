//! Reading.

use std::fs::File;

use bytes::Bytes;

use super::driver::LocalDriver;
use super::parents::refuse_long_path;
use crate::driver::{ByteRange, CallContext, Key, Opened, Outcome, Refusal};
use crate::error::ErrorKind;

/// An open file and a position in it.
#[derive(Debug)]
pub struct LocalReader {
    file: File,
    size: u64,
    position: u64,
}

impl LocalReader {
    pub(super) fn seek(&mut self, position: u64) {
        self.position = position;
    }

    /// How much to ask for: what the file had when it was opened, so that its
    /// end needs no read to be found.
    fn remaining(&self) -> u64 {
        self.size.saturating_sub(self.position)
    }
}

impl LocalDriver {
    pub(super) fn open_file(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<LocalReader>> {
        refuse_long_path(key)?;
        let (file, attributes) = self.system.open_file(cx.must_not_wait(), key.as_str())?;
        let size = attributes.size;
        Ok(Opened {
            reader: LocalReader {
                file,
                size,
                position: range.start,
            },
            size,
        })
    }

    pub(super) fn read_next(
        &self,
        cx: CallContext<'_>,
        reader: &mut LocalReader,
        max: usize,
    ) -> Outcome<Bytes> {
        let length = usize::try_from(reader.remaining()).map_or(max, |rest| rest.min(max));
        if length == 0 {
            return Ok(Bytes::new());
        }
        let position = reader.position;
        let bytes = self
            .system
            .read_at(cx.must_not_wait(), &reader.file, position, length)?;
        if bytes.is_empty() {
            return Err(Refusal::failed(
                ErrorKind::Conflict,
                "another program cut the file short while it was read; read it again",
            ));
        }
        reader.position += bytes.len() as u64;
        Ok(bytes)
    }
}
