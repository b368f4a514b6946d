//! An awaited backend for callers that block.

#![allow(clippy::unwrap_used)]

use std::any::{Any, TypeId};
use std::future::pending;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use holdall::{
    AsyncBackend, AsyncBackendSyncAdapter, AsyncMemoryBackend, AsyncWritableContent, Backend,
    ByteStream, Bytes, Capability, CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Error,
    ErrorKind, FileInfo, FolderEntry, FolderInfo, Listing, RemotePath, Result, Store,
    TransferOptions, WritableContent, WriteOptions, WriteResult,
};

fn adapter() -> AsyncBackendSyncAdapter {
    AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new()).unwrap()
}

fn store() -> Store {
    Store::new(adapter(), "").unwrap()
}

#[track_caller]
fn assert_kind<T: std::fmt::Debug>(result: Result<T>, kind: ErrorKind) {
    assert_eq!(result.unwrap_err().kind(), kind);
}

#[test]
fn everything_that_a_store_does_works_over_the_adapter() {
    let store = store();
    store.write("folder/a", "0123456789").unwrap();
    assert_eq!(store.read_bytes("folder/a").unwrap(), "0123456789");
    let mut part = String::new();
    store
        .read_range("folder/a", 2..5)
        .unwrap()
        .read_to_string(&mut part)
        .unwrap();
    assert_eq!(part, "234");
    let mut anywhere = store.read_seekable("folder/a").unwrap();
    anywhere.seek(SeekFrom::End(-3)).unwrap();
    part.clear();
    anywhere.read_to_string(&mut part).unwrap();
    assert_eq!(part, "789");
    let mut file = store.open_atomic("folder/b").unwrap();
    file.write_all(b"staged").unwrap();
    file.flush().unwrap();
    assert!(!store.exists("folder/b").unwrap());
    file.commit().unwrap();
    assert_eq!(store.read_text("folder/b").unwrap(), "staged");
    assert_kind(store.open_atomic("folder/b"), ErrorKind::AlreadyExists);
    store.rename("folder/b", "c").unwrap();
    store.copy("c", "d").unwrap();
    let names: Vec<_> = store
        .iter_children("")
        .unwrap()
        .map(|e| e.unwrap().name().to_owned())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    store.delete("c").unwrap();
    store.ping().unwrap();
}

#[test]
fn a_missing_file_is_told_by_the_call() {
    let error = store().read("missing").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.path(), Some("missing"));
}

#[test]
fn streams_go_forward_only_and_the_other_capabilities_are_the_backends() {
    let adapter = adapter();
    let inner = AsyncMemoryBackend::new().capabilities();
    assert!(inner.supports(Capability::SeekableRead));
    assert_eq!(
        adapter.capabilities(),
        inner.without(Capability::SeekableRead)
    );
    adapter.write("a", "x".into(), WriteOptions::new()).unwrap();
    assert!(!adapter.read("a").unwrap().seekable());
}

#[test]
fn a_handle_that_is_safe_outside_the_runtime_is_handed_out() {
    let store = Store::new(Probe::default().adapted(), "").unwrap();
    assert_eq!(*store.unwrap::<String>().unwrap(), "safe");
    let unsafe_elsewhere = store.unwrap::<u8>().map(drop);
    assert_kind(unsafe_elsewhere, ErrorKind::CapabilityNotSupported);
}

#[test]
fn a_long_listing_comes_in_batches() {
    let store = store();
    for n in 0..1_000 {
        store.write(&format!("folder/{n}"), "").unwrap();
    }
    assert_eq!(
        store
            .list_files("folder")
            .unwrap()
            .map(Result::unwrap)
            .count(),
        1_000
    );
    let probe = Probe::default();
    let listed = Arc::clone(&probe.listed);
    let adapter = probe.adapted();
    let mut endless = adapter.list_files("", Depth::Unlimited);
    endless.next().unwrap().unwrap();
    assert!(listed.load(Ordering::SeqCst) <= 16);
    for entry in endless.by_ref().take(1_000) {
        entry.unwrap();
    }
    assert!(listed.load(Ordering::SeqCst) <= 1_001 + 256);
}

