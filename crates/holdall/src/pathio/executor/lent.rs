//! Files that come and go between their owner and the executor.

use bytes::Bytes;
use tokio::sync::oneshot;

use super::leaving::{Stub, Tag};
use super::{OnExecutor, lost_job};
use crate::pathio::blocking::TreeFile;
use crate::pathio::error::{PathIoError, PathIoErrorKind, PathIoResult};

/// What a job brings back besides the file: what it was sent for, and nothing else.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub(super) bytes: Bytes,
    pub(super) position: u64,
}

/// A file that is here, or away with a job.
pub(super) struct Lent<F: TreeFile> {
    executor: OnExecutor,
    place: Place<F>,
    /// Of a file that takes something back when it is given up, until it is.
    stub: Option<Stub>,
}

enum Place<F> {
    Here(Tagged<F>),
    Away(oneshot::Receiver<(Tagged<F>, PathIoResult<Brought>)>),
    /// It was taken, or the executor dropped it.
    Gone,
}

/// A file and its tag, which are dropped in this order.
struct Tagged<F> {
    file: F,
    _tag: Tag,
}

impl<F: TreeFile> Lent<F> {
    /// `takes_back` says that calls which begin after the file was given up are to
    /// wait until it is gone.
    pub(super) fn new(executor: &OnExecutor, file: F, takes_back: bool) -> Self {
        let tag = Tag::default();
        Self {
            executor: executor.clone(),
            stub: takes_back.then(|| Stub::new(&tag, &executor.leavers)),
            place: Place::Here(Tagged { file, _tag: tag }),
        }
    }

    /// Whether the file is here.
    pub(super) fn is_here(&self) -> bool {
        matches!(self.place, Place::Here(_))
    }

    /// Sends the file off with a job, without waiting for it.
    ///
    /// # Errors
    ///
    /// Where the file is not here.
    pub(super) fn send(
        &mut self,
        job: impl FnOnce(&mut F) -> PathIoResult<Brought> + Send + 'static,
    ) -> PathIoResult<()> {
        let mut file = self.take()?;
        self.place = Place::Away(self.executor.begin(move || {
            let done = job(&mut file.file);
            (file, done)
        }));
        Ok(())
    }

    /// Waits for the file, and hands over what its job brought; `None` where it
    /// was here. Can be dropped and called again.
    pub(super) async fn back(&mut self) -> PathIoResult<Option<Brought>> {
        let Place::Away(job) = &mut self.place else {
            return Ok(None);
        };
        let back = job.await;
        self.place = Place::Gone;
        let (file, done) = back.map_err(lost_job)?;
        self.place = Place::Here(file);
        done.map(Some)
    }

    /// One hop: sends the file off, and waits for what that brings.
    pub(super) async fn run(
        &mut self,
        job: impl FnOnce(&mut F) -> PathIoResult<Brought> + Send + 'static,
    ) -> PathIoResult<Brought> {
        self.send(job)?;
        self.back().await?.ok_or_else(gone)
    }

    /// One hop that ends the file: it is closed by a job that `before` begins.
    pub(super) async fn close(
        mut self,
        before: impl FnOnce(&mut F) -> PathIoResult<()> + Send + 'static,
    ) -> PathIoResult<()> {
        let mut file = self.take()?;
        let closed = self.executor.begin(move || {
            before(&mut file.file)?;
            file.file.close()
        });
        closed.await.map_err(lost_job)?
    }

    /// Gives the file up.
    pub(super) fn give_up(&mut self) {
        self.stub = None;
        match std::mem::replace(&mut self.place, Place::Gone) {
            Place::Here(file) => self.executor.dispose(file),
            Place::Away(mut job) => {
                // From now on the job itself drops the file.
                job.close();
                if let Ok((file, _)) = job.try_recv() {
                    self.executor.dispose(file);
                }
            }
            Place::Gone => {}
        }
    }

    fn take(&mut self) -> PathIoResult<Tagged<F>> {
        match std::mem::replace(&mut self.place, Place::Gone) {
            Place::Here(file) => Ok(file),
            away => {
                self.place = away;
                Err(gone())
            }
        }
    }
}

impl<F: TreeFile> Drop for Lent<F> {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// The refusal of a call on a file that was given up.
pub(super) fn gone() -> PathIoError {
    PathIoError::new(
        PathIoErrorKind::Unavailable,
        "the file was given up when an earlier call failed: open it again",
    )
}
