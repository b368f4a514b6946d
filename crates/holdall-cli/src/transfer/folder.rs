//! A folder's content from one place to another, many files at a time.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::file::{CopyOptions, Outcome, copy_file};
use crate::entries::FileWalk;
use crate::exit::Exit;
use crate::failure::{Failure, Failures, Result};
use crate::location::Location;
use crate::output::{counted, human_size};
use crate::progress::Progress;

/// What became of the files of a copy.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    copied: u64,
    bytes: u64,
    present: u64,
    skipped: u64,
    left_out: u64,
}

/// What lies on a disk and not in a store.
const LEFT_OUT: &str = "links that lead out, pipes, or names that no store can hold";

impl Summary {
    /// Counts one file.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Copied(bytes) => {
                self.copied += 1;
                self.bytes += bytes;
            }
            Outcome::Present => self.present += 1,
            Outcome::Skipped => self.skipped += 1,
        }
    }

    /// The line for people: `copied 3 files, 4.50 MiB, verified`.
    pub(crate) fn line(&self, options: CopyOptions, failed: u64) -> String {
        let mut line = format!(
            "copied {}, {}",
            counted(self.copied, "file"),
            human_size(self.bytes)
        );
        if options.verify {
            line.push_str(", verified");
        }
        if self.present > 0 {
            line.push_str(&format!("; {} already there, the same", self.present));
        }
        if self.skipped > 0 {
            line.push_str(&format!("; {} already there, skipped", self.skipped));
        }
        if self.left_out > 0 {
            line.push_str(&format!("; {} left out ({LEFT_OUT})", self.left_out));
        }
        if failed > 0 {
            line.push_str(&format!("; {failed} failed"));
        }
        line
    }
}

/// Copies every file below `source` to the same path below `target`, up to
/// `jobs` at a time. A file that fails goes to `failures` and the rest goes on.
///
/// Memory holds the folders that are still to be listed, one batch of a
/// listing, and a few MiB for each file under way.
pub(crate) async fn copy_folder(
    source: &Location,
    target: &Location,
    options: CopyOptions,
    jobs: usize,
    failures: &mut Failures,
    progress: &Arc<Progress>,
) -> Summary {
    // Dropped at the end, and the count with it if it is still under way.
    let mut counting = JoinSet::new();
    if progress.is_shown() {
        counting.spawn(count_ahead(source.clone(), Arc::clone(progress)));
    }
    let mut summary = Summary::default();
    let mut settle = |done: Result<Outcome>| match done {
        Ok(outcome) => {
            progress.add_file();
            summary.count(outcome);
        }
        Err(failure) => progress.suspend(|| failures.add(&failure)),
    };
    let mut walk = FileWalk::new(source.clone());
    let mut running = JoinSet::new();
    while let Some(found) = walk.next().await {
        let (path, info) = match found {
            Ok(file) => file,
            Err(failure) => {
                settle(Err(failure));
                continue;
            }
        };
        if running.len() >= jobs
            && let Some(done) = running.join_next().await
        {
            settle(finished(done));
        }
        let (source, target) = (source.child(&path), target.child(&path));
        let progress = Arc::clone(progress);
        running.spawn(async move {
            let outcome = copy_file(&source, &target, options, &progress).await;
            if let Ok(Outcome::Present | Outcome::Skipped) = outcome {
                progress.add_bytes(info.size);
            }
            outcome
        });
    }
    while let Some(done) = running.join_next().await {
        settle(finished(done));
    }
    summary.left_out = walk.left_out();
    summary
}

/// Finds out how many bytes there are to copy, for the progress alone: what
/// cannot be listed is told by the copy itself.
async fn count_ahead(source: Location, progress: Arc<Progress>) {
    let mut walk = FileWalk::new(source);
    let mut bytes = 0;
    while let Some(found) = walk.next().await {
        bytes += found.map_or(0, |(_, info)| info.size);
    }
    progress.set_total(bytes);
}

/// The result of a task; one that broke down is a failure like any other.
fn finished(done: Result<Result<Outcome>, tokio::task::JoinError>) -> Result<Outcome> {
    done.unwrap_or_else(|error| {
        let message = format!("a copy broke down: {error}");
        Err(Failure::new(Exit::Other, message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::Existing;

    fn options(verify: bool) -> CopyOptions {
        CopyOptions {
            existing: Existing::Refuse,
            verify,
            durable: false,
        }
    }

    #[test]
    fn the_summary_names_only_what_happened() {
        let mut summary = Summary::default();
        summary.count(Outcome::Copied(1024));
        assert_eq!(summary.line(options(false), 0), "copied 1 file, 1.00 KiB");
        summary.count(Outcome::Copied(1024));
        summary.count(Outcome::Present);
        summary.count(Outcome::Skipped);
        assert_eq!(
            summary.line(options(true), 3),
            "copied 2 files, 2.00 KiB, verified; 1 already there, the same; \
             1 already there, skipped; 3 failed",
        );
    }
}