#[test]
fn a_listing_tells_its_error_after_the_entries_before_it() {
    let probe = Probe {
        fails_at: Some(3),
        ..Probe::default()
    };
    let adapter = probe.adapted();
    let entries: Vec<_> = adapter.list_files("", Depth::Unlimited).collect();
    assert_eq!(entries.len(), 4);
    assert!(entries[..3].iter().all(Result::is_ok));
    assert_eq!(
        entries[3].as_ref().unwrap_err().kind(),
        ErrorKind::PermissionDenied
    );
}

// Where calls may be made.

fn every_blocking_call_is_refused(adapter: &Arc<AsyncBackendSyncAdapter>) {
    let new = WriteOptions::new;
    assert_kind(adapter.exists("a"), ErrorKind::InsideAsync);
    assert_kind(adapter.read("a"), ErrorKind::InsideAsync);
    assert_kind(
        adapter.write("a", "x".into(), new()),
        ErrorKind::InsideAsync,
    );
    let reader = WritableContent::from_reader(&b"x"[..]);
    assert_kind(adapter.write("a", reader, new()), ErrorKind::InsideAsync);
    assert_kind(
        Arc::clone(adapter).open_atomic("a", new()),
        ErrorKind::InsideAsync,
    );
    let first = adapter.list_files("", Depth::Unlimited).next().unwrap();
    assert_kind(first, ErrorKind::InsideAsync);
    assert_kind(adapter.close(), ErrorKind::InsideAsync);
}

async fn calls_in_a_runtime(adapter: Arc<AsyncBackendSyncAdapter>) {
    every_blocking_call_is_refused(&adapter);
    let task = Arc::clone(&adapter);
    tokio::spawn(async move { every_blocking_call_is_refused(&task) })
        .await
        .unwrap();
    let blocking = Arc::clone(&adapter);
    let found = tokio::task::spawn_blocking(move || blocking.exists("a"));
    let found = found.await.unwrap();
    assert!(!found.unwrap());
    assert_eq!(adapter.native_path("a").unwrap(), "a", "names need no trip");
}

#[tokio::test]
async fn inside_a_task_calls_are_refused_and_beside_one_they_work() {
    calls_in_a_runtime(Arc::new(adapter())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_many_workers_calls_are_refused_in_tasks_alone() {
    let adapter = Arc::new(adapter());
    calls_in_a_runtime(Arc::clone(&adapter)).await;
    assert!(!tokio::task::block_in_place(|| adapter.exists("a")).unwrap());
}

#[tokio::test]
async fn a_task_that_asks_keeps_its_budget() {
    let adapter = adapter();
    for _ in 0..1_000 {
        assert_kind(adapter.exists("a"), ErrorKind::InsideAsync);
    }
    assert!(tokio::task::coop::has_budget_remaining());
}

#[test]
fn on_a_plain_thread_of_a_program_with_a_runtime_calls_work() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let _entered = runtime.enter();
    assert!(!adapter().exists("a").unwrap());
}

#[test]
fn a_backend_that_calls_back_is_refused() {
    let probe = Probe::default();
    let slot = Arc::clone(&probe.calls_back);
    let adapter = Arc::new(probe.adapted());
    *slot.lock().unwrap() = Some(Arc::clone(&adapter));
    assert_kind(adapter.check_health(), ErrorKind::InsideAsync);
    slot.lock().unwrap().take();
}

#[tokio::test]
async fn an_adapter_may_be_dropped_inside_a_task() {
    let probe = Probe::default();
    let closed = Arc::clone(&probe.closed);
    drop(probe.adapted());
    while closed.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
}

// Sources.

/// Gives some bytes and fails.
struct FailingReader(usize);

impl Read for FailingReader {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            let error = Error::new(ErrorKind::ResourceLocked, "mine").with_path("elsewhere");
            return Err(error.into());
        }
        let amount = target.len().min(self.0);
        self.0 -= amount;
        Ok(amount)
    }
}

