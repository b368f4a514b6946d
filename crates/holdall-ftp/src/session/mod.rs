//! Sessions: one task for each client.
//!
//! A session is one loop that takes a line, carries the command out and replies.
//! While a transfer runs, the session keeps reading (`attend.rs`): it is one task
//! that polls both, so that nothing can wait for itself.

mod about;
mod attend;
mod control;
mod data;
mod dispatch;
mod folders;
mod inspect;
mod listings;
mod login;
mod outcome;
mod state;
mod tls;
mod transfers;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::Instrument;

use crate::observer::{Event, SessionInfo};
use crate::protocol::{Line, Reply};
use crate::server::{Phase, Presence, Shared};
use control::Control;
use outcome::End;
use state::State;

/// One client's session.
struct Session {
    control: Control,
    /// Lines that came while a transfer ran.
    held: VecDeque<Line>,
    state: State,
    info: SessionInfo,
    shared: Arc<Shared>,
    phase: watch::Receiver<Phase>,
    begun: Instant,
    _presence: Presence,
}

/// Serves one client until it leaves or must.
pub(crate) async fn run(
    stream: TcpStream,
    info: SessionInfo,
    shared: Arc<Shared>,
    phase: watch::Receiver<Phase>,
) {
    let span = match info.connection.peer {
        Some(peer) => tracing::info_span!("ftp", session = info.id, %peer),
        None => tracing::info_span!("ftp", session = info.id),
    };
    let work = async move {
        match Session::new(stream, info, shared, phase) {
            Ok(session) => session.run().await,
            Err(error) => tracing::debug!(%error, "the client went at once"),
        }
    };
    work.instrument(span).await;
}

impl Session {
    fn new(
        stream: TcpStream,
        info: SessionInfo,
        shared: Arc<Shared>,
        phase: watch::Receiver<Phase>,
    ) -> io::Result<Self> {
        let control = Control::new(stream)?;
        let presence = shared.enter();
        let session = Self {
            control,
            held: VecDeque::new(),
            state: State::new(),
            info,
            shared,
            phase,
            begun: Instant::now(),
            _presence: presence,
        };
        session.observe(&Event::Connected);
        Ok(session)
    }

    async fn run(mut self) {
        let end = match self.serve().await {
            Ok(never) => match never {},
            Err(end) => end,
        };
        self.control.close(end.farewell.as_ref()).await;
        let user = self.user_name();
        tracing::info!(user, reason = end.reason, "the session ended");
    }

    async fn serve(&mut self) -> Result<Infallible, End> {
        let greeting = Reply::new(220, self.shared.options.banner.clone());
        self.send(&greeting).await?;
        loop {
            let line = self.next_line().await?;
            // In a box, so that a session that waits is small.
            Box::pin(self.obey(line)).await?;
        }
    }

    /// The next line, whenever it comes; or why none does.
    async fn next_line(&mut self) -> Result<Line, End> {
        let waiting_since = Instant::now();
        loop {
            if *self.phase.borrow() != Phase::Serving {
                return Err(End::server_stopping());
            }
            let held = self.held.pop_front();
            if let Some(line) = held.or_else(|| self.control.take_line()) {
                return Ok(line);
            }
            if self.control.is_closed() {
                return Err(End::CLIENT_GONE);
            }
            let deadline = self.patience(waiting_since);
            tokio::select! {
                () = self.control.fill() => {}
                () = tokio::time::sleep_until(deadline) => return Err(self.out_of_patience()),
                _ = Phase::wait_for_end(&mut self.phase) => {}
            }
        }
    }

    /// Until when a command must come.
    fn patience(&self, waiting_since: Instant) -> Instant {
        let options = &self.shared.options;
        let idle = waiting_since + options.idle_timeout;
        if self.state.is_logged_in() {
            return idle;
        }
        idle.min(self.login_deadline())
    }

    fn login_deadline(&self) -> Instant {
        self.begun + self.shared.options.login_timeout
    }

    fn out_of_patience(&self) -> End {
        if self.state.is_logged_in() {
            End::with(421, "No command came for too long.", "idle")
        } else {
            End::with(421, "The login took too long.", "login_timeout")
        }
    }

    async fn send(&mut self, reply: &Reply) -> Result<(), End> {
        let sent = self.control.send(reply).await;
        sent.map_err(|_| End::CLIENT_GONE)
    }

    fn observe(&self, event: &Event<'_>) {
        self.shared.observe(&self.info, event);
    }

    fn user_name(&self) -> Option<&str> {
        self.info.connection.user.as_deref()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.observe(&Event::Disconnected);
    }
}
