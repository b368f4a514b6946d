//! Azure: copies that go on after their request was answered, that fail, and
//! whose answers are lost.

#![allow(clippy::unwrap_used, clippy::panic)]

mod azure;

use std::pin::pin;
use std::time::Duration;

use azure::Proxied;
use holdall::{AsyncStore, AzureBuilder, AzureTimeouts, ErrorKind, Result, WriteOptions};
use holdall_azure_peers::CopyOutcome;
use holdall_testkit::fault_proxy::{Fault, Gate, Reply, When};

fn store(builder: AzureBuilder) -> AsyncStore {
    AsyncStore::new(builder.build().unwrap(), "").unwrap()
}

/// An account whose copies take a while and end like this, with a file.
async fn account(outcome: CopyOutcome) -> (Proxied, AsyncStore) {
    let proxied = Proxied::start();
    proxied.account.behave(|behaviour| {
        behaviour.pending_copy_polls = 2;
        behaviour.copy_outcome = outcome;
    });
    let store = store(proxied.builder(false));
    store.write("from", "content").await.unwrap();
    proxied.faults().take_log();
    (proxied, store)
}

async fn transfer(store: &AsyncStore, moves: bool) -> Result<()> {
    match moves {
        true => store.rename("from", "to").await,
        false => store.copy("from", "to").await,
    }
}

#[tokio::test]
async fn a_copy_that_fails_leaves_its_source_and_no_half() {
    for outcome in [CopyOutcome::Failed, CopyOutcome::Aborted] {
        for moves in [true, false] {
            let (proxied, store) = account(outcome).await;
            transfer(&store, moves).await.unwrap_err();
            assert_eq!(proxied.paths(), ["from"]);
            assert_eq!(store.read_bytes("from").await.unwrap(), "content");
        }
    }
}

/// The answer to each request in turn is lost, or replaced by an error.
#[tokio::test]
async fn a_copy_that_goes_on_bears_a_lost_answer_wherever_it_is() {
    for moves in [true, false] {
        for fault in [Fault::ResetAfter, Fault::ReplaceAnswer(Reply::new(500))] {
            let mut number = 1;
            loop {
                let (proxied, store) = account(CopyOutcome::Success).await;
                proxied.faults().on(When::any().nth(number), fault.clone());
                transfer(&store, moves).await.unwrap();
                let log = proxied.faults().take_log();
                let expected: &[&str] = if moves { &["to"] } else { &["from", "to"] };
                assert_eq!(proxied.paths(), expected, "{fault:?} at {number}: {log:?}");
                assert_eq!(store.read_bytes("to").await.unwrap(), "content");
                if !log.iter().any(|exchange| exchange.faulty) {
                    break;
                }
                number += 1;
            }
            assert!(number > 3, "only {number} requests");
        }
    }
}

#[tokio::test]
async fn a_copy_that_fails_with_a_lost_answer_leaves_its_source_and_no_half() {
    for moves in [true, false] {
        for outcome in [CopyOutcome::Failed, CopyOutcome::Aborted] {
            let mut number = 1;
            loop {
                let (proxied, store) = account(outcome).await;
                proxied
                    .faults()
                    .on(When::any().nth(number), Fault::ResetAfter);
                transfer(&store, moves).await.unwrap_err();
                let log = proxied.faults().take_log();
                assert_eq!(
                    proxied.paths(),
                    ["from"],
                    "{outcome:?} at {number}: {log:?}"
                );
                assert_eq!(store.read_bytes("from").await.unwrap(), "content");
                if !log.iter().any(|exchange| exchange.faulty) {
                    break;
                }
                number += 1;
            }
            assert!(number > 2, "only {number} requests");
        }
    }
}

#[tokio::test]
async fn a_copy_that_never_ends_is_aborted() {
    for moves in [true, false] {
        for may_abort in [true, false] {
            let proxied = Proxied::start();
            let timeouts = AzureTimeouts {
                total: Duration::from_secs(2),
                ..AzureTimeouts::default()
            };
            let store = store(proxied.builder(false).timeouts(timeouts));
            store.write("from", "content").await.unwrap();
            proxied
                .account
                .behave(|behaviour| behaviour.pending_copy_polls = u32::MAX);
            let abort = When::method("PUT").and_query("comp=copy");
            if !may_abort {
                let refused = Fault::Answer(Reply::new(403));
                proxied.faults().on(abort, refused);
            }
            let error = transfer(&store, moves).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BackendUnavailable);
            let may_still_come = error.message().contains("may still replace");
            assert_eq!(may_still_come, !may_abort, "{error}");
            let left: &[&str] = if may_abort {
                &["from"]
            } else {
                &["from", "to"]
            };
            assert_eq!(proxied.paths(), left, "moves {moves}");
            assert_eq!(store.read_bytes("from").await.unwrap(), "content");
            let over = WriteOptions::new().overwrite(true);
            store.write_with("to", "later", over).await.unwrap();
        }
    }
}

/// A rename on a flat account, whose source somebody else replaces while the
/// request for which `when` stands is on its way.
async fn renamed_beside_a_write(proxied: &Proxied, when: When) -> ErrorKind {
    let observer = store(proxied.builder(false));
    let store = store(proxied.builder(false));
    store.write("from", "content").await.unwrap();
    let gate = Gate::closed();
    let held = Fault::HoldRequest(gate.clone());
    proxied.faults().on(when.first(1), held);
    let mut rename = pin!(store.rename("from", "to"));
    tokio::select! {
        biased;
        ended = &mut rename => panic!("ended behind a closed gate: {ended:?}"),
        () = gate.reached() => {}
    }
    let over = WriteOptions::new().overwrite(true);
    let changed = observer.write_with("from", "changed", over);
    changed.await.unwrap();
    gate.open();
    let error = rename.await.unwrap_err();
    assert_eq!(observer.read_bytes("from").await.unwrap(), "changed");
    error.kind()
}

#[tokio::test]
async fn a_source_that_changes_while_it_is_renamed_stays() {
    let proxied = Proxied::start();
    let copy = When::method("PUT").and_header("x-ms-copy-source");
    let kind = renamed_beside_a_write(&proxied, copy).await;
    assert_eq!(kind, ErrorKind::Conflict);
    assert_eq!(proxied.paths(), ["from"]);

    let proxied = Proxied::start();
    let kind = renamed_beside_a_write(&proxied, When::method("DELETE")).await;
    assert_eq!(kind, ErrorKind::Conflict);
    let store = store(proxied.builder(false));
    assert_eq!(store.read_bytes("to").await.unwrap(), "content");
}

#[tokio::test]
async fn nothing_is_moved_below_a_file_where_that_is_rejected() {
    let proxied = Proxied::start();
    let builder = proxied.builder(false);
    let store = store(builder.reject_write_under_file_ancestor(true));
    for path in ["from", "file"] {
        store.write(path, "content").await.unwrap();
    }
    for to in ["file/to", "file/deep/to"] {
        proxied.faults().take_log();
        let moved = store.rename("from", to).await.unwrap_err();
        let copied = store.copy("from", to).await.unwrap_err();
        for error in [moved, copied] {
            assert_eq!(error.kind(), ErrorKind::InvalidPath, "{error}");
        }
        let log = proxied.faults().take_log();
        let looks = |method: &str| matches!(method, "HEAD" | "GET");
        assert!(log.iter().all(|sent| looks(&sent.method)), "{log:?}");
    }
    assert_eq!(proxied.paths(), ["file", "from"]);
}
