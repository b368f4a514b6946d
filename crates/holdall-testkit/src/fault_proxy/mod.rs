//! An HTTP proxy that breaks what it is told to break: for tests of clients of
//! any HTTP/1.1 server.
//!
//! A [`FaultProxy`] stands in front of a server. Its [`Faults`] say which
//! requests go wrong, and how; they also keep a log, so that a test can count
//! what was asked. Nothing depends on time: what is slow is held at a [`Gate`]
//! that the test moves. The one exception is [`Faults::set_latency`], for
//! benchmarks.
//!
//! ```no_run
//! use holdall_testkit::fault_proxy::{Fault, FaultProxy, Reply, When};
//!
//! # fn main() -> std::io::Result<()> {
//! let proxy = FaultProxy::start("http://127.0.0.1:10000")?;
//! let faults = proxy.faults();
//!
//! // The first upload arrives, and its answer is lost.
//! faults.on(When::method("PUT").first(1), Fault::ResetAfter);
//! // Every second look is refused for being too frequent.
//! let busy = Reply::new(503).header("retry-after", "0");
//! faults.on(When::method("HEAD").nth(2), Fault::Answer(busy));
//!
//! // Let a client talk to proxy.url(), and then:
//! assert_eq!(faults.log().len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! Several proxies can share one [`Faults`], for a client of several servers.

mod connection;
mod faults;
mod gate;
mod message;
mod relay;

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use faults::{Exchange, Fault, Faults, Reply, When};
pub use gate::Gate;

/// A running proxy on a free port of 127.0.0.1.
///
/// It runs on a thread of its own, so that a test of any runtime, or of none,
/// can use it. Dropping it closes every connection.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    faults: Faults,
    /// Dropped, it ends the thread.
    _stop: oneshot::Sender<()>,
}

impl FaultProxy {
    /// Starts a proxy in front of `server`, such as `http://127.0.0.1:10000`.
    /// What follows the port is of no account; the scheme must be `http`.
    ///
    /// # Errors
    ///
    /// What listening on a port fails with, and `InvalidInput` for a scheme
    /// other than `http`.
    pub fn start(server: &str) -> io::Result<Self> {
        Self::start_with(server, Faults::new())
    }

    /// Starts a proxy with faults that others may share.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_with(server: &str, faults: Faults) -> io::Result<Self> {
        let server = authority(server)?;
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let accepted = accept(listener, server, faults.clone());
        let thread = std::thread::Builder::new().name("fault-proxy".to_owned());
        thread.spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    ended = accepted => ended,
                    _ = stopped => Ok(()),
                }
            })
        })?;
        Ok(Self {
            address,
            faults,
            _stop: stop,
        })
    }

    /// Where the proxy listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the proxy listens, as a URL such as `http://127.0.0.1:40001`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The faults of this proxy, and its log.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

/// The host and the port of a URL.
fn authority(url: &str) -> io::Result<String> {
    let rest = match url.split_once("://") {
        Some(("http", rest)) => rest,
        Some((scheme, _)) => {
            let message = format!("the proxy speaks http, not {scheme}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        None => url,
    };
    Ok(rest.split('/').next().unwrap_or_default().to_owned())
}

async fn accept(listener: std::net::TcpListener, server: String, faults: Faults) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        let connection = connection::serve(client, server.clone(), faults.clone());
        // How a connection ends is for its client to see.
        tokio::spawn(connection);
    }
}
