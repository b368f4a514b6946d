//! Large and deep folders.

use holdall::{DeleteFolderOptions, ErrorKind};

use crate::disk::{kind, on_each};

#[tokio::test]
async fn a_folder_of_many_files_is_listed_whole_and_deleted_whole() {
    on_each(async |disk| {
        std::fs::create_dir_all(disk.at("many/sub")).unwrap();
        let count = 5000;
        for number in 0..count {
            std::fs::write(
                disk.at(&format!("many/{number:05}-{}", "n".repeat(40))),
                "x",
            )
            .unwrap();
        }
        let listed = disk.files("many").await.unwrap();
        assert_eq!(listed.len(), count);
        assert!(
            listed.is_sorted_by(|a, b| a < b),
            "an entry is listed twice"
        );
        assert_eq!(
            kind(disk.store.delete_folder("many").await),
            ErrorKind::DirectoryNotEmpty
        );
        let recursive = DeleteFolderOptions::new().recursive(true);
        disk.store
            .delete_folder_with("many", recursive)
            .await
            .unwrap();
        assert!(disk.names("").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_tree_deeper_than_the_handles_that_are_kept_is_deleted() {
    on_each(async |disk| {
        let path = vec!["d"; 300].join("/");
        disk.store
            .write(&format!("top/{path}/a"), "x")
            .await
            .unwrap();
        disk.store.write("top/beside", "x").await.unwrap();
        let recursive = DeleteFolderOptions::new().recursive(true);
        disk.store
            .delete_folder_with("top", recursive)
            .await
            .unwrap();
        assert!(disk.names("").is_empty());
    })
    .await;
}

#[tokio::test]
async fn deleting_the_wrong_kind_is_refused() {
    on_each(async |disk| {
        disk.store.write("folder/a", "x").await.unwrap();
        let recursive = DeleteFolderOptions::new().recursive(true);
        assert_eq!(
            kind(disk.store.delete("folder").await),
            ErrorKind::InvalidPath
        );
        for options in [DeleteFolderOptions::new(), recursive] {
            let file = disk
                .store
                .delete_folder_with("folder/a", options.clone())
                .await;
            assert_eq!(kind(file), ErrorKind::InvalidPath);
            let missing = disk
                .store
                .delete_folder_with("missing", options.clone())
                .await;
            assert_eq!(kind(missing), ErrorKind::NotFound);
            let below = disk.store.delete_folder_with("folder/a/x", options).await;
            assert_eq!(kind(below), ErrorKind::NotFound);
        }
        assert_eq!(disk.files("").await.unwrap(), ["folder/a"]);
    })
    .await;
}
