//! What the memory backend takes: a million keys of 100 bytes.
//!
//! `cargo xtask bench memory [KEYS]`.

use std::time::Instant;

use bytes::Bytes;
use holdall::{AsyncMemoryBackend, AsyncStore, ListOptions};

const SIZE: usize = 100;
const FILES_PER_FOLDER: usize = 1000;

/// The memory that the process has now, in bytes.
fn resident() -> Result<u64, Box<dyn std::error::Error>> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm
        .split_whitespace()
        .nth(1)
        .ok_or("statm is short")?
        .parse()?;
    Ok(pages * 4096)
}

fn path(key: usize) -> String {
    format!("folder-{:04}/file-{key:07}", key / FILES_PER_FOLDER)
}

/// Fills a store, reads, lists and empties it, and prints what each took.
pub fn compare() -> Result<(), Box<dyn std::error::Error>> {
    let keys = match std::env::args().nth(2) {
        Some(keys) => keys.parse()?,
        None => 1_000_000,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
        let before = resident()?;
        let begin = Instant::now();
        for key in 0..keys {
            store.write(&path(key), Bytes::from(vec![7; SIZE])).await?;
        }
        report("write", begin, keys);
        let taken = resident()? - before;
        println!(
            "{:>10.1} bytes an entry, of which {SIZE} are content",
            taken as f64 / keys as f64
        );

        let begin = Instant::now();
        for key in 0..keys {
            if store.read_bytes(&path(key)).await?.len() != SIZE {
                return Err("a read was not whole".into());
            }
        }
        report("read", begin, keys);
        let begin = Instant::now();
        for key in 0..keys {
            store.get_file_info(&path(key)).await?;
        }
        report("stat", begin, keys);

        let begin = Instant::now();
        let leaf = store.list_files("folder-0000")?.try_collect().await?.len();
        println!(
            "{:>10.2} ms to list a leaf of {leaf}",
            begin.elapsed().as_secs_f64() * 1e3
        );
        let begin = Instant::now();
        let root = store.iter_children("")?.try_collect().await?.len();
        println!(
            "{:>10.2} ms to list the root's {root}",
            begin.elapsed().as_secs_f64() * 1e3
        );
        let begin = Instant::now();
        let mut all = store.list_files_with("", ListOptions::new().recursive(true))?;
        let mut seen = 0;
        while let Some(file) = all.next().await {
            file?;
            seen += 1;
        }
        println!(
            "{:>10.2} ms to list all {seen}",
            begin.elapsed().as_secs_f64() * 1e3
        );

        let begin = Instant::now();
        for key in 0..keys {
            store.delete(&path(key)).await?;
        }
        report("delete", begin, keys);
        Ok(())
    })
}

fn report(operation: &str, begin: Instant, calls: usize) {
    println!(
        "{:>10.2} us a {operation}",
        begin.elapsed().as_secs_f64() * 1e6 / calls as f64
    );
}
