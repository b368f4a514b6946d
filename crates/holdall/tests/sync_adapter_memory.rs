//! A stream through the adapter costs a few chunks of memory, however large it
//! is.
//!
//! Alone in its file, since it measures its own process.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod foreign;
mod measured;

use holdall::{AsyncStore, SyncBackendAdapter};

use foreign::{ENDLESS, Foreign};
use measured::{MIB, peak, source};

const CONTENT: u64 = 64 * MIB;
/// 8 MiB of the spool, twice at its growth, and the chunks under way.
const ALLOWED: u64 = 24 * MIB;

#[tokio::test]
async fn a_large_stream_goes_in_and_out_in_a_few_chunks() {
    let backend = SyncBackendAdapter::new(Foreign::forgetting());
    let store = AsyncStore::new(backend, "").unwrap();
    store.write("warm-up", "x").await.unwrap();

    let before = peak();
    let mut content = store.read(ENDLESS).unwrap();
    let mut read = 0;
    while read < CONTENT {
        read += content.next().await.unwrap().unwrap().len() as u64;
    }
    let to_read = peak() - before;

    let written = store.write("large", source(CONTENT / MIB)).await.unwrap();
    assert_eq!(written.size, CONTENT);
    let to_write = peak() - before;

    println!(
        "{} KiB to read, {} KiB to write",
        to_read / 1024,
        to_write / 1024
    );
    assert!(to_read < ALLOWED, "reading took {to_read} bytes");
    assert!(to_write < ALLOWED, "writing took {to_write} bytes");
}