#[test]
fn a_source_that_fails_is_told_unchanged_and_stores_nothing() {
    let store = store();
    for size in [0, 10, 3_000_000] {
        let content = WritableContent::from_reader(FailingReader(size));
        let error = store.write("a", content).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResourceLocked);
        assert_eq!((error.message(), error.path()), ("mine", Some("elsewhere")));
        assert!(!store.exists("a").unwrap());
    }
}

#[test]
fn a_source_is_read_where_the_caller_is() {
    struct Here(thread::ThreadId, usize);
    impl Read for Here {
        fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
            assert_eq!(thread::current().id(), self.0);
            let amount = target.len().min(self.1);
            self.1 -= amount;
            Ok(amount)
        }
    }
    let store = store();
    let mut source = Here(thread::current().id(), 5_000_000);
    let written = store
        .write("a", WritableContent::from_reader(&mut source))
        .unwrap();
    assert_eq!(written.size, 5_000_000);
    // A stream of the same adapter is a source like any other.
    let copied = store.write("b", store.read("a").unwrap()).unwrap();
    assert_eq!(copied.size, 5_000_000);
}

#[test]
fn a_backend_that_answers_early_ends_the_reading() {
    let adapter = Probe::default().adapted();
    let content = WritableContent::from_reader(std::io::repeat(0));
    assert_kind(
        adapter.write("a", content, WriteOptions::new()),
        ErrorKind::StorageFull,
    );
}

#[test]
fn a_source_that_panics_stores_nothing_and_harms_no_other_call() {
    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("a panic for the test")
        }
    }
    let store = store();
    let shared = store.clone();
    let writer = thread::spawn(move || shared.write("a", WritableContent::from_reader(Panics)));
    assert!(writer.join().is_err());
    assert!(!store.exists("a").unwrap());
    store.close().unwrap();
}

#[test]
fn a_backend_that_panics_is_an_error_and_no_hang() {
    let adapter = Probe::default().adapted();
    assert_kind(adapter.read_bytes("panic"), ErrorKind::BackendUnavailable);
    assert!(adapter.exists("a").unwrap());
    adapter.close().unwrap();
}

// Streams.

#[test]
fn a_stream_that_is_dropped_midway_releases_that_of_the_backend() {
    let (probe, released) = Probe::releasing();
    let adapter = probe.adapted();
    let mut stream = adapter.read("a").unwrap();
    stream.next_chunk().unwrap().unwrap();
    drop(stream);
    let thread = released.recv().unwrap();
    assert_ne!(thread, thread::current().id());
}

#[test]
fn a_stream_that_outlives_the_adapter_is_released_and_says_so() {
    let (probe, released) = Probe::releasing();
    let adapter = probe.adapted();
    let mut stream = adapter.read("a").unwrap();
    stream.next_chunk().unwrap().unwrap();
    drop(adapter);
    released.recv().unwrap();
    assert_kind(stream.next_chunk(), ErrorKind::Closed);
    assert!(stream.next_chunk().unwrap().is_none());
}

// Closing.

#[test]
fn after_the_close_every_call_is_refused() {
    let probe = Probe::default();
    let closed = Arc::clone(&probe.closed);
    let adapter = Arc::new(probe.adapted());
    for _ in 0..2 {
        adapter.close().unwrap();
    }
    assert_eq!(closed.load(Ordering::SeqCst), 1);
    assert_kind(adapter.exists(""), ErrorKind::Closed);
    assert_kind(adapter.read("a"), ErrorKind::Closed);
    assert_kind(adapter.check_health(), ErrorKind::Closed);
    let content = WritableContent::from_reader(&b"x"[..]);
    assert_kind(
        adapter.write("a", content, WriteOptions::new()),
        ErrorKind::Closed,
    );
    assert_kind(adapter.list_folders("").next().unwrap(), ErrorKind::Closed);
    assert_eq!(adapter.native_path("a").unwrap(), "a");
    drop(adapter);
    assert_eq!(closed.load(Ordering::SeqCst), 1);
}

