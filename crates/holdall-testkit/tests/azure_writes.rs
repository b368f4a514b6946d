//! Azure: writes that are given up, that fail midway, or whose answer is lost.

#![allow(clippy::unwrap_used)]

mod azure;

use std::pin::pin;

use azure::Proxied;
use futures::StreamExt as _;
use futures::stream;
use holdall::pathio::{AbstractPathIo, MkdirOptions, StorePathIo};
use holdall::{
    AsyncStore, AsyncWritableContent, AzureBuilder, Bytes, Error, ErrorKind, TransferOptions,
    WriteOptions,
};
use holdall_testkit::fault_proxy::{Fault, Gate, Reply, When};

const BLOCK: usize = 100_000;

fn store(builder: AzureBuilder) -> AsyncStore {
    let bytes = BLOCK as u64;
    let builder = builder
        .single_put_size(bytes)
        .block_size(bytes)
        .max_concurrency(2);
    AsyncStore::new(builder.build().unwrap(), "").unwrap()
}

fn content(bytes: usize) -> Bytes {
    Bytes::from(vec![7; bytes])
}

fn replacing() -> WriteOptions {
    WriteOptions::new().overwrite(true)
}

/// Chunks, and then `end`.
fn chunks_then(
    chunks: usize,
    end: impl futures::Stream<Item = Result<Bytes, Error>> + Send + 'static,
) -> AsyncWritableContent {
    let chunks = stream::iter((0..chunks).map(|_| Ok(content(BLOCK))));
    AsyncWritableContent::from_stream(chunks.chain(end))
}

/// Lets the write's blocks come to the service, but never its end.
async fn give_up_after_blocks(proxied: &Proxied, store: &AsyncStore, atomic: bool) {
    let gate = Gate::closed();
    let blocks = When::method("PUT").and_query("comp=block").nth(8);
    proxied.faults().on(blocks, Fault::HoldAnswer(gate.clone()));
    let source = chunks_then(40, stream::pending());
    let mut write = pin!(async {
        match atomic {
            true => store.write_atomic_with("f/file", source, replacing()).await,
            false => store.write_with("f/file", source, replacing()).await,
        }
    });
    tokio::select! {
        biased;
        ended = &mut write => panic!("ended before its source: {ended:?}"),
        () = gate.reached() => {}
    }
}

#[tokio::test]
async fn an_upload_that_is_dropped_is_never_seen() {
    for (hns, atomic) in [(false, false), (true, false), (true, true)] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        give_up_after_blocks(&proxied, &store, atomic).await;
        proxied.faults().clear();
        assert!(!store.exists("f/file").await.unwrap());
        assert_eq!(
            proxied.paths(),
            Vec::<String>::new(),
            "hns {hns}, atomic {atomic}"
        );
        // What is left of it is no part of a later file.
        store.write("f/file", content(3 * BLOCK)).await.unwrap();
        let found = store.read_bytes("f/file").await.unwrap();
        assert_eq!(found.len(), 3 * BLOCK);
    }
}

#[tokio::test]
async fn an_upload_whose_source_fails_is_never_seen_and_keeps_what_was_there() {
    for (hns, atomic) in [(false, false), (true, false), (true, true)] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        store.write("f/file", "old").await.unwrap();
        let before = proxied.paths();
        proxied.faults().take_log();
        let end = stream::once(async { Err(Error::new(ErrorKind::Other, "gave out")) });
        let source = chunks_then(40, end);
        let error = match atomic {
            true => store.write_atomic_with("f/file", source, replacing()).await,
            false => store.write_with("f/file", source, replacing()).await,
        };
        assert!(error.unwrap_err().to_string().contains("gave out"));
        let log = proxied.faults().take_log();
        assert!(
            log.iter()
                .all(|exchange| exchange.query.contains("comp=block&")),
            "{log:?}"
        );
        assert_eq!(proxied.paths(), before);
        assert_eq!(store.read_bytes("f/file").await.unwrap(), "old");
    }
}

