//! Hearing the client while a transfer runs.

use std::future::Future;
use std::pin::pin;

use super::Session;
use super::outcome::End;
use crate::observer::TransferOutcome;
use crate::protocol::{Command, LINE_LIMIT, Line, Verb};
use crate::server::Phase;
use crate::transfer::{Fault, Progress, Stage};

/// How many lines wait for the end of a transfer. With more, or with longer ones,
/// the rest stays with the client's system until then.
const HELD_LINES: usize = 64;
const HELD_BYTES: usize = 2 * LINE_LIMIT;

/// What is attended to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// A transfer, which a reply has announced: that to `STAT` may come before the
    /// last one. If it stops itself it is asked to, so that it can keep what it has.
    Transfer { stops_itself: bool },
    /// A command without any reply yet, which must come before those to others.
    Unannounced,
}

/// What came of a transfer that was attended to.
pub(super) enum Attended<T> {
    /// It ended by itself.
    Ended(Result<T, Fault>),
    /// It was stopped, for this reason.
    Stopped(TransferOutcome),
}

impl Session {
    /// Runs a transfer, and obeys `ABOR`, `STAT` and the end of the client or of the
    /// server meanwhile. All other lines wait. A transfer that is stopped is dropped.
    pub(super) async fn attend<T>(
        &mut self,
        transfer: impl Future<Output = Result<T, Fault>>,
        progress: &Progress,
        work: Work,
    ) -> Result<Attended<T>, End> {
        let mut transfer = pin!(transfer);
        let mut stalled = pin!(progress.stalled(self.shared.options.transfer_timeout));
        let mut asked = false;
        loop {
            let mut reason = self.heed(progress, work).await?;
            if reason.is_none() && std::mem::take(&mut asked) {
                progress.confirm();
            }
            let hears = reason.is_none() && !self.control.is_closed() && self.can_hold();
            if reason.is_none() {
                reason = tokio::select! {
                    biased;
                    () = self.control.fill(), if hears => None,
                    ended = &mut transfer => return Ok(Attended::Ended(ended)),
                    () = progress.arrived() => {
                        asked = true;
                        None
                    }
                    () = &mut stalled => Some(TransferOutcome::TimedOut),
                    () = Phase::wait_for_stop(&mut self.phase) => {
                        Some(TransferOutcome::ServerStopped)
                    }
                };
            }
            let Some(reason) = reason else {
                if asked && hears {
                    self.control.look().await;
                }
                continue;
            };
            let stops_itself = work == Work::Transfer { stops_itself: true };
            if !stops_itself || progress.stage() == Stage::Connecting {
                return Ok(Attended::Stopped(reason));
            }
            progress.stop();
            return Ok(match transfer.await {
                // It had come to its end before it heard.
                Ok(value) => Attended::Ended(Ok(value)),
                Err(_) => Attended::Stopped(reason),
            });
        }
    }

    /// Looks through what the client sent, and says whether the transfer shall stop.
    async fn heed(
        &mut self,
        progress: &Progress,
        work: Work,
    ) -> Result<Option<TransferOutcome>, End> {
        let can_stop = progress.stage() != Stage::Committing;
        while self.can_hold()
            && let Some(line) = self.control.take_line()
        {
            match verb(&line) {
                Some(Verb::Abor) if can_stop => {
                    // It is answered after the transfer, as a command of its own.
                    self.held.push_front(line);
                    return Ok(Some(TransferOutcome::Aborted));
                }
                Some(Verb::Stat) if work != Work::Unannounced && asks_for_session(&line) => {
                    let status = self.status(Some(progress));
                    self.send(&status).await?;
                }
                _ => self.held.push_back(line),
            }
        }
        let gone = self.control.is_closed() && can_stop && !self.said_goodbye();
        Ok(gone.then_some(TransferOutcome::ClientGone))
    }

    fn can_hold(&self) -> bool {
        let bytes: usize = self.held.iter().map(length).sum();
        self.held.len() < HELD_LINES && bytes < HELD_BYTES
    }

    /// Whether the client said `QUIT` before it ended its side: then the transfer
    /// goes on (RFC 959, 4.1.1).
    fn said_goodbye(&self) -> bool {
        self.held.iter().any(|line| verb(line) == Some(Verb::Quit))
    }
}

fn verb(line: &Line) -> Option<Verb> {
    match line {
        Line::Whole(line) => Verb::of_line(line),
        Line::TooLong => None,
    }
}

fn asks_for_session(line: &Line) -> bool {
    matches!(line, Line::Whole(line) if Command::parse(line) == Ok(Command::Stat(None)))
}

fn length(line: &Line) -> usize {
    match line {
        Line::Whole(line) => line.len(),
        Line::TooLong => 0,
    }
}
