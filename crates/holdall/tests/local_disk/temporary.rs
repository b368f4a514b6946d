//! Temporary names: never seen, swept when nobody writes them.

use holdall::{DeleteFolderOptions, ErrorKind};

use crate::disk::{kind, on_each, replacing};

const STALE: &str = ".~holdall.0123456789abcdef.tmp";

#[tokio::test]
async fn a_stale_temporary_file_is_never_listed_and_swept() {
    on_each(async |disk| {
        disk.store.write("folder/a", "x").await.unwrap();
        std::fs::write(disk.at("folder").join(STALE), "left behind").unwrap();
        assert_eq!(disk.children("folder").await.unwrap(), ["a"]);
        assert_eq!(disk.names("folder"), ["a"]);
    })
    .await;
}

#[tokio::test]
async fn a_folder_with_nothing_but_a_stale_temporary_file_is_empty() {
    on_each(async |disk| {
        disk.store.write("folder/a", "x").await.unwrap();
        disk.store.delete("folder/a").await.unwrap();
        std::fs::write(disk.at("folder").join(STALE), "left behind").unwrap();
        disk.store.delete_folder("folder").await.unwrap();
        assert!(disk.names("").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_temporary_file_that_is_being_written_is_hidden_and_kept() {
    on_each(async |disk| {
        disk.store.write("folder/a", "x").await.unwrap();
        let path = disk.at("folder").join(STALE);
        let writer = std::fs::File::create(&path).unwrap();
        writer.lock().unwrap();
        assert_eq!(disk.children("folder").await.unwrap(), ["a"]);
        assert!(path.exists(), "swept under its writer");
        let recursive = DeleteFolderOptions::new().recursive(true);
        let deleted = disk.store.delete_folder_with("folder", recursive).await;
        assert_eq!(kind(deleted), ErrorKind::ResourceLocked);
        drop(writer);
        disk.store
            .delete_folder_with("folder", recursive)
            .await
            .unwrap();
        assert!(disk.names("").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_temporary_name_is_no_path() {
    on_each(async |disk| {
        let written = disk.store.write(STALE, "x").await;
        assert_eq!(kind(written), ErrorKind::InvalidPath);
        disk.store.write(".~holdall.mine.tmp", "x").await.unwrap();
        assert_eq!(disk.children("").await.unwrap(), [".~holdall.mine.tmp"]);
    })
    .await;
}

#[tokio::test]
async fn an_upload_in_flight_shows_nowhere_and_survives_listings() {
    on_each(async |disk| {
        disk.store.write("folder/a", "old").await.unwrap();
        let mut writer = disk
            .store
            .open_atomic_with("folder/a", replacing())
            .await
            .unwrap();
        writer.write("new ").await.unwrap();
        assert_eq!(disk.children("folder").await.unwrap(), ["a"]);
        let info = disk.store.get_folder_info("").await.unwrap();
        assert_eq!((info.file_count, info.total_size), (1, 3));
        assert_eq!(disk.store.read_text("folder/a").await.unwrap(), "old");
        writer.write("content").await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            disk.store.read_text("folder/a").await.unwrap(),
            "new content"
        );
        assert_eq!(disk.names("folder"), ["a"]);
    })
    .await;
}
