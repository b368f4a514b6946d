//! The chapter docs/path-io.md, running.

use std::io::SeekFrom;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, TryStreamExt};
use holdall::pathio::{
    AbstractPathIo, AsyncPathIo, Connection, DEFAULT_BLOCK_SIZE, MemoryPathIo, MkdirOptions,
    OpenMode, PathIo, PathIoErrorKind, PathIoResult,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("data");
    let io = opening(&folder)?;
    files(&*io).await?;
    folders(&*io).await?;
    errors(&*io).await?;
    connections(&folder).await?;
    memory().await?;
    Ok(())
}

fn opening(folder: &Path) -> PathIoResult<Arc<dyn AbstractPathIo>> {
    let io: Arc<dyn AbstractPathIo> = Arc::new(AsyncPathIo::new(folder)?);
    Ok(io)
}

async fn files(io: &dyn AbstractPathIo) -> PathIoResult<()> {
    let mut file = io.open("notes.txt", OpenMode::Write).await?;
    file.write("one\n").await?;
    assert!(!io.exists("notes.txt").await?);
    file.close().await?;
    assert!(io.exists("notes.txt").await?);

    io.open("notes.txt", OpenMode::Append)
        .run(async |file| file.write("two\n").await)
        .await?;

    let mut file = io.open("notes.txt", OpenMode::ReadWrite).await?;
    file.seek(SeekFrom::Start(4)).await?;
    file.write("TWO").await?;
    file.close().await?;

    let mut file = io.open("notes.txt", OpenMode::Read).await?;
    let mut blocks = Box::pin(file.iter_by_block(DEFAULT_BLOCK_SIZE));
    while let Some(block) = blocks.try_next().await? {
        assert_eq!(block, "one\nTWO\n");
    }
    Ok(())
}

async fn folders(io: &dyn AbstractPathIo) -> PathIoResult<()> {
    let options = MkdirOptions::new().parents(true).exist_ok(true);
    io.mkdir("reports/2024", options).await?;
    io.rename("notes.txt", "reports/2024/notes.txt").await?;

    let mut entries = io.list("reports/2024");
    while let Some(entry) = entries.try_next().await? {
        assert_eq!(entry.path, "reports/2024/notes.txt");
        assert!(entry.stat.is_file() && entry.stat.size == 8);
    }
    assert_eq!(
        io.list("/reports").collect_paths().await?,
        ["/reports/2024"]
    );
    assert!(io.list("nowhere").collect_paths().await?.is_empty());
    Ok(())
}

async fn errors(io: &dyn AbstractPathIo) -> PathIoResult<()> {
    let error = io.rmdir("reports").await.err();
    let kind = error.as_ref().map(|error| error.kind());
    assert_eq!(kind, Some(PathIoErrorKind::DirectoryNotEmpty));

    let error = io.open("reports/none", OpenMode::Read).await.err();
    let told = error.map(|error| error.to_string());
    assert_eq!(
        told.as_deref(),
        Some("nothing stands at the path | operation=open | path='reports/none'")
    );

    let refused = io.stat("../etc/passwd").await.err();
    let kind = refused.map(|error| error.kind());
    assert_eq!(kind, Some(PathIoErrorKind::InvalidArgument));
    Ok(())
}

async fn connections(folder: &Path) -> PathIoResult<()> {
    let server = AsyncPathIo::new(folder)?.with_timeout(Duration::from_secs(30));
    let client = Connection::new().with_user("ann").with_encrypted(true);
    let io = server.for_connection(client);
    let user = io.connection().and_then(|client| client.user.as_deref());
    assert_eq!(user, Some("ann"));
    assert!(io.is_dir("reports").await?);

    let threads = tokio::runtime::Handle::current();
    let io = AsyncPathIo::with_executor(folder, threads)?;
    assert!(io.is_dir("reports").await?);

    let io = PathIo::new(folder)?;
    let ready = io.is_dir("reports").now_or_never().transpose()?;
    assert_eq!(ready, Some(true));
    Ok(())
}

async fn memory() -> PathIoResult<()> {
    let io = MemoryPathIo::with_cwd("/home/ann")?;
    let options = MkdirOptions::new().parents(true);
    io.mkdir("/home/ann/drafts", options).await?;
    assert!(io.is_dir("drafts").await?);
    Ok(())
}
