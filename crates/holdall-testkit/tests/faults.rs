//! A driver that fails at each of its primitives in turn: every call reports
//! it as the caller's error, and leaves nothing half done.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use holdall::driver::Refusal;
use holdall::{
    AsyncDriverBackend, AsyncStore, AsyncWritableContent, DeleteFolderOptions, Error, ErrorKind,
    ListOptions, MemoryDriver, Operation, Result, TransferOptions, WriteOptions,
};
use holdall_testkit::{FailingDriver, Switch};

/// More primitives than any call makes.
const MOST: usize = 500;

type Contents = BTreeMap<String, Bytes>;

fn store(kind: ErrorKind) -> (AsyncStore, Switch) {
    let driver = FailingDriver::new(MemoryDriver::named("failing"), move || {
        Refusal::failed(kind, "the system said no")
    });
    let switch = driver.switch();
    (
        AsyncStore::new(AsyncDriverBackend::from_driver(driver), "root").unwrap(),
        switch,
    )
}

async fn seed(store: &AsyncStore) {
    for path in ["file", "source", "folder/a", "folder/b", "folder/sub/c"] {
        store.write(path, path.repeat(300)).await.unwrap();
    }
}

async fn contents(store: &AsyncStore) -> Contents {
    let all = ListOptions::new().recursive(true);
    let mut found = Contents::new();
    for file in store
        .list_files_with("", all)
        .unwrap()
        .try_collect()
        .await
        .unwrap()
    {
        let content = store.read_bytes(file.path.as_str()).await.unwrap();
        found.insert(file.path.to_string(), content);
    }
    found
}

/// More than is gathered before a write begins.
fn large() -> Vec<u8> {
    vec![7; 2_500_000]
}

fn streamed() -> AsyncWritableContent {
    let chunks = (0..5).map(|_| Ok::<_, Error>(Bytes::from(vec![7; 500_000])));
    AsyncWritableContent::from_stream(futures::stream::iter(chunks))
}

type Call = fn(AsyncStore) -> BoxFuture<'static, Result<()>>;

/// Every call that does I/O, with the operation and path that its error names.
fn calls() -> Vec<(Operation, &'static str, Call)> {
    vec![
        (Operation::Read, "file", |s| {
            async move { s.read("file")?.bytes().await.map(drop) }.boxed()
        }),
        (Operation::ReadBytes, "file", |s| {
            async move { s.read_bytes("file").await.map(drop) }.boxed()
        }),
        (Operation::ReadRange, "file", |s| {
            async move { s.read_range("file", 3..9)?.bytes().await.map(drop) }.boxed()
        }),
        (Operation::ReadSeekable, "file", |s| {
            async move {
                let mut reader = s.read_seekable("file").await?;
                let mut all = Vec::new();
                tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut all).await?;
                Ok(())
            }
            .boxed()
        }),
        (Operation::Write, "new", |s| {
            async move { s.write("new", large()).await.map(drop) }.boxed()
        }),
        (Operation::Write, "file", |s| {
            async move {
                let over = WriteOptions::new().overwrite(true);
                s.write_with("file", streamed(), over).await.map(drop)
            }
            .boxed()
        }),
        (Operation::WriteAtomic, "file", |s| {
            async move {
                let over = WriteOptions::new().overwrite(true);
                s.write_atomic_with("file", streamed(), over)
                    .await
                    .map(drop)
            }
            .boxed()
        }),
        (Operation::OpenAtomic, "file", |s| {
            async move {
                let over = WriteOptions::new().overwrite(true);
                let mut writer = s.open_atomic_with("file", over).await?;
                for _ in 0..3 {
                    writer.write(large()).await?;
                }
                writer.commit().await.map(drop)
            }
            .boxed()
        }),
        (Operation::Delete, "file", |s| {
            async move { s.delete("file").await }.boxed()
        }),
        (Operation::Rename, "source", |s| {
            async move {
                let over = TransferOptions::new().overwrite(true);
                s.rename_with("source", "file", over).await
            }
            .boxed()
        }),
        (Operation::Copy, "source", |s| {
            async move {
                let over = TransferOptions::new().overwrite(true);
                s.copy_with("source", "file", over).await
            }
            .boxed()
        }),
        (Operation::Exists, "file", |s| {
            async move { s.exists("file").await.map(drop) }.boxed()
        }),
        (Operation::IsFile, "file", |s| {
            async move { s.is_file("file").await.map(drop) }.boxed()
        }),
        (Operation::IsFolder, "file", |s| {
            async move { s.is_folder("file").await.map(drop) }.boxed()
        }),
        (Operation::GetFileInfo, "file", |s| {
            async move { s.get_file_info("file").await.map(drop) }.boxed()
        }),
        (Operation::Head, "file", |s| {
            async move { s.head("file").await.map(drop) }.boxed()
        }),
        (Operation::GetFolderInfo, "folder", |s| {
            async move { s.get_folder_info("folder").await.map(drop) }.boxed()
        }),
        (Operation::ListFolders, "folder", |s| {
            async move {
                let options = ListOptions::new().max_depth(5);
                s.list_folders_with("folder", options)?
                    .try_collect()
                    .await
                    .map(drop)
            }
            .boxed()
        }),
        (Operation::ListFiles, "folder", |s| {
            async move {
                let options = ListOptions::new().recursive(true);
                s.list_files_with("folder", options)?
                    .try_collect()
                    .await
                    .map(drop)
            }
            .boxed()
        }),
        (Operation::IterChildren, "folder", |s| {
            async move { s.iter_children("folder")?.try_collect().await.map(drop) }.boxed()
        }),
        (Operation::DeleteFolder, "folder", |s| {
            async move { s.delete_folder("folder").await }.boxed()
        }),
    ]
}

