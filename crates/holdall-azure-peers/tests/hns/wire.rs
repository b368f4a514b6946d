//! Requests on a socket, without a client that would put in headers of its own.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A request as it goes out.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, encoded.
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// An answer as it came in. Names of headers are in lower case.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str, query: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: format!("{path}?{query}"),
            headers: BTreeMap::new(),
            body: Vec::new(),
        }
    }
}

pub(crate) fn send(endpoint: &str, request: Request) -> Answer {
    let authority = endpoint.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(authority).unwrap();
    let Request {
        method,
        target,
        headers,
        body,
    } = request;
    let mut head =
        format!("{method} {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    connection
        .write_all(&[head.as_bytes(), &body].concat())
        .unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    parsed(&answer)
}

fn parsed(answer: &[u8]) -> Answer {
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let (head, body) = answer.split_at(end);
    let head = std::str::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_lowercase(), value.to_owned())
    };
    Answer {
        status: status.parse().unwrap(),
        headers: lines.map(header).collect(),
        body: body.iter().skip(4).copied().collect(),
    }
}
