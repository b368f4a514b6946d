//! Running out: of space, of file size, of handles; and a disk that is read-only.

use std::fs::File;
use std::path::PathBuf;

use holdall::{DeleteFolderOptions, ErrorKind};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::child::{self, Stage, block_on};
use crate::disk::{children, kind, open, replacing};

const MEBIBYTE: usize = 1024 * 1024;

#[test]
fn a_file_that_grows_beyond_the_limit_is_storage_full() {
    let Some(folder) = child::folder() else {
        return Stage::new().run_after(
            // Otherwise the signal ends the process before the error is seen.
            "trap '' XFSZ; ulimit -f 512",
            "resources::a_file_that_grows_beyond_the_limit_is_storage_full",
            |_| {},
        );
    };
    for portable in [false, true] {
        let store = open(&folder.join(portable.to_string()), portable);
        block_on(async {
            store.write("a", "old").await.unwrap();
            let written = store.write_with("a", vec![7; MEBIBYTE], replacing()).await;
            assert_eq!(kind(written), ErrorKind::StorageFull);
            assert_eq!(store.read_text("a").await.unwrap(), "old");
            assert_eq!(children(&store, "").await.unwrap(), ["a"]);
        });
    }
}

#[test]
fn running_out_of_handles_is_unavailable_and_passes() {
    let Some(folder) = child::folder() else {
        return Stage::new().run_after(
            ":",
            "resources::running_out_of_handles_is_unavailable_and_passes",
            |_| {},
        );
    };
    for portable in [false, true] {
        let root = folder.join(portable.to_string());
        let store = open(&root, portable);
        block_on(async {
            store.write("a", "x").await.unwrap();
            let limit = Rlimit {
                current: Some(128),
                maximum: Some(128),
            };
            setrlimit(Resource::Nofile, limit).unwrap();
            let mut taken = Vec::new();
            while let Ok(file) = File::open(root.join("a")) {
                taken.push(file);
            }
            let unavailable = ErrorKind::BackendUnavailable;
            let read = store.read_bytes("a").await.unwrap_err();
            assert_eq!(read.kind(), unavailable);
            assert!(read.is_retryable());
            assert_eq!(kind(store.exists("a").await), unavailable);
            assert_eq!(kind(store.write("b", "x").await), unavailable);
            assert_eq!(kind(children(&store, "").await), unavailable);
            drop(taken);
            assert_eq!(store.read_text("a").await.unwrap(), "x");
            assert_eq!(children(&store, "").await.unwrap(), ["a"]);
        });
    }
}

/// Runs a test again where `mount` has put a file system of its own on the
/// folder `disk`, in a mount namespace that goes with the child.
fn with_mount(mount: &str, test: &str) -> Option<PathBuf> {
    if let Some(folder) = child::folder() {
        return Some(folder.join("disk"));
    }
    let stage = Stage::new();
    let disk = stage.folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let map = if child::is_root() {
        ""
    } else {
        "--map-root-user"
    };
    let script = format!(
        "if [ -z \"$INSIDE\" ]; then INSIDE=1 exec unshare {map} --mount sh -c \"$SCRIPT\" \"$0\" \"$@\"; fi"
    );
    let inner = format!("{mount} || exit 1; exec \"$0\" \"$@\"");
    stage.run_after(&script, test, |command| {
        command.env("SCRIPT", inner).env("DISK", disk);
    });
    None
}

#[test]
fn a_full_disk_is_storage_full_and_keeps_the_old_file() {
    let Some(disk) = with_mount(
        "mount -t tmpfs -o size=1m holdall \"$DISK\"",
        "resources::a_full_disk_is_storage_full_and_keeps_the_old_file",
    ) else {
        return;
    };
    for portable in [false, true] {
        let store = open(&disk.join(portable.to_string()), portable);
        block_on(async {
            store.write("a", "old").await.unwrap();
            for durable in [false, true] {
                let written = if durable {
                    store
                        .write_atomic_with("a", vec![7; 2 * MEBIBYTE], replacing())
                        .await
                } else {
                    store
                        .write_with("a", vec![7; 2 * MEBIBYTE], replacing())
                        .await
                };
                let error = written.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::StorageFull);
                assert!(std::error::Error::source(&error).is_some());
            }
            assert_eq!(store.read_text("a").await.unwrap(), "old");
            assert_eq!(children(&store, "").await.unwrap(), ["a"]);
            store.write("b", "there is room again").await.unwrap();
            store.write("folder/c", "x").await.unwrap();
            let recursive = DeleteFolderOptions::new().recursive(true);
            store.delete_folder_with("folder", recursive).await.unwrap();
        });
    }
}

#[test]
fn a_read_only_disk_denies_changes_and_answers_reads() {
    let Some(disk) = with_mount(
        "mount -t tmpfs holdall \"$DISK\" && mkdir \"$DISK/folder\" && echo x > \"$DISK/folder/a\" \
         && mount -o remount,bind,ro \"$DISK\"",
        "resources::a_read_only_disk_denies_changes_and_answers_reads",
    ) else {
        return;
    };
    for portable in [false, true] {
        let store = open(&disk, portable);
        block_on(async {
            let denied = ErrorKind::PermissionDenied;
            store.ping().await.unwrap();
            assert_eq!(store.read_text("folder/a").await.unwrap(), "x\n");
            assert_eq!(children(&store, "folder").await.unwrap(), ["a"]);
            assert_eq!(kind(store.write("folder/b", "x").await), denied);
            assert_eq!(kind(store.write("new/b", "x").await), denied);
            assert_eq!(kind(store.delete("folder/a").await), denied);
            assert_eq!(kind(store.rename("folder/a", "b").await), denied);
            assert_eq!(kind(store.copy("folder/a", "b").await), denied);
            let recursive = DeleteFolderOptions::new().recursive(true);
            let deleted = store.delete_folder_with("folder", recursive).await;
            assert_eq!(kind(deleted), denied);
        });
    }
}

#[test]
fn a_rename_to_another_file_system_says_so_and_moves_nothing() {
    let Some(disk) = with_mount(
        "mkdir \"$DISK/mounted\" && mount -t tmpfs holdall \"$DISK/mounted\"",
        "resources::a_rename_to_another_file_system_says_so_and_moves_nothing",
    ) else {
        return;
    };
    for portable in [false, true] {
        let store = open(&disk, portable);
        block_on(async {
            store.write_with("a", "x", replacing()).await.unwrap();
            let error = store.rename("a", "mounted/a").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Other);
            assert!(error.message().contains("copy and delete"), "{error}");
            store.copy("a", "mounted/a").await.unwrap();
            assert_eq!(store.read_text("mounted/a").await.unwrap(), "x");
            store.delete("mounted/a").await.unwrap();
            store.delete("a").await.unwrap();
        });
    }
}
