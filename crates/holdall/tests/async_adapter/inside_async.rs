//! Where calls may be made.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use holdall::{AsyncBackendSyncAdapter, Backend, Depth, ErrorKind, WritableContent, WriteOptions};

use crate::probe::Probe;
use crate::{adapter, assert_kind};

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
