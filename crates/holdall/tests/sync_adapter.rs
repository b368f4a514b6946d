//! A backend of somebody else's that blocks, behind an awaited store.

#![allow(clippy::unwrap_used)]

mod foreign;

use std::io::SeekFrom;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::FutureExt;
use futures::StreamExt;
use holdall::{
    AsyncBackendSyncAdapter, AsyncStore, AsyncWritableContent, Backend, Bytes, Error, ErrorKind,
    SyncBackendAdapter, WriteOptions,
};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use foreign::{ENDLESS, Foreign, HANGS, PANICS};

const MIB: usize = 1024 * 1024;

fn store() -> (AsyncStore, Arc<Foreign>) {
    let backend = Arc::new(Foreign::default());
    let adapter = SyncBackendAdapter::new(Arc::clone(&backend));
    (AsyncStore::new(adapter, "").unwrap(), backend)
}

/// Waits for what other threads do.
async fn until(done: impl Fn() -> bool) {
    while !done() {
        tokio::task::yield_now().await;
    }
}

fn chunks(count: usize, size: usize) -> impl futures::Stream<Item = Result<Bytes, Error>> {
    futures::stream::iter((0..count).map(move |number| Ok(Bytes::from(vec![number as u8; size]))))
}

#[tokio::test]
async fn content_of_any_size_comes_back_as_it_was() {
    let (store, _) = store();
    for (count, size) in [(0, 0), (1, 10), (3, 10), (5, 300_000), (3, 4 * MIB)] {
        let content = AsyncWritableContent::from_stream(chunks(count, size));
        let options = WriteOptions::new().overwrite(true);
        let written = store.write_with("a", content, options).await.unwrap();
        assert_eq!(written.size, (count * size) as u64);
        let read = store.read("a").unwrap().bytes().await.unwrap();
        let expected: Vec<u8> = (0..count).flat_map(|n| vec![n as u8; size]).collect();
        assert!(read == expected, "{count} chunks of {size}");
    }
}

#[tokio::test]
async fn a_backend_erased_goes_behind_the_adapter_by_itself() {
    let erased: Arc<dyn Backend> = Arc::new(Foreign::default());
    let store = AsyncStore::new(erased, "").unwrap();
    store.write("a", "content").await.unwrap();
    assert_eq!(store.backend().name(), "foreign");
    assert_eq!(store.read_text("a").await.unwrap(), "content");
}

#[tokio::test]
async fn a_file_is_read_at_any_position_and_written_piece_by_piece() {
    let (store, _) = store();
    let mut file = store.open_atomic("a").await.unwrap();
    file.write("0123").await.unwrap();
    file.write(vec![b'x'; 2 * MIB]).await.unwrap();
    assert!(!store.exists("a").await.unwrap());
    assert_eq!(file.commit().await.unwrap().size, 2 * MIB as u64 + 4);
    let mut reader = store.read_seekable("a").await.unwrap();
    reader.seek(SeekFrom::Start(2)).await.unwrap();
    let mut piece = [0; 3];
    reader.read_exact(&mut piece).await.unwrap();
    assert_eq!(&piece, b"23x");
}

#[tokio::test]
async fn nothing_is_read_ahead_of_a_slow_reader() {
    let (store, backend) = store();
    let mut content = store.read(ENDLESS).unwrap();
    assert_eq!(backend.bytes_read.load(Ordering::Relaxed), 0);
    let mut taken = 0;
    for _ in 0..100 {
        taken += content.next().await.unwrap().unwrap().len();
        let ahead = backend.bytes_read.load(Ordering::Relaxed) - taken;
        assert!(ahead <= MIB, "{ahead} bytes ahead");
    }
}

#[tokio::test]
async fn the_first_entry_is_there_before_the_listing_is_at_its_end() {
    let (store, backend) = store();
    let mut files = store.list_files(ENDLESS).unwrap();
    assert_eq!(backend.entries_listed.load(Ordering::Relaxed), 0);
    files.next().await.unwrap().unwrap();
    assert!(backend.entries_listed.load(Ordering::Relaxed) <= 64);
    for _ in 0..10_000 {
        files.next().await.unwrap().unwrap();
    }
    assert!(backend.entries_listed.load(Ordering::Relaxed) <= 10_001 + 1024);
}

#[tokio::test]
async fn what_the_backend_opened_is_dropped_with_the_stream_and_not_by_its_reader() {
    let (store, backend) = store();
    let mut content = store.read(ENDLESS).unwrap();
    content.next().await.unwrap().unwrap();
    let mut files = store.list_files(ENDLESS).unwrap();
    files.next().await.unwrap().unwrap();
    assert_eq!(backend.opened.open(), 2);
    drop(content);
    drop(files);
    until(|| backend.opened.open() == 0).await;
    let here = std::thread::current().id();
    assert!(backend.opened.dropped_by().iter().all(|&id| id != here));
}

#[tokio::test]
async fn a_stream_that_is_dropped_while_it_is_read_is_closed() {
    let (store, backend) = store();
    let mut content = store.read(HANGS).unwrap();
    assert!(content.next().now_or_never().is_none());
    until(|| backend.opened.open() == 1).await;
    drop(content);
    backend.let_go();
    until(|| backend.opened.open() == 0).await;
}

