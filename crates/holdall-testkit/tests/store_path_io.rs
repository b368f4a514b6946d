//! What path IO over a store promises beyond the suite of the layer: over
//! memory, a local folder, a flat map, and one and the other across an adapter.

#![allow(clippy::unwrap_used)]

use std::io::SeekFrom;
use std::sync::Arc;

use futures::TryStreamExt;
use holdall::pathio::{
    AbstractPathIo, Connection, FOLDER_MARKER, MkdirOptions, OpenMode, PathIoErrorKind, StorePathIo,
};
use holdall::{
    AsyncDriverBackend, AsyncLocalBackend, AsyncMemoryBackend, AsyncStore, Bytes, Capability,
    CapabilitySet, IntoAsyncBackend, MemoryBackend, SyncBackendAdapter, WriteOptions,
};
use holdall_testkit::Masked;
use minimal_driver::MapDriver;

#[path = "../examples/minimal_driver.rs"]
#[allow(dead_code)]
mod minimal_driver;

/// A path IO, its store, and the folder that the store may lie in.
struct Subject {
    io: StorePathIo,
    store: AsyncStore,
    _folder: Option<tempfile::TempDir>,
}

fn over(backend: impl IntoAsyncBackend) -> Subject {
    // In a folder of the store, so that paths differ from the backend's.
    let store = AsyncStore::new(backend, "home").unwrap();
    Subject {
        io: StorePathIo::new(store.clone()),
        store,
        _folder: None,
    }
}

fn flat() -> Subject {
    over(AsyncDriverBackend::from_driver(MapDriver::default()))
}

fn all() -> Vec<Subject> {
    let folder = tempfile::tempdir().unwrap();
    let local = over(AsyncLocalBackend::new(folder.path()).unwrap());
    vec![
        over(AsyncMemoryBackend::new()),
        Subject {
            _folder: Some(folder),
            ..local
        },
        flat(),
        over(SyncBackendAdapter::new(MemoryBackend::new())),
    ]
}

async fn put(io: &StorePathIo, path: &str, content: impl Into<Bytes>) {
    let opened = io.open(path, OpenMode::Write);
    let content = content.into();
    opened
        .run(async |file| file.write(content).await)
        .await
        .unwrap();
}

async fn listed(io: &StorePathIo, path: &str) -> Vec<String> {
    let mut paths = io.list(path).collect_paths().await.unwrap();
    paths.sort();
    paths
}

async fn mkdir(io: &StorePathIo, path: &str) {
    io.mkdir(path, MkdirOptions::new()).await.unwrap();
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 / 7 % 251) as u8).collect()
}

#[tokio::test]
async fn a_made_folder_can_be_entered_filled_emptied_and_removed() {
    for Subject { io, .. } in all() {
        mkdir(&io, "a").await;
        mkdir(&io, "a/b").await;
        assert!(io.is_dir("a/b").await.unwrap());
        assert_eq!(listed(&io, "/a").await, ["/a/b"]);
        put(&io, "a/b/file", "content").await;
        assert_eq!(listed(&io, "a/b").await, ["a/b/file"]);

        let refused = io.rmdir("a/b").await.unwrap_err();
        assert_eq!(refused.kind(), PathIoErrorKind::DirectoryNotEmpty);
        io.unlink("a/b/file").await.unwrap();
        assert!(io.is_dir("a/b").await.unwrap());
        assert!(listed(&io, "a/b").await.is_empty());
        io.rmdir("a/b").await.unwrap();
        assert!(!io.exists("a/b").await.unwrap());
        assert!(io.is_dir("a").await.unwrap());
    }
}

