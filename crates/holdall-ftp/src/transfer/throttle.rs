//! Keeping to a rate.

use std::num::NonZeroU64;
use std::time::Duration;

use tokio::time::Instant;

/// How many blocks go into a second at a limited rate.
const BLOCKS_PER_SECOND: u64 = 8;

/// Keeps a transfer to a rate, where there is one.
#[derive(Debug)]
pub(crate) struct Throttle {
    rate: Option<NonZeroU64>,
    begun: Instant,
    bytes: u64,
}

impl Throttle {
    /// At most `rate` bytes a second from now on.
    pub(crate) fn new(rate: Option<NonZeroU64>) -> Self {
        Self {
            rate,
            begun: Instant::now(),
            bytes: 0,
        }
    }

    /// How large blocks may be so that they flow rather than jump.
    pub(crate) fn block_size(&self, wanted: usize) -> usize {
        let Some(rate) = self.rate else {
            return wanted;
        };
        let share = usize::try_from(rate.get() / BLOCKS_PER_SECOND).unwrap_or(usize::MAX);
        share.clamp(1, wanted.max(1))
    }

    /// Counts bytes, and waits until their time is up.
    pub(crate) async fn pass(&mut self, bytes: usize) {
        let Some(rate) = self.rate else {
            return;
        };
        self.bytes = self.bytes.saturating_add(bytes as u64);
        let seconds = self.bytes as f64 / rate.get() as f64;
        let due = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        if let Some(until) = self.begun.checked_add(due) {
            tokio::time::sleep_until(until).await;
        }
    }
}
