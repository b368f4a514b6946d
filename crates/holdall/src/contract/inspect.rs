//! Looking: what stands at a path, and what is known of a file.

use super::read::vanished;
use super::rules::{self, Seen, see_in};
use super::step::{Fault, Step};
use crate::driver::{CallContext, Detail, Driver, FileStat, Node};
use crate::error::Result;
use crate::path::RemotePath;

impl Seen {
    /// Demands a folder.
    pub(crate) fn require_folder(self) -> Result<()> {
        match self {
            Self::Folder => Ok(()),
            Self::File | Self::Special => Err(rules::is_file()),
            Self::Nothing => Err(rules::no_folder()),
            Self::Unreachable(reason) => Err(rules::unreachable(reason)),
        }
    }

    /// Whether there is anything that can be reached.
    pub(crate) fn is_something(self) -> bool {
        match self {
            Self::File | Self::Folder | Self::Special => true,
            Self::Nothing | Self::Unreachable(_) => false,
        }
    }
}

/// Looks at what stands at a key.
pub(crate) struct LookStep {
    pub(crate) key: RemotePath,
    pub(crate) detail: Detail,
}

impl<D: Driver> Step<D> for LookStep {
    type Output = Seen;
    const REPEATABLE: bool = true;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Seen, Fault> {
        see_in(driver, cx, self.key.key(), self.detail).await
    }
}

/// Fetches what is known of a file.
pub(crate) struct FileInfoStep {
    pub(crate) key: RemotePath,
}

impl<D: Driver> Step<D> for FileInfoStep {
    type Output = FileStat;
    const REPEATABLE: bool = true;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<FileStat, Fault> {
        let key = self.key.key();
        match driver.stat(cx, key, Detail::Full).await {
            Ok(Node::File(stat)) => Ok(stat),
            Ok(Node::Folder) => Err(rules::is_folder().into()),
            Ok(Node::Special) => Err(rules::not_regular().into()),
            Err(refusal) => Err(vanished(refusal)),
        }
    }
}
