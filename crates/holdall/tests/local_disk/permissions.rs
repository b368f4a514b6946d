//! Denied is PermissionDenied, never missing: as a user whom permissions bind.

use std::path::Path;

use holdall::{AsyncStore, ErrorKind};

use crate::child::{self, Stage, block_on, open_to_all};
use crate::disk::{children, kind, onto, open, replacing};

/// Runs `scenario` on each implementation in a child without privileges.
fn as_nobody(test: &str, scenario: impl AsyncFn(&AsyncStore, &Path)) {
    let Some(folder) = child::folder() else {
        return Stage::new().run_as_nobody(test);
    };
    for portable in [false, true] {
        let root = folder.join(portable.to_string());
        let store = open(&root, portable);
        block_on(scenario(&store, &root));
    }
}

#[test]
fn an_unsearchable_folder_denies_every_operation() {
    as_nobody(
        "permissions::an_unsearchable_folder_denies_every_operation",
        async |store, root| {
            store.write("closed/a", "x").await.unwrap();
            store.write("b", "x").await.unwrap();
            open_to_all(&root.join("closed"), 0o000);
            let denied = ErrorKind::PermissionDenied;
            assert_eq!(kind(store.exists("closed/a").await), denied);
            assert_eq!(kind(store.is_file("closed/a").await), denied);
            assert_eq!(kind(store.is_folder("closed/a").await), denied);
            assert_eq!(kind(store.read_bytes("closed/a").await), denied);
            assert_eq!(kind(store.get_file_info("closed/a").await), denied);
            assert_eq!(kind(store.delete("closed/a").await), denied);
            assert_eq!(kind(store.write("closed/new", "x").await), denied);
            assert_eq!(
                kind(store.write_with("closed/a", "x", replacing()).await),
                denied
            );
            assert_eq!(kind(store.write_atomic("closed/new", "x").await), denied);
            assert_eq!(kind(store.rename("closed/a", "c").await), denied);
            assert_eq!(kind(store.rename("b", "closed/c").await), denied);
            assert_eq!(kind(store.copy("closed/a", "c").await), denied);
            assert_eq!(kind(store.copy_with("b", "closed/c", onto()).await), denied);
            open_to_all(&root.join("closed"), 0o755);
            assert_eq!(children(store, "closed").await.unwrap(), ["a"]);
        },
    );
}

#[test]
fn an_unreadable_subfolder_fails_every_kind_of_listing() {
    as_nobody(
        "permissions::an_unreadable_subfolder_fails_every_kind_of_listing",
        async |store, root| {
            store.write("top/closed/a", "x").await.unwrap();
            open_to_all(&root.join("top/closed"), 0o300);
            let denied = ErrorKind::PermissionDenied;
            assert_eq!(kind(children(store, "top/closed").await), denied);
            let options = holdall::ListOptions::new().recursive(true);
            let mut listing = store.list_files_with("top", options).unwrap();
            let mut failed = false;
            while let Some(file) = listing.next().await {
                failed |= file.is_err();
            }
            assert!(failed, "a recursive listing hides a folder");
            assert_eq!(kind(store.get_folder_info("top").await), denied);
            let mut found = store.glob("top/**").unwrap();
            assert_eq!(kind(found.next().await.unwrap()), denied);
            assert_eq!(store.read_text("top/closed/a").await.unwrap(), "x");
            store.write("top/closed/b", "x").await.unwrap();
            open_to_all(&root.join("top/closed"), 0o755);
        },
    );
}

#[test]
fn a_move_out_of_a_read_only_folder_leaves_no_copy() {
    as_nobody(
        "permissions::a_move_out_of_a_read_only_folder_leaves_no_copy",
        async |store, root| {
            store.write("closed/a", "x").await.unwrap();
            store.write("there", "old").await.unwrap();
            open_to_all(&root.join("closed"), 0o555);
            let denied = ErrorKind::PermissionDenied;
            assert_eq!(kind(store.rename("closed/a", "b").await), denied);
            assert_eq!(
                kind(store.rename_with("closed/a", "there", onto()).await),
                denied
            );
            assert!(!store.exists("b").await.unwrap());
            assert_eq!(store.read_text("there").await.unwrap(), "old");
            assert_eq!(store.read_text("closed/a").await.unwrap(), "x");
            open_to_all(&root.join("closed"), 0o755);
        },
    );
}

#[test]
fn an_unreadable_file_is_known_but_not_read() {
    as_nobody(
        "permissions::an_unreadable_file_is_known_but_not_read",
        async |store, root| {
            let options = replacing().metadata([("k", "v")]);
            store.write_with("a", "x", options).await.unwrap();
            open_to_all(&root.join("a"), 0o200);
            assert!(store.is_file("a").await.unwrap());
            assert_eq!(store.get_file_info("a").await.unwrap().size, 1);
            assert_eq!(
                kind(store.read_bytes("a").await),
                ErrorKind::PermissionDenied
            );
        },
    );
}

#[test]
fn an_unreadable_root_is_not_healthy() {
    as_nobody(
        "permissions::an_unreadable_root_is_not_healthy",
        async |store, root| {
            open_to_all(root, 0o300);
            assert_eq!(kind(store.ping().await), ErrorKind::PermissionDenied);
            open_to_all(root, 0o755);
            store.ping().await.unwrap();
        },
    );
}
