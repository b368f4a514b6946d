//! The chapter docs/getting-started.md, running.

use holdall::{AsyncMemoryBackend, AsyncStore, ErrorKind, ListOptions, LocalBackend, WriteOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("data");

    let backend = LocalBackend::new(&folder)?;
    let store = AsyncStore::new(backend, "")?;

    let written = store.write("reports/2026/q1.csv", "a,b\n1,2\n").await?;
    assert_eq!(written.path.as_str(), "reports/2026/q1.csv");
    assert_eq!(written.size, 8);

    assert_eq!(store.read_text("reports/2026/q1.csv").await?, "a,b\n1,2\n");

    let refused = store.write("reports/2026/q1.csv", "c\n").await;
    assert!(refused.is_err_and(|error| error.kind() == ErrorKind::AlreadyExists));

    let replace = WriteOptions::new().overwrite(true);
    store
        .write_with("reports/2026/q1.csv", "c\n", replace)
        .await?;

    let reports = store.child("reports")?;
    assert!(reports.is_file("2026/q1.csv").await?);

    let mut files = reports.list_files_with("", ListOptions::new().recursive(true))?;
    while let Some(file) = files.next().await {
        let file = file?;
        println!("{:>8}  {}", file.size, file.path);
    }

    reports.rename("2026/q1.csv", "archive/q1.csv").await?;
    assert!(!reports.exists("2026/q1.csv").await?);
    reports.delete("archive/q1.csv").await?;

    let double = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
    archive(&store).await?;
    archive(&double).await?;
    assert_eq!(
        store.read_bytes("archive/note.txt").await?,
        double.read_bytes("archive/note.txt").await?,
    );
    Ok(())
}

async fn archive(store: &AsyncStore) -> holdall::Result<()> {
    store.write("note.txt", "keep this").await?;
    store.rename("note.txt", "archive/note.txt").await
}
