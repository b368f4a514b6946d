//! A service that does as it is told, one step a request.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the service does with the next request.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Answers: status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Announces so many bytes of a body, sends these, and breaks off.
    Cut(usize, &'static str),
    /// Breaks the connection once the request is here.
    Reset,
    /// Never answers.
    Silence,
}

impl Step {
    pub(super) fn answer(status: u16) -> Self {
        Self::Answer(status, Vec::new(), String::new())
    }

    pub(super) fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        match self {
            Self::Answer(status, mut headers, body) => {
                headers.push((name, value.into()));
                Self::Answer(status, headers, body)
            }
            other => other,
        }
    }

    pub(super) fn body(self, text: impl Into<String>) -> Self {
        match self {
            Self::Answer(status, headers, _) => Self::Answer(status, headers, text.into()),
            other => other,
        }
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) line: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct State {
    steps: Mutex<VecDeque<Step>>,
    seen: Mutex<Vec<Seen>>,
}

/// Stopped when it is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            steps: Mutex::new(steps.into_iter().collect()),
            seen: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self {
            address,
            state,
            accepting,
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&state)));
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = read(&mut stream).await {
        state.seen.lock().push(seen.clone());
        let step = state.steps.lock().pop_front();
        let text = match step.unwrap_or(Step::answer(501)) {
            Step::Answer(status, headers, body) => {
                let mut text = format!("HTTP/1.1 {status} Said\r\n");
                for (name, value) in headers {
                    text.push_str(&format!("{name}: {value}\r\n"));
                }
                let body = if seen.line.starts_with("HEAD") {
                    String::new()
                } else {
                    body
                };
                text + &format!("content-length: {}\r\n\r\n{body}", body.len())
            }
            Step::Cut(announced, sent) => {
                let text = format!("HTTP/1.1 200 OK\r\ncontent-length: {announced}\r\n\r\n{sent}");
                let _ = stream.get_mut().write_all(text.as_bytes()).await;
                return;
            }
            Step::Reset => return,
            Step::Silence => std::future::pending().await,
        };
        if stream.get_mut().write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    stream
        .read_line(&mut line)
        .await
        .ok()
        .filter(|bytes| *bytes > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut text = String::new();
        stream.read_line(&mut text).await.ok()?;
        match text.trim().split_once(": ").or(text.trim().split_once(':')) {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let mut seen = Seen {
        line: line.trim().to_owned(),
        headers,
        body: Vec::new(),
    };
    let length = seen
        .header("content-length")
        .and_then(|text| text.parse().ok());
    seen.body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut seen.body).await.ok()?;
    Some(seen)
}

/// Short enough for a test that waits for it, and never measured.
pub(super) const SHORT: Duration = Duration::from_millis(50);
