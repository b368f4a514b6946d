//! Large and deep folders.

use holdall::{DeleteFolderOptions, ErrorKind};

use crate::child::{self, Stage, block_on};
use crate::disk::{children, kind, on_each, open};

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

#[test]
fn a_tree_deeper_than_there_are_handles_is_made_listed_and_deleted() {
    let Some(folder) = child::folder() else {
        return Stage::new().run_after(
            "ulimit -n 200",
            "trees::a_tree_deeper_than_there_are_handles_is_made_listed_and_deleted",
            |_| {},
        );
    };
    for portable in [false, true] {
        let store = open(&folder.join(portable.to_string()), portable);
        block_on(async {
            let deep = format!("top/{}/a", vec!["d"; 400].join("/"));
            store.write(&deep, "x").await.unwrap();
            store.write("top/beside", "x").await.unwrap();
            let info = store.get_folder_info("top").await.unwrap();
            assert_eq!(info.file_count, 2);
            let recursive = DeleteFolderOptions::new().recursive(true);
            store.delete_folder_with("top", recursive).await.unwrap();
            assert!(children(&store, "").await.unwrap().is_empty());
        });
    }
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
            let file = disk.store.delete_folder_with("folder/a", options).await;
            assert_eq!(kind(file), ErrorKind::InvalidPath);
            let missing = disk.store.delete_folder_with("missing", options).await;
            assert_eq!(kind(missing), ErrorKind::NotFound);
            let below = disk.store.delete_folder_with("folder/a/x", options).await;
            assert_eq!(kind(below), ErrorKind::NotFound);
        }
        assert_eq!(disk.files("").await.unwrap(), ["folder/a"]);
    })
    .await;
}
