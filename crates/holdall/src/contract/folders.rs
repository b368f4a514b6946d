//! Folders as nodes: making one, and moving one with all it holds.

use super::rules;
use super::step::{Fault, Step};
use crate::driver::{CallContext, Driver, Refusal};
use crate::path::RemotePath;

/// Makes a folder.
pub(crate) struct MakeFolderStep {
    pub(crate) key: RemotePath,
    pub(crate) parents: bool,
}

impl<D: Driver> Step<D> for MakeFolderStep {
    type Output = ();

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<(), Fault> {
        let made = driver.make_folder(cx, self.key.key(), self.parents).await;
        made.map_err(refused)
    }
}

/// Moves a folder to the place of nothing, or of an empty folder.
pub(crate) struct RenameFolderStep {
    pub(crate) from: RemotePath,
    pub(crate) to: RemotePath,
}

impl<D: Driver> Step<D> for RenameFolderStep {
    type Output = ();

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<(), Fault> {
        let (from, to) = (self.from.key(), self.to.key());
        let rest = to.as_str().strip_prefix(from.as_str());
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Err(rules::into_itself().into());
        }
        driver.rename_folder(cx, from, to).await.map_err(refused)
    }
}

/// What a refusal means where a folder was to come to be.
fn refused(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Missing => rules::no_folder().into(),
        Refusal::Occupied | Refusal::Changed | Refusal::IsFolder => rules::occupied().into(),
        Refusal::NotEmpty => rules::not_empty().into(),
        Refusal::NotFolder | Refusal::NotRegular => rules::is_file().into(),
        Refusal::Unreachable(reason) => rules::unreachable(reason).into(),
        Refusal::WouldWait => Fault::WouldWait,
        Refusal::Cancelled => Fault::Cancelled,
        Refusal::Failed(error) => Fault::Error(error),
    }
}
