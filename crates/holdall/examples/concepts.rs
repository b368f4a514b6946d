//! The chapter docs/concepts.md, running.

use holdall::{AsyncMemoryBackend, AsyncStore, Capability, ErrorKind, RemotePath};

#[tokio::main]
async fn main() -> holdall::Result<()> {
    paths()?;
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
    stores_and_roots(&store).await?;
    capabilities(&store)?;
    records(&store).await
}

fn paths() -> holdall::Result<()> {
    assert_eq!(
        RemotePath::new("/reports//2026/./q1.csv")?.as_str(),
        "reports/2026/q1.csv"
    );
    assert_eq!(
        RemotePath::new(r"reports\q1.csv")?.as_str(),
        "reports/q1.csv"
    );
    for refused in ["", ".", "/", "a/../b", "nul\0"] {
        let error = RemotePath::new(refused).err().map(|error| error.kind());
        assert_eq!(error, Some(ErrorKind::InvalidPath));
    }
    Ok(())
}

async fn stores_and_roots(store: &AsyncStore) -> holdall::Result<()> {
    let tenant = store.child("tenants/ada")?;
    tenant.write("notes/today.txt", "tea").await?;

    assert_eq!(store.read_text("tenants/ada/notes/today.txt").await?, "tea");
    let info = tenant.get_file_info("notes/today.txt").await?;
    assert_eq!(info.path.as_str(), "notes/today.txt");
    assert!(tenant.read_text("../grace/notes.txt").await.is_err());
    Ok(())
}

fn capabilities(store: &AsyncStore) -> holdall::Result<()> {
    assert!(store.supports(Capability::Write));
    assert!(!store.supports(Capability::Glob));

    let refused = store.glob("**/*.txt").err();
    let refused = refused.filter(|error| error.kind() == ErrorKind::CapabilityNotSupported);
    assert_eq!(
        refused.and_then(|error| error.capability()),
        Some(Capability::Glob)
    );
    Ok(())
}

async fn records(store: &AsyncStore) -> holdall::Result<()> {
    let written = store.write("a.txt", "four").await?;
    let info = store.get_file_info("a.txt").await?;
    assert_eq!((written.size, info.size), (4, 4));

    let folder = store.get_folder_info("").await?;
    println!("{} files, {} bytes", folder.file_count, folder.total_size);
    Ok(())
}
