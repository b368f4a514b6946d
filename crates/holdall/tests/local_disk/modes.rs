//! Permission bits: the umask's for new files, the old ones for replaced files.

use std::os::unix::fs::PermissionsExt;

use crate::child::{self, Stage, block_on};
use crate::disk::{on_each, onto, open, replacing};

fn mode(path: &std::path::Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

#[test]
fn new_files_and_folders_follow_the_umask() {
    let Some(folder) = child::folder() else {
        let stage = Stage::new();
        return stage.run_after(
            "umask 027",
            "modes::new_files_and_folders_follow_the_umask",
            |_| {},
        );
    };
    for portable in [false, true] {
        let root = folder.join(portable.to_string());
        let store = open(&root, portable);
        block_on(async {
            store.write("a/plain", "x").await.unwrap();
            store.write_atomic("a/atomic", "x").await.unwrap();
            store
                .write_with("a/replaced", "x", replacing())
                .await
                .unwrap();
            let mut writer = store.open_atomic("a/streamed").await.unwrap();
            writer.write("x").await.unwrap();
            writer.commit().await.unwrap();
        });
        for name in ["a/plain", "a/atomic", "a/replaced", "a/streamed"] {
            assert_eq!(mode(&root.join(name)), 0o640, "{name} portable: {portable}");
        }
        assert_eq!(mode(&root.join("a")), 0o750);
    }
}

#[tokio::test]
async fn a_replaced_file_keeps_its_permissions() {
    on_each(async |disk| {
        disk.store.write("a", "old").await.unwrap();
        child::open_to_all(&disk.at("a"), 0o604);
        disk.store
            .write_with("a", "new", replacing())
            .await
            .unwrap();
        assert_eq!(mode(&disk.at("a")), 0o604);
        disk.store
            .write_atomic_with("a", "new", replacing())
            .await
            .unwrap();
        assert_eq!(mode(&disk.at("a")), 0o604);
        assert_eq!(disk.store.read_text("a").await.unwrap(), "new");
    })
    .await;
}

#[tokio::test]
async fn a_replaced_file_does_not_stay_set_uid() {
    on_each(async |disk| {
        disk.store.write("a", "old").await.unwrap();
        child::open_to_all(&disk.at("a"), 0o4755);
        disk.store
            .write_with("a", "new", replacing())
            .await
            .unwrap();
        assert_eq!(mode(&disk.at("a")), 0o755);
    })
    .await;
}

#[tokio::test]
async fn a_copy_has_the_permissions_time_and_metadata_of_its_source() {
    on_each(async |disk| {
        let options = replacing().metadata([("owner", "finance")]);
        disk.store
            .write_with("a", "content", options)
            .await
            .unwrap();
        child::open_to_all(&disk.at("a"), 0o640);
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(86_400);
        let file = std::fs::File::options()
            .write(true)
            .open(disk.at("a"))
            .unwrap();
        file.set_modified(long_ago).unwrap();
        disk.store.write("there", "a longer text").await.unwrap();
        disk.store.copy("a", "new/b").await.unwrap();
        disk.store.copy_with("a", "there", onto()).await.unwrap();
        for key in ["new/b", "there"] {
            let info = disk.store.get_file_info(key).await.unwrap();
            assert_eq!(info.modified_at.unwrap().as_second(), 86_400, "{key}");
            let metadata = info.metadata.unwrap();
            assert_eq!(metadata.get("owner"), Some("finance"), "{key}");
            assert_eq!(mode(&disk.at(key)), 0o640, "{key}");
            assert_eq!(disk.store.read_text(key).await.unwrap(), "content");
        }
        use std::os::unix::fs::MetadataExt;
        let (a, b) = (
            disk.at("a").metadata().unwrap(),
            disk.at("new/b").metadata().unwrap(),
        );
        assert_ne!(a.ino(), b.ino(), "a copy is never a hard link");
    })
    .await;
}

#[tokio::test]
async fn metadata_goes_with_a_file_and_is_cleared_by_a_write_without() {
    on_each(async |disk| {
        let long = "\u{1}\n\"é".repeat(100);
        let options = replacing().metadata([("run", "42"), ("note", long.as_str())]);
        disk.store.write_with("a", "x", options).await.unwrap();
        disk.store.rename("a", "b").await.unwrap();
        let info = disk.store.get_file_info("b").await.unwrap();
        let metadata = info.metadata.unwrap();
        assert_eq!(metadata.get("run"), Some("42"));
        assert_eq!(metadata.get("note"), Some(long.as_str()));
        disk.store.write_with("b", "y", replacing()).await.unwrap();
        let info = disk.store.get_file_info("b").await.unwrap();
        assert_eq!(info.metadata, None);
    })
    .await;
}
