//! The chapter docs/reading-and-writing.md, running.

use std::io::SeekFrom;

use holdall::{
    AsyncMemoryBackend, AsyncStore, AsyncWritableContent, ErrorKind, TextErrors, TextOptions,
    WriteOptions,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
    whole_files(&store).await?;
    text(&store).await?;
    streams(&store).await?;
    parts(&store).await?;
    from_sources(&store).await?;
    piece_by_piece(&store).await?;
    with_metadata(&store).await?;
    Ok(())
}

async fn whole_files(store: &AsyncStore) -> holdall::Result<()> {
    store.write("a.bin", vec![0xff, 0x00]).await?;
    assert_eq!(store.read_bytes("a.bin").await?, [0xff, 0x00].as_slice());

    store.write_text("a.txt", "grüße").await?;
    assert_eq!(store.read_text("a.txt").await?, "grüße");
    Ok(())
}

async fn text(store: &AsyncStore) -> holdall::Result<()> {
    let latin = TextOptions::new().encoding("latin-1");
    let options = WriteOptions::new();
    store
        .write_text_with("old.txt", "grüße", latin.clone(), options)
        .await?;
    assert_eq!(store.read_text_with("old.txt", latin).await?, "grüße");

    let undecodable = store.read_text("old.txt").await.err();
    assert_eq!(
        undecodable.map(|error| error.kind()),
        Some(ErrorKind::InvalidText)
    );

    let lenient = TextOptions::new().errors(TextErrors::Replace);
    let shown = store.read_text_with("old.txt", lenient).await?;
    assert_eq!(shown, "gr\u{fffd}\u{fffd}e");
    Ok(())
}

async fn streams(store: &AsyncStore) -> Result<(), Box<dyn std::error::Error>> {
    store.write("log.txt", "one\ntwo\nthree\n").await?;

    let mut size = 0;
    let mut chunks = store.read("log.txt")?;
    while let Some(chunk) = chunks.next().await {
        size += chunk?.len();
    }
    assert_eq!(size, 14);

    let mut lines = store.read("log.txt")?.lines();
    assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
    Ok(())
}

async fn parts(store: &AsyncStore) -> Result<(), Box<dyn std::error::Error>> {
    store.write("data.bin", "header|body|footer").await?;

    let body = store.read_range("data.bin", 7..11)?.bytes().await?;
    assert_eq!(body, "body");

    let mut file = store.read_seekable("data.bin").await?;
    file.seek(SeekFrom::End(-6)).await?;
    let mut footer = String::new();
    file.read_to_string(&mut footer).await?;
    assert_eq!(footer, "footer");
    Ok(())
}

async fn from_sources(store: &AsyncStore) -> holdall::Result<()> {
    store.write("copy.txt", store.read("log.txt")?).await?;

    let reader = tokio::io::repeat(b'x').take(3_000_000);
    let written = store
        .write("large.bin", AsyncWritableContent::from_reader(reader))
        .await?;
    assert_eq!(written.size, 3_000_000);

    let chunks = futures::stream::iter([Ok::<_, std::io::Error>("a"), Ok("b")]);
    store
        .write("ab.txt", AsyncWritableContent::from_stream(chunks))
        .await?;
    assert_eq!(store.read_text("ab.txt").await?, "ab");
    Ok(())
}

async fn piece_by_piece(store: &AsyncStore) -> holdall::Result<()> {
    let mut file = store.open_atomic("report.csv").await?;
    file.write("a,b\n").await?;
    file.write("1,2\n").await?;
    assert!(!store.exists("report.csv").await?);

    let written = file.commit().await?;
    assert_eq!(written.size, 8);
    Ok(())
}

async fn with_metadata(store: &AsyncStore) -> holdall::Result<()> {
    let options = WriteOptions::new().metadata([("owner", "finance"), ("run", "42")]);
    store.write_with("tagged.csv", "a,b\n", options).await?;

    let head = store.head("tagged.csv").await?;
    let metadata = head.metadata.unwrap_or_default();
    assert_eq!(metadata.get("owner"), Some("finance"));
    Ok(())
}
