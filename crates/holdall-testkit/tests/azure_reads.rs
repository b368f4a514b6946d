//! Azure: how content is asked for, and answers that are not what was asked.

#![allow(clippy::unwrap_used)]

mod azure;

use std::time::Duration;

use azure::Proxied;
use holdall::{AsyncStore, AzureBuilder, Bytes, ErrorKind};
use holdall_testkit::fault_proxy::{Fault, Gate, Reply, When};

const MIB: usize = 1024 * 1024;

fn store(builder: AzureBuilder) -> AsyncStore {
    AsyncStore::new(builder.build().unwrap(), "").unwrap()
}

fn content(bytes: usize) -> Bytes {
    (0..bytes).map(|at| (at / 7 % 251) as u8).collect()
}

#[tokio::test]
async fn a_read_is_one_request_of_any_length() {
    for hns in [false, true] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        for size in [0, 10, 9 * MIB] {
            let path = format!("f{size}");
            let whole = content(size);
            store.write(&path, whole.clone()).await.unwrap();
            proxied.faults().take_log();
            assert!(store.read_bytes(&path).await.unwrap() == whole);
            let log = proxied.faults().take_log();
            assert_eq!(log.len(), 1, "{size} bytes, hns {hns}: {log:?}");
        }
        let middle = store.read_range("f9437184", 5..8 * MIB as u64).unwrap();
        assert!(middle.bytes().await.unwrap() == content(9 * MIB).slice(5..8 * MIB));
        assert_eq!(proxied.faults().take_log().len(), 1);
    }
}

/// The time that passes makes the connection slow; none is asserted.
#[allow(clippy::disallowed_methods)]
async fn let_pass_slowly(gate: &Gate) {
    gate.reached().await;
    gate.release(MIB);
    tokio::time::sleep(Duration::from_millis(500)).await;
    gate.open();
}

#[tokio::test]
async fn a_slow_connection_is_helped_by_others() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true).max_concurrency(3));
    let whole = content(30 * MIB);
    store.write("file", whole.clone()).await.unwrap();
    proxied.faults().take_log();
    let gate = Gate::closed();
    let first = When::method("GET").first(1);
    proxied.faults().on(first, Fault::SlowAnswer(gate.clone()));
    let (read, ()) = tokio::join!(store.read_bytes("file"), let_pass_slowly(&gate));
    assert!(read.unwrap() == whole, "other bytes");
    let requests = proxied.faults().take_log().len();
    assert!(requests > 3, "{requests} requests");
}

/// An answer of this version with `body`, which begins with the file's first
/// byte.
fn answer(status: u16, etag: &str, body: &Bytes, size: usize) -> Fault {
    let answer = Reply::new(status).header("etag", &format!("\"{etag}\""));
    let answer = match status {
        206 => {
            let last = body.len() - 1;
            answer.header("content-range", &format!("bytes 0-{last}/{size}"))
        }
        _ => answer,
    };
    Fault::Answer(answer.body(body.to_vec()))
}

#[tokio::test]
async fn more_than_was_asked_for_is_never_taken_for_what_follows() {
    const PART: usize = 100_000;
    let whole = content(5 * PART);
    for (status, length) in [(200, 5 * PART), (206, PART + PART / 2)] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(false).read_part_size(PART as u64));
        let written = store.write("file", whole.clone()).await.unwrap();
        let get = When::method("GET").first(1);
        let body = whole.slice(..length);
        let longer = answer(status, &written.etag.unwrap(), &body, whole.len());
        proxied.faults().on(get.clone(), longer.clone());
        let read = store.read_range("file", 0..10).unwrap();
        assert_eq!(read.bytes().await.unwrap(), whole.slice(0..10));
        proxied.faults().on(get, longer);
        let read = store.read_bytes("file").await.unwrap();
        assert!(read == whole, "status {status}: other bytes");
    }
}

#[tokio::test]
async fn an_answer_to_another_range_is_an_error() {
    let whole = content(1000);
    let proxied = Proxied::start();
    let store = store(proxied.builder(false));
    store.write("file", whole.clone()).await.unwrap();
    for status in [200, 206] {
        let get = When::method("GET").first(1);
        proxied.faults().on(get, answer(status, "1", &whole, 1000));
        let read = store.read_range("file", 5..10).unwrap();
        let error = read.bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other, "status {status}");
    }
}
