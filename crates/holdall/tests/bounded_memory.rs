//! A stream costs a few chunks of memory, however large the file is.
//!
//! Alone in its file, since it measures its own process.
//! `HOLDALL_STREAM_MIB` sets the file's size.

#![cfg(all(feature = "local", target_os = "linux"))]
#![allow(clippy::unwrap_used)]

mod measured;

use holdall::{AsyncStore, Bytes, LocalBackend, Result};

use measured::{MIB, chunks, peak, source};

const ALLOWED: u64 = 16 * MIB;

#[tokio::test]
async fn a_large_file_streams_in_and_out_in_a_few_chunks() {
    let chunks = chunks(128);
    let folder = tempfile::tempdir().unwrap();
    let store = AsyncStore::new(LocalBackend::new(folder.path()).unwrap(), "").unwrap();
    store.write("warm-up", "x").await.unwrap();

    let before = peak();
    let written = store.write("large", source(chunks)).await.unwrap();
    assert_eq!(written.size, chunks * MIB);
    let after_write = peak();

    let mut content = store.read("large").unwrap();
    let mut read = 0;
    while let Some(piece) = content.next().await {
        let piece: Bytes = Result::unwrap(piece);
        let word = (read / MIB).to_le_bytes();
        assert!(
            piece
                .chunks_exact(8)
                .next()
                .is_none_or(|first| first == word)
        );
        read += piece.len() as u64;
    }
    assert_eq!(read, chunks * MIB);
    let after_read = peak();

    println!(
        "{chunks} MiB: {} KiB more to write, {} KiB more to read",
        (after_write - before) / 1024,
        (after_read - after_write) / 1024
    );
    assert!(
        after_write - before < ALLOWED,
        "writing took {} bytes",
        after_write - before
    );
    assert!(
        after_read - before < ALLOWED,
        "reading took {} bytes",
        after_read - before
    );
}
