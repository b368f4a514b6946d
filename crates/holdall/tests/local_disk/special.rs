//! Pipes, sockets and devices: there, but never read, listed or waited for.

use std::time::Duration;

use holdall::{DeleteFolderOptions, ErrorKind};
use rustix::fs::{CWD, Mode, mkfifoat};

use crate::disk::{kind, on_each, onto, replacing};

#[tokio::test]
async fn a_pipe_is_there_but_is_no_file_and_is_never_waited_for() {
    on_each(async |disk| {
        mkfifoat(CWD, disk.at("pipe"), Mode::from_raw_mode(0o666)).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(disk.at("socket")).unwrap();
        disk.store.write("a", "x").await.unwrap();
        let looked = async {
            for key in ["pipe", "socket"] {
                assert!(disk.store.exists(key).await.unwrap());
                assert!(!disk.store.is_file(key).await.unwrap());
                assert!(!disk.store.is_folder(key).await.unwrap());
                let invalid = ErrorKind::InvalidPath;
                assert_eq!(kind(disk.store.read_bytes(key).await), invalid);
                assert_eq!(kind(disk.store.get_file_info(key).await), invalid);
                assert_eq!(kind(disk.store.write(key, "x").await), invalid);
                assert_eq!(
                    kind(disk.store.write_with(key, "x", replacing()).await),
                    invalid
                );
                assert_eq!(kind(disk.store.copy(key, "b").await), invalid);
                assert_eq!(kind(disk.store.copy_with("a", key, onto()).await), invalid);
                assert_eq!(
                    kind(disk.store.rename_with("a", key, onto()).await),
                    invalid
                );
            }
            assert_eq!(disk.children("").await.unwrap(), ["a"]);
            assert_eq!(disk.files("").await.unwrap(), ["a"]);
        };
        tokio::time::timeout(Duration::from_secs(60), looked)
            .await
            .expect("waited for the other end of a pipe");
    })
    .await;
}

#[tokio::test]
async fn a_recursive_delete_removes_pipes() {
    on_each(async |disk| {
        disk.store.write("folder/a", "x").await.unwrap();
        mkfifoat(CWD, disk.at("folder/pipe"), Mode::from_raw_mode(0o666)).unwrap();
        let recursive = DeleteFolderOptions::new().recursive(true);
        disk.store
            .delete_folder_with("folder", recursive)
            .await
            .unwrap();
        assert!(disk.names("").is_empty());
    })
    .await;
}
