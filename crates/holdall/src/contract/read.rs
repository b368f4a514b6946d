//! Reading: what is missing, a folder, or no file at all.

use bytes::{Bytes, BytesMut};

use super::rules::{self, Seen, see_in};
use super::step::{Fault, Step};
use crate::driver::{ByteRange, CallContext, Detail, Driver, Key, Namespace, Opened, Refusal};
use crate::error::ErrorKind;
use crate::path::RemotePath;
use crate::pool::Lane;

/// The most that one hop reads, in bytes.
pub(crate) const CHUNK: usize = 1024 * 1024;
/// The most that is read on the caller's thread at once: copying more would
/// keep its other tasks waiting.
const INLINE_CHUNK: usize = 256 * 1024;
/// How often a whole file is read from its beginning, where the driver's
/// reader loses its version to one that replaces it.
const ROUNDS: usize = 8;
/// The most that is asked for at once where a whole file is wanted: memory
/// follows what is there, not what a file claims to have.
const LARGEST_PIECE: u64 = 64 * 1024 * 1024;

fn chunk_limit(cx: CallContext<'_>) -> usize {
    if cx.must_not_wait() {
        INLINE_CHUNK
    } else {
        CHUNK
    }
}

/// A file that was opened, with its first bytes.
pub(crate) struct OpenedFile<R> {
    pub(crate) reader: R,
    pub(crate) size: u64,
    pub(crate) first: Bytes,
}

/// Opens a file and reads its first chunk.
pub(crate) struct OpenStep {
    pub(crate) key: RemotePath,
    pub(crate) range: ByteRange,
}

impl<D: Driver> Step<D> for OpenStep {
    type Output = OpenedFile<D::Reader>;
    const REPEATABLE: bool = true;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Self::Output, Fault> {
        let Opened { mut reader, size } = open(driver, cx, self.key.key(), self.range).await?;
        let end = self.range.end.unwrap_or(u64::MAX).min(size);
        let wanted = end
            .saturating_sub(self.range.start)
            .min(chunk_limit(cx) as u64);
        let first = match wanted {
            0 => Bytes::new(),
            wanted => read(driver, cx, &mut reader, wanted as usize).await?,
        };
        Ok(OpenedFile {
            reader,
            size,
            first,
        })
    }
}

/// Reads on.
pub(crate) struct ReadNextStep<R> {
    pub(crate) reader: R,
    /// The most bytes that are still wanted.
    pub(crate) wanted: u64,
}

impl<D: Driver> Step<D> for ReadNextStep<D::Reader> {
    type Output = Bytes;
    const REPEATABLE: bool = true;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Bytes, Fault> {
        let max = self.wanted.min(chunk_limit(cx) as u64) as usize;
        read(driver, cx, &mut self.reader, max).await
    }
}

/// Reads at a position.
pub(crate) struct SeekReadStep<R> {
    pub(crate) reader: R,
    pub(crate) position: u64,
    pub(crate) max: usize,
}

impl<D: Driver> Step<D> for SeekReadStep<D::Reader> {
    type Output = Bytes;
    const REPEATABLE: bool = true;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Bytes, Fault> {
        driver.seek(&mut self.reader, self.position);
        read(driver, cx, &mut self.reader, self.max.min(chunk_limit(cx))).await
    }
}

/// Reads a whole file, as long as it was when it was opened.
pub(crate) struct ReadAllStep {
    pub(crate) key: RemotePath,
    /// The file's size, once a first attempt has found it too large to be read
    /// on the caller's thread.
    size_seen: u64,
}

impl ReadAllStep {
    pub(crate) fn new(key: RemotePath) -> Self {
        Self { key, size_seen: 0 }
    }
}

impl<D: Driver> Step<D> for ReadAllStep {
    type Output = Bytes;
    const REPEATABLE: bool = true;

    fn lane(&self, _driver: &D) -> Lane {
        Lane::for_content(self.size_seen)
    }

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Bytes, Fault> {
        for _ in 1..ROUNDS {
            match self.read_one_version(driver, cx).await {
                // Nothing of it was handed out yet.
                Err(Fault::Error(error)) if error.kind() == ErrorKind::Conflict => {}
                read => return read,
            }
        }
        self.read_one_version(driver, cx).await
    }
}

impl ReadAllStep {
    async fn read_one_version<D: Driver>(
        &mut self,
        driver: &D,
        cx: CallContext<'_>,
    ) -> Result<Bytes, Fault> {
        let Opened { mut reader, size } = open(driver, cx, self.key.key(), ByteRange::ALL).await?;
        if cx.must_not_wait() && size > INLINE_CHUNK as u64 {
            self.size_seen = size;
            return Err(Fault::WouldWait);
        }
        let mut rest = size;
        let mut content = BytesMut::new();
        while rest > 0 {
            if cx.is_cancelled() {
                return Err(Fault::Cancelled);
            }
            let wanted = rest.min(LARGEST_PIECE);
            let piece = read(driver, cx, &mut reader, wanted as usize).await?;
            rest = rest.saturating_sub(piece.len() as u64);
            if content.is_empty() && (rest == 0 || piece.is_empty()) {
                return Ok(piece);
            }
            if piece.is_empty() {
                break;
            }
            if content.is_empty() {
                // Told by the file, so believed only so far.
                content.reserve(size.min(LARGEST_PIECE) as usize);
            }
            content.extend_from_slice(&piece);
        }
        Ok(content.freeze())
    }
}

async fn open<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    range: ByteRange,
) -> Result<Opened<D::Reader>, Fault> {
    match driver.open(cx, key, range).await {
        Ok(opened) => Ok(opened),
        Err(refusal) => Err(no_file_because(driver, cx, key, refusal).await),
    }
}

async fn read<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    reader: &mut D::Reader,
    max: usize,
) -> Result<Bytes, Fault> {
    driver.read(cx, reader, max).await.map_err(vanished)
}

/// What a refusal to show a file means; a flat namespace knows only by a look
/// whether a folder stands there.
pub(super) async fn no_file_because<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    refusal: Refusal,
) -> Fault {
    match refusal {
        Refusal::Missing if driver.namespace() == Namespace::Flat => {
            match see_in(driver, cx, key, Detail::Folder).await {
                Ok(Seen::Folder) => rules::is_folder().into(),
                Ok(_) => rules::no_file().into(),
                Err(fault) => fault,
            }
        }
        other => vanished(other),
    }
}

/// What a refusal means where a file was expected.
pub(super) fn vanished(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Missing | Refusal::NotFolder => rules::no_file().into(),
        Refusal::IsFolder | Refusal::NotEmpty => rules::is_folder().into(),
        Refusal::NotRegular => rules::not_regular().into(),
        Refusal::Occupied => rules::taken().into(),
        Refusal::Changed => rules::changed().into(),
        Refusal::Unreachable(reason) => rules::unreachable(reason).into(),
        Refusal::WouldWait => Fault::WouldWait,
        Refusal::Cancelled => Fault::Cancelled,
        Refusal::Failed(error) => Fault::Error(error),
    }
}
