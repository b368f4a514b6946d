//! The chapter docs/local-disk.md, running.

use std::path::Path;

use holdall::{AsyncStore, Capability, ErrorKind, LocalBackend, SyncPolicy, WriteOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let folder = scratch.path().join("data");
    let store = opening(&folder)?;
    names(&store, &folder).await?;
    metadata(&store).await?;
    #[cfg(unix)]
    links(&store, &folder).await?;
    #[cfg(unix)]
    modes(&store, &folder).await?;
    Ok(())
}

fn opening(folder: &Path) -> holdall::Result<AsyncStore> {
    let backend = LocalBackend::builder(folder)
        .write_sync(SyncPolicy::Data)
        .atomic_write_sync(SyncPolicy::Full)
        .build()?;
    let store = AsyncStore::new(backend, "")?;
    Ok(store)
}

async fn names(store: &AsyncStore, folder: &Path) -> holdall::Result<()> {
    store.write("reports/q1.csv", "a,b\n").await?;

    let native = store.native_path("reports/q1.csv")?;
    assert!(Path::new(&native).is_file());
    assert_eq!(store.to_key(&native)?, "reports/q1.csv");

    let elsewhere = folder.with_file_name("elsewhere.csv");
    let outside = store.to_key(&elsewhere.to_string_lossy()).err();
    assert_eq!(
        outside.map(|error| error.kind()),
        Some(ErrorKind::InvalidPath)
    );
    Ok(())
}

async fn metadata(store: &AsyncStore) -> holdall::Result<()> {
    if store.supports(Capability::UserMetadata) {
        let options = WriteOptions::new().metadata([("owner", "finance")]);
        store.write_with("tagged.csv", "a,b\n", options).await?;
        let info = store.get_file_info("tagged.csv").await?;
        assert!(info.metadata.is_some());
    }
    Ok(())
}

#[cfg(unix)]
async fn links(store: &AsyncStore, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    use std::os::unix::fs::symlink;

    symlink("reports/q1.csv", folder.join("latest.csv"))?;
    assert_eq!(store.read_text("latest.csv").await?, "a,b\n");

    symlink("/etc", folder.join("outside"))?;
    assert!(!store.exists("outside/hostname").await?);
    let refused = store.read_bytes("outside/hostname").await.err();
    assert_eq!(
        refused.map(|error| error.kind()),
        Some(ErrorKind::InvalidPath)
    );

    store.delete("latest.csv").await?;
    assert!(store.is_file("reports/q1.csv").await?);
    Ok(())
}

#[cfg(unix)]
async fn modes(store: &AsyncStore, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    store.write("script.sh", "#!/bin/sh\n").await?;
    let script = folder.join("script.sh");
    fs::set_permissions(&script, Permissions::from_mode(0o750))?;

    let replace = WriteOptions::new().overwrite(true);
    store
        .write_atomic_with("script.sh", "#!/bin/sh\necho hi\n", replace)
        .await?;
    assert_eq!(fs::metadata(&script)?.permissions().mode() & 0o777, 0o750);
    Ok(())
}
