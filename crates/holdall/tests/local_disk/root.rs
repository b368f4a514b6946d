//! The root: made, named, removed.

use holdall::{AsyncLocalBackend, AsyncStore, Capability, ErrorKind, LocalBackend};

use crate::disk::{kind, on_each};

#[test]
fn a_missing_root_is_made_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/b");
    let refused = LocalBackend::builder(&root).create_root(false).build();
    assert_eq!(kind(refused), ErrorKind::NotFound);
    assert!(!folder.path().join("a").exists());
    LocalBackend::new(&root).unwrap();
    assert!(root.is_dir());
}

#[test]
fn a_file_is_no_root() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = LocalBackend::new(file.path()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    assert!(refused.message().contains(file.path().to_str().unwrap()));
}

#[tokio::test]
async fn a_root_that_was_removed_is_missing_and_unhealthy() {
    on_each(async |disk| {
        disk.store.write("a", "x").await.unwrap();
        std::fs::remove_dir_all(disk.at("")).unwrap();
        assert_eq!(kind(disk.store.ping().await), ErrorKind::NotFound);
        assert!(!disk.store.exists("a").await.unwrap());
        assert_eq!(kind(disk.store.read_bytes("a").await), ErrorKind::NotFound);
        assert!(disk.children("").await.unwrap().is_empty());
        assert_eq!(kind(disk.store.write("a", "x").await), ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn native_paths_go_there_and_back() {
    on_each(async |disk| {
        let root = disk.at("").canonicalize().unwrap();
        let native = disk.store.native_path("a/b.txt").unwrap();
        assert_eq!(native, root.join("a/b.txt").to_str().unwrap());
        assert_eq!(disk.store.to_key(&native).unwrap(), "a/b.txt");
        assert_eq!(
            kind(disk.store.to_key("/etc/passwd")),
            ErrorKind::InvalidPath
        );
        let out = root.join("../x");
        assert_eq!(
            kind(disk.store.to_key(out.to_str().unwrap())),
            ErrorKind::InvalidPath
        );
        let handle = disk.store.unwrap::<std::path::PathBuf>().unwrap();
        assert_eq!(*handle, root);
        let plan = disk.store.resolve("a").unwrap();
        assert_eq!(plan.details["root"], root.to_str().unwrap());
    })
    .await;
}

#[test]
fn everything_is_supported_and_the_sync_face_becomes_the_async_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = AsyncStore::new(LocalBackend::new(folder.path()).unwrap(), "").unwrap();
    for capability in Capability::ALL {
        if capability != Capability::UserMetadata {
            assert!(store.supports(capability), "{capability}");
        }
    }
    AsyncLocalBackend::new(folder.path()).unwrap();
}