#[test]
fn a_drop_closes_the_backend() {
    let probe = Probe::default();
    let closed = Arc::clone(&probe.closed);
    drop(probe.adapted());
    assert_eq!(closed.load(Ordering::SeqCst), 1);
}

#[test]
fn every_call_beside_a_close_is_answered_and_none_is_lost() {
    for _ in 0..20 {
        let memory = AsyncMemoryBackend::new();
        let adapter = Arc::new(AsyncBackendSyncAdapter::new(memory.clone()).unwrap());
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let adapter = Arc::clone(&adapter);
                thread::spawn(move || {
                    let write = |n: &usize| {
                        let path = format!("{writer}/{n}");
                        adapter.write(&path, "x".into(), WriteOptions::new())
                    };
                    let refused = (0..)
                        .map(|n| (n, write(&n)))
                        .find(|(_, result)| result.is_err());
                    let (written, refused) = refused.unwrap();
                    assert_kind(refused, ErrorKind::Closed);
                    written
                })
            })
            .collect();
        adapter.close_within(None).unwrap();
        let written: usize = writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum();
        let kept = AsyncBackendSyncAdapter::new(memory).unwrap();
        assert_eq!(kept.list_files("", Depth::Unlimited).count(), written);
    }
}

#[test]
fn a_close_gives_up_on_a_backend_that_never_answers() {
    let (probe, begun) = Probe::beginning();
    let adapter = Arc::new(probe.adapted());
    let caller = {
        let adapter = Arc::clone(&adapter);
        thread::spawn(move || adapter.read_bytes("never"))
    };
    begun.recv().unwrap();
    adapter.close_within(Duration::from_millis(20)).unwrap();
    assert_kind(caller.join().unwrap(), ErrorKind::BackendUnavailable);
    assert_kind(adapter.exists("a"), ErrorKind::Closed);
    // It is over: this waits for nothing any more.
    adapter.close_within(None).unwrap();
}

#[test]
fn many_threads_get_each_its_own_answers() {
    let store = store();
    thread::scope(|scope| {
        for caller in 0..32 {
            let store = &store;
            scope.spawn(move || {
                for call in 0..250 {
                    // four calls each
                    let path = format!("{caller}/{}", call % 7);
                    let content = format!("{caller}:{call}");
                    let options = WriteOptions::new().overwrite(true);
                    let written = store.write_with(&path, content.as_str(), options).unwrap();
                    assert_eq!(written.size, content.len() as u64);
                    assert_eq!(store.read_text(&path).unwrap(), content);
                    let mut streamed = String::new();
                    store
                        .read(&path)
                        .unwrap()
                        .read_to_string(&mut streamed)
                        .unwrap();
                    assert_eq!(streamed, content);
                    let listed = store.list_files(&caller.to_string()).unwrap();
                    assert_eq!(listed.map(Result::unwrap).count(), (call + 1).min(7));
                }
            });
        }
    });
    store.close().unwrap();
}

// A backend that tells what becomes of it.

/// Its files have no end, and so have its listings unless they fail; all writes
/// are refused at once.
#[derive(Default)]
struct Probe {
    listed: Arc<AtomicUsize>,
    fails_at: Option<usize>,
    closed: Arc<AtomicUsize>,
    calls_back: Arc<Mutex<Option<Arc<AsyncBackendSyncAdapter>>>>,
    begun: Option<mpsc::Sender<()>>,
    released: Option<mpsc::Sender<thread::ThreadId>>,
}

impl Probe {
    fn adapted(self) -> AsyncBackendSyncAdapter {
        AsyncBackendSyncAdapter::new(self).unwrap()
    }

