//! Links: inside they are what they point to, outside they are nothing.

use std::os::unix::fs::symlink;

use holdall::{DeleteFolderOptions, ErrorKind};

use crate::disk::{kind, on_each, onto, replacing};

#[tokio::test]
async fn a_link_that_stays_inside_is_what_it_points_to() {
    on_each(async |disk| {
        disk.store.write("real/a.txt", "content").await.unwrap();
        symlink("real/a.txt", disk.at("file")).unwrap();
        symlink("real", disk.at("folder")).unwrap();
        symlink("../real/a.txt", disk.at("real/up")).unwrap();
        assert_eq!(disk.store.read_text("file").await.unwrap(), "content");
        assert_eq!(
            disk.store.read_text("folder/a.txt").await.unwrap(),
            "content"
        );
        assert_eq!(disk.store.read_text("folder/up").await.unwrap(), "content");
        assert_eq!(disk.store.get_file_info("file").await.unwrap().size, 7);
        assert!(disk.store.is_folder("folder").await.unwrap());
        assert_eq!(
            disk.children("").await.unwrap(),
            ["file", "folder/", "real/"]
        );
        assert_eq!(disk.children("folder").await.unwrap(), ["a.txt", "up"]);
        disk.store.write("folder/b.txt", "new").await.unwrap();
        assert_eq!(disk.store.read_text("real/b.txt").await.unwrap(), "new");
    })
    .await;
}

#[tokio::test]
async fn a_recursive_listing_does_not_enter_linked_folders() {
    on_each(async |disk| {
        disk.store.write("real/a.txt", "content").await.unwrap();
        symlink("..", disk.at("real/circle")).unwrap();
        symlink("real", disk.at("second")).unwrap();
        assert_eq!(disk.files("").await.unwrap(), ["real/a.txt"]);
        let info = disk.store.get_folder_info("").await.unwrap();
        assert_eq!((info.file_count, info.total_size), (1, 7));
    })
    .await;
}

#[tokio::test]
async fn a_write_replaces_a_link_and_not_what_it_points_to() {
    on_each(async |disk| {
        disk.store.write("real.txt", "real").await.unwrap();
        symlink("real.txt", disk.at("link")).unwrap();
        assert_eq!(
            kind(disk.store.write("link", "x").await),
            ErrorKind::AlreadyExists
        );
        disk.store
            .write_with("link", "new", replacing())
            .await
            .unwrap();
        assert!(disk.at("link").symlink_metadata().unwrap().is_file());
        assert_eq!(disk.store.read_text("real.txt").await.unwrap(), "real");
        symlink("real.txt", disk.at("link2")).unwrap();
        disk.store
            .rename_with("link", "link2", onto())
            .await
            .unwrap();
        assert_eq!(disk.store.read_text("link2").await.unwrap(), "new");
        assert_eq!(disk.store.read_text("real.txt").await.unwrap(), "real");
    })
    .await;
}

#[tokio::test]
async fn a_write_never_replaces_a_link_to_a_folder() {
    on_each(async |disk| {
        disk.store.write("real/a.txt", "content").await.unwrap();
        symlink("real", disk.at("folder")).unwrap();
        assert_eq!(
            kind(disk.store.write_with("folder", "x", replacing()).await),
            ErrorKind::InvalidPath
        );
        assert!(disk.at("folder").is_symlink());
    })
    .await;
}

#[tokio::test]
async fn a_dangling_link_is_absent_but_keeps_its_name() {
    on_each(async |disk| {
        symlink("nothing", disk.at("link")).unwrap();
        assert!(!disk.store.exists("link").await.unwrap());
        assert!(disk.children("").await.unwrap().is_empty());
        assert!(disk.files("").await.unwrap().is_empty());
        assert_eq!(
            kind(disk.store.read_text("link").await),
            ErrorKind::NotFound
        );
        assert_eq!(
            kind(disk.store.write("link", "x").await),
            ErrorKind::AlreadyExists
        );
        disk.store
            .write_with("link", "x", replacing())
            .await
            .unwrap();
        assert!(!disk.at("nothing").exists());
        assert_eq!(disk.store.read_text("link").await.unwrap(), "x");
        symlink("nothing", disk.at("gone")).unwrap();
        assert_eq!(
            kind(disk.store.write("gone/x", "x").await),
            ErrorKind::InvalidPath
        );
        disk.store.delete("gone").await.unwrap();
        assert_eq!(disk.names(""), ["link"]);
    })
    .await;
}

