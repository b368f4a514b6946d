//! The chapter docs/blocking.md, running.

use std::error::Error;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use holdall::{
    AsyncBackendSyncAdapter, AsyncMemoryBackend, AsyncStore, Backend, ErrorKind, ListOptions,
    LocalBackend, MemoryBackend, Store, SyncBackendAdapter, WritableContent, WriteOptions,
};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result {
    begin()?;
    let store = Store::new(MemoryBackend::new(), "")?;
    reading(&store)?;
    seeking(&store)?;
    content(&store)?;
    piece_by_piece(&store)?;
    listing(&store)?;
    halves()?;
    awaited()
}

fn begin() -> Result {
    let store = Store::new(LocalBackend::new("./data")?, "reports")?;
    store.write("2026/q1.csv", "a,b\n1,2\n")?;
    assert_eq!(store.read_text("2026/q1.csv")?, "a,b\n1,2\n");

    let again = store.write("2026/q1.csv", "other").err();
    assert_eq!(
        again.map(|error| error.kind()),
        Some(ErrorKind::AlreadyExists)
    );
    Ok(())
}

fn reading(store: &Store) -> Result {
    store.write("log.txt", "one\ntwo\n")?;
    let mut seen = Vec::new();
    for line in store.read("log.txt")?.lines() {
        seen.push(line?);
    }
    assert_eq!(seen, ["one", "two"]);

    let missing = store.read("missing.txt").err();
    assert_eq!(missing.map(|error| error.kind()), Some(ErrorKind::NotFound));

    let mut size = 0;
    let mut content = store.read("log.txt")?;
    while let Some(chunk) = content.next_chunk()? {
        size += chunk.len();
    }
    assert_eq!(size, 8);
    Ok(())
}

fn seeking(store: &Store) -> Result {
    store.write("data.bin", "header|body|footer")?;
    let mut file = store.read_seekable("data.bin")?;
    file.seek(SeekFrom::End(-6))?;
    let mut footer = String::new();
    file.read_to_string(&mut footer)?;
    assert_eq!(footer, "footer");

    match store.read("data.bin")?.into_seekable() {
        Ok(file) => assert_eq!(file.size(), 18),
        Err(stream) => assert!(!stream.seekable()),
    }
    Ok(())
}

fn content(store: &Store) -> Result {
    store.write("copy.txt", store.read("log.txt")?)?;

    let source = io::repeat(b'x').take(3_000_000);
    let written = store.write("large.bin", WritableContent::from_reader(source))?;
    assert_eq!(written.size, 3_000_000);

    let failing = Failing;
    let failed = store.write("never.bin", WritableContent::from_reader(failing));
    assert!(failed.is_err());
    assert!(!store.exists("never.bin")?);
    Ok(())
}

/// A source that breaks.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the source broke"))
    }
}

fn piece_by_piece(store: &Store) -> Result {
    let mut file = store.open_atomic("report.csv")?;
    writeln!(file, "a,b")?;
    writeln!(file, "1,2")?;
    assert!(!store.exists("report.csv")?);

    let written = file.commit()?;
    assert_eq!(written.size, 8);
    Ok(())
}

fn listing(store: &Store) -> Result {
    store.write("logs/2026/01.txt", "")?;
    store.write("logs/2026/02.txt", "")?;
    let mut paths = Vec::new();
    let options = ListOptions::new().recursive(true).pattern("*.txt");
    for file in store.list_files_with("logs", options)? {
        paths.push(file?.path.to_string());
    }
    paths.sort();
    assert_eq!(paths, ["logs/2026/01.txt", "logs/2026/02.txt"]);
    Ok(())
}

fn halves() -> Result {
    let backend = LocalBackend::new("./data")?;
    let jobs = Store::new(backend.clone(), "shared")?;
    let handlers = AsyncStore::new(backend, "shared")?;

    jobs.write("today.txt", "made by a job")?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        assert_eq!(handlers.read_text("today.txt").await?, "made by a job");
        let replace = WriteOptions::new().overwrite(true);
        handlers
            .write_with("today.txt", "seen by a handler", replace)
            .await
    })?;
    assert_eq!(jobs.read_text("today.txt")?, "seen by a handler");

    let blocking: Arc<dyn Backend> = Arc::new(MemoryBackend::new());
    let handlers = AsyncStore::new(SyncBackendAdapter::new(blocking), "")?;
    runtime.block_on(handlers.write("a.txt", "content"))?;
    Ok(())
}

fn awaited() -> Result {
    let awaited = AsyncMemoryBackend::new(); // or one that has no other half
    let adapter = AsyncBackendSyncAdapter::new(awaited)?;
    let store = Store::new(adapter, "")?;
    store.write("data.bin", "header|body|footer")?;

    let stream = store.read("data.bin")?;
    assert!(!stream.seekable());

    let mut file = store.read_seekable("data.bin")?;
    file.seek(SeekFrom::End(-6))?;
    let mut footer = String::new();
    file.read_to_string(&mut footer)?;
    assert_eq!(footer, "footer");

    store.close()?;
    let late = store.exists("data.bin").err();
    assert_eq!(late.map(|error| error.kind()), Some(ErrorKind::Closed));
    Ok(())
}
