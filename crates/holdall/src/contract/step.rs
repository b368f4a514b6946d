//! What the kernel runs: steps, and how they can fail.

use std::future::Future;

use crate::driver::{CallContext, Driver};
use crate::error::Error;
use crate::pool::Lane;

/// One piece of an operation that runs whole: inline, or in one hop to a
/// thread that may block.
///
/// A struct rather than a closure, so that it can move to another thread with
/// all that it owns, and come back.
pub(crate) trait Step<D: Driver>: Send + Sized + 'static {
    /// What it yields.
    type Output: Send + 'static;

    /// Whether the step can run again from its beginning after
    /// [`Fault::WouldWait`]: true only where it changes nothing in the store
    /// and keeps its own state intact.
    const REPEATABLE: bool = false;

    /// Which threads it is for, where it has to go to one.
    fn lane(&self, _driver: &D) -> Lane {
        Lane::Quick
    }

    /// Runs the step.
    fn run(
        &mut self,
        driver: &D,
        cx: CallContext<'_>,
    ) -> impl Future<Output = Result<Self::Output, Fault>> + Send;
}

/// Why a step has no result.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It must run again where it may wait.
    WouldWait,
    /// Its caller has given up; there is nobody to tell.
    Cancelled,
    /// The caller's error.
    Error(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