#[tokio::test]
async fn a_link_that_leads_out_is_neither_read_written_listed_nor_counted() {
    on_each(async |disk| {
        let secret = disk.outside("secret.txt");
        std::fs::write(&secret, "secret").unwrap();
        std::fs::create_dir(disk.outside("vault")).unwrap();
        symlink(&secret, disk.at("absolute")).unwrap();
        symlink("../secret.txt", disk.at("relative")).unwrap();
        symlink("../vault", disk.at("folder")).unwrap();
        symlink("../nothing", disk.at("nowhere")).unwrap();
        symlink("loop", disk.at("loop")).unwrap();
        disk.store.write("mine.txt", "mine").await.unwrap();
        for key in [
            "absolute",
            "relative",
            "folder",
            "nowhere",
            "loop",
            "folder/new",
        ] {
            assert!(!disk.store.exists(key).await.unwrap(), "{key}");
            assert!(!disk.store.is_file(key).await.unwrap(), "{key}");
            assert!(!disk.store.is_folder(key).await.unwrap(), "{key}");
            assert_eq!(
                kind(disk.store.read_bytes(key).await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.get_file_info(key).await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.get_folder_info(key).await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.write(key, "x").await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.write_with(key, "x", replacing()).await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.copy_with("mine.txt", key, onto()).await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.rename_with("mine.txt", key, onto()).await),
                ErrorKind::InvalidPath,
                "{key}"
            );
            assert_eq!(
                kind(disk.store.copy(key, "to").await),
                ErrorKind::InvalidPath,
                "{key}"
            );
        }
        assert_eq!(disk.children("").await.unwrap(), ["mine.txt"]);
        assert_eq!(disk.files("").await.unwrap(), ["mine.txt"]);
        let info = disk.store.get_folder_info("").await.unwrap();
        assert_eq!((info.file_count, info.total_size), (1, 4));
        assert_eq!(std::fs::read(&secret).unwrap(), b"secret");
        assert_eq!(std::fs::read_dir(disk.outside("vault")).unwrap().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_circle_of_links_is_an_invalid_path() {
    on_each(async |disk| {
        symlink("b", disk.at("a")).unwrap();
        symlink("a", disk.at("b")).unwrap();
        for key in ["a", "b", "a/x"] {
            assert!(!disk.store.exists(key).await.unwrap());
            assert_eq!(
                kind(disk.store.read_bytes(key).await),
                ErrorKind::InvalidPath
            );
            assert_eq!(
                kind(disk.store.write_with(key, "x", replacing()).await),
                ErrorKind::InvalidPath
            );
        }
        disk.store.delete("a").await.unwrap();
        assert_eq!(disk.names(""), ["b"]);
    })
    .await;
}

#[tokio::test]
async fn delete_and_rename_act_on_the_link_itself() {
    on_each(async |disk| {
        std::fs::write(disk.outside("secret.txt"), "secret").unwrap();
        disk.store.write("real/a.txt", "content").await.unwrap();
        symlink("../secret.txt", disk.at("out")).unwrap();
        symlink("real", disk.at("folder")).unwrap();
        symlink("real", disk.at("tree")).unwrap();
        disk.store.rename("out", "moved").await.unwrap();
        assert!(disk.at("moved").is_symlink());
        disk.store.delete("moved").await.unwrap();
        disk.store.delete_folder("folder").await.unwrap();
        let recursive = DeleteFolderOptions::new().recursive(true);
        disk.store
            .delete_folder_with("tree", recursive)
            .await
            .unwrap();
        assert_eq!(disk.names(""), ["real"]);
        assert_eq!(disk.names("real"), ["a.txt"]);
        assert!(disk.outside("secret.txt").exists());
    })
    .await;
}

#[tokio::test]
async fn a_recursive_delete_removes_links_and_spares_what_they_point_to() {
    on_each(async |disk| {
        std::fs::create_dir(disk.outside("vault")).unwrap();
        std::fs::write(disk.outside("vault/secret"), "secret").unwrap();
        disk.store.write("keep/a.txt", "content").await.unwrap();
        disk.store.write("tree/sub/b.txt", "content").await.unwrap();
        symlink("../../keep", disk.at("tree/sub/inside")).unwrap();
        symlink(disk.outside("vault"), disk.at("tree/outside")).unwrap();
        symlink("circle", disk.at("tree/circle")).unwrap();
        let recursive = DeleteFolderOptions::new().recursive(true);
        disk.store
            .delete_folder_with("tree", recursive)
            .await
            .unwrap();
        assert_eq!(disk.names(""), ["keep"]);
        assert_eq!(disk.names("keep"), ["a.txt"]);
        assert!(disk.outside("vault/secret").exists());
    })
    .await;
}
