//! Progress of long work: a line on a terminal's standard error, and nothing
//! anywhere else.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::counted;

/// What is shown once the number of bytes in all is known, and before.
const KNOWN: &str =
    "{wide_bar} {msg} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}";
const UNKNOWN: &str = "{spinner} {msg} {binary_bytes} {binary_bytes_per_sec}";

/// Counts what is done and shows it.
pub(crate) struct Progress {
    bar: ProgressBar,
    files: AtomicU64,
}

impl Progress {
    /// Begins; `total` bytes where they are known. Hidden if `quiet`, and where
    /// standard error is no terminal.
    pub(crate) fn new(quiet: bool, total: Option<u64>) -> Self {
        let bar = match (quiet, total) {
            (true, _) => ProgressBar::hidden(),
            (false, Some(total)) => ProgressBar::new(total).with_style(style(KNOWN)),
            (false, None) => ProgressBar::no_length()
                .with_style(style(UNKNOWN))
                .with_message(counted(0, "file")),
        };
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self {
            bar,
            files: AtomicU64::new(0),
        }
    }

    /// Whether anybody sees it.
    pub(crate) fn is_shown(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Says how many bytes there will be in all.
    pub(crate) fn set_total(&self, bytes: u64) {
        self.bar.set_length(bytes);
        self.bar.set_style(style(KNOWN));
    }

    /// Counts bytes.
    pub(crate) fn add_bytes(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Counts a file.
    pub(crate) fn add_file(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_shown() {
            self.bar.set_message(counted(files, "file"));
        }
    }

    /// Lets `tell` write to standard error without tearing the line.
    pub(crate) fn suspend(&self, tell: impl FnOnce()) {
        self.bar.suspend(tell);
    }

    /// Ends; the line goes away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
