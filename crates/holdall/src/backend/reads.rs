//! Streams and seekable readers over a driver.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use crate::content::ByteStream;
use crate::contract::{Kernel, OpenStep, OpenedFile, ReadNextStep, SeekReadStep};
use crate::driver::{ByteRange, Driver};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::path::RemotePath;
use crate::reader::{RandomRead, SeekableReader};

/// How many bytes a stream hands out before it lets other tasks run: content
/// that is at hand would starve them otherwise.
const FAIR_SHARE: u64 = 1024 * 1024;

/// The bytes of `range`, opened at the first poll.
pub(super) fn read_stream<D: Driver>(
    kernel: &Arc<Kernel<D>>,
    operation: Operation,
    path: &str,
    key: RemotePath,
    range: ByteRange,
) -> ByteStream {
    let place = Place {
        kernel: Arc::clone(kernel),
        operation,
        path: path.to_owned(),
    };
    let unopened = Reading::Unopened { place, key, range };
    ByteStream::new(futures::stream::try_unfold(unopened, Reading::next))
}

/// Who reads what: for the errors.
struct Place<D> {
    kernel: Arc<Kernel<D>>,
    operation: Operation,
    path: String,
}

impl<D: Driver> Place<D> {
    fn locate(&self, error: Error) -> Error {
        error.located(self.operation, &self.path, self.kernel.driver().name())
    }
}

enum Reading<D: Driver> {
    Unopened {
        place: Place<D>,
        key: RemotePath,
        range: ByteRange,
    },
    Open {
        place: Place<D>,
        reader: D::Reader,
        /// Bytes of the range that are still to come, as far as known.
        rest: u64,
        /// Bytes handed out since other tasks were let run.
        unshared: u64,
    },
}

impl<D: Driver> Reading<D> {
    async fn next(self) -> Result<Option<(Bytes, Self)>> {
        match self {
            Self::Unopened { place, key, range } => Self::open(place, key, range).await,
            Self::Open {
                place,
                reader,
                rest,
                unshared,
            } => Self::read_on(place, reader, rest, unshared).await,
        }
    }

    async fn open(
        place: Place<D>,
        key: RemotePath,
        range: ByteRange,
    ) -> Result<Option<(Bytes, Self)>> {
        let opened = place.kernel.run(OpenStep { key, range }).await;
        let OpenedFile {
            reader,
            size,
            first,
        } = opened.map_err(|error| place.locate(error))?;
        let end = range.end.unwrap_or(u64::MAX).min(size);
        let rest = end
            .saturating_sub(range.start)
            .saturating_sub(first.len() as u64);
        if first.is_empty() {
            return Ok(None);
        }
        let unshared = first.len() as u64;
        Ok(Some((
            first,
            Self::Open {
                place,
                reader,
                rest,
                unshared,
            },
        )))
    }

    async fn read_on(
        place: Place<D>,
        reader: D::Reader,
        rest: u64,
        mut unshared: u64,
    ) -> Result<Option<(Bytes, Self)>> {
        if rest == 0 {
            return Ok(None);
        }
        if unshared >= FAIR_SHARE {
            place.kernel.give_way().await;
            unshared = 0;
        }
        let step = ReadNextStep {
            reader,
            wanted: rest,
        };
        let (step, chunk) = place.kernel.run_and_return(step).await;
        let chunk = chunk.map_err(|error| place.locate(error))?;
        let (Some(step), false) = (step, chunk.is_empty()) else {
            return Ok(None);
        };
        let length = chunk.len() as u64;
        let reading = Self::Open {
            place,
            reader: step.reader,
            rest: rest.saturating_sub(length),
            unshared: unshared + length,
        };
        Ok(Some((chunk, reading)))
    }
}

/// Opens a file for reading at any position.
pub(super) async fn seekable<D: Driver>(
    kernel: &Arc<Kernel<D>>,
    operation: Operation,
    path: &str,
    key: RemotePath,
    ahead: u64,
) -> Result<SeekableReader> {
    let place = Place {
        kernel: Arc::clone(kernel),
        operation,
        path: path.to_owned(),
    };
    // Other bytes come when they are asked for, wherever that is.
    let range = ByteRange {
        start: 0,
        end: Some(ahead),
    };
    let opened = place.kernel.run(OpenStep { key, range }).await;
    let OpenedFile {
        reader,
        size,
        first,
    } = opened.map_err(|error| place.locate(error))?;
    Ok(SeekableReader::new(DriverRead {
        place,
        reader: Some(reader),
        size,
        first,
    }))
}

/// One open file of a driver. The reader is away while a step has it.
struct DriverRead<D: Driver> {
    place: Place<D>,
    reader: Option<D::Reader>,
    size: u64,
    /// The first bytes, which came with the opening.
    first: Bytes,
}

impl<D: Driver> DriverRead<D> {
    /// What lies at `offset` and came with the opening.
    fn at_hand(&self, offset: u64, max: usize) -> Option<Bytes> {
        let start = usize::try_from(offset).ok()?;
        let end = start.saturating_add(max).min(self.first.len());
        (start < end).then(|| self.first.slice(start..end))
    }
}

#[async_trait]
impl<D: Driver> RandomRead for DriverRead<D> {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        if let Some(bytes) = self.at_hand(offset, max) {
            return Ok(bytes);
        }
        let Some(reader) = self.reader.take() else {
            return Err(self.place.locate(Error::new(
                ErrorKind::Other,
                "an earlier read of this file was given up midway; open the file again",
            )));
        };
        let rest = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let step = SeekReadStep {
            reader,
            position: offset,
            max: max.min(rest),
        };
        let (step, chunk) = self.place.kernel.run_and_return(step).await;
        self.reader = step.map(|step| step.reader);
        chunk.map_err(|error| self.place.locate(error))
    }
}
