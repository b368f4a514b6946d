//! One stretch of a blob, streamed; taken up again where a connection is lost.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::refusals::refused;
use crate::azure::client::{AzureClient, Download, Reply, ServiceError};
use crate::driver::{Outcome, Refusal};
use crate::error::{Error, ErrorKind};

/// One version of one blob.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) client: AzureClient,
    pub(super) key: String,
    pub(super) etag: Option<String>,
}

impl Version {
    /// Asks for the bytes from `start` to `end`, of this version alone.
    async fn fetch(&self, start: u64, end: u64) -> Reply<Download> {
        let range = Some((start, Some(end)));
        self.client
            .get_blob(&self.key, range, self.etag.as_deref())
            .await
    }
}

/// Bytes of a version on their way.
pub(super) struct Part {
    version: Arc<Version>,
    body: Download,
    /// Where the next bytes belong.
    next: u64,
    end: u64,
    /// How often a lost connection may still be taken up.
    attempts: u32,
    /// Where one was lost last.
    lost_at: u64,
}

impl Part {
    /// The bytes that `body` brings, from `next` to `end`.
    pub(super) fn of(version: Arc<Version>, body: Download, next: u64, end: u64) -> Self {
        let attempts = version.client.max_attempts();
        Self {
            version,
            body,
            next,
            end,
            attempts,
            lost_at: next,
        }
    }

    /// Asks for the bytes from `start` to `end`.
    pub(super) async fn open(version: &Arc<Version>, start: u64, end: u64) -> Outcome<Self> {
        match version.fetch(start, end).await {
            Ok(body) => Ok(Self::of(Arc::clone(version), body, start, end)),
            Err(error) => Err(lost_version(error)),
        }
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Ends at `end`, if that is before its end; other parts bring what follows.
    pub(super) fn end_at(&mut self, end: u64) {
        self.end = self.end.min(end);
    }

    /// The next bytes; `None` at the end.
    pub(super) async fn next(&mut self) -> Outcome<Option<Bytes>> {
        while self.next < self.end {
            let error = match self.body.chunk().await {
                Ok(Some(bytes)) if bytes.is_empty() => continue,
                Ok(Some(mut bytes)) => {
                    let wanted = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
                    bytes.truncate(wanted);
                    self.next += bytes.len() as u64;
                    return Ok(Some(bytes));
                }
                Ok(None) => return Err(shorter_than_asked()),
                Err(error) => error,
            };
            if !self.may_go_on() {
                return Err(refused(error));
            }
            tracing::debug!(
                key = self.version.key,
                at = self.next,
                error = error.message(),
                "taking a download up again"
            );
            let body = self.version.fetch(self.next, self.end).await;
            self.body = body.map_err(lost_version)?;
        }
        Ok(None)
    }

    /// Whether a lost connection may be taken up: as often as the policy says,
    /// for each part's worth of bytes.
    fn may_go_on(&mut self) -> bool {
        let client = &self.version.client;
        if self.next - self.lost_at >= client.settings().read_part_size {
            self.attempts = client.max_attempts();
        }
        self.lost_at = self.next;
        self.attempts = self.attempts.saturating_sub(1);
        self.attempts > 0
    }

    /// All of it.
    async fn collect(mut self) -> Outcome<VecDeque<Bytes>> {
        let mut chunks = VecDeque::new();
        while let Some(chunk) = self.next().await? {
            chunks.push_back(chunk);
        }
        Ok(chunks)
    }
}

/// A part that is fetched before it is asked for.
pub(super) struct Ahead {
    pub(super) end: u64,
    task: JoinHandle<Outcome<VecDeque<Bytes>>>,
}

impl Ahead {
    pub(super) fn fetch(version: &Arc<Version>, start: u64, end: u64) -> Self {
        let version = Arc::clone(version);
        let task =
            tokio::spawn(async move { Part::open(&version, start, end).await?.collect().await });
        Self { end, task }
    }

    pub(super) async fn collected(&mut self) -> Outcome<VecDeque<Bytes>> {
        match (&mut self.task).await {
            Ok(outcome) => outcome,
            Err(lost) => Err(Refusal::Failed(
                Error::new(ErrorKind::Other, "the task of a download was lost").with_source(lost),
            )),
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What an answer means while a version is read.
fn lost_version(error: ServiceError) -> Refusal {
    if error.status() == Some(412) {
        return Refusal::Failed(
            Error::new(
                ErrorKind::Conflict,
                "the file was replaced while it was read; read it again",
            )
            .with_source(Error::from(error)),
        );
    }
    refused(error)
}

fn shorter_than_asked() -> Refusal {
    Refusal::failed(
        ErrorKind::Other,
        "the service sent less of the file than it was asked for",
    )
}
