//! The server: it listens, and gives each client a session.

mod builder;
mod handle;
mod shared;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::observer::Event;
use crate::session;

pub use builder::ServerBuilder;
pub(crate) use handle::Phase;
pub use handle::ServerHandle;
pub(crate) use shared::{Presence, Seat, Shared};

/// How long sessions have to say goodbye once their time is up.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long to wait where the system has no descriptor left.
const BREATH: Duration = Duration::from_millis(100);

/// An FTP server that listens. [`Server::serve`] answers.
///
/// ```no_run
/// # use holdall_ftp::{Accounts, Server};
/// # async fn example(accounts: impl Accounts) -> std::io::Result<()> {
/// let server = Server::builder(accounts).bind("127.0.0.1:2121").await?;
/// let handle = server.handle();
/// tokio::spawn(server.serve());
/// // Later: transfers have ten seconds to finish.
/// handle.shut_down(std::time::Duration::from_secs(10));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
    phase: Arc<watch::Sender<Phase>>,
}

impl Server {
    /// Begins to build a server for the users of `accounts`.
    pub fn builder(accounts: impl crate::Accounts) -> ServerBuilder {
        ServerBuilder::new(Arc::new(accounts))
    }

    /// The address that the server listens at, with the port that was free where
    /// port 0 was asked for.
    ///
    /// # Errors
    ///
    /// What the system reports.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A handle that counts the sessions and shuts the server down.
    pub fn handle(&self) -> ServerHandle {
        ServerHandle::new(Arc::clone(&self.phase), Arc::clone(&self.shared))
    }

    /// Answers clients until [`ServerHandle::shut_down`], and returns when the last
    /// session has ended.
    ///
    /// Dropping the future ends all sessions at once; uploads that were under way
    /// are given up. Needs a tokio runtime with I/O and timers.
    pub async fn serve(self) {
        let mut phase = self.phase.subscribe();
        let mut sessions = JoinSet::new();
        let grace = loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, peer)) => self.welcome(stream, peer, &mut sessions),
                    Err(error) => rest_after(error).await,
                },
                Some(_) = sessions.join_next() => {}
                grace = Phase::wait_for_end(&mut phase) => break grace,
            }
        };
        drop(self.listener);
        let drained = async { while sessions.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, drained).await.is_err() {
            self.phase.send_replace(Phase::Stopping);
            let farewell = async { while sessions.join_next().await.is_some() {} };
            let _ = tokio::time::timeout(FAREWELL, farewell).await;
        }
        sessions.shutdown().await;
    }

    fn welcome(&self, stream: TcpStream, peer: SocketAddr, sessions: &mut JoinSet<()>) {
        let info = self.shared.introduce(&stream, peer);
        if sessions.len() >= self.shared.options.max_sessions {
            self.shared.observe(&info, &Event::TurnedAway);
            tracing::warn!(%peer, "turned away: too many sessions");
            sessions.spawn(turn_away(stream));
            return;
        }
        let shared = Arc::clone(&self.shared);
        let phase = self.phase.subscribe();
        sessions.spawn(session::run(stream, info, shared, phase));
    }
}

async fn turn_away(mut stream: TcpStream) {
    let goodbye = stream.write_all(b"421 Too many sessions; try again later.\r\n");
    let _ = tokio::time::timeout(FAREWELL, goodbye).await;
}

async fn rest_after(error: io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    // A client that has gone again is no reason to wait; a lack of descriptors is.
    if error.kind() != io::ErrorKind::ConnectionAborted {
        tokio::time::sleep_until(Instant::now() + BREATH).await;
    }
}
