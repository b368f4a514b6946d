//! Deleting: the wrong type comes before missing, missing before not empty.

use super::read::no_file_because;
use super::rules::{self, Seen, see};
use super::step::{Fault, Step};
use crate::driver::{CallContext, Driver, Progress, Refusal};
use crate::error::ErrorKind;
use crate::path::RemotePath;

/// How many nodes one step of a recursive delete removes at the most.
const BUDGET: usize = 1024;

/// Deletes a file.
pub(crate) struct DeleteFileStep {
    pub(crate) key: RemotePath,
    pub(crate) missing_ok: bool,
}

impl<D: Driver> Step<D> for DeleteFileStep {
    type Output = ();

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<(), Fault> {
        let key = self.key.key();
        let Err(refusal) = driver.remove_file(cx, key).await else {
            return Ok(());
        };
        match no_file_because(driver, cx, key, refusal).await {
            Fault::Error(error) if error.kind() == ErrorKind::NotFound && self.missing_ok => Ok(()),
            fault => Err(fault),
        }
    }
}

/// Deletes a folder, or a bounded part of what it holds.
pub(crate) struct DeleteFolderStep {
    pub(crate) key: RemotePath,
    pub(crate) recursive: bool,
    /// Also set once a part was deleted: then a folder that is gone is done.
    pub(crate) missing_ok: bool,
}

impl<D: Driver> Step<D> for DeleteFolderStep {
    type Output = Progress;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Progress, Fault> {
        let key = self.key.key();
        let outcome = if self.recursive {
            driver.remove_tree(cx, key, BUDGET).await
        } else {
            driver.remove_folder(cx, key).await.map(|()| Progress::Done)
        };
        match outcome {
            Ok(progress) => Ok(progress),
            Err(Refusal::Missing) => self.missing(),
            Err(
                Refusal::NotFolder | Refusal::NotRegular | Refusal::Occupied | Refusal::Changed,
            ) => match see(driver, cx, key).await? {
                Seen::File | Seen::Special => Err(rules::is_file().into()),
                Seen::Unreachable(reason) => Err(rules::unreachable(reason).into()),
                Seen::Nothing | Seen::Folder => self.missing(),
            },
            Err(Refusal::NotEmpty | Refusal::IsFolder) => Err(rules::not_empty().into()),
            Err(Refusal::Unreachable(reason)) => Err(rules::unreachable(reason).into()),
            Err(Refusal::WouldWait) => Err(Fault::WouldWait),
            Err(Refusal::Cancelled) => Err(Fault::Cancelled),
            Err(Refusal::Failed(error)) => Err(Fault::Error(error)),
        }
    }
}

impl DeleteFolderStep {
    fn missing(&self) -> Result<Progress, Fault> {
        if self.missing_ok {
            Ok(Progress::Done)
        } else {
            Err(rules::no_folder().into())
        }
    }
}