#[tokio::test]
async fn each_failing_primitive_is_the_callers_error_and_changes_nothing() {
    for kind in [ErrorKind::BackendUnavailable, ErrorKind::StorageFull] {
        for (operation, path, call) in calls() {
            let mut failures = 0;
            for successes in 0..MOST {
                let (store, switch) = store(kind);
                seed(&store).await;
                let before = contents(&store).await;
                switch.fail_after(successes);
                let result = call(store.clone()).await;
                let reached = !switch.is_armed();
                switch.disarm();
                if !reached {
                    break;
                }
                failures += 1;
                let what = format!("{operation} with primitive {successes} failing");
                let error = result.expect_err(&what);
                assert_eq!(error.kind(), kind, "{what}: {error}");
                assert_eq!(error.operation(), Some(operation), "{what}: {error}");
                assert_eq!(error.backend(), Some("failing"), "{what}: {error}");
                let named = error.path().unwrap_or_default();
                assert!(named.starts_with(path), "{what} names {named:?}");
                assert_eq!(contents(&store).await, before, "{what} changed something");
            }
            assert!(failures > 0, "{operation} asks the driver nothing");
        }
    }
}

#[tokio::test]
async fn a_recursive_delete_that_fails_can_be_taken_up_again() {
    for successes in 0..MOST {
        let (store, switch) = store(ErrorKind::BackendUnavailable);
        seed(&store).await;
        switch.fail_after(successes);
        let all = DeleteFolderOptions::new().recursive(true).missing_ok(true);
        let result = store.delete_folder_with("folder", all).await;
        let reached = !switch.is_armed();
        switch.disarm();
        if !reached {
            assert!(result.is_ok() && successes > 0);
            return;
        }
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BackendUnavailable);
        assert_eq!(error.path(), Some("folder"));
        store.delete_folder_with("folder", all).await.unwrap();
        let left: Vec<_> = contents(&store).await.into_keys().collect();
        assert_eq!(left, ["file", "source"]);
    }
}

/// A refusal that makes no sense where it comes is still an error, and never
/// taken for a success.
#[tokio::test]
async fn a_refusal_is_never_a_success() {
    let refusals: [fn() -> Refusal; 9] = [
        || Refusal::Missing,
        || Refusal::Occupied,
        || Refusal::IsFolder,
        || Refusal::NotFolder,
        || Refusal::NotEmpty,
        || Refusal::NotRegular,
        || Refusal::Unreachable("no way"),
        || Refusal::WouldWait,
        || Refusal::Cancelled,
    ];
    for refusal in refusals {
        for (operation, path, call) in calls() {
            let driver = FailingDriver::new(MemoryDriver::named("failing"), refusal);
            let switch = driver.switch();
            let store = AsyncStore::new(AsyncDriverBackend::from_driver(driver), "root").unwrap();
            seed(&store).await;
            switch.fail_after(0);
            let result = call(store.clone()).await;
            assert!(!switch.is_armed(), "{operation} asks the driver nothing");
            // Streamed writes look first, and then a refusal is an answer.
            let acts_first = matches!(operation, Operation::Rename | Operation::Copy)
                || (operation, path) == (Operation::Write, "new");
            if acts_first {
                let error = result.expect_err(&format!("{operation} after {:?}", refusal()));
                assert_eq!(error.operation(), Some(operation), "{error}");
                assert_eq!(error.backend(), Some("failing"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_listing_hands_out_what_came_before_a_failure() {
    let driver = FailingDriver::new(MemoryDriver::named("memory"), || {
        Refusal::failed(ErrorKind::PermissionDenied, "the folder is closed")
    });
    let switch = driver.switch();
    let store = AsyncStore::new(AsyncDriverBackend::from_driver(driver), "").unwrap();
    store.write("a", "").await.unwrap();
    store.write("folder/b", "").await.unwrap();
    // The root is opened and read to its end: three primitives.
    switch.fail_after(3);
    let mut files = store
        .list_files_with("", ListOptions::new().recursive(true))
        .unwrap();
    assert_eq!(files.next().await.unwrap().unwrap().name(), "a");
    let error = files.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(error.path(), Some("folder"));
    assert!(files.next().await.is_none());
}
