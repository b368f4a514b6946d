//! Progress of long work: a line on a terminal's standard error, and nothing
//! anywhere else.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::counted;

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
            (false, Some(total)) => ProgressBar::new(total).with_style(style(
                "{wide_bar} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}",
            )),
            (false, None) => ProgressBar::no_length().with_style(style(
                "{spinner} {msg}, {binary_bytes}, {binary_bytes_per_sec}",
            )),
        };
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self {
            bar,
            files: AtomicU64::new(0),
        }
    }

    /// Counts bytes.
    pub(crate) fn add_bytes(&self, bytes: usize) {
        self.bar.inc(bytes as u64);
    }

    /// Counts a file.
    pub(crate) fn add_file(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.bar.is_hidden() {
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
