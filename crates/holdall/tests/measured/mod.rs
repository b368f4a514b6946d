//! What a process takes in memory, and content that is too large for it.

#![allow(clippy::unwrap_used, dead_code)]

use holdall::{AsyncWritableContent, Bytes};

pub(crate) const MIB: u64 = 1024 * 1024;

/// The most memory that the process has had, in bytes.
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// The chunks of 1 MiB of a large file: `HOLDALL_STREAM_MIB`, or so many.
pub(crate) fn chunks(unless_told: u64) -> u64 {
    let wanted = std::env::var("HOLDALL_STREAM_MIB").ok();
    wanted.map_or(unless_told, |mib| mib.parse().unwrap())
}

/// A stream whose length nobody knows before its end. Each 8 bytes of a chunk
/// are its number.
pub(crate) fn source(chunks: u64) -> AsyncWritableContent {
    let chunks = (0..chunks).map(|number| Ok::<_, std::io::Error>(chunk(number)));
    AsyncWritableContent::from_stream(futures::stream::iter(chunks))
}

fn chunk(number: u64) -> Bytes {
    let pattern = number.to_le_bytes();
    Bytes::from(pattern.repeat((MIB / 8) as usize))
}
