//! Whether one connection is enough for a download.

use std::time::Duration;

/// What a connection brings in a second, in bytes, that others need not help:
/// about what a line of 1 Gbit/s does.
const ENOUGH: u64 = 128 * 1024 * 1024;

/// What a connection has brought, in the time in which it was waited for.
#[derive(Debug, Default)]
pub(super) struct Pace {
    bytes: u64,
    waited: Duration,
}

impl Pace {
    pub(super) fn add(&mut self, bytes: u64, waited: Duration) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.waited = self.waited.saturating_add(waited);
    }

    /// Whether the connection is slow; told once it has brought `enough` bytes
    /// to tell by, and then of the next ones.
    pub(super) fn is_slow(&mut self, enough: u64) -> bool {
        if self.bytes < enough {
            return false;
        }
        let Self { bytes, waited } = std::mem::take(self);
        waited.as_secs_f64() * ENOUGH as f64 > bytes as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn is_slow(bytes: u64, millis: u64) -> bool {
        let mut pace = Pace::default();
        pace.add(bytes / 2, Duration::from_millis(millis));
        pace.add(bytes / 2, Duration::ZERO);
        pace.is_slow(16 * MIB)
    }

    #[test]
    fn a_connection_is_slow_that_is_waited_for_longer_than_its_bytes_need() {
        assert!(is_slow(16 * MIB, 126));
        assert!(!is_slow(16 * MIB, 124));
        assert!(is_slow(32 * MIB, 251));
    }

    #[test]
    fn few_bytes_tell_nothing() {
        assert!(!is_slow(15 * MIB, 10_000));
    }

    #[test]
    fn a_connection_may_become_slow_later() {
        let mut pace = Pace::default();
        pace.add(16 * MIB, Duration::ZERO);
        assert!(!pace.is_slow(16 * MIB));
        pace.add(16 * MIB, Duration::from_millis(126));
        assert!(pace.is_slow(16 * MIB));
    }
}
