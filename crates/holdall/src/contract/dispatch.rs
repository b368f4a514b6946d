//! The one place that decides where a step runs.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use super::step::{Fault, Step};
use crate::driver::{CallContext, CommitGate, Driver, Execution};
use crate::error::{Error, ErrorKind};
use crate::pool;

/// A driver with the contract around it.
pub(crate) struct Kernel<D> {
    driver: Arc<D>,
    closed: Arc<AtomicBool>,
    place: Place,
}

/// Where steps that block may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On a pool, for callers that must not block.
    Pool,
    /// Where the caller is, who expects to be blocked.
    Caller,
}

impl<D: Driver> Kernel<D> {
    /// For callers that await.
    pub(crate) fn new(driver: D) -> Self {
        Self {
            driver: Arc::new(driver),
            closed: Arc::default(),
            place: Place::Pool,
        }
    }

    /// The same driver for callers that block: every step runs where they are,
    /// and the futures of their operations are ready at the first poll.
    pub(crate) fn blocking(&self) -> Self {
        self.placed(Place::Caller)
    }

    /// The same driver for callers that await.
    pub(crate) fn awaited(&self) -> Self {
        self.placed(Place::Pool)
    }

    fn placed(&self, place: Place) -> Self {
        Self {
            driver: Arc::clone(&self.driver),
            closed: Arc::clone(&self.closed),
            place,
        }
    }

    pub(crate) fn driver(&self) -> &D {
        &self.driver
    }

    /// Notes that the driver is being closed; false where it is closed for
    /// good already.
    pub(crate) fn begin_close(&self) -> bool {
        !(self.driver.close_is_terminal() && self.closed.swap(true, Ordering::AcqRel))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Runs a step to its result.
    pub(crate) async fn run<S: Step<D>>(&self, step: S) -> Result<S::Output, Error> {
        self.run_and_return(step).await.1
    }

    /// Runs a step and hands it back, for those that carry state on. The step
    /// is lost only where the result is an error.
    pub(crate) async fn run_and_return<S: Step<D>>(
        &self,
        mut step: S,
    ) -> (Option<S>, Result<S::Output, Error>) {
        if self.place == Place::Caller {
            let result = poll_once(step.run(&self.driver, CallContext::UNBOUND));
            return (Some(step), result.map_err(into_error));
        }
        match self.driver.execution() {
            Execution::Ready => {
                give_way().await;
                let result = step.run(&self.driver, CallContext::UNBOUND).await;
                (Some(step), result.map_err(into_error))
            }
            Execution::Waits => {
                let result = step.run(&self.driver, CallContext::UNBOUND).await;
                (Some(step), result.map_err(into_error))
            }
            Execution::Blocks { nowait } => {
                if nowait && S::REPEATABLE {
                    give_way().await;
                    let cx = CallContext::without_waiting();
                    match poll_once(step.run(&self.driver, cx)) {
                        Err(Fault::WouldWait) => {}
                        result => return (Some(step), result.map_err(into_error)),
                    }
                }
                self.hop(step).await
            }
        }
    }

    /// Runs a step on a thread that may block. If the caller goes away first,
    /// the step commits nothing any more.
    async fn hop<S: Step<D>>(&self, mut step: S) -> (Option<S>, Result<S::Output, Error>) {
        let gate = Arc::new(CommitGate::default());
        let given_up = CancelOnDrop(Arc::clone(&gate));
        let driver = Arc::clone(&self.driver);
        let lane = step.lane(&driver);
        let answer = pool::run(lane, move || {
            let result = poll_once(step.run(&driver, CallContext::gated(&gate)));
            (step, result)
        });
        let answer = answer.await;
        drop(given_up);
        match answer {
            Ok((step, result)) => (Some(step), result.map_err(into_error)),
            Err(lost) => (None, Err(lost)),
        }
    }
}

impl<D: Driver> Kernel<D> {
    /// Lets other tasks run now, where there are any that wait for this one.
    pub(crate) async fn give_way(&self) {
        if self.place == Place::Pool {
            tokio::task::yield_now().await;
        }
    }
}

/// Lets other tasks run now and then: a task whose every step is done inline
/// would never wait, and starve them. Tokio's budget decides; outside a tokio
/// task this does nothing.
async fn give_way() {
    tokio::task::coop::consume_budget().await;
}

/// Polls a future that never waits. A driver that says it never waits and does
/// is at fault, and its caller is told.
fn poll_once<T>(future: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Fault::Error(Error::new(
            ErrorKind::Other,
            "the driver waited where it may not: one that waits is for stores that are awaited",
        ))),
    }
}

fn into_error(fault: Fault) -> Error {
    match fault {
        Fault::Error(error) => error,
        Fault::WouldWait => Error::new(
            ErrorKind::Other,
            "the driver refused to wait although it was allowed to",
        ),
        Fault::Cancelled => Error::new(
            ErrorKind::Other,
            "the operation was cancelled before its commit",
        ),
    }
}

/// Shuts a step's commit gate when the future that waits for it is dropped;
/// once the answer is there, that changes nothing any more.
struct CancelOnDrop(Arc<CommitGate>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
