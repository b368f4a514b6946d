//! The backend as a whole: does it answer, and its end.

use super::rules;
use super::step::{Fault, Step};
use crate::driver::{CallContext, Driver, Refusal};
use crate::error::{Error, ErrorKind};

/// Asks whether the backend answers.
pub(crate) struct ProbeStep;

impl<D: Driver> Step<D> for ProbeStep {
    type Output = ();

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<(), Fault> {
        driver.probe(cx).await.map_err(unhealthy)
    }
}

/// Releases what the driver holds.
pub(crate) struct CloseStep;

impl<D: Driver> Step<D> for CloseStep {
    type Output = ();

    async fn run(&mut self, driver: &D, _cx: CallContext<'_>) -> Result<(), Fault> {
        driver.close().await.map_err(unhealthy)
    }
}

/// What a refusal means where the whole backend was asked.
fn unhealthy(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Missing | Refusal::NotFolder | Refusal::NotRegular => Error::new(
            ErrorKind::NotFound,
            "the backend's root does not exist or is no folder",
        )
        .into(),
        Refusal::Unreachable(reason) => rules::unreachable(reason).into(),
        Refusal::Occupied | Refusal::Changed | Refusal::IsFolder | Refusal::NotEmpty => Error::new(
            ErrorKind::Other,
            "the backend gave an answer that makes no sense",
        )
        .into(),
        Refusal::WouldWait => Fault::WouldWait,
        Refusal::Cancelled => Fault::Cancelled,
        Refusal::Failed(error) => Fault::Error(error),
    }
}
