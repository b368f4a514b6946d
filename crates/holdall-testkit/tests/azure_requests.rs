//! How many requests each operation makes on its happy path, and which.

#![allow(clippy::unwrap_used)]

mod azure;

use std::sync::Arc;

use azure::{Proxied, kind};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use holdall::{AsyncStore, AsyncWritableContent, Bytes, DeleteFolderOptions, ListOptions, Result};
use holdall_testkit::fault_proxy::{FaultProxy, Faults};

/// Bytes of a block, and the most of a single request, in these tests.
const BLOCK: usize = 100_000;

/// An operation, and its requests on a flat account and on a hierarchical one.
struct Row {
    name: &'static str,
    call: fn(AsyncStore) -> BoxFuture<'static, Result<()>>,
    flat: &'static str,
    hierarchical: &'static str,
}

macro_rules! row {
    ($name:literal, $flat:literal, $hierarchical:literal, |$store:ident| $call:expr) => {
        Row {
            name: $name,
            call: |$store| async move { $call.await.map(drop) }.boxed(),
            flat: $flat,
            hierarchical: $hierarchical,
        }
    };
}

fn content(bytes: usize) -> Bytes {
    Bytes::from(vec![7; bytes])
}

fn stream(bytes: usize) -> AsyncWritableContent {
    let chunks: Vec<_> = content(bytes)
        .chunks(30_000)
        .map(Bytes::copy_from_slice)
        .map(Ok::<_, holdall::Error>)
        .collect();
    AsyncWritableContent::from_stream(futures::stream::iter(chunks))
}

fn recursive() -> DeleteFolderOptions {
    DeleteFolderOptions::new().recursive(true)
}

/// In order: each works on what those before it have left.
fn rows() -> Vec<Row> {
    vec![
        row!("write", "put", "put", |s| s.write("f/file", content(1000))),
        row!("write an empty file", "put", "put", |s| s
            .write("f/empty", "")),
        row!("write from a short stream", "put", "put", |s| s
            .write("f/short", stream(50_000))),
        row!(
            "write two blocks and a half",
            "block block block commit",
            "block block block commit",
            |s| s.write("f/blocks", content(BLOCK * 5 / 2))
        ),
        row!(
            "write a stream of two blocks and a half",
            "block block block commit",
            "block block block commit",
            |s| s.write("f/stream", stream(BLOCK * 5 / 2))
        ),
        row!("write_atomic", "put", "put rename", |s| s
            .write_atomic("f/atomic", content(1000))),
        row!(
            "write_atomic in blocks",
            "block block commit",
            "block block commit rename",
            |s| s.write_atomic("f/atomic-blocks", content(BLOCK * 2))
        ),
        row!("open_atomic", "head put", "head put rename", |s| async {
            let mut writer = s.open_atomic("f/opened").await?;
            writer.write(content(1000)).await?;
            writer.commit().await
        }),
        row!("exists on a file", "head", "head", |s| s.exists("f/file")),
        row!("exists on a folder", "head list", "head", |s| s.exists("f")),
        row!("exists on nothing", "head list", "head", |s| s.exists("no")),
        row!("is_file", "head", "head", |s| s.is_file("f/file")),
        row!("is_folder", "head list", "head", |s| s.is_folder("f")),
        row!("get_file_info", "head", "head", |s| s
            .get_file_info("f/file")),
        row!("head", "head", "head", |s| s.head("f/file")),
        row!("read_bytes", "get", "get", |s| s.read_bytes("f/file")),
        row!("read", "get", "get", |s| async {
            s.read("f/file")?.bytes().await
        }),
        row!("read_range", "get", "get", |s| async {
            s.read_range("f/blocks", 10..20)?.bytes().await
        }),
        row!("read_bytes of an empty file", "get head", "get head", |s| s
            .read_bytes("f/empty")),
        row!(
            "read_bytes of three parts",
            "get get get",
            "get get get",
            |s| s.read_bytes("f/blocks")
        ),
        row!("list_files", "list", "list", |s| async {
            s.list_files("f")?.try_collect().await
        }),
        row!("list_files of all levels", "list", "list", |s| async {
            let options = ListOptions::new().recursive(true);
            s.list_files_with("", options)?.try_collect().await
        }),
        row!("list_folders", "list", "list", |s| async {
            s.list_folders("")?.try_collect().await
        }),
        row!("iter_children", "list", "list", |s| async {
            s.iter_children("")?.try_collect().await
        }),
        row!("glob in one folder", "list", "list", |s| async {
            s.glob("f/*o*")?.try_collect().await
        }),
        row!("glob in all folders", "list", "list", |s| async {
            s.glob("**/*o*")?.try_collect().await
        }),
        row!("get_folder_info", "list", "list", |s| s
            .get_folder_info("f")),
        row!("copy", "put", "head put", |s| s.copy("f/file", "g/copied")),
        row!("rename", "head put delete", "head rename", |s| s
            .rename("g/copied", "g/renamed")),
        row!("delete", "delete", "head delete", |s| s.delete("g/renamed")),
        row!("delete_folder", "list batch", "head delete", |s| s
            .delete_folder_with("f", recursive())),
        row!("ping", "container", "container", |s| s.ping()),
    ]
}

