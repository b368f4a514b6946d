//! One connection of a client, request after request.

use std::io;

use tokio::io::{AsyncWriteExt, BufStream, sink};
use tokio::net::TcpStream;

use super::faults::{Fault, Faults, Reply};
use super::message::{AnswerHead, Framing, RequestHead};
use super::relay::Relay;

/// How a connection goes on after an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Keep,
    Close,
    Reset,
}

/// Serves the requests of one connection until it ends.
pub(super) async fn serve(client: TcpStream, server: String, faults: Faults) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut connection = Connection {
        client: BufStream::new(client),
        upstream: None,
        server,
        faults,
    };
    loop {
        // Dropped, a connection is closed in the usual way.
        match connection.exchange().await? {
            Next::Keep => {}
            Next::Close => return connection.client.shutdown().await,
            Next::Reset => return connection.client.into_inner().set_zero_linger(),
        }
    }
}

struct Connection {
    client: BufStream<TcpStream>,
    /// The connection to the server, kept from one request to the next.
    upstream: Option<BufStream<TcpStream>>,
    server: String,
    faults: Faults,
}

impl Connection {
    async fn exchange(&mut self) -> io::Result<Next> {
        let Some(head) = RequestHead::read(&mut self.client).await? else {
            return Ok(Next::Close);
        };
        let (place, fault) = self.faults.arrival(&self.server, &head);
        self.wait_for_latency().await;
        match fault {
            Some(Fault::ResetBefore) => {
                self.swallow(&head).await?;
                return Ok(Next::Reset);
            }
            Some(Fault::Answer(reply)) => {
                self.swallow(&head).await?;
                return self.reply(place, &head, &reply).await;
            }
            Some(Fault::CutRequest { bytes }) => {
                self.forward(&head, bytes).await?;
                self.upstream = None;
                return Ok(Next::Reset);
            }
            Some(Fault::HoldRequest(ref gate)) => gate.pass().await,
            _ => {}
        }
        self.forward(&head, u64::MAX).await?;
        self.answer(place, &head, fault).await
    }

    /// Stands in for a longer way to the server.
    #[allow(
        clippy::disallowed_methods,
        reason = "latency is what this is for, and no test sets it"
    )]
    async fn wait_for_latency(&self) {
        let latency = self.faults.latency();
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
    }

    /// Reads a body that the server does not get.
    async fn swallow(&mut self, head: &RequestHead) -> io::Result<()> {
        let mut nowhere = sink();
        let relay = Relay::new(&mut nowhere);
        relay.body(&mut self.client, head.framing()?).await?;
        Ok(())
    }

    /// Passes a request on, with at most so many bytes of its body.
    async fn forward(&mut self, head: &RequestHead, bytes: u64) -> io::Result<()> {
        let upstream = connected(&mut self.upstream, &self.server).await?;
        upstream.write_all(&head.raw).await?;
        let relay = Relay::new(upstream).at_most(bytes);
        relay.body(&mut self.client, head.framing()?).await?;
        Ok(())
    }

    async fn answer(
        &mut self,
        place: usize,
        request: &RequestHead,
        fault: Option<Fault>,
    ) -> io::Result<Next> {
        let Some(upstream) = &mut self.upstream else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let mut head = AnswerHead::read(upstream).await?;
        while matches!(head.status, 100 | 102..=199) {
            self.client.write_all(&head.raw).await?;
            self.client.flush().await?;
            head = AnswerHead::read(upstream).await?;
        }
        let framing = head.framing(request)?;
        let mut limit = u64::MAX;
        let mut slow = None;
        match fault {
            Some(Fault::ResetAfter) => {
                Relay::new(&mut sink()).body(upstream, framing).await?;
                return Ok(Next::Reset);
            }
            Some(Fault::ReplaceAnswer(reply)) => {
                Relay::new(&mut sink()).body(upstream, framing).await?;
                return self.reply(place, request, &reply).await;
            }
            Some(Fault::HoldAnswer(gate)) => gate.pass().await,
            Some(Fault::CutAnswer { bytes }) => limit = bytes,
            Some(Fault::SlowAnswer(gate)) => slow = Some(gate),
            _ => {}
        }
        self.faults.answered(place, head.status);
        self.client.write_all(&head.raw).await?;
        self.client.flush().await?;
        let relay = Relay::new(&mut self.client).at_most(limit);
        let whole = relay.through(slow.as_ref()).body(upstream, framing).await?;
        // A reset would take with it what has not been read yet.
        let is_cut = !whole || limit != u64::MAX;
        let ends = framing == Framing::UntilClosed || head.wants_close();
        Ok(if is_cut || ends || request.wants_close() {
            // What a cut has left over is no answer to another request.
            self.upstream = None;
            Next::Close
        } else {
            Next::Keep
        })
    }

    /// Answers in the server's place.
    async fn reply(
        &mut self,
        place: usize,
        request: &RequestHead,
        reply: &Reply,
    ) -> io::Result<Next> {
        let Reply {
            status,
            headers,
            body,
        } = reply;
        let mut head = format!(
            "HTTP/1.1 {status} Fault\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.faults.answered(place, *status);
        self.client.write_all(head.as_bytes()).await?;
        if request.method != "HEAD" {
            self.client.write_all(body).await?;
        }
        self.client.flush().await?;
        Ok(if request.wants_close() {
            Next::Close
        } else {
            Next::Keep
        })
    }
}

/// The kept connection to the server, or a new one where it has ended.
async fn connected<'a>(
    kept: &'a mut Option<BufStream<TcpStream>>,
    server: &str,
) -> io::Result<&'a mut BufStream<TcpStream>> {
    let alive = kept.take_if(|_| true).filter(|upstream| {
        // Nothing is due between two answers: what can be read is the end.
        let read = upstream.get_ref().try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    });
    let upstream = match alive {
        Some(upstream) => upstream,
        None => {
            let upstream = TcpStream::connect(server).await?;
            upstream.set_nodelay(true)?;
            BufStream::new(upstream)
        }
    };
    Ok(kept.insert(upstream))
}
