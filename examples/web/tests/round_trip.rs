//! A real server on a port of its own, and real requests.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use holdall::{AsyncMemoryBackend, AsyncStore};
use http_body_util::BodyExt;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Server {
    store: AsyncStore,
    address: SocketAddr,
    client: Client<HttpConnector, Body>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Server {
    async fn start() -> Self {
        let store = AsyncStore::new(AsyncMemoryBackend::new(), "uploads").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = axum::serve(listener, holdall_example_web::router(store.clone()))
            .with_graceful_shutdown(async { drop(stopped.await) });
        Self {
            store,
            address,
            client: Client::builder(TokioExecutor::new()).build_http(),
            stop,
            ended: tokio::spawn(async { served.await.unwrap() }),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> (StatusCode, Bytes) {
        let request = Request::builder().method(method).body(body.into());
        self.send(path, request.unwrap()).await
    }

    async fn send(&self, path: &str, mut request: Request<Body>) -> (StatusCode, Bytes) {
        let target = format!("http://{}/files/{path}", self.address);
        *request.uri_mut() = target.parse().unwrap();
        let answer = self.client.request(request).await.unwrap();
        let status = answer.status();
        (
            status,
            answer.into_body().collect().await.unwrap().to_bytes(),
        )
    }

    /// Ends when every connection has ended.
    async fn stop(self) -> AsyncStore {
        drop(self.client);
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
        self.store
    }
}

#[tokio::test]
async fn a_file_goes_in_and_out_in_pieces() {
    let server = Server::start().await;
    let content: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();
    let pieces: Vec<_> = content
        .chunks(70_001)
        .map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece)))
        .collect();
    let body = Body::from_stream(futures::stream::iter(pieces));
    let (status, _) = server.ask(Method::PUT, "a/large%20file.bin", body).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(server.store.is_file("a/large file.bin").await.unwrap());

    let (status, back) = server.ask(Method::GET, "a/large%20file.bin", "").await;
    assert_eq!(status, StatusCode::OK);
    assert!(back == content);
    server.stop().await;
}

#[tokio::test]
async fn refusals_have_their_status() {
    let server = Server::start().await;
    let (status, _) = server.ask(Method::GET, "missing", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = server.ask(Method::PUT, "a%2F..%2Fb", "x").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let create = |body| {
        let request = Request::builder().method(Method::PUT);
        request
            .header("if-none-match", "*")
            .body(Body::from(body))
            .unwrap()
    };
    let (status, _) = server.send("a", create("first")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = server.send("a", create("second")).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    let (_, back) = server.ask(Method::GET, "a", "").await;
    assert_eq!(back, "first");
    let (status, _) = server.ask(Method::DELETE, "a", "").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(!server.stop().await.exists("a").await.unwrap());
}

#[tokio::test]
async fn an_upload_that_is_cut_leaves_what_was_there() {
    let server = Server::start().await;
    server.store.write("a", "old").await.unwrap();
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    let head = b"PUT /files/a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\
                 expect: 100-continue\r\n\r\n";
    connection.write_all(head).await.unwrap();
    // The server asks for the body once the store does.
    let mut asked = [0; 12];
    connection.read_exact(&mut asked).await.unwrap();
    assert_eq!(asked, *b"HTTP/1.1 100");
    connection.write_all(b"new").await.unwrap();
    drop(connection);
    let store = server.stop().await;
    assert_eq!(store.read_text("a").await.unwrap(), "old");
}
