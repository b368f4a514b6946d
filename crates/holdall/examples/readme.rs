//! The example of README.md.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    // The README's folder is relative, and nothing else runs in this process.
    #[allow(clippy::disallowed_methods)]
    std::env::set_current_dir(&scratch)?;
    quick_look().await?;
    blocking()?;
    assert!(scratch.path().join("data/reports/2026/q1.csv").is_file());
    Ok(())
}

async fn quick_look() -> holdall::Result<()> {
    use holdall::{AsyncStore, ListOptions, LocalBackend, WriteOptions};

    let store = AsyncStore::new(LocalBackend::new("./data")?, "reports")?;
    let path = "2026/q1.csv";
    store.write(path, "a,b\n1,2\n").await?;
    assert!(store.write(path, "other").await.is_err()); // nothing is replaced unasked
    let replace = WriteOptions::new().overwrite(true);
    store.write_with(path, "a,b\n3,4\n", replace).await?;
    let mut files = store.list_files_with("", ListOptions::new().recursive(true))?;
    while let Some(file) = files.next().await.transpose()? {
        println!("{} {}", file.size, file.path);
    }
    assert_eq!(store.read_text(path).await?, "a,b\n3,4\n");
    Ok(())
}

fn blocking() -> Result<(), Box<dyn std::error::Error>> {
    use std::io::BufRead;

    use holdall::{MemoryBackend, Store};

    let store = Store::new(MemoryBackend::new(), "reports")?;
    store.write("2026/q1.csv", "a,b\n1,2\n")?;
    for line in store.read("2026/q1.csv")?.lines() {
        println!("{}", line?);
    }
    Ok(())
}
