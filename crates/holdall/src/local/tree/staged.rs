//! Files that are written anew: staged out of sight, and shown when they are
//! closed.

use std::fs::File;
use std::io;

use super::errors::{Tell, tell};
use super::{LocalTree, key};
use crate::local::attributes::{Attributes, PERMISSION_BITS, set_mode};
use crate::local::builder::SyncPolicy;
use crate::local::errors::{Refuse, refusal};
use crate::local::staged::Staged;
use crate::local::system;
use crate::pathio::{PathIoResult, PathName};

/// A file on its way.
#[derive(Debug)]
pub(super) struct Anew {
    staged: Staged,
    path: PathName,
    /// Permission bits of the file that stood there, to be kept; `None` where
    /// nothing did.
    kept_mode: Option<Option<u32>>,
    replaces: bool,
}

impl Anew {
    pub(super) fn file(&self) -> &File {
        &self.staged.file
    }

    /// From now on the file shows only where nothing stands.
    pub(super) fn require_new(&mut self) {
        self.kept_mode = None;
        self.replaces = false;
    }
}

impl LocalTree {
    /// Begins a file that will stand at `path`.
    pub(super) fn stage(&self, path: &PathName) -> PathIoResult<Anew> {
        let (folder, _) = self.file_place(path)?;
        let standing = self.driver.standing(&folder, key(path)).told()?;
        let staged = match self.driver.system.stage(&folder) {
            // ext4 denies a file in a folder that was removed.
            Err(_) if system::is_removed(&folder) => Err(io::ErrorKind::NotFound.into()),
            staged => staged,
        };
        Ok(Anew {
            staged: staged.refused("make a file in the folder").told()?,
            path: path.clone(),
            kept_mode: standing.map(|standing| standing.mode),
            replaces: true,
        })
    }

    /// Shows the file at its path, in one step. Its folder is looked up again: it
    /// may have been renamed meanwhile.
    pub(super) fn show(&self, mut anew: Anew) -> PathIoResult<()> {
        let (folder, name) = self.file_place(&anew.path)?;
        if let Some(Some(mode)) = anew.kept_mode {
            keep_mode(anew.file(), mode & PERMISSION_BITS)?;
        }
        let policy = self.driver.sync_policy(false);
        if policy != SyncPolicy::Never {
            anew.file().sync_all().refused("sync the content").told()?;
        }
        let system = &self.driver.system;
        let mut shown = Err(io::ErrorKind::AlreadyExists.into());
        if anew.kept_mode.is_none() {
            // A free name takes one step less.
            shown = system.publish(&mut anew.staged, &folder, name, false);
        }
        if shown.is_err() && anew.replaces {
            shown = system.publish(&mut anew.staged, &folder, name, true);
        }
        shown.map_err(|error| tell(refusal("put the file in its place", error)))?;
        if policy == SyncPolicy::Full {
            let synced = system::sync_folder(&folder);
            synced.refused("sync the folder of the new file").told()?;
        }
        Ok(())
    }
}

fn keep_mode(file: &File, mode: u32) -> PathIoResult<()> {
    let attributes = Attributes::of_file(file).refused("look at the new file");
    if attributes.told()?.mode != Some(mode) {
        set_mode(file, mode).refused("set the permissions").told()?;
    }
    Ok(())
}
