//! The fault proxy, in front of a server that remembers what it saw.

#![allow(clippy::unwrap_used)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use holdall_testkit::fault_proxy::{Fault, FaultProxy, Faults, Gate, Reply, When};

const CONTENT: &str = "the content of the answer";

/// A server that answers every request with [`CONTENT`], on a thread that ends
/// with the test's process.
struct Server {
    address: SocketAddr,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let seen = bodies.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let seen = seen.clone();
                std::thread::spawn(move || serve(connection.unwrap(), &seen));
            }
        });
        Self { address, bodies }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bodies of the requests that came whole, and `cut` for others.
    fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

fn serve(mut connection: TcpStream, bodies: &Mutex<Vec<String>>) {
    while let Ok(head) = read_head(&mut connection) {
        let mut body = vec![0; length(&head)];
        if connection.read_exact(&mut body).is_err() {
            bodies.lock().unwrap().push("cut".to_owned());
            return;
        }
        bodies
            .lock()
            .unwrap()
            .push(String::from_utf8(body).unwrap());
        let answer = if head.starts_with("GET /chunked") {
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nthe c\r\n4\r\nonte\r\n0\r\n\r\n".to_owned()
        } else {
            let length = CONTENT.len();
            let body = if head.starts_with("HEAD") {
                ""
            } else {
                CONTENT
            };
            format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}")
        };
        connection.write_all(answer.as_bytes()).unwrap();
    }
}

/// A client on one connection, which it keeps as long as it can.
struct Client(TcpStream);

impl Client {
    fn of(proxy: &FaultProxy) -> Self {
        Self(TcpStream::connect(proxy.address()).unwrap())
    }

    fn ask(&mut self, method: &str, target: &str, body: &str) -> io::Result<(String, String)> {
        self.send(method, target, body)?;
        let head = read_head(&mut self.0)?;
        let mut answered = vec![0; if method == "HEAD" { 0 } else { length(&head) }];
        self.0.read_exact(&mut answered)?;
        Ok((head, String::from_utf8(answered).unwrap()))
    }

    fn send(&mut self, method: &str, target: &str, body: &str) -> io::Result<()> {
        let length = body.len();
        let request =
            format!("{method} {target} HTTP/1.1\r\ncontent-length: {length}\r\n\r\n{body}");
        self.0.write_all(request.as_bytes())
    }

    /// How many bytes come before the connection ends.
    fn rest(&mut self) -> usize {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap()
    }
}

fn read_head(connection: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8(head).unwrap())
}

fn length(head: &str) -> usize {
    let length = head.split("content-length: ").nth(1);
    length.map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap())
}

fn setup() -> (Server, FaultProxy) {
    let server = Server::start();
    let proxy = FaultProxy::start(&server.url()).unwrap();
    (server, proxy)
}

#[test]
fn without_faults_a_connection_carries_one_request_after_another() {
    let (server, proxy) = setup();
    let mut client = Client::of(&proxy);
    assert_eq!(client.ask("PUT", "/a?b=c", "first").unwrap().1, CONTENT);
    assert_eq!(client.ask("HEAD", "/a", "").unwrap().1, "");
    assert_eq!(client.ask("GET", "/a", "second").unwrap().1, CONTENT);
    assert_eq!(server.bodies(), ["first", "", "second"]);
    let log = proxy.faults().take_log();
    let put = log.first().unwrap();
    assert_eq!(
        (put.method.as_str(), put.path.as_str(), put.query.as_str()),
        ("PUT", "/a", "b=c")
    );
    assert_eq!((put.status, put.faulty), (Some(200), false));
    assert_eq!(log.len(), 3);
    assert!(proxy.faults().log().is_empty());
}

#[test]
fn chunked_bodies_pass_both_ways() {
    let (_server, proxy) = setup();
    let mut client = Client::of(&proxy);
    client.send("GET", "/chunked", "").unwrap();
    let head = read_head(&mut client.0).unwrap();
    assert!(head.contains("chunked"));
    let mut body = [0; "5\r\nthe c\r\n4\r\nonte\r\n0\r\n\r\n".len()];
    client.0.read_exact(&mut body).unwrap();
    assert!(client.ask("GET", "/", "").is_ok());
}

#[test]
fn a_reset_before_is_never_seen_by_the_server() {
    let (server, proxy) = setup();
    proxy.faults().on(When::any().first(1), Fault::ResetBefore);
    let error = Client::of(&proxy).ask("PUT", "/", "lost").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(server.bodies().is_empty());
    assert!(Client::of(&proxy).ask("PUT", "/", "again").is_ok());
    assert_eq!(server.bodies(), ["again"]);
}

#[test]
fn a_reset_after_loses_the_answer_alone() {
    let (server, proxy) = setup();
    proxy.faults().on(When::any(), Fault::ResetAfter);
    let error = Client::of(&proxy).ask("PUT", "/", "landed").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.bodies(), ["landed"]);
    assert_eq!(proxy.faults().log().first().unwrap().status, None);
}

#[test]
fn a_cut_request_reaches_the_server_in_part() {
    let (server, proxy) = setup();
    proxy
        .faults()
        .on(When::any(), Fault::CutRequest { bytes: 3 });
    assert!(Client::of(&proxy).ask("PUT", "/", "whole").is_err());
    while server.bodies().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(server.bodies(), ["cut"]);
}