    /// Tells when a read that never ends has begun.
    fn beginning() -> (Self, mpsc::Receiver<()>) {
        let (begun, beginning) = mpsc::channel();
        let probe = Self {
            begun: Some(begun),
            ..Self::default()
        };
        (probe, beginning)
    }

    /// Tells the thread on which a stream is dropped.
    fn releasing() -> (Self, mpsc::Receiver<thread::ThreadId>) {
        let (released, releasing) = mpsc::channel();
        let probe = Self {
            released: Some(released),
            ..Self::default()
        };
        (probe, releasing)
    }
}

struct Release(Option<mpsc::Sender<thread::ThreadId>>);

impl Drop for Release {
    fn drop(&mut self) {
        if let Some(released) = &self.0 {
            let _ = released.send(thread::current().id());
        }
    }
}

fn refused<T>() -> Result<T> {
    Err(Error::new(ErrorKind::StorageFull, "there is no room"))
}

#[async_trait]
impl AsyncBackend for Probe {
    fn name(&self) -> &str {
        "probe"
    }

    fn capabilities(&self) -> CapabilitySet {
        CapabilitySet::all()
    }

    async fn exists(&self, _: &str) -> Result<bool> {
        Ok(true)
    }

    async fn is_file(&self, _: &str) -> Result<bool> {
        Ok(true)
    }

    async fn is_folder(&self, _: &str) -> Result<bool> {
        Ok(true)
    }

    fn read(&self, _: &str) -> ByteStream {
        let release = Release(self.released.clone());
        ByteStream::new(futures::stream::repeat_with(move || {
            let _held = &release;
            Ok(Bytes::from_static(b"chunk"))
        }))
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        assert_ne!(path, "panic");
        if let Some(begun) = &self.begun {
            begun.send(()).unwrap();
        }
        pending().await
    }

    async fn write(
        &self,
        _: &str,
        content: AsyncWritableContent,
        _: WriteOptions,
    ) -> Result<WriteResult> {
        content.into_stream().next().await.unwrap()?;
        refused()
    }

    async fn write_atomic(
        &self,
        _: &str,
        _: AsyncWritableContent,
        _: WriteOptions,
    ) -> Result<WriteResult> {
        refused()
    }

    async fn delete(&self, _: &str, _: DeleteOptions) -> Result<()> {
        refused()
    }

    async fn delete_folder(&self, _: &str, _: DeleteFolderOptions) -> Result<()> {
        refused()
    }

    fn list_files(&self, _: &str, _: Depth) -> Listing<FileInfo> {
        let (listed, fails_at) = (Arc::clone(&self.listed), self.fails_at);
        Listing::new(futures::stream::repeat_with(move || {
            let number = listed.fetch_add(1, Ordering::SeqCst);
            if fails_at == Some(number) {
                return Err(Error::new(ErrorKind::PermissionDenied, "no further"));
            }
            Ok(FileInfo::new(RemotePath::new(number.to_string())?, 0))
        }))
    }

    fn list_folders(&self, _: &str) -> Listing<FolderEntry> {
        Listing::new(futures::stream::empty())
    }

    async fn get_file_info(&self, _: &str) -> Result<FileInfo> {
        refused()
    }

    async fn get_folder_info(&self, _: &str) -> Result<FolderInfo> {
        refused()
    }

    async fn rename(&self, _: &str, _: &str, _: TransferOptions) -> Result<()> {
        refused()
    }

    async fn copy(&self, _: &str, _: &str, _: TransferOptions) -> Result<()> {
        refused()
    }

    async fn check_health(&self) -> Result<()> {
        let adapter = self.calls_back.lock().unwrap().clone();
        adapter.map_or(Ok(()), |adapter| adapter.exists("a").map(drop))
    }

    async fn aclose(&self) -> Result<()> {
        self.closed.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn native_handle(&self, _: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        Some(Arc::new(0_u8))
    }

    fn sync_safe_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        (wanted == TypeId::of::<String>()).then(|| Arc::new(String::from("safe")) as _)
    }
}
