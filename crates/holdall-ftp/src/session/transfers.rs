//! Commands that move files.

use std::future::Future;
use std::io::SeekFrom;
use std::sync::Arc;

use holdall::pathio::{AbstractPathIo, AsyncPathFile, OpenMode, PathIoErrorKind, PathIoResult};
use tokio::time::Instant;

use super::Session;
use super::attend::{Attended, Work};
use super::outcome::{Answer, End, Refusal, refusal_to_read, reply_to};
use crate::observer::{Event, Transfer, TransferDirection, TransferOutcome};
use crate::permissions::Access;
use crate::protocol::{DataType, Reply};
use crate::transfer::{Connector, Download, Endpoint, Fault, Manner, Progress, Throttle, Upload};
use crate::virtual_path::VirtualPath;

/// How often a free name is sought.
const NAME_ATTEMPTS: usize = 16;

impl Session {
    pub(super) fn rest(&mut self, position: u64) -> Reply {
        self.state.restart = position;
        Reply::new(350, format!("The next transfer begins at {position}."))
    }

    /// An `ABOR` that comes when no transfer runs, or after it has been stopped.
    pub(super) fn abor(&mut self) -> Reply {
        self.state.endpoint = Endpoint::None;
        Reply::new(226, "No transfer is under way.")
    }

    pub(super) async fn retr(&mut self, argument: &str) -> Answer {
        let position = self.take_restart()?;
        let path = self.state.permitted(argument, Access::READ)?;
        let connector = self.connector()?;
        let file = self.open_to_read(&path, position).await?;
        let rate = self.state.login()?.limits.download_rate;
        let download = Download {
            connector,
            file,
            manner: self.manner(Throttle::new(rate)),
        };
        let progress = Arc::new(Progress::default());
        let running = Box::pin(download.run(Arc::clone(&progress)));
        let text = format!("Sending {path}.");
        self.transfer(TransferDirection::Download, text, running, &progress)
            .await
    }

    pub(super) async fn stor(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        let text = format!("Receiving {path}.");
        self.upload(path, OpenMode::Write, text).await
    }

    pub(super) async fn appe(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        let text = format!("Appending to {path}.");
        self.upload(path, OpenMode::Append, text).await
    }

    pub(super) async fn stou(&mut self, argument: Option<&str>) -> Answer {
        self.take_restart()?;
        let base = self
            .state
            .permitted(argument.unwrap_or("upload"), Access::WRITE)?;
        let path = self.free_path(&base).await?;
        // The form that RFC 1123, 4.1.2.9 asks for.
        let text = format!("FILE: {}", path.name());
        self.state.subject = Some(path.clone());
        let connector = self.connector()?;
        let mut file = open_at(&*self.state.io()?, &path, OpenMode::Write, 0).await?;
        match file.require_new() {
            // The look has to do.
            Err(error) if error.kind() == PathIoErrorKind::NotImplemented => {}
            required => required?,
        }
        self.receive(connector, file, text).await
    }

    async fn free_path(&self, base: &VirtualPath) -> Result<VirtualPath, Refusal> {
        let io = self.state.io()?;
        for _ in 0..NAME_ATTEMPTS {
            let number =
                getrandom::u32().map_err(|_| Refusal::new(451, "No free name can be made now."))?;
            let path = base.parent().join(&format!("{}.{number:08x}", base.name()));
            if !io.exists(path.as_str()).await? {
                return Ok(path);
            }
        }
        Err(Refusal::new(450, "No free name was found."))
    }

    async fn upload(&mut self, path: VirtualPath, mode: OpenMode, text: String) -> Answer {
        let position = self.take_restart()?;
        let connector = self.connector()?;
        // From a position on, the file is changed in place and its tail stays.
        let mode = if position > 0 {
            OpenMode::ReadWrite
        } else {
            mode
        };
        let file = open_at(&*self.state.io()?, &path, mode, position).await?;
        self.receive(connector, file, text).await
    }

    /// Runs an upload.
    async fn receive(&mut self, connector: Connector, file: AsyncPathFile, text: String) -> Answer {
        let rate = self.state.login()?.limits.upload_rate;
        let upload = Upload {
            connector,
            file,
            manner: self.manner(Throttle::new(rate)),
            keep_partial: self.shared.options.keep_partial,
        };
        let progress = Arc::new(Progress::default());
        let running = Box::pin(upload.run(Arc::clone(&progress)));
        self.transfer(TransferDirection::Upload, text, running, &progress)
            .await
    }