#[tokio::test]
async fn a_folder_that_others_made_of_keys_stays_when_it_is_emptied() {
    for Subject { io, store, .. } in all() {
        store.write("x/y/one", "1").await.unwrap();
        store.write("x/y/two", "2").await.unwrap();
        assert!(io.is_dir("x/y").await.unwrap());
        io.unlink("x/y/one").await.unwrap();
        mkdir(&io, "other").await;
        io.rename("x/y/two", "other/two").await.unwrap();
        assert!(listed(&io, "x/y").await.is_empty());
        assert!(io.is_dir("x/y").await.unwrap());
        io.rmdir("x/y").await.unwrap();
        assert!(io.is_dir("x").await.unwrap());
    }
}

#[tokio::test]
async fn nothing_is_made_in_a_folder_that_is_not_there() {
    for Subject { io, store, .. } in all() {
        put(&io, "file", "content").await;
        for (path, kind) in [
            ("no/such", PathIoErrorKind::NotFound),
            ("file/below", PathIoErrorKind::NotADirectory),
            ("file/far/below", PathIoErrorKind::NotADirectory),
        ] {
            for mode in [OpenMode::Write, OpenMode::Append] {
                assert_eq!(
                    io.open(path, mode).await.unwrap_err().kind(),
                    kind,
                    "{path}"
                );
            }
            let made = io.mkdir(path, MkdirOptions::new()).await;
            assert_eq!(made.unwrap_err().kind(), kind, "{path}");
            assert_eq!(
                io.rename("file", path).await.unwrap_err().kind(),
                kind_of_move(path)
            );
            assert_eq!(io.stat(path).await.unwrap_err().kind(), kind, "{path}");
        }
        assert_eq!(store.read_text("file").await.unwrap(), "content");
        assert_eq!(listed(&io, "").await, ["file"]);
    }
}

/// A file cannot be moved below itself, whatever it is.
fn kind_of_move(path: &str) -> PathIoErrorKind {
    match path.starts_with("file/") {
        true => PathIoErrorKind::NotADirectory,
        false => PathIoErrorKind::NotFound,
    }
}

#[tokio::test]
async fn a_file_never_takes_the_place_of_a_folder() {
    for Subject { io, .. } in all() {
        mkdir(&io, "folder").await;
        put(&io, "folder/file", "1").await;
        put(&io, "file", "2").await;
        let is_a_directory = PathIoErrorKind::IsADirectory;
        for mode in [
            OpenMode::Read,
            OpenMode::Write,
            OpenMode::Append,
            OpenMode::ReadWrite,
        ] {
            for path in ["folder", "/"] {
                let refused = io.open(path, mode).await.unwrap_err();
                assert_eq!(refused.kind(), is_a_directory, "{path} {mode}");
            }
        }
        assert_eq!(
            io.unlink("folder").await.unwrap_err().kind(),
            is_a_directory
        );
        let onto = io.rename("file", "folder").await.unwrap_err();
        assert_eq!(onto.kind(), is_a_directory);
        let made = io.mkdir("file", MkdirOptions::new().exist_ok(true)).await;
        assert_eq!(made.unwrap_err().kind(), PathIoErrorKind::AlreadyExists);
        let removed = io.rmdir("file").await.unwrap_err();
        assert_eq!(removed.kind(), PathIoErrorKind::NotADirectory);
    }
}

#[tokio::test]
async fn the_marker_is_never_seen_and_never_named() {
    for Subject { io, store, .. } in all() {
        mkdir(&io, "a").await;
        store
            .write_with(
                &format!("a/{FOLDER_MARKER}"),
                "",
                WriteOptions::new().overwrite(true),
            )
            .await
            .unwrap();
        assert!(listed(&io, "a").await.is_empty());
        let refused = io.stat(&format!("a/{FOLDER_MARKER}")).await.unwrap_err();
        assert_eq!(refused.kind(), PathIoErrorKind::InvalidArgument);
        let refused = io.unlink("a\\b").await.unwrap_err();
        assert_eq!(refused.kind(), PathIoErrorKind::InvalidArgument);
        io.rmdir("a").await.unwrap();
        assert!(!io.exists("a").await.unwrap());
    }
}

