//! Names that the disk allows and paths do not, and the other way round.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use holdall::{DeleteFolderOptions, ErrorKind};

use crate::disk::{kind, on_each, replacing};

#[tokio::test]
async fn a_name_that_is_too_long_is_an_invalid_path_and_makes_nothing() {
    on_each(async |disk| {
        let name = "n".repeat(256);
        let deep = format!("{}/x", vec!["d".repeat(200); 21].join("/"));
        for key in [&name, &format!("{name}/x"), &deep] {
            assert_eq!(
                kind(disk.store.read_bytes(key).await),
                ErrorKind::InvalidPath
            );
        }
        for key in [
            name.clone(),
            format!("new/{name}"),
            format!("{name}/x"),
            deep,
        ] {
            assert!(!disk.store.exists(&key).await.unwrap());
            assert_eq!(
                kind(disk.store.write(&key, "x").await),
                ErrorKind::InvalidPath
            );
            assert_eq!(
                kind(disk.store.write_with(&key, "x", replacing()).await),
                ErrorKind::InvalidPath
            );
        }
        disk.store.write("a", "x").await.unwrap();
        assert_eq!(
            kind(disk.store.rename("a", &format!("new/{name}")).await),
            ErrorKind::InvalidPath
        );
        assert_eq!(
            kind(disk.store.copy("a", &format!("new/{name}")).await),
            ErrorKind::InvalidPath
        );
        assert_eq!(disk.names(""), ["a"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_never_made_too_deep_to_be_read() {
    on_each(async |disk| {
        let folder = vec!["d".repeat(199); 20].join("/");
        disk.store.write(&format!("{folder}/a"), "x").await.unwrap();
        let key = format!("{folder}/{}", "n".repeat(200));
        assert!(key.len() > 4095);
        for options in [replacing(), replacing().overwrite(false)] {
            let written = disk.store.write_with(&key, "x", options).await;
            assert_eq!(kind(written), ErrorKind::InvalidPath);
        }
        let moved = disk.store.rename(&format!("{folder}/a"), &key).await;
        assert_eq!(kind(moved), ErrorKind::InvalidPath);
        assert_eq!(disk.children(&folder).await.unwrap(), ["a"]);
    })
    .await;
}

#[tokio::test]
async fn a_nul_is_an_invalid_path() {
    on_each(async |disk| {
        let written = disk.store.write("a\0b", "x").await;
        assert_eq!(kind(written), ErrorKind::InvalidPath);
        assert!(disk.names("").is_empty());
    })
    .await;
}

#[tokio::test]
async fn names_that_no_path_can_spell_are_not_listed_yet_removed_with_their_folder() {
    on_each(async |disk| {
        disk.store.write("folder/plain", "x").await.unwrap();
        for name in [&b"caf\xe9"[..], b"a\\b", b"\\"] {
            std::fs::write(disk.at("folder").join(OsStr::from_bytes(name)), "x").unwrap();
        }
        let odd = disk.at("folder").join(OsStr::from_bytes(b"sub\xff"));
        std::fs::create_dir(&odd).unwrap();
        std::fs::write(odd.join("inner"), "x").unwrap();
        assert_eq!(disk.children("folder").await.unwrap(), ["plain"]);
        assert_eq!(disk.files("").await.unwrap(), ["folder/plain"]);
        disk.store.delete("folder/plain").await.unwrap();
        assert_eq!(
            kind(disk.store.delete_folder("folder").await),
            ErrorKind::DirectoryNotEmpty
        );
        let recursive = DeleteFolderOptions::new().recursive(true);
        disk.store
            .delete_folder_with("folder", recursive)
            .await
            .unwrap();
        assert!(disk.names("").is_empty());
    })
    .await;
}

#[tokio::test]
async fn composed_and_decomposed_names_are_two_files() {
    on_each(async |disk| {
        disk.store.write("caf\u{e9}", "composed").await.unwrap();
        disk.store.write("cafe\u{301}", "decomposed").await.unwrap();
        assert_eq!(disk.names("").len(), 2);
        assert_eq!(disk.store.read_text("caf\u{e9}").await.unwrap(), "composed");
    })
    .await;
}
