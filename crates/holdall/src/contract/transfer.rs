//! Renaming and copying: the source's faults first, then the destination's.

use super::rules::{self, Seen, see};
use super::step::{Fault, Step};
use crate::driver::{CallContext, Driver, Namespace, Refusal};
use crate::error::Error;
use crate::path::RemotePath;
use crate::pool::Lane;

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// The source is gone afterwards.
    Rename,
    /// The source stays.
    Copy,
}

/// Moves or copies one file.
pub(crate) struct TransferStep {
    pub(crate) transfer: Transfer,
    pub(crate) from: RemotePath,
    pub(crate) to: RemotePath,
    pub(crate) replace: bool,
}

impl<D: Driver> Step<D> for TransferStep {
    type Output = ();

    fn lane(&self, _driver: &D) -> Lane {
        match self.transfer {
            Transfer::Rename => Lane::Quick,
            // How much there is to copy is not known yet.
            Transfer::Copy => Lane::Long,
        }
    }

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<(), Fault> {
        if self.from == self.to {
            return self.source_is_file(driver, cx).await;
        }
        let (from, to) = (self.from.key(), self.to.key());
        let outcome = match self.transfer {
            Transfer::Rename => driver.rename(cx, from, to, self.replace).await,
            Transfer::Copy => driver.copy(cx, from, to, self.replace).await,
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(refusal) => Err(self.explain(driver, cx, refusal).await),
        }
    }
}

impl TransferStep {
    /// A refusal does not say which side it is about: both are looked at, in
    /// the contract's order. Where a look finds nothing wrong, because things
    /// have changed meanwhile, the refusal speaks for itself.
    async fn explain<D: Driver>(&self, driver: &D, cx: CallContext<'_>, refusal: Refusal) -> Fault {
        match refusal {
            Refusal::WouldWait => return Fault::WouldWait,
            Refusal::Cancelled => return Fault::Cancelled,
            Refusal::Failed(error) => return Fault::Error(error),
            Refusal::Missing
            | Refusal::Occupied
            | Refusal::Changed
            | Refusal::IsFolder
            | Refusal::NotFolder
            | Refusal::NotEmpty
            | Refusal::NotRegular
            | Refusal::Unreachable(_) => {}
        }
        let checked = match self.source_is_file(driver, cx).await {
            Ok(()) => self.destination_is_free(driver, cx).await,
            error => error,
        };
        match checked {
            Err(fault) => fault,
            Ok(()) => self.unexplained(refusal).into(),
        }
    }

    async fn source_is_file<D: Driver>(
        &self,
        driver: &D,
        cx: CallContext<'_>,
    ) -> Result<(), Fault> {
        let error = match see(driver, cx, self.from.key()).await? {
            Seen::File => return Ok(()),
            Seen::Nothing => rules::no_file(),
            Seen::Folder => rules::is_folder(),
            Seen::Special => rules::not_regular(),
            Seen::Unreachable(reason) => rules::unreachable(reason),
        };
        Err(error.with_path(self.from.as_str()).into())
    }

    async fn destination_is_free<D: Driver>(
        &self,
        driver: &D,
        cx: CallContext<'_>,
    ) -> Result<(), Fault> {
        let error = match see(driver, cx, self.to.key()).await? {
            Seen::Folder if driver.namespace() == Namespace::Hierarchical => rules::is_folder(),
            Seen::File if !self.replace => rules::taken(),
            Seen::Special => rules::not_regular(),
            Seen::Unreachable(reason) => rules::unreachable(reason),
            Seen::File | Seen::Folder | Seen::Nothing => return Ok(()),
        };
        Err(error.with_path(self.to.as_str()).into())
    }

    fn unexplained(&self, refusal: Refusal) -> Error {
        let (error, path) = match refusal {
            Refusal::NotFolder => (rules::below_file(), &self.to),
            Refusal::Occupied => (rules::taken(), &self.to),
            Refusal::Changed => (rules::changed(), &self.to),
            Refusal::IsFolder | Refusal::NotEmpty => (rules::is_folder(), &self.to),
            Refusal::NotRegular => (rules::not_regular(), &self.from),
            Refusal::Unreachable(reason) => (rules::unreachable(reason), &self.to),
            Refusal::Missing | Refusal::WouldWait | Refusal::Cancelled => {
                (rules::no_file(), &self.from)
            }
            Refusal::Failed(error) => (error, &self.from),
        };
        error.with_path(path.as_str())
    }
}