#[tokio::test]
async fn a_folder_is_renamed_with_all_it_holds() {
    for Subject { io, store, .. } in all() {
        io.mkdir("old/empty/deep", MkdirOptions::new().parents(true))
            .await
            .unwrap();
        put(&io, "old/one", "1").await;
        mkdir(&io, "old/sub").await;
        put(&io, "old/sub/two", "2").await;
        mkdir(&io, "new").await;
        mkdir(&io, "full").await;
        put(&io, "full/file", "3").await;

        let kind = async |from, to| io.rename(from, to).await.unwrap_err().kind();
        assert_eq!(
            kind("old", "full").await,
            PathIoErrorKind::DirectoryNotEmpty
        );
        assert_eq!(
            kind("old", "full/file").await,
            PathIoErrorKind::NotADirectory
        );
        assert_eq!(
            kind("old", "old/sub/in").await,
            PathIoErrorKind::InvalidArgument
        );
        assert_eq!(kind("old", "/").await, PathIoErrorKind::InvalidArgument);
        assert_eq!(kind("none", "new").await, PathIoErrorKind::NotFound);

        io.rename("old", "new").await.unwrap();
        assert!(!io.exists("old").await.unwrap());
        assert_eq!(
            listed(&io, "new").await,
            ["new/empty", "new/one", "new/sub"]
        );
        assert!(io.is_dir("new/empty/deep").await.unwrap());
        assert_eq!(store.read_text("new/sub/two").await.unwrap(), "2");
        io.rename("new", "newer").await.unwrap();
        assert_eq!(store.read_text("newer/one").await.unwrap(), "1");
        assert!(io.is_dir("newer/empty/deep").await.unwrap());
    }
}

