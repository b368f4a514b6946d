//! Azure: a service that takes a connection and then says nothing, or no more.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use holdall::{
    AsyncAzureBackend, AsyncStore, AsyncWritableContent, AzureTimeouts, Bytes, DeleteFolderOptions,
    ErrorKind, Result, RetryPolicy,
};

const PART: usize = 1000;

/// Where the service falls silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silence {
    /// Within the handshake of TLS.
    WhileConnecting,
    BeforeTheAnswer,
    InTheHeaders,
    InTheBody,
}

impl Silence {
    /// What is said before it, to a request with this head.
    fn last_words(self, request: &str) -> String {
        match self {
            Self::WhileConnecting | Self::BeforeTheAnswer => String::new(),
            Self::InTheHeaders => "HTTP/1.1 200 OK\r\nx-ms-version: 20".to_owned(),
            Self::InTheBody => {
                let (first, last) = range(request).unwrap_or((0, 4999));
                let length = last - first + 1;
                format!(
                    "HTTP/1.1 206 Partial Content\r\nx-ms-blob-type: BlockBlob\r\netag: \"1\"\r\n\
                     content-range: bytes {first}-{last}/100000000\r\n\
                     content-length: {length}\r\n\r\n<"
                )
            }
        }
    }
}

/// The first and the last byte that a request asks for.
fn range(request: &str) -> Option<(u64, u64)> {
    let (_, range) = request.split_once("bytes=")?;
    let (first, last) = range.lines().next()?.split_once('-')?;
    Some((first.parse().ok()?, last.trim().parse().ok()?))
}

/// A service that falls silent on each connection, and keeps it. Its threads
/// end with the connections, and the last one with the test's process.
fn service(silence: Silence) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            std::thread::spawn(move || fall_silent(connection.unwrap(), silence));
        }
    });
    match silence {
        Silence::WhileConnecting => format!("https://{address}"),
        _ => format!("http://{address}"),
    }
}

fn fall_silent(mut connection: TcpStream, silence: Silence) {
    let mut some = [0; 4096];
    let read = connection.read(&mut some).unwrap_or_default();
    let request = String::from_utf8_lossy(some.get(..read).unwrap()).into_owned();
    let words = silence.last_words(&request);
    let _ = connection.write_all(words.as_bytes());
    while connection.read(&mut some).is_ok_and(|bytes| bytes > 0) {}
}

fn store(silence: Silence, hns: bool) -> AsyncStore {
    let service = service(silence);
    let moment = Duration::from_millis(20);
    let backend = AsyncAzureBackend::builder("container")
        .account_name("account")
        .account_key("a2V5")
        .blob_endpoint(&service)
        .dfs_endpoint(&service)
        .hns(hns)
        .single_put_size(PART as u64)
        .block_size(PART as u64)
        .retry(RetryPolicy {
            max_attempts: 2,
            backoff_base: Duration::ZERO,
            jitter: Duration::ZERO,
            ..RetryPolicy::default()
        })
        .timeouts(AzureTimeouts {
            connect: moment,
            idle: moment,
            total: 10 * moment,
        })
        .build()
        .unwrap();
    AsyncStore::new(backend, "").unwrap()
}

fn content(bytes: usize) -> Bytes {
    Bytes::from(vec![7; bytes])
}

fn stream() -> AsyncWritableContent {
    let chunks = (0..20).map(|_| Ok::<_, holdall::Error>(content(PART)));
    AsyncWritableContent::from_stream(futures::stream::iter(chunks))
}

struct Call {
    name: &'static str,
    /// Whether it needs an answer's body.
    reads: bool,
    act: fn(AsyncStore) -> BoxFuture<'static, Result<()>>,
}

macro_rules! call {
    ($name:literal, $reads:literal, |$store:ident| $call:expr) => {
        Call {
            name: $name,
            reads: $reads,
            act: |$store| async move { $call.await.map(drop) }.boxed(),
        }
    };
}

fn calls() -> Vec<Call> {
    vec![
        call!("ping", false, |s| s.ping()),
        call!("exists", false, |s| s.exists("file")),
        call!("get_file_info", false, |s| s.get_file_info("file")),
        call!("read_bytes", true, |s| s.read_bytes("file")),
        call!("read_range", true, |s| async {
            s.read_range("file", 10..20)?.bytes().await
        }),
        call!("list_files", true, |s| async {
            s.list_files("f")?.try_collect().await
        }),
        call!("get_folder_info", true, |s| s.get_folder_info("f")),
        call!("write", false, |s| s.write("file", "content")),
        call!("write in blocks", false, |s| s
            .write("file", content(5 * PART))),
        call!("write from a stream", false, |s| s.write("file", stream())),
        call!("write_atomic", false, |s| s.write_atomic("file", "content")),
        call!("copy", false, |s| s.copy("file", "other")),
        call!("rename", false, |s| s.rename("file", "other")),
        call!("delete", false, |s| s.delete("file")),
        call!("delete_folder", false, |s| async {
            let all = DeleteFolderOptions::new().recursive(true);
            s.delete_folder_with("f", all).await
        }),
    ]
}

async fn assert_each_call_ends(silence: Silence) {
    for hns in [false, true] {
        let store = store(silence, hns);
        for Call { name, reads, act } in calls() {
            // What the headers say is enough for the others.
            if silence == Silence::InTheBody && !reads {
                continue;
            }
            let Err(error) = act(store.clone()).await else {
                panic!("{name}, hns {hns}: {silence:?}, and it was done");
            };
            let told = (error.kind(), error.is_retryable());
            let expected = (ErrorKind::BackendUnavailable, true);
            assert_eq!(told, expected, "{name}, hns {hns}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_call_ends_where_nobody_completes_its_connection() {
    assert_each_call_ends(Silence::WhileConnecting).await;
}

#[tokio::test]
async fn a_call_ends_where_nobody_answers() {
    assert_each_call_ends(Silence::BeforeTheAnswer).await;
}

#[tokio::test]
async fn a_call_ends_where_the_headers_do_not() {
    assert_each_call_ends(Silence::InTheHeaders).await;
}

#[tokio::test]
async fn a_call_that_reads_ends_where_the_body_does_not() {
    assert_each_call_ends(Silence::InTheBody).await;
}
