//! Writing: a folder there, a file among the ancestors, a file there.

use bytes::{Bytes, BytesMut};

use super::rules::{self, Seen, see, see_in};
use super::step::{Fault, Step};
use crate::driver::{
    CallContext, Detail, Driver, Execution, FileStat, Key, Namespace, Refusal, WritePlan,
};
use crate::path::RemotePath;
use crate::pool::Lane;

/// Chunks gathered until they are worth a hop.
///
/// Small chunks are joined, so a source of single bytes costs no more memory
/// than one of large chunks.
#[derive(Default)]
pub(crate) struct Batch {
    chunks: Vec<Bytes>,
    small: BytesMut,
    len: usize,
}

impl Batch {
    /// How many bytes make a batch worth a hop.
    const FULL: usize = 1024 * 1024;
    /// Chunks below this are copied together.
    const SMALL: usize = 64 * 1024;

    pub(crate) fn push(&mut self, chunk: Bytes) {
        self.len += chunk.len();
        if chunk.len() < Self::SMALL {
            self.small.extend_from_slice(&chunk);
        } else {
            self.seal();
            self.chunks.push(chunk);
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len >= Self::FULL
    }

    pub(crate) fn into_chunks(mut self) -> Vec<Bytes> {
        self.seal();
        self.chunks
    }

    fn seal(&mut self) {
        if !self.small.is_empty() {
            self.chunks.push(self.small.split().freeze());
        }
    }
}

/// A whole write of content that is at hand.
pub(crate) struct PutStep {
    pub(crate) key: RemotePath,
    pub(crate) plan: WritePlan,
    pub(crate) chunks: Vec<Bytes>,
}

impl<D: Driver> Step<D> for PutStep {
    type Output = FileStat;

    fn lane(&self, driver: &D) -> Lane {
        let size = self.chunks.iter().map(Bytes::len).sum::<usize>();
        if driver.syncs(self.plan.durable) {
            Lane::Long
        } else {
            Lane::for_content(size as u64)
        }
    }

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<FileStat, Fault> {
        let key = self.key.key();
        match driver.put(cx, key, &self.plan, &self.chunks).await {
            Ok(stat) => Ok(stat),
            Err(refusal) => Err(not_written_because(driver, cx, key, refusal).await),
        }
    }
}

/// Begins a write of content that is still to come.
pub(crate) struct BeginStep {
    pub(crate) key: RemotePath,
    pub(crate) plan: WritePlan,
    /// Whether a path that is taken is told now, also where a look costs a
    /// round trip.
    pub(crate) tells_early: bool,
}

impl<D: Driver> Step<D> for BeginStep {
    type Output = D::Stage;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<D::Stage, Fault> {
        let key = self.key.key();
        let looks = match driver.execution() {
            Execution::Waits => self.tells_early && !self.plan.replace,
            Execution::Ready | Execution::Blocks { .. } => true,
        };
        if looks {
            early_look(driver, cx, key, self.plan.replace).await?;
        }
        match driver.stage(cx, key, &self.plan).await {
            Ok(stage) => Ok(stage),
            Err(refusal) => Err(not_written_because(driver, cx, key, refusal).await),
        }
    }
}

/// Spares the caller a long upload that is bound to be refused: a hint, where
/// it costs little, and never the decision.
async fn early_look<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    replace: bool,
) -> Result<(), Fault> {
    // A folder is in the way of no file on a flat namespace.
    let detail = match driver.namespace() {
        Namespace::Flat => Detail::File,
        Namespace::Hierarchical => Detail::Kind,
    };
    match see_in(driver, cx, key, detail).await? {
        Seen::Folder if driver.namespace() == Namespace::Hierarchical => {
            Err(rules::is_folder().into())
        }
        Seen::File if !replace => Err(rules::taken().into()),
        Seen::Special => Err(rules::not_regular().into()),
        Seen::Unreachable(reason) => Err(rules::unreachable(reason).into()),
        Seen::File | Seen::Folder | Seen::Nothing => Ok(()),
    }
}

/// Adds a batch to a write that has begun.
pub(crate) struct AppendStep<S> {
    pub(crate) stage: S,
    pub(crate) chunks: Vec<Bytes>,
}

impl<D: Driver> Step<D> for AppendStep<D::Stage> {
    type Output = ();

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<(), Fault> {
        driver
            .append(cx, &mut self.stage, &self.chunks)
            .await
            .map_err(refused)
    }
}

/// Publishes a write that has begun.
pub(crate) struct FinishStep<S> {
    pub(crate) stage: Option<S>,
    pub(crate) key: RemotePath,
    pub(crate) durable: bool,
}

impl<D: Driver> Step<D> for FinishStep<D::Stage> {
    type Output = FileStat;

    fn lane(&self, driver: &D) -> Lane {
        if driver.syncs(self.durable) {
            Lane::Long
        } else {
            Lane::Quick
        }
    }

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<FileStat, Fault> {
        let key = self.key.key();
        let Some(stage) = self.stage.take() else {
            return Err(rules::no_place().into());
        };
        match driver.publish(cx, stage, key).await {
            Ok(stat) => Ok(stat),
            Err(refusal) => Err(not_written_because(driver, cx, key, refusal).await),
        }
    }
}

/// What a refused write means: whatever occupies the key is looked at.
async fn not_written_because<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    refusal: Refusal,
) -> Fault {
    if !matches!(refusal, Refusal::Occupied) || driver.namespace() == Namespace::Flat {
        return refused(refusal);
    }
    match see(driver, cx, key).await {
        Ok(Seen::Folder) => rules::is_folder().into(),
        Ok(Seen::Special) => rules::not_regular().into(),
        Ok(Seen::Unreachable(reason)) => rules::unreachable(reason).into(),
        // Nothing: it was there when the system refused, or it is a link to
        // nothing, which occupies its name.
        Ok(Seen::File | Seen::Nothing) => rules::taken().into(),
        Err(fault) => fault,
    }
}

/// What a refusal means where a file was to be written.
fn refused(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::IsFolder | Refusal::NotEmpty => rules::is_folder().into(),
        Refusal::NotFolder => rules::below_file().into(),
        Refusal::Occupied => rules::taken().into(),
        Refusal::Changed => rules::changed().into(),
        Refusal::NotRegular => rules::not_regular().into(),
        Refusal::Missing => rules::no_place().into(),
        Refusal::Unreachable(reason) => rules::unreachable(reason).into(),
        Refusal::WouldWait => Fault::WouldWait,
        Refusal::Cancelled => Fault::Cancelled,
        Refusal::Failed(error) => Fault::Error(error),
    }
}
