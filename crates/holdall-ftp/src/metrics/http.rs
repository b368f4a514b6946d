//! The port for metrics and health: as little HTTP as scrapers speak.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::task::JoinSet;

use super::Metrics;

/// How many clients are answered at a time; further ones wait.
const CLIENTS: usize = 16;
/// How long a client has for its request, and to take the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a request may be.
const REQUEST: u64 = 8 * 1024;
/// How long to wait where the system has no descriptor left.
const BREATH: Duration = Duration::from_millis(100);

/// Tells the numbers of a server over HTTP, on a port of their own: `GET /metrics`
/// for Prometheus, and `GET /health`, which is 200 while the server serves and 503
/// once it ends.
///
/// It asks for no password: let it listen where only the monitoring comes.
#[derive(Debug)]
pub struct MetricsServer {
    listener: TcpListener,
    metrics: Metrics,
}

impl MetricsServer {
    /// Listens at an address.
    ///
    /// # Errors
    ///
    /// What the system reports.
    pub async fn bind(address: impl ToSocketAddrs, metrics: Metrics) -> io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(address).await?,
            metrics,
        })
    }

    /// The address that it listens at, with the port that was free where port 0 was
    /// asked for.
    ///
    /// # Errors
    ///
    /// What the system reports.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers without end; drop the future to stop.
    pub async fn serve(self) {
        let mut clients = JoinSet::new();
        loop {
            while clients.len() >= CLIENTS {
                clients.join_next().await;
            }
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let answer = answer(stream, self.metrics.clone());
                    clients.spawn(async { tokio::time::timeout(PATIENCE, answer).await });
                }
                Err(error) => rest_after(&error).await,
            }
            while clients.try_join_next().is_some() {}
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the system does not tell when it has a descriptor again"
)]
async fn rest_after(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(BREATH).await;
}

async fn answer(mut stream: TcpStream, metrics: Metrics) -> io::Result<()> {
    let Some(head) = read_head(&mut stream).await? else {
        return Ok(());
    };
    let answer = Answer::to(&head, &metrics);
    stream.write_all(answer.written(&head).as_bytes()).await?;
    stream.shutdown().await
}

/// The request up to its empty line; none where it ends before, or is too long.
async fn read_head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut limited = stream.take(REQUEST);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if limited.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    Ok(String::from_utf8(head).ok())
}

/// A response.
struct Answer {
    status: &'static str,
    content_type: &'static str,
    body: String,
}

impl Answer {
    fn to(head: &str, metrics: &Metrics) -> Self {
        let mut words = head.split_ascii_whitespace();
        let (method, target) = (words.next(), words.next().unwrap_or_default());
        let path = target.split('?').next().unwrap_or_default();
        match (method, path) {
            (Some("GET" | "HEAD"), "/metrics") => Self {
                status: "200 OK",
                content_type: "application/openmetrics-text; version=1.0.0; charset=utf-8",
                body: metrics.text(),
            },
            (Some("GET" | "HEAD"), "/health") if metrics.is_healthy() => {
                Self::plain("200 OK", "serving\n")
            }
            (Some("GET" | "HEAD"), "/health") => {
                Self::plain("503 Service Unavailable", "shutting down\n")
            }
            (Some("GET" | "HEAD"), _) => {
                Self::plain("404 Not Found", "there are /metrics and /health\n")
            }
            _ => Self::plain("405 Method Not Allowed", "only GET and HEAD\n"),
        }
    }

    fn plain(status: &'static str, body: &str) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            body: body.to_owned(),
        }
    }

    /// As it goes over the wire; to `HEAD` without the body.
    fn written(&self, head: &str) -> String {
        let body = if head.starts_with("HEAD ") {
            ""
        } else {
            &self.body
        };
        format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nConnection: close\r\n\r\n{body}",
            self.status,
            self.content_type,
            self.body.len(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(metrics: &Metrics, request: &str) -> String {
        let server = MetricsServer::bind("127.0.0.1:0", metrics.clone())
            .await
            .unwrap();
        let mut stream = TcpStream::connect(server.local_addr().unwrap())
            .await
            .unwrap();
        let serving = tokio::spawn(server.serve());
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        serving.abort();
        answer
    }

    #[tokio::test]
    async fn metrics_are_told_as_open_metrics() {
        let answer = ask(&Metrics::new(), "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(
            answer.contains("Content-Type: application/openmetrics-text"),
            "{answer}"
        );
        assert!(answer.contains("\nholdall_ftp_sessions 0\n"), "{answer}");
        assert!(answer.ends_with("# EOF\n"), "{answer}");
    }

    #[tokio::test]
    async fn a_server_that_ends_is_not_healthy() {
        let metrics = Metrics::new();
        let request = "GET /health HTTP/1.1\r\n\r\n";
        assert!(ask(&metrics, request).await.starts_with("HTTP/1.1 200 "));
        metrics.server_ends();
        assert!(ask(&metrics, request).await.starts_with("HTTP/1.1 503 "));
    }

    #[tokio::test]
    async fn other_paths_and_methods_are_refused() {
        let metrics = Metrics::new();
        let missing = ask(&metrics, "GET /x HTTP/1.1\r\n\r\n").await;
        assert!(missing.starts_with("HTTP/1.1 404 "), "{missing}");
        let post = ask(&metrics, "POST /metrics HTTP/1.1\r\n\r\n").await;
        assert!(post.starts_with("HTTP/1.1 405 "), "{post}");
        let head = ask(&metrics, "HEAD /health HTTP/1.1\r\n\r\n").await;
        assert!(
            head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"),
            "{head}"
        );
    }

    #[tokio::test]
    async fn a_request_without_end_is_cut_off() {
        let long = "x".repeat(usize::try_from(REQUEST).unwrap());
        let answer = ask(&Metrics::new(), &long).await;
        assert_eq!(answer, "");
    }
}
