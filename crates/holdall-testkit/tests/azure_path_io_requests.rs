//! How many requests each call of path IO over Azure makes, and which.

#![allow(clippy::unwrap_used)]

mod azure;

use azure::{Proxied, kind};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use holdall::pathio::{AbstractPathIo, MkdirOptions, OpenMode, PathIoResult, StorePathIo};
use holdall::{AsyncStore, Bytes};
use holdall_testkit::fault_proxy::{FaultProxy, Faults};

/// Files of the folder that is listed and renamed.
const FILES: usize = 5;
/// More than is written in one request, and read in one block.
const LONG: usize = 2 * 1024 * 1024;

/// A call, and its requests on a flat account and on a hierarchical one, in
/// alphabetical order: some are sent at once.
struct Row {
    name: &'static str,
    call: fn(StorePathIo) -> BoxFuture<'static, PathIoResult<()>>,
    flat: &'static str,
    hierarchical: &'static str,
}

macro_rules! row {
    ($name:literal, $flat:literal, $hierarchical:literal, |$io:ident| $call:expr) => {
        Row {
            name: $name,
            call: |$io| async move { $call.await.map(drop) }.boxed(),
            flat: $flat,
            hierarchical: $hierarchical,
        }
    };
}

async fn write(io: &StorePathIo, path: &str, mode: OpenMode, bytes: usize) -> PathIoResult<()> {
    let mut file = io.open(path, mode).await?;
    file.write(Bytes::from(vec![7; bytes])).await?;
    file.close().await
}

async fn read(io: &StorePathIo, path: &str) -> PathIoResult<usize> {
    let mut file = io.open(path, OpenMode::Read).await?;
    let mut length = 0;
    loop {
        let block = file.read(64 * 1024).await?;
        if block.is_empty() {
            return Ok(length);
        }
        length += block.len();
    }
}

async fn list(io: &StorePathIo, path: &str) -> PathIoResult<Vec<String>> {
    io.list(path).collect_paths().await
}

async fn tree(io: &StorePathIo, path: &str) -> PathIoResult<()> {
    io.mkdir(path, MkdirOptions::new()).await?;
    for file in 0..FILES {
        write(io, &format!("{path}/{file}"), OpenMode::Write, 10).await?;
    }
    Ok(())
}

/// In order: each works on what those before it have left.
fn rows() -> Vec<Row> {
    vec![
        row!("mkdir in the root", "head list put", "folder", |io| io
            .mkdir("f", MkdirOptions::new())),
        row!(
            "mkdir in a folder",
            "head head list put",
            "folder head",
            |io| io.mkdir("f/sub", MkdirOptions::new())
        ),
        row!(
            "mkdir with parents",
            "head head head head list put",
            "folder",
            |io| io.mkdir("p/q/r", MkdirOptions::new().parents(true))
        ),
        row!(
            "wb, small, in the root",
            "list put",
            "head put",
            |io| write(&io, "file", OpenMode::Write, 1000)
        ),
        row!(
            "wb, small, in a folder",
            "head list put",
            "head head put",
            |io| write(&io, "f/file", OpenMode::Write, 1000)
        ),
        row!(
            "wb, in a folder of keys alone",
            "head head list list put",
            "head head put",
            |io| write(&io, "keys/new", OpenMode::Write, 10)
        ),
        row!(
            "wb, 2 MiB, in a folder",
            "head list put",
            "head head put",
            |io| write(&io, "f/long", OpenMode::Write, LONG)
        ),
        row!(
            "ab to a new file",
            "head head list put",
            "head head put",
            |io| write(&io, "f/log", OpenMode::Append, 10)
        ),
        row!("ab to a file", "get head put", "get head put", |io| write(
            &io,
            "f/log",
            OpenMode::Append,
            10
        )),
        row!("r+b", "get head put", "get head put", |io| write(
            &io,
            "f/log",
            OpenMode::ReadWrite,
            10
        )),
        row!("rb, small, whole", "get", "get", |io| read(&io, "f/file")),
        row!("rb, 2 MiB, whole", "get get", "get get", |io| read(
            &io, "f/long"
        )),
        row!("stat of a file", "head", "head", |io| io.stat("f/file")),
        row!("stat of a folder", "head list", "head head", |io| io
            .stat("f")),
        row!("exists on a file", "head", "head", |io| io.exists("f/file")),
        row!("exists on nothing", "head list", "head", |io| io
            .exists("f/none")),
        row!("list", "list", "list", |io| list(&io, "f")),
        row!(
            "rename of a file",
            "delete head head list put",
            "head head head rename",
            |io| io.rename("f/file", "f/renamed")
        ),
        row!(
            "rename of a file onto a file",
            "delete head head list put",
            "head head head rename",
            |io| io.rename("f/renamed", "f/log")
        ),
        row!("unlink", "delete head", "delete head", |io| io
            .unlink("f/log")),
        row!(
            "rename of a folder with five files",
            "delete delete delete delete delete delete head head head head head head head head head head list list list list put put put put put put",
            "head head head head rename",
            |io| io.rename("tree", "moved")
        ),
        row!("rmdir", "delete head list", "delete head", |io| io
            .rmdir("f/sub")),
    ]
}

async fn assert_requests(io: StorePathIo, faults: &Faults, expected: fn(&Row) -> &'static str) {
    tree(&io, "tree").await.unwrap();
    io.store().write("keys/file", "").await.unwrap();
    let mut wrong = Vec::new();
    for row in rows() {
        faults.take_log();
        (row.call)(io.clone()).await.unwrap();
        let log = faults.take_log();
        let mut made: Vec<_> = log.iter().map(kind).collect();
        made.sort_unstable();
        if made.join(" ") != expected(&row) {
            wrong.push(format!(
                "{}: {:?}, not {:?}",
                row.name,
                made.join(" "),
                expected(&row)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn path_io_on_a_flat_account_makes_no_request_too_many() {
    let Some(azurite) = azure::azurite() else {
        return;
    };
    let proxy = FaultProxy::start(azurite.address()).unwrap();
    let builder = azure::made(azure::on_azurite(&azurite)).await;
    let endpoint = format!("{}/{}", proxy.url(), holdall_azure_peers::Azurite::ACCOUNT);
    let backend = builder.blob_endpoint(endpoint).build().unwrap();
    let io = StorePathIo::new(AsyncStore::new(backend, "").unwrap());
    assert_requests(io, proxy.faults(), |row| row.flat).await;
}

#[tokio::test]
async fn path_io_on_a_hierarchical_account_makes_no_request_too_many() {
    let proxied = Proxied::start();
    let backend = proxied.builder(true).build().unwrap();
    let io = StorePathIo::new(AsyncStore::new(backend, "").unwrap());
    assert_requests(io, proxied.faults(), |row| row.hierarchical).await;
}
