//! Making data connections.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinError, JoinSet};

use crate::stream::Stream;

/// How the next data connection comes to be.
#[derive(Debug, Default)]
pub(crate) enum Endpoint {
    /// The client has not said.
    #[default]
    None,
    /// The client connects to this listener.
    Passive(std::net::TcpListener),
    /// The client connects, and is answered in TLS right away: some clients shake
    /// hands before they send the command. Dropping the task ends it.
    Encrypting(JoinSet<io::Result<Stream>>),
    /// The server connects to this address.
    Active(SocketAddr),
}

impl Endpoint {
    /// Waits for the client at `listener`, and encrypts as soon as it comes.
    pub(crate) fn encrypting(
        listener: std::net::TcpListener,
        only_from: Option<IpAddr>,
        tls: Arc<ServerConfig>,
    ) -> Self {
        let mut task = JoinSet::new();
        task.spawn(async move {
            let stream = accept(listener, only_from).await?;
            stream.set_nodelay(true)?;
            Stream::encrypt(stream, tls).await
        });
        Self::Encrypting(task)
    }
}

/// Makes one data connection.
#[derive(Debug)]
pub(crate) struct Connector {
    pub(crate) endpoint: Endpoint,
    /// The server's side of the control connection, from where it connects.
    pub(crate) local: IpAddr,
    /// Who alone may come, unless anybody may.
    pub(crate) only_from: Option<IpAddr>,
    /// The configuration of TLS where data is to be encrypted.
    pub(crate) tls: Option<Arc<ServerConfig>>,
    /// How long it may take.
    pub(crate) timeout: Duration,
}

impl Connector {
    /// Connects, or waits for the client to, and encrypts.
    pub(crate) async fn connect(self) -> io::Result<Stream> {
        let timeout = self.timeout;
        let connected = tokio::time::timeout(timeout, self.connect_at_leisure()).await;
        connected.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)))
    }

    async fn connect_at_leisure(self) -> io::Result<Stream> {
        let stream = match self.endpoint {
            Endpoint::None => return Err(io::Error::from(io::ErrorKind::NotConnected)),
            Endpoint::Passive(listener) => accept(listener, self.only_from).await?,
            Endpoint::Encrypting(mut task) => return finished(task.join_next().await),
            Endpoint::Active(address) => dial(self.local, address).await?,
        };
        stream.set_nodelay(true)?;
        match self.tls {
            Some(config) => Stream::encrypt(stream, config).await,
            None => Ok(Stream::Plain(stream)),
        }
    }
}

fn finished(joined: Option<Result<io::Result<Stream>, JoinError>>) -> io::Result<Stream> {
    match joined {
        Some(Ok(connected)) => connected,
        Some(Err(error)) => Err(io::Error::other(error)),
        None => Err(io::Error::from(io::ErrorKind::NotConnected)),
    }
}

async fn accept(
    listener: std::net::TcpListener,
    only_from: Option<IpAddr>,
) -> io::Result<TcpStream> {
    let welcome =
        |peer: SocketAddr| only_from.is_none_or(|client| client == peer.ip().to_canonical());
    // Most clients connect before they send the command: then nothing waits.
    loop {
        match listener.accept() {
            Ok((stream, peer)) if welcome(peer) => {
                stream.set_nonblocking(true)?;
                return TcpStream::from_std(stream);
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, peer) = listener.accept().await?;
        if welcome(peer) {
            return Ok(stream);
        }
        tracing::warn!(%peer, "a data connection from another address was refused");
    }
}

async fn dial(local: IpAddr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    if local.is_ipv4() == address.is_ipv4() {
        socket.bind(SocketAddr::new(local, 0))?;
    }
    socket.connect(address).await
}
