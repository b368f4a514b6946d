//! The client's side of data connections.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::script::{Cuts, Way};
use crate::client::Reply;
use crate::site::PATIENCE;

/// What the client has towards the next data connection.
pub(super) enum Data {
    /// The server listens there.
    Passive(SocketAddr),
    Connected(TcpStream),
    Listening(TcpListener),
    /// A port that is taken, and at which nobody listens.
    Nowhere(#[expect(dead_code, reason = "it holds the port")] TcpSocket),
}

/// A port of the client's own.
fn own_port() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    small_buffer(&socket);
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    socket
}

/// Less than the big file can be on its way.
fn small_buffer(socket: &TcpSocket) {
    socket.set_recv_buffer_size(64 * 1024).unwrap();
}

/// The command that prepares a data connection, and the client's side where that
/// comes first.
pub(super) fn prepare(way: Way) -> (String, Option<Data>) {
    let socket = match way {
        Way::Epsv => return ("EPSV".to_owned(), None),
        Way::Pasv => return ("PASV".to_owned(), None),
        Way::Eprt | Way::Port | Way::Nowhere => own_port(),
    };
    let port = socket.local_addr().unwrap().port();
    let [high, low] = port.to_be_bytes();
    let line = match way {
        Way::Port => format!("PORT 127,0,0,1,{high},{low}"),
        _ => format!("EPRT |1|127.0.0.1|{port}|"),
    };
    let data = match way {
        Way::Nowhere => Data::Nowhere(socket),
        _ => Data::Listening(socket.listen(1).unwrap()),
    };
    (line, Some(data))
}

/// Where the reply to `EPSV` or `PASV` says that the server listens.
pub(super) fn told(reply: &Reply) -> SocketAddr {
    let (_, text) = reply.text.split_once('(').unwrap();
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u16> = numbers.filter_map(|number| number.parse().ok()).collect();
    let port = match numbers[..] {
        [port] => port,
        [127, 0, 0, 1, high, low] => high * 256 + low,
        _ => panic!("no address: {reply:?}"),
    };
    (Ipv4Addr::LOCALHOST, port).into()
}

impl Data {
    /// Connects, where that is the client's to do, or waits for the server; none
    /// where there will be no connection.
    pub(super) async fn connect(self) -> Option<TcpStream> {
        match self {
            Self::Passive(address) => {
                let socket = TcpSocket::new_v4().unwrap();
                small_buffer(&socket);
                Some(patient(socket.connect(address)).await.unwrap())
            }
            Self::Connected(stream) => Some(stream),
            Self::Listening(listener) => Some(patient(listener.accept()).await.unwrap().0),
            Self::Nowhere(_) => None,
        }
    }
}

/// Takes a hang for a failure.
#[track_caller]
pub(super) fn patient<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let done = tokio::time::timeout(PATIENCE, work).await;
        done.unwrap_or_else(|_| panic!("it hangs at {place}"))
    }
}

/// Sends bytes in pieces.
pub(super) async fn send(stream: &mut TcpStream, bytes: &[u8], cuts: &Cuts) {
    for piece in pieces(bytes, cuts) {
        patient(stream.write_all(piece)).await.unwrap();
        tokio::task::yield_now().await;
    }
}

/// Bytes in pieces of the lengths of `cuts`, in turn; many bytes in few pieces.
pub(super) fn pieces<'a>(bytes: &'a [u8], cuts: &'a Cuts) -> impl Iterator<Item = &'a [u8]> {
    let scale = 1 + bytes.len() / 200;
    let mut lengths = cuts.iter().map(move |cut| cut * scale).cycle();
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = lengths.next().unwrap_or(rest.len()).min(rest.len());
        let (piece, after) = rest.split_at(length);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Reads at most `limit` bytes, as long as there are any.
pub(super) async fn receive(stream: &mut TcpStream, limit: usize) -> Vec<u8> {
    let mut content = Vec::new();
    // A connection that breaks has ended, too.
    let limit = u64::try_from(limit).unwrap();
    let _ = patient(stream.take(limit).read_to_end(&mut content)).await;
    content
}

/// Ends a connection as the system does when it has no use for what comes.
pub(super) fn reset(stream: TcpStream) {
    let socket = SockRef::from(&stream);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}
