//! Azure: how many parts of a file are in flight at once, and what is left of
//! a call that is dropped, wherever it has come to.

#![allow(clippy::unwrap_used, clippy::panic)]

mod azure;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use azure::Proxied;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use holdall::{
    AsyncStore, AsyncWritableContent, AzureBuilder, Bytes, DeleteFolderOptions, Error, ErrorKind,
    Result, TransferOptions, WriteOptions,
};
use holdall_testkit::fault_proxy::{Fault, Gate, When};

const PART: usize = 100_000;
const IN_FLIGHT: usize = 4;

fn store(builder: AzureBuilder) -> AsyncStore {
    let bytes = PART as u64;
    let builder = builder
        .single_put_size(bytes)
        .block_size(bytes)
        .read_part_size(bytes)
        .max_concurrency(IN_FLIGHT);
    AsyncStore::new(builder.build().unwrap(), "").unwrap()
}

fn content(bytes: usize) -> Bytes {
    (0..bytes).map(|at| (at / 7 % 251) as u8).collect()
}

/// The content, in chunks that are no blocks.
fn stream(content: &Bytes) -> AsyncWritableContent {
    let chunks: Vec<_> = content
        .chunks(PART * 3 / 4)
        .map(|chunk| Ok::<_, Error>(Bytes::copy_from_slice(chunk)))
        .collect();
    AsyncWritableContent::from_stream(futures::stream::iter(chunks))
}

fn replacing() -> WriteOptions {
    WriteOptions::new().overwrite(true)
}

/// Runs `work` until so many requests stand at the gate at once, and then gives
/// turns to whatever else it would send.
async fn until_held<T>(
    gate: &Gate,
    count: usize,
    mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
) {
    for _ in 0..count {
        tokio::select! {
            biased;
            _ = &mut work => panic!("ended behind a closed gate"),
            () = gate.reached() => {}
        }
    }
    for _ in 0..50 {
        assert!(futures::poll!(&mut work).is_pending(), "it did not wait");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_long_download_has_as_many_parts_in_flight_as_it_may() {
    let whole = content(12 * PART + 17);
    let (all, middle) = (0..whole.len(), PART / 2..11 * PART);
    // The first part shows that the reader goes on.
    for (range, held) in [(all.clone(), 2), (all, 6), (middle.clone(), 2), (middle, 6)] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(true));
        store.write("file", whole.clone()).await.unwrap();
        proxied.faults().take_log();
        let gate = Gate::closed();
        for number in held..held + IN_FLIGHT {
            let part = When::method("GET").nth(number as u64);
            proxied.faults().on(part, Fault::HoldAnswer(gate.clone()));
        }
        let (start, end) = (range.start as u64, range.end as u64);
        let mut read = pin!(async {
            let bytes = start..end;
            store.read_range("file", bytes)?.bytes().await
        });
        until_held(&gate, IN_FLIGHT, read.as_mut()).await;
        assert_eq!(proxied.faults().log().len(), held - 1 + IN_FLIGHT);
        gate.open();
        assert!(read.await.unwrap() == whole.slice(range), "other bytes");
    }
}

#[tokio::test]
async fn a_recursive_delete_sends_its_batches_at_once() {
    const BATCHES: usize = 6;
    let proxied = Proxied::start();
    let store = store(proxied.builder(false));
    let writes = (0..=(BATCHES - 1) * 256).map(|number| {
        let store = &store;
        async move { store.write(&format!("f/{number}"), "").await.unwrap() }
    });
    futures::stream::iter(writes)
        .buffer_unordered(16)
        .for_each(|_| futures::future::ready(()))
        .await;
    let gate = Gate::closed();
    let batches = When::method("POST").and_query("comp=batch");
    proxied
        .faults()
        .on(batches, Fault::HoldRequest(gate.clone()));
    let all = DeleteFolderOptions::new().recursive(true);
    let mut delete = pin!(store.delete_folder_with("f", all));
    until_held(&gate, BATCHES, delete.as_mut()).await;
    gate.open();
    delete.await.unwrap();
    assert_eq!(proxied.paths(), ["f"], "the folder is a node of the peer");
}