#[tokio::test]
async fn what_is_written_shows_whole_at_the_close_whatever_its_size() {
    for Subject { io, store, .. } in all() {
        for length in [0, 10, 1024 * 1024, 5 * 1024 * 1024 + 3] {
            let content = pattern(length);
            let mut file = io.open("file", OpenMode::Write).await.unwrap();
            for block in content.chunks(100_000) {
                file.write(Bytes::copy_from_slice(block)).await.unwrap();
            }
            assert!(!io.exists("file").await.unwrap());
            file.close().await.unwrap();
            assert!(store.read_bytes("file").await.unwrap() == content);
            io.unlink("file").await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_file_that_is_dropped_leaves_what_stood_there() {
    for Subject { io, store, .. } in all() {
        put(&io, "file", "before").await;
        for length in [10, 3 * 1024 * 1024] {
            for mode in [OpenMode::Write, OpenMode::Append, OpenMode::ReadWrite] {
                let mut file = io.open("file", mode).await.unwrap();
                file.write(pattern(length)).await.unwrap();
                drop(file);
                assert_eq!(store.read_text("file").await.unwrap(), "before");
            }
        }
    }
}

#[tokio::test]
async fn a_position_may_move_in_a_file_that_is_written() {
    for Subject { io, store, .. } in all() {
        let mut file = io.open("small", OpenMode::Write).await.unwrap();
        file.write("abcdef").await.unwrap();
        file.seek(SeekFrom::Start(1)).await.unwrap();
        file.write("BC").await.unwrap();
        file.seek(SeekFrom::End(2)).await.unwrap();
        file.write("h").await.unwrap();
        file.close().await.unwrap();
        let content = store.read_bytes("small").await.unwrap();
        assert_eq!(content, &b"aBCdef\0\0h"[..]);

        const HOLE: u64 = 3 * 1024 * 1024;
        let mut file = io.open("large", OpenMode::Write).await.unwrap();
        file.write("begin").await.unwrap();
        file.seek(SeekFrom::Start(HOLE)).await.unwrap();
        file.write("end").await.unwrap();
        file.close().await.unwrap();
        let content = store.read_bytes("large").await.unwrap();
        assert_eq!(content.len() as u64, HOLE + 3);
        assert!(content.starts_with(b"begin\0\0") && content.ends_with(b"\0end"));
        io.unlink("large").await.unwrap();

        let mut file = io.open("large", OpenMode::Write).await.unwrap();
        file.write(pattern(2 * 1024 * 1024)).await.unwrap();
        file.seek(SeekFrom::Start(0)).await.unwrap();
        let refused = file.write("again").await.unwrap_err();
        assert_eq!(refused.kind(), PathIoErrorKind::NotImplemented);
        // It did not take all that was written, and never shows.
        assert!(file.close().await.is_err());
        assert!(!io.exists("large").await.unwrap());
    }
}

#[tokio::test]
async fn a_file_is_changed_in_place_and_keeps_its_tail() {
    for Subject { io, store, .. } in all() {
        put(&io, "file", "0123456789").await;
        let mut file = io.open("file", OpenMode::ReadWrite).await.unwrap();
        assert_eq!(file.read(3).await.unwrap(), "012");
        file.write("abc").await.unwrap();
        assert_eq!(file.read(100).await.unwrap(), "6789");
        file.seek(SeekFrom::Current(2)).await.unwrap();
        file.write("end").await.unwrap();
        assert_eq!(store.read_text("file").await.unwrap(), "0123456789");
        file.close().await.unwrap();
        let content = store.read_bytes("file").await.unwrap();
        assert_eq!(content, &b"012abc6789\0\0end"[..]);

        let mut file = io.open("file", OpenMode::Append).await.unwrap();
        file.seek(SeekFrom::Start(0)).await.unwrap();
        file.write("!").await.unwrap();
        file.close().await.unwrap();
        let content = store.read_bytes("file").await.unwrap();
        assert_eq!(content, &b"012abc6789\0\0end!"[..]);
    }
}

#[tokio::test]
async fn user_metadata_outlasts_a_change_in_place() {
    for Subject { io, store, .. } in all() {
        let options = WriteOptions::new().metadata([("owner", "finance")]);
        store.write_with("file", "1", options).await.unwrap();
        let opened = io.open("file", OpenMode::Append);
        opened
            .run(async |file| file.write("2").await)
            .await
            .unwrap();
        let metadata = store.head("file").await.unwrap().metadata.unwrap();
        assert_eq!(metadata.get("owner"), Some("finance"));
    }
}

#[tokio::test]
async fn a_change_in_place_that_lost_the_race_is_a_conflict() {
    for Subject { io, store, .. } in all() {
        put(&io, "file", "one").await;
        let mut file = io.open("file", OpenMode::ReadWrite).await.unwrap();
        file.write("1").await.unwrap();
        put(&io, "file", "other").await;
        let lost = file.close().await.unwrap_err();
        assert_eq!(lost.kind(), PathIoErrorKind::Conflict);

        let mut file = io.open("file", OpenMode::ReadWrite).await.unwrap();
        file.write("1").await.unwrap();
        io.unlink("file").await.unwrap();
        let lost = file.close().await.unwrap_err();
        assert_eq!(lost.kind(), PathIoErrorKind::Conflict);

        let mut file = io.open("file", OpenMode::Append).await.unwrap();
        file.write("1").await.unwrap();
        put(&io, "file", "first").await;
        let lost = file.close().await.unwrap_err();
        assert_eq!(lost.kind(), PathIoErrorKind::Conflict);
        assert_eq!(store.read_text("file").await.unwrap(), "first");
    }
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_not_changed_in_place() {
    for Subject { io, store, .. } in all() {
        let io = io.with_edit_limit(10);
        put(&io, "fits", "0123456789").await;
        put(&io, "large", "0123456789a").await;
        let refused = io.open("large", OpenMode::Append).await.unwrap_err();
        assert_eq!(refused.kind(), PathIoErrorKind::TooLarge);
        assert!(refused.message().contains("edit limit"), "{refused}");
        let mut file = io.open("fits", OpenMode::ReadWrite).await.unwrap();
        file.write("abc").await.unwrap();
        file.seek(SeekFrom::End(0)).await.unwrap();
        let refused = file.write("d").await.unwrap_err();
        assert_eq!(refused.kind(), PathIoErrorKind::TooLarge);
        assert!(file.close().await.is_err());
        assert_eq!(store.read_text("fits").await.unwrap(), "0123456789");
    }
}

#[tokio::test]
async fn blocks_come_in_order_and_from_wherever_the_position_is_moved_to() {
    for Subject { io, store, .. } in all() {
        let content = pattern(3 * 1024 * 1024 + 17);
        store.write("file", content.clone()).await.unwrap();
        let mut file = io.open("file", OpenMode::Read).await.unwrap();
        let mut read = Vec::new();
        let mut blocks = std::pin::pin!(file.iter_by_block(300_000));
        while let Some(block) = blocks.try_next().await.unwrap() {
            assert!(block.len() <= 300_000);
            read.extend_from_slice(&block);
        }
        assert!(read == content);

        let mut file = io.open("file", OpenMode::Read).await.unwrap();
        for step in [0, 5, 100, 1_000_000, 20, 2_000_000, 7, 3_000_000, 0, 1] {
            let end = file.seek(SeekFrom::Start(step)).await.unwrap() as usize;
            for at in [end, end + 10, end + 20] {
                let block = file.read(10).await.unwrap();
                assert!(!block.is_empty());
                assert_eq!(block, content[at..at + block.len()]);
                file.seek(SeekFrom::Current(10 - block.len() as i64))
                    .await
                    .unwrap();
            }
        }
        file.seek(SeekFrom::End(5)).await.unwrap();
        assert!(file.read(10).await.unwrap().is_empty());
        let before = file.seek(SeekFrom::End(-4_000_000)).await.unwrap_err();
        assert_eq!(before.kind(), PathIoErrorKind::InvalidArgument);
    }
}

#[tokio::test]
async fn what_a_store_cannot_do_is_not_implemented() {
    let memory = AsyncMemoryBackend::new();
    let store = AsyncStore::new(memory.clone(), "").unwrap();
    store.write("folder/file", "content").await.unwrap();
    let read_only = CapabilitySet::new([Capability::Read, Capability::List]);
    let io = StorePathIo::new(AsyncStore::new(Masked::new(memory, read_only), "").unwrap());

    let mut file = io.open("folder/file", OpenMode::Read).await.unwrap();
    assert_eq!(file.read(100).await.unwrap(), "content");
    assert_eq!(listed(&io, "folder").await, ["folder/file"]);
    let not_implemented = PathIoErrorKind::NotImplemented;
    for mode in [OpenMode::Write, OpenMode::Append, OpenMode::ReadWrite] {
        let refused = io.open("folder/file", mode).await.unwrap_err();
        assert_eq!(refused.kind(), not_implemented, "{mode}");
    }
    for refused in [
        io.unlink("folder/file").await,
        io.rmdir("folder").await,
        io.rename("folder/file", "folder/other").await,
        io.mkdir("new", MkdirOptions::new()).await,
        io.set_modified("folder/file", holdall::Timestamp::UNIX_EPOCH)
            .await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), not_implemented);
    }
    assert_eq!(store.read_text("folder/file").await.unwrap(), "content");
}

#[tokio::test]
async fn a_connection_has_the_same_files() {
    let Subject { io, .. } = flat();
    let session = io.for_connection(Connection::new().with_user("ann"));
    mkdir(&io, "a").await;
    assert!(session.is_dir("a").await.unwrap());
    assert_eq!(session.connection().unwrap().user.as_deref(), Some("ann"));
    let (shared, same) = (io.state().unwrap(), session.state().unwrap());
    assert!(Arc::ptr_eq(&shared, &same));
}