/// A write whose request has left is given up; it may land, but not over what
/// comes later.
#[tokio::test]
async fn a_write_that_is_dropped_late_lands_before_what_comes_later() {
    for (hns, atomic) in [(false, false), (true, false), (true, true)] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        let gate = Gate::closed();
        let first = When::method("PUT").first(1);
        proxied.faults().on(first, Fault::HoldRequest(gate.clone()));
        {
            let mut given_up = pin!(async {
                match atomic {
                    true => {
                        store
                            .write_atomic_with("f/file", "early", replacing())
                            .await
                    }
                    false => store.write_with("f/file", "early", replacing()).await,
                }
            });
            tokio::select! {
                biased;
                ended = &mut given_up => panic!("ended behind a closed gate: {ended:?}"),
                () = gate.reached() => {}
            }
        }
        let mut later = pin!(store.write_with("f/file", "later", replacing()));
        for _ in 0..50 {
            assert!(futures::poll!(&mut later).is_pending(), "it did not wait");
            tokio::task::yield_now().await;
        }
        gate.open();
        later.await.unwrap();
        assert_eq!(store.read_bytes("f/file").await.unwrap(), "later");
        assert_eq!(proxied.paths(), ["f", "f/file"]);
    }
}

#[tokio::test]
async fn a_refused_write_leaves_no_temporary_file() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    store.write("f/file", "old").await.unwrap();
    for size in [10, 3 * BLOCK] {
        let result = store.write_atomic("f/file", content(size)).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::AlreadyExists);
        let result = store.write_atomic("f/file/below", content(size)).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidPath);
        assert_eq!(proxied.paths(), ["f", "f/file"]);
    }
}

#[tokio::test]
async fn a_temporary_file_shows_in_no_listing() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    store.write("f/file", "content").await.unwrap();
    let gate = Gate::closed();
    let rename = When::method("PUT").and_query("mode=legacy").first(1);
    proxied
        .faults()
        .on(rename, Fault::HoldRequest(gate.clone()));
    let mut write = pin!(store.write_atomic("f/new", "new"));
    tokio::select! {
        biased;
        ended = &mut write => panic!("ended behind a closed gate: {ended:?}"),
        () = gate.reached() => {}
    }
    assert_eq!(proxied.paths().len(), 3, "the temporary file is not there");
    for depth in [false, true] {
        let options = holdall::ListOptions::new().recursive(depth);
        let listing = store.list_files_with("f", options).unwrap();
        assert_eq!(listing.try_collect().await.unwrap().len(), 1);
    }
    assert_eq!(store.get_folder_info("f").await.unwrap().file_count, 1);
    gate.open();
    write.await.unwrap();
    assert_eq!(proxied.paths(), ["f", "f/file", "f/new"]);
}

/// Each first answer to a mutation is lost, although it was made.
#[tokio::test]
async fn a_write_whose_answer_is_lost_is_known_as_our_own() {
    for hns in [false, true] {
        for exact in [false, true] {
            let proxied = Proxied::start();
            let store = store(proxied.builder(hns).exact_create(exact));
            let faults = proxied.faults();
            for (path, size, atomic) in [
                ("single", 10, false),
                ("empty", 0, false),
                ("blocks", 3 * BLOCK, false),
                ("atomic", 10, true),
                ("atomic-blocks", 3 * BLOCK, true),
            ] {
                faults.clear();
                let creates = When::method("PUT").and_not_query("comp=block&").first(1);
                faults.on(creates, Fault::ResetAfter);
                let renames = When::method("PUT").and_query("mode=legacy").first(1);
                faults.on(renames, Fault::ResetAfter);
                let written = match atomic {
                    true => store.write_atomic(path, content(size)).await,
                    false => store.write(path, content(size)).await,
                };
                let written = written.unwrap();
                let info = store.get_file_info(path).await.unwrap();
                assert_eq!((written.size, info.size), (size as u64, size as u64));
                assert_eq!(written.etag, info.etag, "{path}");
                assert_eq!(info.metadata, None, "a hidden id shows");
            }
        }
    }
}

