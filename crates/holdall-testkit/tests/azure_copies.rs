//! Azure: copies that go on after their request was answered, that fail, and
//! whose answers are lost.

#![allow(clippy::unwrap_used)]

mod azure;

use azure::Proxied;
use holdall::{AsyncStore, AzureBuilder, Result};
use holdall_azure_peers::CopyOutcome;
use holdall_testkit::fault_proxy::{Fault, Reply, When};

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
