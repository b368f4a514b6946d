//! Files that are written: a block goes out while the caller makes the next one.

use std::io::SeekFrom;

use async_trait::async_trait;
use bytes::Bytes;

use super::held::Held;
use super::lent::{Brought, Lent};
use crate::pathio::blocking::TreeFile;
use crate::pathio::error::{PathIoError, PathIoResult};
use crate::pathio::file::PathFile;
use crate::pathio::mode::OpenMode;
use crate::pathio::rules;

/// A file, what is held back for it, and perhaps a block that it is away with.
pub(super) struct Writer<F: TreeFile> {
    file: Lent<F>,
    mode: OpenMode,
    /// Where the file will be once it has been told of everything; not known of
    /// one that is appended to.
    position: u64,
    held: Held,
    /// Whether the file is to take the place of nothing.
    is_new: bool,
    /// Why the file was given up.
    failed: Option<PathIoError>,
}

impl<F: TreeFile> Writer<F> {
    pub(super) fn new(file: Lent<F>, mode: OpenMode) -> Self {
        Self {
            file,
            mode,
            position: 0,
            held: Held::default(),
            is_new: false,
            failed: None,
        }
    }

    /// Waits for the block that is on its way; afterwards the file is here.
    async fn settle(&mut self) -> PathIoResult<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let back = self.file.back().await;
        self.unless_failed(back).map(drop)
    }

    /// One hop: everything that is held back, and then `call`.
    async fn call(
        &mut self,
        call: impl FnOnce(&mut F) -> PathIoResult<Brought> + Send + 'static,
    ) -> PathIoResult<Brought> {
        self.settle().await?;
        let held = self.held.take();
        let called = self.file.run(move |file| {
            held.apply(file)?;
            call(file)
        });
        let brought = called.await;
        self.unless_failed(brought)
    }

    /// Where a move leads to.
    async fn ask(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let moved = self.call(move |file| {
            let position = file.seek(to)?;
            let bytes = Bytes::new();
            Ok(Brought { bytes, position })
        });
        Ok(moved.await?.position)
    }

    /// A file that did not take all that was written is given up, so that it can
    /// never show.
    fn unless_failed<T>(&mut self, result: PathIoResult<T>) -> PathIoResult<T> {
        if let Err(error) = &result {
            self.failed = Some(error.clone());
            self.file.give_up();
        }
        result
    }
}

#[async_trait]
impl<F: TreeFile> PathFile for Writer<F> {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        let read = self.call(move |file| {
            let bytes = file.read(max)?;
            Ok(Brought { bytes, position: 0 })
        });
        let bytes = read.await?.bytes;
        self.position += bytes.len() as u64;
        Ok(bytes)
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.position = rules::end_of_write(self.position, data.len())?;
        self.held.write(data);
        if self.held.is_block() {
            self.settle().await?;
            let held = self.held.take();
            self.file.send(move |file| {
                held.apply(file)?;
                Ok(Brought::default())
            })?;
        }
        Ok(())
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        // What only the file knows costs a hop.
        let unknown = match to {
            SeekFrom::End(_) => Some(SeekFrom::End(0)),
            SeekFrom::Current(_) if self.mode == OpenMode::Append => Some(SeekFrom::Current(0)),
            _ => None,
        };
        let mut known = self.position;
        if let Some(unknown) = unknown {
            known = self.ask(unknown).await?;
        }
        let position = rules::position(to, known, || Ok(known));
        self.position = *position.as_ref().unwrap_or(&self.position);
        self.held.move_to(self.position);
        position
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        self.is_new = true;
        Ok(())
    }

    async fn close(mut self: Box<Self>) -> PathIoResult<()> {
        self.settle().await?;
        let (held, is_new) = (self.held, self.is_new);
        let last = move |file: &mut F| {
            if is_new {
                file.require_new()?;
            }
            held.apply(file)
        };
        self.file.close(last).await
    }
}