#[test]
fn a_cut_answer_ends_midway() {
    let (_server, proxy) = setup();
    proxy
        .faults()
        .on(When::any(), Fault::CutAnswer { bytes: 7 });
    let mut client = Client::of(&proxy);
    client.send("GET", "/", "").unwrap();
    assert_eq!(length(&read_head(&mut client.0).unwrap()), CONTENT.len());
    assert_eq!(client.rest(), 7);
}

#[test]
fn an_answer_of_the_proxys_own_spares_the_server() {
    let (server, proxy) = setup();
    let busy = Reply::new(503).header("retry-after", "0").body("busy");
    proxy.faults().on(When::any().first(1), Fault::Answer(busy));
    let mut client = Client::of(&proxy);
    let (head, body) = client.ask("PUT", "/", "refused").unwrap();
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("retry-after: 0\r\n"));
    assert_eq!(body, "busy");
    assert!(server.bodies().is_empty());
    assert_eq!(client.ask("PUT", "/", "taken").unwrap().1, CONTENT);
    assert_eq!(server.bodies(), ["taken"]);
}

#[test]
fn a_replaced_answer_hides_what_the_server_did() {
    let (server, proxy) = setup();
    proxy
        .faults()
        .on(When::any(), Fault::ReplaceAnswer(Reply::new(500)));
    let (head, _) = Client::of(&proxy).ask("PUT", "/", "landed").unwrap();
    assert!(head.starts_with("HTTP/1.1 500 "));
    assert_eq!(server.bodies(), ["landed"]);
}

#[tokio::test]
async fn what_is_held_goes_on_when_the_gate_opens() {
    let (server, proxy) = setup();
    let (request, answer) = (Gate::closed(), Gate::closed());
    let faults = proxy.faults();
    faults.on(When::method("PUT"), Fault::HoldRequest(request.clone()));
    faults.on(When::method("GET"), Fault::HoldAnswer(answer.clone()));
    let mut client = Client::of(&proxy);
    client.send("PUT", "/", "held").unwrap();
    request.reached().await;
    assert!(server.bodies().is_empty());
    request.open();
    read_head(&mut client.0).unwrap();
    client.0.read_exact(&mut [0; CONTENT.len()]).unwrap();
    client.send("GET", "/", "seen").unwrap();
    answer.reached().await;
    assert_eq!(server.bodies(), ["held", "seen"]);
    answer.open();
    assert!(read_head(&mut client.0).is_ok());
}

#[tokio::test]
async fn a_slow_answer_comes_as_far_as_the_gate_lets_it() {
    let (_server, proxy) = setup();
    let gate = Gate::closed();
    proxy
        .faults()
        .on(When::any(), Fault::SlowAnswer(gate.clone()));
    let mut client = Client::of(&proxy);
    client.send("GET", "/", "").unwrap();
    read_head(&mut client.0).unwrap();
    gate.reached().await;
    gate.release(4);
    client.0.read_exact(&mut [0; 4]).unwrap();
    gate.reached().await;
    client.0.set_nonblocking(true).unwrap();
    let nothing = client.0.read(&mut [0]).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    client.0.set_nonblocking(false).unwrap();
    gate.open();
    client.0.read_exact(&mut [0; CONTENT.len() - 4]).unwrap();
}

#[test]
fn a_fault_befalls_what_it_is_for() {
    let (_server, proxy) = setup();
    let teapot = Fault::Answer(Reply::new(418));
    let block = When::method("PUT")
        .and_query("comp=block")
        .and_path("/box/")
        .and_body()
        .nth(2);
    proxy.faults().on(block, teapot);
    let mut client = Client::of(&proxy);
    let mut is_refused = |method: &str, target: &str, body: &str| {
        let (head, _) = client.ask(method, target, body).unwrap();
        head.contains(" 418 ")
    };
    assert!(!is_refused("PUT", "/box/a?comp=block", "body"));
    assert!(!is_refused("GET", "/box/a?comp=block", "body"));
    assert!(!is_refused("PUT", "/box/a?comp=list", "body"));
    assert!(!is_refused("PUT", "/bag/a?comp=block", "body"));
    assert!(!is_refused("PUT", "/box/b?comp=block", ""));
    assert!(is_refused("PUT", "/box/b?comp=block", "body"));
    assert!(!is_refused("PUT", "/box/c?comp=block", "body"));
    let faulty = proxy
        .faults()
        .log()
        .iter()
        .filter(|exchange| exchange.faulty)
        .count();
    assert_eq!(faulty, 1);
}

#[test]
fn proxies_can_share_faults_and_log() {
    let (server, other) = (Server::start(), Server::start());
    let faults = Faults::new();
    let proxy = FaultProxy::start_with(&server.url(), faults.clone()).unwrap();
    let other_proxy = FaultProxy::start_with(&other.url(), faults.clone()).unwrap();
    Client::of(&proxy).ask("GET", "/1", "").unwrap();
    Client::of(&other_proxy).ask("GET", "/2", "").unwrap();
    let servers: Vec<_> = faults
        .log()
        .into_iter()
        .map(|exchange| exchange.server)
        .collect();
    assert_eq!(
        servers,
        [server.address.to_string(), other.address.to_string()]
    );
}

#[test]
fn a_dropped_proxy_listens_no_more() {
    let (_server, proxy) = setup();
    let mut client = Client::of(&proxy);
    client.ask("GET", "/", "").unwrap();
    let address = proxy.address();
    drop(proxy);
    assert_eq!(client.rest(), 0);
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
}

#[test]
fn a_secure_server_is_refused() {
    let refused = FaultProxy::start("https://127.0.0.1:1").unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
}
