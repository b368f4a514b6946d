//! Watching and ending a server.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::Shared;

/// How far a server is with its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It serves.
    Serving,
    /// No new work; transfers have so long to finish.
    Draining(Duration),
    /// Transfers end now.
    Stopping,
}

impl Phase {
    /// Waits until the server shall end, and gives the time for transfers. A server
    /// whose handles are all gone serves on.
    pub(crate) async fn wait_for_end(phase: &mut watch::Receiver<Self>) -> Duration {
        let ending = phase.wait_for(|phase| *phase != Self::Serving).await;
        match ending.as_deref() {
            Ok(Self::Draining(grace)) => *grace,
            _ => Duration::ZERO,
        }
    }

    /// Waits until transfers shall end.
    pub(crate) async fn wait_for_stop(phase: &mut watch::Receiver<Self>) {
        let _ = phase.wait_for(|phase| *phase == Self::Stopping).await;
    }
}

/// Counts the sessions of a [`Server`](super::Server), and shuts it down.
#[derive(Debug, Clone)]
pub struct ServerHandle {
    phase: Arc<watch::Sender<Phase>>,
    shared: Arc<Shared>,
}

impl ServerHandle {
    pub(super) fn new(phase: Arc<watch::Sender<Phase>>, shared: Arc<Shared>) -> Self {
        Self { phase, shared }
    }

    /// Shuts the server down: it takes no more clients and no more commands, and
    /// ends the sessions that wait for one. Transfers under way have `grace` to
    /// finish and are given up then. [`Server::serve`](super::Server::serve)
    /// returns when all have ended.
    pub fn shut_down(&self, grace: Duration) {
        self.phase.send_if_modified(|phase| {
            let serving = *phase == Phase::Serving;
            if serving {
                *phase = Phase::Draining(grace);
            }
            serving
        });
    }

    /// How many sessions there are, logged in or not.
    pub fn sessions(&self) -> usize {
        self.shared.sessions()
    }
}