async fn assert_requests(store: AsyncStore, faults: &Faults, expected: fn(&Row) -> &'static str) {
    let mut wrong = Vec::new();
    for row in rows() {
        faults.take_log();
        (row.call)(store.clone()).await.unwrap();
        let log = faults.take_log();
        let made: Vec<_> = log.iter().map(kind).collect();
        if made.join(" ") != expected(&row) {
            wrong.push(format!("{}: {made:?}, not {:?}", row.name, expected(&row)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sized(builder: holdall::AzureBuilder) -> holdall::AzureBuilder {
    let bytes = BLOCK as u64;
    builder
        .single_put_size(bytes)
        .block_size(bytes)
        .read_part_size(bytes)
}

#[tokio::test]
async fn operations_on_a_flat_account_make_no_request_too_many() {
    let Some(azurite) = azure::azurite() else {
        return;
    };
    let proxy = FaultProxy::start(azurite.address()).unwrap();
    let builder = azure::made(azure::on_azurite(&azurite)).await;
    let endpoint = format!("{}/{}", proxy.url(), holdall_azure_peers::Azurite::ACCOUNT);
    let backend = sized(builder).blob_endpoint(endpoint).build().unwrap();
    let store = AsyncStore::new(backend, "").unwrap();
    assert_requests(store, proxy.faults(), |row| row.flat).await;
}

#[tokio::test]
async fn operations_on_a_hierarchical_account_make_no_request_too_many() {
    let proxied = Proxied::start();
    let backend = sized(proxied.builder(true)).build().unwrap();
    let store = AsyncStore::new(backend, "").unwrap();
    assert_requests(store, proxied.faults(), |row| row.hierarchical).await;
}

#[tokio::test]
async fn the_namespace_is_asked_for_once_and_by_the_first_call() {
    let proxied = Proxied::start();
    let faults = proxied.faults();
    let backend = proxied.builder(None).build().unwrap();
    let store = Arc::new(AsyncStore::new(backend, "").unwrap());
    assert!(faults.log().is_empty(), "building made a request");
    let atomic = holdall::Capability::AtomicMove;
    assert!(!store.supports(atomic));
    futures::future::join_all((0..8).map(|_| store.exists("file"))).await;
    let kinds: Vec<_> = faults.take_log().iter().map(kind).collect();
    let asked = kinds.iter().filter(|kind| **kind == "account").count();
    assert_eq!((asked, kinds.first()), (1, Some(&"account")), "{kinds:?}");
    assert!(store.supports(atomic));
    store.exists("file").await.unwrap();
    let kinds: Vec<_> = faults.take_log().iter().map(kind).collect();
    assert_eq!(kinds, ["head"]);
}
