//! Of any number of concurrent creators of one file, exactly one succeeds, and
//! the file holds that one's content.
//!
//! `HOLDALL_RACE_ROUNDS` sets the number of rounds.

#![cfg(feature = "local")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use holdall::{AsyncMemoryBackend, AsyncStore, ErrorKind, LocalBackend, WriteResult};
use tokio::sync::Barrier;

const CREATORS: usize = 32;

fn rounds() -> usize {
    let wanted = std::env::var("HOLDALL_RACE_ROUNDS").ok();
    wanted.map_or(50, |rounds| rounds.parse().unwrap())
}

#[derive(Clone, Copy)]
enum Call {
    Write,
    WriteAtomic,
}

async fn create(
    store: &AsyncStore,
    call: Call,
    path: &str,
    content: String,
) -> holdall::Result<WriteResult> {
    match call {
        Call::Write => store.write(path, content).await,
        Call::WriteAtomic => store.write_atomic(path, content).await,
    }
}

async fn exactly_one_wins_each_round(store: AsyncStore, call: Call) {
    for round in 0..rounds() {
        let path = format!("round-{round}");
        let start = Arc::new(Barrier::new(CREATORS));
        let creators: Vec<_> = (0..CREATORS)
            .map(|creator| {
                let (store, path, start) = (store.clone(), path.clone(), Arc::clone(&start));
                tokio::spawn(async move {
                    let content = format!("creator {creator}");
                    start.wait().await;
                    (content.clone(), create(&store, call, &path, content).await)
                })
            })
            .collect();
        let mut winners = Vec::new();
        for creator in creators {
            match creator.await.unwrap() {
                (content, Ok(_)) => winners.push(content),
                (_, Err(error)) => assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}"),
            }
        }
        let stored = store.read_text(&path).await.unwrap();
        assert_eq!(
            winners,
            [stored],
            "round {round}: each of these was told that it created the file"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn write_on_memory() {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "").unwrap();
    exactly_one_wins_each_round(store, Call::Write).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn write_atomic_on_memory() {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "").unwrap();
    exactly_one_wins_each_round(store, Call::WriteAtomic).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn write_on_local_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = AsyncStore::new(LocalBackend::new(folder.path()).unwrap(), "").unwrap();
    exactly_one_wins_each_round(store, Call::Write).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn write_atomic_on_local_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = AsyncStore::new(LocalBackend::new(folder.path()).unwrap(), "").unwrap();
    exactly_one_wins_each_round(store, Call::WriteAtomic).await;
}
