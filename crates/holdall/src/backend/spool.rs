//! What the defaults of both kinds of backend share.

use bytes::Bytes;

use crate::contract::Keys;
use crate::driver::ByteRange;
use crate::error::{Error, ErrorKind, Result};

/// What a spool keeps in memory before it goes to a temporary file.
pub(super) const SPOOL_MEMORY: usize = 8 * 1024 * 1024;
/// The chunks in which a spool is read back.
pub(super) const SPOOL_CHUNK: usize = 256 * 1024;

/// The part of a chunk that lies in `range`, where the chunk's first byte is
/// the file's byte `first`.
pub(super) fn clip(mut chunk: Bytes, first: u64, range: ByteRange) -> Bytes {
    let length = chunk.len();
    let within = |position: u64| {
        usize::try_from(position.saturating_sub(first)).map_or(length, |at| at.min(length))
    };
    chunk.truncate(range.end.map_or(length, within));
    chunk.split_off(within(range.start).min(chunk.len()))
}

/// The name of a place in a backend without names of its own: the canonical
/// path.
pub(super) fn native_path(path: &str) -> Result<String> {
    let key = Keys::any(path)?;
    Ok(key.key().as_str().to_owned())
}

/// A file stands where one was to be made.
pub(super) fn taken(backend: &str, path: &str) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        "a file stands at the path; allow overwriting to replace it",
    )
    .with_path(path)
    .with_backend(backend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_clipped_to_the_range() {
        let chunk = || Bytes::from_static(b"cdef");
        let clipped = |start, end| clip(chunk(), 2, ByteRange { start, end });
        assert_eq!(clipped(0, None), "cdef");
        assert_eq!(clipped(0, Some(2)), "");
        assert_eq!(clipped(3, Some(5)), "de");
        assert_eq!(clipped(5, Some(5)), "");
        assert_eq!(clipped(6, None), "");
        assert_eq!(clipped(4, Some(100)), "ef");
    }
}
