//! Renames and copies between names of one file.

use holdall::ErrorKind;

use crate::disk::{kind, on_each, onto};

#[tokio::test]
async fn a_rename_between_two_hard_links_leaves_one() {
    on_each(async |disk| {
        disk.store.write("a", "content").await.unwrap();
        std::fs::hard_link(disk.at("a"), disk.at("b")).unwrap();
        assert_eq!(
            kind(disk.store.rename("a", "b").await),
            ErrorKind::AlreadyExists
        );
        disk.store.rename_with("a", "b", onto()).await.unwrap();
        assert_eq!(disk.names(""), ["b"]);
        assert_eq!(disk.store.read_text("b").await.unwrap(), "content");
    })
    .await;
}

#[tokio::test]
async fn a_rename_onto_itself_through_a_linked_folder_keeps_the_file() {
    on_each(async |disk| {
        disk.store.write("real/a", "content").await.unwrap();
        std::fs::hard_link(disk.at("real/a"), disk.at("second")).unwrap();
        std::os::unix::fs::symlink("real", disk.at("folder")).unwrap();
        disk.store
            .rename_with("real/a", "folder/a", onto())
            .await
            .unwrap();
        assert_eq!(disk.store.read_text("real/a").await.unwrap(), "content");
    })
    .await;
}

#[tokio::test]
async fn a_copy_onto_a_hard_link_of_itself_makes_it_a_file_of_its_own() {
    on_each(async |disk| {
        disk.store.write("a", "content").await.unwrap();
        std::fs::hard_link(disk.at("a"), disk.at("b")).unwrap();
        std::os::unix::fs::symlink("a", disk.at("link")).unwrap();
        disk.store.copy_with("a", "b", onto()).await.unwrap();
        disk.store.copy_with("a", "link", onto()).await.unwrap();
        std::fs::write(disk.at("a"), "changed").unwrap();
        assert_eq!(disk.store.read_text("b").await.unwrap(), "content");
        assert_eq!(disk.store.read_text("link").await.unwrap(), "content");
    })
    .await;
}

#[tokio::test]
async fn folders_are_neither_moved_nor_replaced() {
    on_each(async |disk| {
        disk.store.write("folder/a", "content").await.unwrap();
        disk.store.write("file", "file").await.unwrap();
        for options in [onto(), onto().overwrite(false)] {
            let moved = disk.store.rename_with("folder", "other", options).await;
            assert_eq!(kind(moved), ErrorKind::InvalidPath);
            let moved = disk.store.rename_with("file", "folder", options).await;
            assert_eq!(kind(moved), ErrorKind::InvalidPath);
            let copied = disk.store.copy_with("file", "folder", options).await;
            assert_eq!(kind(copied), ErrorKind::InvalidPath);
            let below = disk.store.rename_with("file", "file/x", options).await;
            assert_eq!(kind(below), ErrorKind::InvalidPath);
        }
        assert_eq!(disk.files("").await.unwrap(), ["file", "folder/a"]);
        assert_eq!(
            kind(disk.store.rename("missing", "new/x").await),
            ErrorKind::NotFound
        );
        assert_eq!(
            disk.names(""),
            ["file", "folder"],
            "nothing was made for it"
        );
    })
    .await;
}
