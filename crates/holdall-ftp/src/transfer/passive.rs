//! Listening for data connections.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU16, Ordering};

use socket2::{Domain, Protocol, Socket, Type};

/// One connection is all that is wanted; the rest is for strangers who come first.
const QUEUE: i32 = 4;

/// Where the search in the range goes on, so that sessions do not all try the
/// same port first.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// Listens at `ip`, at a free port of the range or at any.
pub(crate) fn listen(ip: IpAddr, ports: Option<&RangeInclusive<u16>>) -> io::Result<TcpListener> {
    let Some(ports) = ports else {
        return listen_at(SocketAddr::new(ip, 0));
    };
    let size = u32::from(ports.end().saturating_sub(*ports.start())) + 1;
    let start = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
    for step in 0..size {
        let offset = (start + step) % size;
        let port = u16::try_from(u32::from(*ports.start()) + offset).map_err(io::Error::other)?;
        match listen_at(SocketAddr::new(ip, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            listening => return listening,
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AddrInUse,
        "all ports for passive data connections are in use",
    ))
}

fn listen_at(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.port() != 0 {
        // A port whose last connection has only just ended is free.
        socket.set_reuse_address(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(QUEUE)?;
    Ok(socket.into())
}