    /// Uses up the position from `REST`.
    fn take_restart(&mut self) -> Result<u64, Refusal> {
        let position = std::mem::take(&mut self.state.restart);
        if position > 0 && self.state.data_type == DataType::Ascii {
            return Err(Refusal::new(554, "REST needs TYPE I."));
        }
        Ok(position)
    }

    /// Opens a file that is only read, at a position.
    pub(super) async fn open_to_read(
        &self,
        path: &VirtualPath,
        position: u64,
    ) -> Result<AsyncPathFile, Refusal> {
        let io = self.state.io()?;
        let opened = open_at(&*io, path, OpenMode::Read, position).await;
        opened.map_err(|error| refusal_to_read(&error))
    }

    fn manner(&self, throttle: Throttle) -> Manner {
        Manner {
            throttle,
            block_size: self.shared.options.block_size,
            ascii: self.state.data_type == DataType::Ascii,
        }
    }

    /// Runs a transfer and tells everybody what came of it.
    pub(super) async fn transfer(
        &mut self,
        direction: TransferDirection,
        text: String,
        running: impl Future<Output = Result<(), Fault>>,
        progress: &Progress,
    ) -> Answer {
        let begun = Instant::now();
        self.send(&Reply::new(150, text)).await?;
        self.observe(&Event::TransferStarted(direction));
        let keeps = self.shared.options.keep_partial && direction == TransferDirection::Upload;
        let work = Work::Transfer {
            stops_itself: keeps,
        };
        let attended = self.attend(running, progress, work).await;
        let (outcome, answer) = conclude(attended);
        self.report_transfer(direction, outcome, progress.bytes(), begun);
        if outcome == TransferOutcome::ServerStopped {
            self.send(&Reply::new(426, "The server is shutting down."))
                .await?;
        }
        answer
    }

    fn report_transfer(
        &self,
        direction: TransferDirection,
        outcome: TransferOutcome,
        bytes: u64,
        begun: Instant,
    ) {
        let path = self.state.subject.as_ref().map_or("/", VirtualPath::as_str);
        let duration = begun.elapsed();
        tracing::info!(
            user = self.user_name(),
            direction = direction.as_str(),
            path,
            bytes,
            milliseconds = duration.as_millis() as u64,
            outcome = outcome.as_str(),
            "a transfer ended"
        );
        self.observe(&Event::TransferEnded(Transfer {
            direction,
            path,
            bytes,
            duration,
            outcome,
        }));
    }
}

async fn open_at(
    io: &dyn AbstractPathIo,
    path: &VirtualPath,
    mode: OpenMode,
    position: u64,
) -> PathIoResult<AsyncPathFile> {
    let mut file = io.open(path.as_str(), mode).await?;
    if position > 0 {
        file.seek(SeekFrom::Start(position)).await?;
    }
    Ok(file)
}

fn conclude(attended: Result<Attended<()>, End>) -> (TransferOutcome, Answer) {
    match attended {
        Ok(Attended::Ended(Ok(()))) => {
            let reply = Reply::new(226, "The transfer is complete.");
            (TransferOutcome::Complete, Ok(reply))
        }
        Ok(Attended::Ended(Err(fault))) => (fault.outcome(), Err(refusal_of(&fault))),
        Ok(Attended::Stopped(reason)) => (reason, Err(refusal_of_stop(reason))),
        Err(end) => (TransferOutcome::ClientGone, Err(end.into())),
    }
}

/// What a client is told of a transfer that failed.
pub(super) fn refusal_of(fault: &Fault) -> Refusal {
    match fault {
        Fault::NoConnection(error) => {
            tracing::debug!(%error, "no data connection");
            Refusal::new(425, "The data connection could not be made.")
        }
        Fault::Lost(error) => {
            tracing::debug!(%error, "the data connection broke");
            Refusal::new(426, "The data connection broke; the transfer was given up.")
        }
        Fault::Storage(error) => Refusal::Reply(reply_to(error)),
        Fault::Stopped => refusal_of_stop(TransferOutcome::Aborted),
    }
}

/// What a client is told of a transfer that was stopped.
pub(super) fn refusal_of_stop(reason: TransferOutcome) -> Refusal {
    match reason {
        TransferOutcome::ClientGone => End::CLIENT_GONE.into(),
        TransferOutcome::ServerStopped => End::server_stopping().into(),
        TransferOutcome::TimedOut => Refusal::new(
            426,
            "Nothing moved for too long; the transfer was given up.",
        ),
        _ => Refusal::new(426, "The transfer was given up."),
    }
}
