//! Azure: deletes beside changes of others, what killed processes leave behind,
//! and what a service's refusal leads to.

#![allow(clippy::unwrap_used, clippy::panic)]

mod azure;

use std::pin::pin;
use std::time::Duration;

use azure::Proxied;
use holdall::{AsyncStore, AzureBuilder, DeleteFolderOptions, ErrorKind};
use holdall_testkit::fault_proxy::{Fault, Gate, Reply, When};

fn store(builder: AzureBuilder) -> AsyncStore {
    AsyncStore::new(builder.build().unwrap(), "").unwrap()
}

fn recursive() -> DeleteFolderOptions {
    DeleteFolderOptions::new().recursive(true)
}

fn refused(status: u16, code: &str) -> Fault {
    Fault::Answer(Reply::new(status).header("x-ms-error-code", code))
}

#[tokio::test]
async fn a_folder_that_has_become_a_file_is_not_deleted() {
    let proxied = Proxied::start();
    let observer = store(proxied.builder(true));
    let store = store(proxied.builder(true));
    store.write("f/file", "content").await.unwrap();
    let gate = Gate::closed();
    let delete = When::method("DELETE").first(1);
    let held = Fault::HoldRequest(gate.clone());
    proxied.faults().on(delete, held);
    let mut delete = pin!(store.delete_folder_with("f", recursive()));
    tokio::select! {
        biased;
        ended = &mut delete => panic!("ended behind a closed gate: {ended:?}"),
        () = gate.reached() => {}
    }
    observer.delete_folder_with("f", recursive()).await.unwrap();
    observer.write("f", "content").await.unwrap();
    gate.open();
    let error = delete.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPath, "{error}");
    assert_eq!(observer.read_bytes("f").await.unwrap(), "content");
}

#[tokio::test]
async fn a_large_folder_that_goes_in_several_calls_is_deleted_once() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    proxied
        .account
        .behave(|behaviour| behaviour.deletes_per_call = 2);
    for number in 0..5 {
        store.write(&format!("f/{number}"), "").await.unwrap();
    }
    let later = When::method("DELETE").nth(2);
    proxied.faults().on(later, refused(404, "PathNotFound"));
    store.delete_folder_with("f", recursive()).await.unwrap();
}

/// Leaves a temporary file behind, as a process that is killed does.
async fn abandon_a_write(proxied: &Proxied, store: &AsyncStore) {
    let rename = When::method("PUT").and_query("mode=legacy");
    for request in [rename, When::method("DELETE")] {
        proxied.faults().on(request, Fault::ResetBefore);
    }
    store.write_atomic("f/file", "content").await.unwrap_err();
    proxied.faults().clear();
    assert_eq!(proxied.paths().len(), 2, "{:?}", proxied.paths());
}

#[tokio::test]
async fn a_folder_of_old_temporary_files_is_empty() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    let hour = Duration::from_secs(3600);
    proxied
        .account
        .behave(|behaviour| behaviour.age = 25 * hour);
    abandon_a_write(&proxied, &store).await;
    store.delete_folder("f").await.unwrap();
    assert_eq!(proxied.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn a_temporary_file_that_may_be_in_use_stays() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    abandon_a_write(&proxied, &store).await;
    let error = store.delete_folder("f").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DirectoryNotEmpty);
    assert_eq!(proxied.paths().len(), 2);
}

#[tokio::test]
async fn a_file_keeps_its_folder_and_old_temporary_files_beside_it() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    let day = Duration::from_secs(24 * 3600);
    proxied.account.behave(|behaviour| behaviour.age = 2 * day);
    abandon_a_write(&proxied, &store).await;
    store.write("f/other", "content").await.unwrap();
    let error = store.delete_folder("f").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DirectoryNotEmpty);
    assert_eq!(proxied.paths().len(), 3);
}

#[tokio::test]
async fn a_delete_that_was_throttled_has_deleted_nothing() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(false));
    let first = When::method("DELETE").first(1);
    proxied.faults().on(first, refused(429, ""));
    let error = store.delete("file").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_service_that_takes_no_batches_is_asked_once() {
    for status in [403, 500] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(false));
        let batches = When::method("POST").and_query("comp=batch");
        proxied.faults().on(batches, refused(status, ""));
        for round in 0..2 {
            for number in 0..3 {
                store.write(&format!("f/{number}"), "").await.unwrap();
            }
            proxied.faults().take_log();
            store.delete_folder_with("f", recursive()).await.unwrap();
            assert_eq!(proxied.paths(), ["f"], "the folder is a node of the peer");
            let log = proxied.faults().take_log();
            let asked = log.iter().any(|sent| sent.method == "POST");
            assert_eq!(asked, round == 0, "{log:?}");
        }
    }
}

#[tokio::test]
async fn a_path_that_the_service_refuses_is_told_with_its_reason() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true).block_size(10).single_put_size(10));
    store.write("from", "content").await.unwrap();
    let rename = When::method("PUT").and_query("mode=legacy");
    proxied.faults().on(rename, refused(400, "InvalidUri"));
    let error = store.rename("from", "to").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPath);
    assert!(error.message().contains("InvalidUri"), "{error}");
    let block = When::method("PUT").and_query("comp=block&");
    proxied
        .faults()
        .on(block, refused(400, "InvalidBlobOrBlock"));
    let content = "more than one block";
    let error = store.write("to", content).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert_eq!(proxied.paths(), ["from"]);
}
