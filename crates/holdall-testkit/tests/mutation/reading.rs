//! Reads with a fault.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use holdall::driver::ByteRange;
use holdall::{AsyncBackend, ByteStream, Error, ErrorKind, RandomRead, Result, SeekableReader};

use crate::broken::Broken;
use crate::fault::Fault;

/// How much of a file a read that mixes versions takes at a time.
const PIECE: u64 = 50_000;

pub(crate) fn read(broken: &Broken, path: &str) -> ByteStream {
    match broken.fault {
        Some(Fault::ReadsEagerly) => match broken.inner.read_bytes(path).now_or_never() {
            Some(Ok(content)) => ByteStream::new(futures::stream::iter([Ok(content)])),
            Some(Err(error)) => ByteStream::failed(error),
            None => broken.inner.read(path),
        },
        Some(Fault::MixesVersions) => in_pieces(broken, path),
        _ => broken.inner.read(path),
    }
}

/// Opens the file anew for every piece.
fn in_pieces(broken: &Broken, path: &str) -> ByteStream {
    let (inner, path) = (Arc::clone(&broken.inner), path.to_owned());
    ByteStream::new(futures::stream::try_unfold(0, move |start| {
        let end = Some(start + PIECE);
        let piece = inner.read_range(&path, ByteRange { start, end });
        async move {
            let piece = piece.bytes().await?;
            let end = start + piece.len() as u64;
            Ok((!piece.is_empty()).then_some((piece, end)))
        }
    }))
}

pub(crate) async fn read_bytes(broken: &Broken, path: &str) -> Result<Bytes> {
    broken.open()?;
    broken.land_strays().await?;
    if broken.has(Fault::RootSpellingsUnknown) && matches!(path, "/" | "./" | "//") {
        return Err(Error::new(ErrorKind::NotFound, "no such file").with_path(path));
    }
    let read = broken.inner.read_bytes(path).await;
    match (broken.fault, read) {
        (Some(Fault::MissingFilesAreEmpty), Err(error)) if error.kind() == ErrorKind::NotFound => {
            Ok(Bytes::new())
        }
        (Some(Fault::FoldersAreMissing), Err(error)) if error.kind() == ErrorKind::InvalidPath => {
            Err(Error::new(ErrorKind::NotFound, "no such file").with_path(path))
        }
        (_, read) => read,
    }
}

pub(crate) fn read_range(broken: &Broken, path: &str, mut range: ByteRange) -> ByteStream {
    match broken.fault {
        Some(Fault::RangesEndLate) => range.end = range.end.map(|end| end + 1),
        Some(Fault::RangesPastTheEndFail) => {
            let size = broken.inner.get_file_info(path).now_or_never();
            if size.is_some_and(|info| info.is_ok_and(|info| info.size < range.start)) {
                let error = Error::new(ErrorKind::InvalidArgument, "not satisfiable");
                return ByteStream::failed(error.with_path(path));
            }
        }
        _ => {}
    }
    broken.inner.read_range(path, range)
}

pub(crate) async fn read_seekable(broken: &Arc<Broken>, path: &str) -> Result<SeekableReader> {
    if broken.has(Fault::SeeksOneOff) {
        let content = broken.inner.read_bytes(path).await?;
        return Ok(SeekableReader::new(OneOff(content)));
    }
    Arc::clone(&broken.inner).read_seekable(path).await
}

/// Forgets one byte wherever it is sent.
struct OneOff(Bytes);

#[async_trait]
impl RandomRead for OneOff {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    async fn read_at(&mut self, offset: u64, _max: usize) -> Result<Bytes> {
        let start = (offset as usize + 1).min(self.0.len());
        Ok(self.0.slice(start..))
    }
}
