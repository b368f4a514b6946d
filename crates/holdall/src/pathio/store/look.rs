//! Looking: what stands at a path, and why a call was refused.

use futures::future::{try_join, try_join_all};

use super::FOLDER_MARKER;
use super::faults;
use super::tree::Tree;
use crate::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::model::FileInfo;
use crate::pathio::error::{PathIoError, PathIoResult, universal_error};
use crate::pathio::path::{PathName, join};
use crate::pathio::stat::PathStat;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Nothing,
    File,
    Folder,
}

/// The time of what has none.
pub(super) const NO_TIME: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn stat_of(info: &FileInfo) -> PathStat {
    PathStat::file(info.size, info.modified_at.unwrap_or(NO_TIME))
}

/// The path of the marker in a folder.
pub(super) fn marker_in(folder: &str) -> String {
    join(folder, FOLDER_MARKER)
}

impl Tree {
    pub(super) async fn stat(&self, path: &PathName) -> PathIoResult<PathStat> {
        if path.is_root() {
            return Ok(PathStat::folder(NO_TIME));
        }
        match self.store().get_file_info(path.as_str()).await {
            Ok(info) => Ok(stat_of(&info)),
            // In a flat namespace there is nothing else that is no file.
            Err(error) if error.kind() == ErrorKind::InvalidPath && self.is_flat() => {
                Ok(PathStat::folder(NO_TIME))
            }
            Err(error) => match self.store().is_folder(path.as_str()).await? {
                true => Ok(PathStat::folder(NO_TIME)),
                false => Err(self.explained(path, error).await),
            },
        }
    }

    /// Whether a folder stands at the path, which is likely.
    pub(super) async fn is_folder(&self, path: &PathName) -> Result<bool> {
        if path.is_root() {
            return Ok(true);
        }
        if self.is_flat() && self.store().is_file(&marker_in(path.as_str())).await? {
            return Ok(true);
        }
        self.store().is_folder(path.as_str()).await
    }

    /// Whether a folder stands at the path, which is unlikely: one request.
    pub(super) async fn is_taken_by_folder(&self, path: &PathName) -> Result<bool> {
        if !self.is_flat() || path.is_root() {
            return self.store().is_folder(path.as_str()).await;
        }
        let mut children = self.store().iter_children(path.as_str())?;
        Ok(children.next().await.transpose()?.is_some())
    }

    pub(super) async fn standing(&self, path: &PathName) -> Result<Standing> {
        if !path.is_root() && !self.store().exists(path.as_str()).await? {
            return Ok(Standing::Nothing);
        }
        Ok(if self.is_folder(path).await? {
            Standing::Folder
        } else if self.store().is_file(path.as_str()).await? {
            Standing::File
        } else {
            Standing::Nothing
        })
    }

    /// What stands at a path where nothing is likely to: two requests at once.
    pub(super) async fn unlikely_standing(&self, path: &PathName) -> Result<Standing> {
        if path.is_root() {
            return Ok(Standing::Folder);
        }
        let is_file = self.store().is_file(path.as_str());
        Ok(
            match try_join(self.is_taken_by_folder(path), is_file).await? {
                (true, _) => Standing::Folder,
                (false, true) => Standing::File,
                (false, false) => Standing::Nothing,
            },
        )
    }

    /// Whether anything stands at the path; a file on the way means no.
    pub(super) async fn exists(&self, path: &PathName) -> PathIoResult<bool> {
        Ok(path.is_root() || self.store().exists(path.as_str()).await?)
    }

    /// Whether a file stands at the path; a file on the way means no.
    pub(super) async fn is_file(&self, path: &PathName) -> PathIoResult<bool> {
        Ok(!path.is_root() && self.store().is_file(path.as_str()).await?)
    }

    /// Demands what a file needs that is to be made: a folder around it, and none
    /// in its place.
    pub(super) async fn require_place_for_file(&self, path: &PathName) -> PathIoResult<()> {
        let in_folder = self.require_folder_around(path);
        let is_folder = async { Ok(self.is_taken_by_folder(path).await?) };
        match try_join(in_folder, is_folder).await? {
            ((), true) => Err(faults::is_a_folder()),
            ((), false) => Ok(()),
        }
    }

    /// Refuses a folder in the place of a file, where one was made here after
    /// `made_before`: a flat store would not.
    pub(super) async fn require_no_new_folder(
        &self,
        path: &PathName,
        made_before: u64,
    ) -> PathIoResult<()> {
        let may_be_new = self.is_flat() && self.made_folders() != made_before;
        match may_be_new && self.is_taken_by_folder(path).await? {
            true => Err(faults::is_a_folder()),
            false => Ok(()),
        }
    }

    /// Demands the folder that the path lies in.
    pub(super) async fn require_folder_around(&self, path: &PathName) -> PathIoResult<()> {
        let Some(folder) = path.parent() else {
            return Ok(());
        };
        if self.is_folder(&folder).await? {
            return Ok(());
        }
        match self.is_file_or_below_one(folder).await? {
            true => Err(faults::is_no_folder()),
            false => Err(faults::no_folder()),
        }
    }

    /// Whether a file stands at the path, or among its ancestors.
    pub(super) async fn is_file_or_below_one(&self, path: PathName) -> Result<bool> {
        if self.is_flat() {
            return self.is_key_or_below_one(&path).await;
        }
        let mut here = Some(path);
        while let Some(path) = here.filter(|path| !path.is_root()) {
            match self.standing(&path).await? {
                Standing::File => return Ok(true),
                Standing::Folder => return Ok(false),
                Standing::Nothing => here = path.parent(),
            }
        }
        Ok(false)
    }

    /// The same on a flat namespace, where nothing keeps a file from standing in
    /// the place of a folder: all at once, since none tells of another.
    async fn is_key_or_below_one(&self, path: &PathName) -> Result<bool> {
        let ancestors = std::iter::successors(Some(path.clone()), PathName::parent);
        let looks = ancestors
            .filter(|path| !path.is_root())
            .map(|path| async move { self.store().is_file(path.as_str()).await });
        Ok(try_join_all(looks).await?.contains(&true))
    }

    /// What an error of the store means at a path: where the store says less than
    /// POSIX does, by a look.
    pub(super) async fn explained(&self, path: &PathName, error: Error) -> PathIoError {
        let fault = match error.kind() {
            ErrorKind::InvalidPath => self.obstacle(path).await,
            ErrorKind::NotFound => self.missing(path).await,
            _ => Ok(None),
        };
        match fault {
            Ok(Some(fault)) => fault.with_reason(error),
            Ok(None) | Err(_) => universal_error(error),
        }
    }

    async fn obstacle(&self, path: &PathName) -> Result<Option<PathIoError>> {
        if path.is_root() {
            return Ok(Some(faults::is_a_folder()));
        }
        Ok(match self.standing(path).await? {
            Standing::Folder => Some(faults::is_a_folder()),
            Standing::File => Some(faults::is_no_folder()),
            Standing::Nothing => self.missing(path).await?,
        })
    }

    async fn missing(&self, path: &PathName) -> Result<Option<PathIoError>> {
        let Some(folder) = path.parent() else {
            return Ok(None);
        };
        let below_file = self.is_file_or_below_one(folder).await?;
        Ok(below_file.then(faults::is_no_folder))
    }
}
