//! What a stream to and from Azure costs in memory.
//!
//! Alone in its file, since it measures its own process. The content is kept by
//! Azurite, in a process of its own. `HOLDALL_STREAM_MIB` sets the file's size.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod azure;
#[path = "../../holdall/tests/measured/mod.rs"]
mod measured;

use holdall::{AsyncStore, Bytes, Result};

use measured::{MIB, chunks, peak, source};

/// Beyond the blocks or parts that may be in flight.
const ALLOWED: u64 = 16 * MIB;
const BLOCK: u64 = 4 * MIB;

async fn assert_reads_back(store: &AsyncStore, chunks: u64) {
    let mut content = store.read("large").unwrap();
    let (mut read, mut odd) = (0_u64, 0_u64);
    while let Some(piece) = content.next().await {
        let piece: Bytes = Result::unwrap(piece);
        for offset in (0..piece.len()).step_by(4093) {
            let at = read + offset as u64;
            let expected = (at / MIB).to_le_bytes()[(at % 8) as usize];
            odd += u64::from(piece[offset] != expected);
        }
        read += piece.len() as u64;
    }
    assert_eq!((read, odd), (chunks * MIB, 0));
}

#[tokio::test]
async fn a_large_file_streams_in_and_out_in_the_blocks_in_flight() {
    let Some(azurite) = azure::azurite() else {
        return;
    };
    let chunks = chunks(64);
    let start = peak();
    // The peak never falls, so the narrower bound is measured first.
    for max_concurrency in [1, 4] {
        let builder = azure::made(azure::on_azurite(&azurite)).await;
        let backend = builder
            .block_size(BLOCK)
            .read_part_size(BLOCK)
            .max_concurrency(max_concurrency)
            .build()
            .unwrap();
        let store = AsyncStore::new(backend, "").unwrap();
        let written = store.write("large", source(chunks)).await.unwrap();
        assert_eq!(written.size, chunks * MIB);
        let to_write = peak() - start;
        assert_reads_back(&store, chunks).await;
        let at_all = peak() - start;
        store.delete("large").await.unwrap();

        let bound = max_concurrency as u64 * BLOCK + ALLOWED;
        println!(
            "{chunks} MiB, {max_concurrency} in flight: {} KiB to write, {} KiB to read as well, of {}",
            to_write / 1024,
            at_all / 1024,
            bound / 1024
        );
        assert!(to_write <= bound, "writing took {to_write} bytes");
        assert!(at_all <= bound, "reading took {at_all} bytes");
    }
}
