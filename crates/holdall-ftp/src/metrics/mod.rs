//! What a server does, in numbers.

mod http;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::observer::{Event, Observer, SessionInfo, Transfer};

pub use http::MetricsServer;

type Label<V> = [(&'static str, V); 1];
type Labels = [(&'static str, &'static str); 2];

/// Counts what happens, for Prometheus. Give a clone to
/// [`ServerBuilder::observer`](crate::ServerBuilder::observer), and serve
/// [`Metrics::text`] or start a [`MetricsServer`].
///
/// | name | labels | |
/// |---|---|---|
/// | `holdall_ftp_sessions` | | sessions that are open now |
/// | `holdall_ftp_sessions_opened_total` | | sessions so far |
/// | `holdall_ftp_sessions_turned_away_total` | | clients for whom there was no room |
/// | `holdall_ftp_logins_total` | | logins that succeeded |
/// | `holdall_ftp_logins_refused_total` | `reason` | logins that did not |
/// | `holdall_ftp_transfers_active` | `direction` | transfers under way |
/// | `holdall_ftp_transfers_total` | `direction`, `outcome` | transfers that ended |
/// | `holdall_ftp_transferred_bytes_total` | `direction` | bytes over data connections |
/// | `holdall_ftp_command_duration_seconds` | `command` | how long commands took, as a histogram |
/// | `holdall_ftp_command_errors_total` | `command`, `class` | commands answered with `4xx` or `5xx` |
///
/// Each label has few values, so that memory is bounded. Bytes count when a
/// transfer ends.
#[derive(Clone)]
pub struct Metrics {
    shared: Arc<Shared>,
}

struct Shared {
    registry: Registry,
    families: Families,
    ending: AtomicBool,
}

#[derive(Default)]
struct Families {
    sessions: Gauge,
    sessions_opened: Counter,
    turned_away: Counter,
    logins: Counter,
    logins_refused: Family<Label<String>, Counter>,
    transfers_active: Family<Label<&'static str>, Gauge>,
    transfers: Family<Labels, Counter>,
    bytes: Family<Label<&'static str>, Counter>,
    durations: Durations,
    errors: Family<Labels, Counter>,
}

struct Durations(Family<Label<&'static str>, Histogram, fn() -> Histogram>);

impl Default for Durations {
    /// From half a millisecond to half an hour, in steps of four.
    fn default() -> Self {
        Self(Family::new_with_constructor(|| {
            Histogram::new(exponential_buckets(0.0005, 4.0, 12))
        }))
    }
}

impl Metrics {
    /// All zero.
    pub fn new() -> Self {
        let families = Families::default();
        Self {
            shared: Arc::new(Shared {
                registry: families.registered(),
                families,
                ending: AtomicBool::new(false),
            }),
        }
    }

    /// The numbers of now, in the text format of
    /// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.shared.registry);
        text
    }

    /// Says that the server ends: from now on it is not healthy, so that nobody new
    /// is sent to it.
    pub fn server_ends(&self) {
        self.shared.ending.store(true, Ordering::Relaxed);
    }

    fn is_healthy(&self) -> bool {
        !self.shared.ending.load(Ordering::Relaxed)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Families {
    fn registered(&self) -> Registry {
        let mut all = Registry::with_prefix("holdall_ftp");
        all.register(
            "sessions",
            "Sessions that are open now",
            self.sessions.clone(),
        );
        all.register(
            "sessions_opened",
            "Sessions so far",
            self.sessions_opened.clone(),
        );
        all.register(
            "sessions_turned_away",
            "Clients for whom there was no room",
            self.turned_away.clone(),
        );
        all.register("logins", "Logins that succeeded", self.logins.clone());
        all.register(
            "logins_refused",
            "Logins that did not",
            self.logins_refused.clone(),
        );
        all.register(
            "transfers_active",
            "Transfers under way",
            self.transfers_active.clone(),
        );
        all.register("transfers", "Transfers that ended", self.transfers.clone());
        all.register(
            "transferred_bytes",
            "Bytes over data connections",
            self.bytes.clone(),
        );
        all.register_with_unit(
            "command_duration",
            "How long commands took, transfers included",
            Unit::Seconds,
            self.durations.0.clone(),
        );
        all.register(
            "command_errors",
            "Commands that were answered with an error",
            self.errors.clone(),
        );
        all
    }

    fn end_transfer(&self, transfer: &Transfer<'_>) {
        let direction = ("direction", transfer.direction.as_str());
        self.transfers_active.get_or_create(&[direction]).dec();
        self.bytes
            .get_or_create(&[direction])
            .inc_by(transfer.bytes);
        let outcome = ("outcome", transfer.outcome.as_str());
        self.transfers.get_or_create(&[direction, outcome]).inc();
    }

    fn count_error(&self, command: &'static str, code: u16) {
        let class = match code {
            400..=499 => "4xx",
            500..=599 => "5xx",
            _ => return,
        };
        self.errors
            .get_or_create(&[("command", command), ("class", class)])
            .inc();
    }
}

impl Observer for Metrics {
    fn observe(&self, _: &SessionInfo, event: &Event<'_>) {
        let families = &self.shared.families;
        match event {
            Event::Connected => {
                families.sessions.inc();
                families.sessions_opened.inc();
            }
            Event::TurnedAway => drop(families.turned_away.inc()),
            Event::LoggedIn => drop(families.logins.inc()),
            Event::LoginFailed { reason, .. } => {
                let reason = ("reason", (*reason).to_owned());
                families.logins_refused.get_or_create(&[reason]).inc();
            }
            Event::Command {
                name,
                code,
                duration,
                ..
            } => {
                let command = ("command", *name);
                let durations = families.durations.0.get_or_create(&[command]);
                durations.observe(duration.as_secs_f64());
                families.count_error(name, *code);
            }
            Event::TransferStarted(direction) => {
                let direction = ("direction", direction.as_str());
                families.transfers_active.get_or_create(&[direction]).inc();
            }
            Event::TransferEnded(transfer) => families.end_transfer(transfer),
            Event::Disconnected => drop(families.sessions.dec()),
            Event::Encrypted => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use holdall::pathio::Connection;

    use super::*;
    use crate::observer::{TransferDirection, TransferOutcome};

    fn observed(events: &[Event<'_>]) -> String {
        let metrics = Metrics::new();
        let session = SessionInfo {
            id: 1,
            connection: Connection::new(),
        };
        for event in events {
            metrics.observe(&session, event);
        }
        metrics.text()
    }

    #[track_caller]
    fn has(text: &str, line: &str) {
        assert!(
            text.lines().any(|found| found == line),
            "no {line:?} in\n{text}"
        );
    }

    #[test]
    fn sessions_and_logins_are_counted() {
        let refused = Event::LoginFailed {
            user: "ann",
            reason: "wrong_credentials",
        };
        let text = observed(&[
            Event::Connected,
            Event::Connected,
            refused.clone(),
            refused,
            Event::LoggedIn,
            Event::Disconnected,
            Event::TurnedAway,
        ]);
        has(&text, "holdall_ftp_sessions 1");
        has(&text, "holdall_ftp_sessions_opened_total 2");
        has(&text, "holdall_ftp_sessions_turned_away_total 1");
        has(&text, "holdall_ftp_logins_total 1");
        has(
            &text,
            "holdall_ftp_logins_refused_total{reason=\"wrong_credentials\"} 2",
        );
        assert!(!text.contains("ann"), "names are no labels: {text}");
        has(&text, "# EOF");
    }

    #[test]
    fn transfers_are_counted_with_their_bytes_and_outcomes() {
        let ended = |outcome, bytes| {
            Event::TransferEnded(Transfer {
                direction: TransferDirection::Upload,
                path: "/a",
                bytes,
                duration: Duration::from_secs(1),
                outcome,
            })
        };
        let started = Event::TransferStarted(TransferDirection::Upload);
        let text = observed(&[
            started.clone(),
            started.clone(),
            started,
            ended(TransferOutcome::Complete, 5),
            ended(TransferOutcome::Aborted, 2),
        ]);
        has(
            &text,
            "holdall_ftp_transfers_active{direction=\"upload\"} 1",
        );
        has(
            &text,
            "holdall_ftp_transfers_total{direction=\"upload\",outcome=\"complete\"} 1",
        );
        has(
            &text,
            "holdall_ftp_transfers_total{direction=\"upload\",outcome=\"aborted\"} 1",
        );
        has(
            &text,
            "holdall_ftp_transferred_bytes_total{direction=\"upload\"} 7",
        );
    }

    #[test]
    fn commands_have_durations_and_errors() {
        let command = |code| Event::Command {
            name: "CWD",
            path: Some("/a"),
            code,
            duration: Duration::from_millis(1),
        };
        let text = observed(&[command(250), command(550), command(450)]);
        let name = "holdall_ftp_command_duration_seconds";
        has(&text, &format!("{name}_count{{command=\"CWD\"}} 3"));
        has(
            &text,
            &format!("{name}_bucket{{le=\"0.002\",command=\"CWD\"}} 3"),
        );
        has(
            &text,
            "holdall_ftp_command_errors_total{command=\"CWD\",class=\"5xx\"} 1",
        );
        has(
            &text,
            "holdall_ftp_command_errors_total{command=\"CWD\",class=\"4xx\"} 1",
        );
    }
}