#[tokio::test]
async fn a_write_that_is_dropped_while_its_source_is_drained_never_reaches_the_backend() {
    for count in [0, 1, 20] {
        let (store, backend) = store();
        let stalled = chunks(count, MIB).chain(futures::stream::pending());
        let content = AsyncWritableContent::from_stream(stalled);
        let mut write = Box::pin(store.write("a", content));
        for _ in 0..1000 {
            assert!(write.as_mut().now_or_never().is_none());
            tokio::task::yield_now().await;
        }
        drop(write);
        assert_eq!(backend.writes.load(Ordering::Relaxed), 0);
        assert!(!store.exists("a").await.unwrap());
    }
}

#[tokio::test]
async fn a_source_that_fails_late_never_reaches_the_backend() {
    let (store, backend) = store();
    let torn = std::io::Error::other("the tape tore");
    let source = chunks(20, MIB).chain(futures::stream::iter([Err(Error::from(torn))]));
    let content = AsyncWritableContent::from_stream(source);
    let error = store.write("a", content).await.unwrap_err();
    assert_eq!(error.message(), "the tape tore");
    assert_eq!(backend.writes.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_long_source_is_not_drained_for_a_path_that_is_taken() {
    let (store, backend) = store();
    store.write("a", "old").await.unwrap();
    for atomic in [false, true] {
        let endless = chunks(2, MIB).chain(futures::stream::pending());
        let content = AsyncWritableContent::from_stream(endless);
        let written = if atomic {
            store.write_atomic("a", content).await
        } else {
            store.write("a", content).await
        };
        let error = written.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(error.path(), Some("a"));
    }
    assert_eq!(backend.writes.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_write_that_is_dropped_while_it_runs_never_lands_over_a_later_one() {
    let (store, backend) = store();
    let options = WriteOptions::new().overwrite(true);
    let mut first = Box::pin(store.write_with(HANGS, "first", options.clone()));
    assert!(first.as_mut().now_or_never().is_none());
    until(|| backend.writes.load(Ordering::Relaxed) == 1).await;
    drop(first);
    let mut later = Box::pin(store.write_with(HANGS, "later", options.clone()));
    for round in 0..100 {
        assert!(later.as_mut().now_or_never().is_none());
        store
            .write(&format!("elsewhere/{round}"), "x")
            .await
            .unwrap();
    }
    // The first, and those elsewhere.
    assert_eq!(backend.writes.load(Ordering::Relaxed), 101);
    backend.let_go();
    later.await.unwrap();
    assert_eq!(backend.content(HANGS).unwrap(), "later");
}

#[tokio::test]
async fn a_panic_of_the_backend_is_an_error_of_the_call() {
    let (store, _) = store();
    let error = store.write(PANICS, "x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BackendUnavailable);
    assert_eq!(error.path(), Some(PANICS));
    assert_eq!(error.backend(), Some("foreign"));
    assert!(store.read_bytes(PANICS).await.is_err());
    assert!(store.read(PANICS).unwrap().bytes().await.is_err());
    assert!(
        store
            .list_files(PANICS)
            .unwrap()
            .try_collect()
            .await
            .is_err()
    );
    store.write("a", "content").await.unwrap();
    assert_eq!(store.read_text("a").await.unwrap(), "content");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tasks_with_many_calls_neither_hang_nor_get_the_answers_of_others() {
    let (store, _) = store();
    let tasks = (0..32).map(|task| tokio::spawn(mixed_calls(store.clone(), task)));
    for task in futures::future::join_all(tasks).await {
        task.unwrap();
    }
}

/// 1,000 calls on the files of one task.
async fn mixed_calls(store: AsyncStore, task: usize) {
    let options = WriteOptions::new().overwrite(true);
    for round in 0..125 {
        let path = format!("task-{task}/{}", round % 5);
        let content = format!("{task} wrote this in round {round}");
        store
            .write_with(&path, content.clone(), options.clone())
            .await
            .unwrap();
        assert_eq!(store.read_text(&path).await.unwrap(), content);
        let streamed = store.read(&path).unwrap().bytes().await.unwrap();
        assert_eq!(streamed, content);
        assert!(store.exists(&path).await.unwrap());
        let source = store.read(&path).unwrap();
        let copy = format!("{path}-copy");
        store
            .write_with(&copy, source, options.clone())
            .await
            .unwrap();
        let size = store.get_file_info(&copy).await.unwrap().size;
        assert_eq!(size, content.len() as u64);
        let folder = format!("task-{task}");
        let files = store.list_files(&folder).unwrap().try_collect().await;
        let paths: Vec<_> = files.unwrap().iter().map(|f| f.path.to_string()).collect();
        assert!(paths.contains(&copy), "{paths:?}");
        assert!(
            paths
                .iter()
                .all(|path| path.starts_with(&format!("{folder}/")))
        );
        store.delete(&copy).await.unwrap();
    }
}

/// Each layer's threads wait for those of the layer beneath: shared ones would
/// all wait, and none would be left to work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adapters_stand_on_each_other_without_waiting_for_themselves() {
    let inner = SyncBackendAdapter::new(holdall::MemoryBackend::new());
    let middle = AsyncBackendSyncAdapter::new(inner).unwrap();
    let store = AsyncStore::new(SyncBackendAdapter::new(middle), "").unwrap();
    let calls: Vec<_> = (0..256)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let path = format!("{number}");
                store.write(&path, path.clone()).await.unwrap();
                assert_eq!(store.read_text(&path).await.unwrap(), path);
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
}