#[tokio::test]
async fn a_long_upload_has_as_many_blocks_in_flight_as_it_may() {
    let whole = content(12 * PART + 17);
    for hns in [false, true] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        let gate = Gate::closed();
        let blocks = When::method("PUT").and_query("comp=block&");
        proxied
            .faults()
            .on(blocks, Fault::HoldRequest(gate.clone()));
        let mut write = pin!(store.write("file", stream(&whole)));
        until_held(&gate, IN_FLIGHT, write.as_mut()).await;
        assert_eq!(proxied.faults().log().len(), IN_FLIGHT);
        gate.open();
        write.await.unwrap();
        assert!(store.read_bytes("file").await.unwrap() == whole);
    }
}

/// The output of `future`, unless it needs more looks than this: it is dropped
/// then, where it has come to.
async fn within<F: Future>(looks: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = looks;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[tokio::test]
async fn a_write_that_is_dropped_anywhere_is_absent_or_whole_and_never_late() {
    for (hns, atomic) in [(false, false), (true, false), (true, true)] {
        for size in [10, 6 * PART + 17] {
            let proxied = Proxied::start();
            let observer = store(proxied.builder(hns));
            let store = store(proxied.builder(hns));
            let whole = content(size);
            let mut dropped = 0;
            loop {
                let path = format!("f/{dropped}");
                let write = async {
                    match atomic {
                        true => store.write_atomic(&path, stream(&whole)).await,
                        false => store.write(&path, stream(&whole)).await,
                    }
                };
                if let Some(written) = within(dropped, write).await {
                    assert_eq!(written.unwrap().size, size as u64);
                    break;
                }
                match observer.read_bytes(&path).await {
                    Ok(found) => assert!(found == whole, "half a file"),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound),
                }
                let later = store.write_with(&path, "later", replacing()).await;
                later.unwrap();
                assert_eq!(observer.read_bytes(&path).await.unwrap(), "later");
                dropped += 1;
            }
            assert!(dropped > 1, "dropped at {dropped} places only");
            let mut expected: Vec<_> = (0..=dropped).map(|number| format!("f/{number}")).collect();
            expected.push("f".to_owned());
            expected.sort();
            assert_eq!(proxied.paths(), expected, "hns {hns}, atomic {atomic}");
        }
    }
}

type Change = fn(AsyncStore) -> BoxFuture<'static, Result<()>>;

#[tokio::test]
async fn a_change_that_is_dropped_late_is_made_before_what_comes_later() {
    let changes: [(&str, Change); 4] = [
        ("delete", |s| {
            async move { s.delete("f/file").await }.boxed()
        }),
        ("delete_folder", |s| {
            async move {
                let all = DeleteFolderOptions::new().recursive(true);
                s.delete_folder_with("f", all).await
            }
            .boxed()
        }),
        ("copy", |s| {
            async move {
                let over = TransferOptions::new().overwrite(true);
                s.copy_with("source", "f/file", over).await
            }
            .boxed()
        }),
        ("rename", |s| {
            async move {
                let over = TransferOptions::new().overwrite(true);
                s.rename_with("source", "f/file", over).await
            }
            .boxed()
        }),
    ];
    for hns in [false, true] {
        for (name, change) in changes {
            let proxied = Proxied::start();
            let store = store(proxied.builder(hns));
            store.write("f/file", "old").await.unwrap();
            store.write("source", "moved").await.unwrap();
            let gate = Gate::closed();
            for method in ["PUT", "DELETE", "POST"] {
                let sent = When::method(method).first(1);
                proxied.faults().on(sent, Fault::HoldRequest(gate.clone()));
            }
            {
                let mut given_up = change(store.clone());
                until_held(&gate, 1, given_up.as_mut()).await;
            }
            proxied.faults().clear();
            let mut later = pin!(store.write_with("f/file", "later", replacing()));
            for _ in 0..50 {
                assert!(futures::poll!(&mut later).is_pending(), "it did not wait");
                tokio::task::yield_now().await;
            }
            gate.open();
            later.await.unwrap();
            let found = store.read_bytes("f/file").await.unwrap();
            assert_eq!(found, "later", "{name}, hns {hns}");
        }
    }
}
