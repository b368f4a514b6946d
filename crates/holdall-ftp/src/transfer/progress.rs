//! How far a transfer is.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::fault::Fault;

/// How many times the silence is looked at within the time that it may last.
const LOOKS: u32 = 4;

/// A timer needs some time between its ticks.
const SHORTEST_LOOK: Duration = Duration::from_millis(1);

/// What a transfer is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It waits for the data connection.
    Connecting,
    /// Bytes move.
    Moving,
    /// All bytes have come, and the storage takes them for good. It is too late to
    /// stop.
    Committing,
}

/// How far a transfer is: written by the transfer, read by its session.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    bytes: AtomicU64,
    beats: AtomicU64,
    stage: AtomicU8,
    stop: Notify,
    arrived: Notify,
    confirmed: Notify,
}

impl Progress {
    /// Counts bytes of the data connection.
    pub(crate) fn moved(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.beat();
    }

    /// Says that something moved, if not on the data connection.
    pub(crate) fn beat(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
        self.beat();
    }

    pub(crate) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Relaxed) {
            0 => Stage::Connecting,
            1 => Stage::Moving,
            _ => Stage::Committing,
        }
    }

    /// Asks the transfer to stop by itself.
    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }

    /// Waits to be asked to stop.
    pub(crate) async fn stopped(&self) {
        self.stop.notified().await;
    }

    /// Says that all bytes seem to have come, and waits for the session to confirm
    /// it: a client that is killed ends its data connection, too, as if all had
    /// come, but its control connection with it.
    pub(crate) async fn confirmation(&self) -> Result<(), Fault> {
        self.arrived.notify_one();
        tokio::select! {
            biased;
            () = self.stop.notified() => Err(Fault::Stopped),
            () = self.confirmed.notified() => Ok(()),
        }
    }

    /// Waits until all bytes seem to have come.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Confirms that all bytes have come.
    pub(crate) fn confirm(&self) {
        self.confirmed.notify_one();
    }

    /// Waits until nothing has moved for about `timeout` while bytes should.
    pub(crate) async fn stalled(&self, timeout: Duration) {
        let mut look = tokio::time::interval((timeout / LOOKS).max(SHORTEST_LOOK));
        let mut silent = 0;
        let mut last = self.beats.load(Ordering::Relaxed);
        while silent < LOOKS {
            look.tick().await;
            let beats = self.beats.load(Ordering::Relaxed);
            let quiet = beats == last && self.stage() == Stage::Moving;
            silent = if quiet { silent + 1 } else { 0 };
            last = beats;
        }
    }
}