/// Each first answer is lost, although the version was replaced.
#[tokio::test]
async fn a_replaced_version_whose_answer_is_lost_is_known_as_our_own() {
    for hns in [false, true] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        for (size, atomic) in [(10, false), (3 * BLOCK, false), (10, true)] {
            proxied.faults().clear();
            let old = WriteOptions::new().overwrite(true).metadata([("k", "v")]);
            store.write_with("file", "old", old).await.unwrap();
            let seen = store.get_file_info("file").await.unwrap();
            let commits = When::method("PUT").and_not_query("comp=block&").first(1);
            proxied.faults().on(commits, Fault::ResetAfter);
            let if_seen = WriteOptions::new().if_match(&seen);
            let written = match atomic {
                true => {
                    store
                        .write_atomic_with("file", content(size), if_seen)
                        .await
                }
                false => store.write_with("file", content(size), if_seen).await,
            };
            let info = store.get_file_info("file").await.unwrap();
            assert_eq!(written.unwrap().etag, info.etag, "{size} bytes");
            assert_eq!(info.size, size as u64);
            assert_eq!(info.metadata, None, "a hidden id shows");
        }
    }
}

/// Somebody else has put the very same content in the place of the version.
#[tokio::test]
async fn a_version_that_somebody_else_replaced_is_never_taken_for_our_own() {
    for hns in [false, true] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        for size in [10, 3 * BLOCK] {
            proxied.faults().clear();
            store.write_with("file", "old", replacing()).await.unwrap();
            let seen = store.get_file_info("file").await.unwrap();
            let theirs = store.write_with("file", content(size), replacing()).await;
            let lost = When::method("PUT").and_not_query("comp=block&").first(1);
            let busy = Reply::new(503).header("retry-after", "0");
            proxied.faults().on(lost, Fault::Answer(busy));
            let if_seen = WriteOptions::new().if_match(&seen);
            let result = store.write_with("file", content(size), if_seen).await;
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Conflict);
            let info = store.get_file_info("file").await.unwrap();
            assert_eq!(info.etag, theirs.unwrap().etag);
        }
    }
}

/// The same content was there before: what was lost is not ours.
#[tokio::test]
async fn a_file_of_somebody_else_is_never_taken_for_our_own() {
    for hns in [false, true] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns).exact_create(true));
        for size in [10, 3 * BLOCK] {
            proxied.faults().clear();
            store
                .write_with("file", content(size), replacing())
                .await
                .unwrap();
            let lost = When::method("PUT").and_not_query("comp=block&").first(1);
            let busy = Reply::new(503).header("retry-after", "0");
            proxied.faults().on(lost, Fault::Answer(busy));
            let result = store.write("file", content(size)).await;
            assert_eq!(result.unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
    }
}

#[tokio::test]
async fn moves_and_deletes_whose_answer_is_lost_are_told_as_done() {
    for hns in [false, true] {
        let proxied = Proxied::start();
        let store = store(proxied.builder(hns));
        let faults = proxied.faults();
        store.write("from", "content").await.unwrap();
        for method in ["PUT", "DELETE"] {
            faults.on(When::method(method).first(1), Fault::ResetAfter);
        }
        store.copy("from", "copied").await.unwrap();
        faults.clear();
        for method in ["PUT", "DELETE"] {
            faults.on(When::method(method).first(1), Fault::ResetAfter);
        }
        let onto = TransferOptions::new().overwrite(true);
        store.rename_with("from", "copied", onto).await.unwrap();
        assert_eq!(proxied.paths(), ["copied"]);
        faults.clear();
        faults.on(When::method("PUT").first(1), Fault::ResetAfter);
        store.rename("copied", "renamed").await.unwrap();
        assert_eq!(proxied.paths(), ["renamed"]);
        faults.clear();
        faults.on(When::method("DELETE").first(1), Fault::ResetAfter);
        store.delete("renamed").await.unwrap();
        assert_eq!(proxied.paths(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn folders_whose_answer_is_lost_are_told_as_made_and_renamed() {
    let proxied = Proxied::start();
    let store = store(proxied.builder(true));
    let io = StorePathIo::new(store.clone());
    let faults = proxied.faults();
    faults.on(When::method("PUT").first(1), Fault::ResetAfter);
    io.mkdir("folder", MkdirOptions::new()).await.unwrap();
    faults.clear();
    store.write("folder/file", "content").await.unwrap();
    for (from, to) in [("folder", "moved"), ("moved", "folder")] {
        faults.on(When::method("PUT").first(1), Fault::ResetAfter);
        io.rename(from, to).await.unwrap();
        faults.clear();
        assert_eq!(proxied.paths(), [to.to_owned(), format!("{to}/file")]);
    }
}
