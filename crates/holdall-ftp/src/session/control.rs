//! The control connection.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures::FutureExt;
use rustls::ServerConfig;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::TcpStream;

use crate::protocol::{Line, LineBuffer, Reply};
use crate::stream::Stream;

/// How much is read at once.
const READ_SIZE: usize = 512;
/// How long a client may take to make room for a reply.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a goodbye may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// After how long the system asks whether a silent client's machine is there.
const KEEP_ALIVE: Duration = Duration::from_secs(60);

/// The control connection: lines in, replies out.
pub(super) struct Control {
    /// `None` only while a handshake has it.
    stream: Option<Stream>,
    lines: LineBuffer,
    closed: bool,
}

impl Control {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let socket = SockRef::from(&stream);
        // Clients mark the end of `ABOR` as urgent: it must stay in its place.
        socket.set_out_of_band_inline(true)?;
        socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEP_ALIVE))?;
        Ok(Self {
            stream: Some(Stream::Plain(stream)),
            lines: LineBuffer::new(),
            closed: false,
        })
    }

    /// Whether the client has ended its side.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// The next line that was read.
    pub(super) fn take_line(&mut self) -> Option<Line> {
        self.lines.take_line()
    }

    /// Reads more, or finds that the client has ended its side. May be dropped
    /// and called again: nothing is lost.
    pub(super) async fn fill(&mut self) {
        let space = self.lines.space();
        let read = match &mut self.stream {
            Some(Stream::Plain(stream)) => read_plain(stream, space).await,
            Some(stream) => {
                space.reserve(READ_SIZE);
                stream.read_buf(space).await
            }
            None => Ok(0),
        };
        self.closed = !matches!(read, Ok(1..));
    }

    /// Reads what has come by now, and does not wait for more.
    pub(super) async fn look(&mut self) {
        if let Some(Stream::Plain(stream)) = &self.stream {
            match read_at_once(stream, self.lines.space()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => self.closed = !matches!(read, Ok(1..)),
            }
            return;
        }
        // The runtime looks what has come before it goes on here.
        tokio::task::yield_now().await;
        self.fill().now_or_never();
    }

    /// Sends a reply.
    pub(super) async fn send(&mut self, reply: &Reply) -> io::Result<()> {
        self.send_text(reply.encode()).await
    }

    /// Sends lines of a reply that comes in pieces.
    pub(super) async fn send_text(&mut self, text: impl AsRef<[u8]>) -> io::Result<()> {
        let Some(stream) = &mut self.stream else {
            return Err(io::Error::from(io::ErrorKind::NotConnected));
        };
        let sending = async {
            stream.write_all(text.as_ref()).await?;
            stream.flush().await
        };
        let sent = tokio::time::timeout(SEND_TIMEOUT, sending).await;
        sent.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)))
    }

    /// Encrypts the connection. What the client had sent ahead is forgotten: it
    /// may have come from somebody in between.
    pub(super) async fn encrypt(&mut self, config: Arc<ServerConfig>) -> io::Result<()> {
        self.lines.clear();
        match self.stream.take() {
            Some(Stream::Plain(stream)) => {
                self.stream = Some(Stream::encrypt(stream, config).await?);
                Ok(())
            }
            _ => Err(io::Error::from(io::ErrorKind::NotConnected)),
        }
    }

    /// Ends the connection.
    pub(super) async fn close(&mut self, farewell: Option<&Reply>) {
        let ending = async {
            if let Some(reply) = farewell {
                self.send(reply).await?;
            }
            match &mut self.stream {
                Some(stream) => stream.shutdown().await,
                None => Ok(()),
            }
        };
        // Whoever is gone need not be told.
        let _ = tokio::time::timeout(FAREWELL, ending).await;
    }
}

/// Reads what is there, once anything is.
///
/// The system stops a read before a byte that is marked as urgent, as in many an
/// `ABOR`. A read that brings less than it could is thus no sign that nothing more
/// is there, as tokio's own takes it to be: only an attempt that fails is.
async fn read_plain(stream: &TcpStream, space: &mut BytesMut) -> io::Result<usize> {
    loop {
        stream.readable().await?;
        match stream.try_io(Interest::READABLE, || read_at_once(stream, space)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            read => return read,
        }
    }
}

/// Asks the system alone, whatever the runtime knows of the socket.
fn read_at_once(stream: &TcpStream, space: &mut BytesMut) -> io::Result<usize> {
    let mut piece = [0; READ_SIZE];
    let length = (&*SockRef::from(stream)).read(&mut piece)?;
    space.extend_from_slice(piece.get(..length).unwrap_or_default());
    Ok(length)
}
