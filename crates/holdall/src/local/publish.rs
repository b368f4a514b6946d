//! Writing: content is staged out of sight and shows in one step.

use std::fs::File;
use std::io::{self, IoSlice, Write};

use bytes::Bytes;

use super::attributes::{Attributes, PERMISSION_BITS, set_mode};
use super::builder::SyncPolicy;
use super::driver::LocalDriver;
use super::errors::{Refuse, refusal};
use super::parents::{ATTEMPTS, REMOVED_AGAIN, refuse_long_path};
use super::staged::Staged;
use super::system::{self, Folder};
use super::xattr;
use crate::driver::{CallContext, Detail, FileStat, Key, Node, Outcome, Refusal, WritePlan};
use crate::metadata::UserMetadata;
use crate::version::FileVersion;

/// Why a file cannot be put anywhere any more.
const LOST: &str =
    "another program removed the temporary file before it was in its place; write it again";

/// Content that has no place yet.
#[derive(Debug)]
pub struct LocalStage {
    staged: Staged,
    /// The folder of the key, unless it has to be looked up again.
    folder: Option<Folder>,
    replace: bool,
    /// The version that alone is replaced.
    if_match: Option<FileVersion>,
    sync: SyncPolicy,
    /// Permission bits that the file has whatever it replaces.
    mode: Option<u32>,
    metadata: Option<UserMetadata>,
}

impl LocalStage {
    /// The file itself.
    pub(super) fn file(&self) -> &File {
        &self.staged.file
    }

    /// The folder of the key, where there was one when the stage was made.
    pub(super) fn folder(&self) -> Option<&Folder> {
        self.folder.as_ref()
    }

    /// Fixes the permission bits, whatever the file replaces.
    pub(super) fn keep_mode(&mut self, mode: Option<u32>) {
        self.mode = mode;
    }

    /// A stage that may be published much later: its folder may have been
    /// renamed by then, so it is looked up again.
    pub(super) fn into_lasting(mut self) -> Self {
        self.folder = None;
        self
    }

    pub(super) fn append(&mut self, cx: CallContext<'_>, chunks: &[Bytes]) -> Outcome<()> {
        let mut slices: Vec<_> = chunks.iter().map(|chunk| IoSlice::new(chunk)).collect();
        let mut rest = slices.as_mut_slice();
        IoSlice::advance_slices(&mut rest, 0);
        while !rest.is_empty() {
            if cx.is_cancelled() {
                return Err(Refusal::Cancelled);
            }
            match self.staged.file.write_vectored(rest) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero)).refused("write"),
                Ok(written) => IoSlice::advance_slices(&mut rest, written),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(refusal("write the content", error)),
            }
        }
        Ok(())
    }
}

impl LocalDriver {
    pub(super) fn begin(&self, key: Key<'_>, plan: &WritePlan) -> Outcome<LocalStage> {
        let sync = self.sync_policy(plan.durable);
        refuse_long_path(key)?;
        let folder = self.existing_folder(key.parent())?;
        if folder.is_none() {
            self.refuse_long_names(key)?;
        }
        let staged = self.stage_near(key, folder.as_ref())?;
        if let Some(metadata) = &plan.metadata {
            xattr::store(&staged.file, metadata)?;
        }
        Ok(LocalStage {
            staged,
            folder,
            replace: plan.replace,
            if_match: plan.if_match.clone(),
            sync,
            mode: None,
            metadata: plan.metadata.clone(),
        })
    }

    /// A stage in the folder of `key`, or as near above it as there is one: so
    /// nothing is made that a write that is given up would leave behind.
    fn stage_near(&self, key: Key<'_>, folder: Option<&Folder>) -> Outcome<Staged> {
        let mut home = match folder {
            Some(folder) => Folder::clone(folder),
            None => self.nearest_folder(key)?,
        };
        for _ in 0..ATTEMPTS {
            match self.system.stage(&home) {
                Ok(staged) => return Ok(staged),
                // ext4 denies a file in a folder that was removed.
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound || system::is_removed(&home) =>
                {
                    home = self.nearest_folder(key)?;
                }
                Err(error) => return Err(refusal("make a file in the folder", error)),
            }
        }
        Err(self.no_place(REMOVED_AGAIN))
    }

    pub(super) fn finish(
        &self,
        cx: CallContext<'_>,
        mut stage: LocalStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        let folder = match stage.folder.take() {
            Some(folder) => Some(folder),
            None => self.existing_folder(key.parent())?,
        };
        let attributes = Attributes::of_file(stage.file()).refused("look at the new file")?;
        let mode = self.mode_to_have(&stage, folder.as_ref(), key)?;
        if let Some(mode) = mode.filter(|mode| attributes.mode != Some(*mode)) {
            set_mode(stage.file(), mode).refused("set the permissions")?;
        }
        if stage.sync != SyncPolicy::Never {
            stage.file().sync_all().refused("sync the content")?;
        }
        let changed = self.show(cx, &mut stage, folder, key)?;
        if stage.sync == SyncPolicy::Full {
            for folder in &changed {
                system::sync_folder(folder).refused("sync the folder of the new file")?;
            }
        }
        Ok(attributes.file_stat(stage.metadata))
    }

    /// The permission bits of the copied file, or of the one to be replaced.
    fn mode_to_have(
        &self,
        stage: &LocalStage,
        folder: Option<&Folder>,
        key: Key<'_>,
    ) -> Outcome<Option<u32>> {
        let standing = match folder {
            Some(folder) if stage.replace => self.standing(folder, key)?,
            _ => None,
        };
        Ok(stage
            .mode
            .or(standing.and_then(|standing| standing.mode))
            .map(|mode| mode & PERMISSION_BITS))
    }

    /// Demands that reads of `key` find that version. Only writers through this
    /// driver are kept from changing it right afterwards.
    fn require_version(&self, key: Key<'_>, version: &FileVersion) -> Outcome<()> {
        match self.inspect(CallContext::UNBOUND, key, Detail::Full) {
            Ok(Node::File(stat)) if version.is(&FileVersion::from(&stat)) => Ok(()),
            Ok(Node::File(_)) | Err(Refusal::Missing | Refusal::NotFolder) => Err(Refusal::Changed),
            Ok(Node::Folder) => Err(Refusal::IsFolder),
            Ok(Node::Special) => Err(Refusal::NotRegular),
            Err(refusal) => Err(refusal),
        }
    }

    /// The step in which the file appears. Returns the folders that changed.
    fn show(
        &self,
        cx: CallContext<'_>,
        stage: &mut LocalStage,
        mut folder: Option<Folder>,
        key: Key<'_>,
    ) -> Outcome<Vec<Folder>> {
        // A handle is held for each of them, so only where they are synced.
        let synced = stage.sync == SyncPolicy::Full;
        let mut changed = Vec::new();
        let _held = self.locks.hold(key.as_str());
        if let Some(version) = &stage.if_match {
            self.require_version(key, version)?;
        }
        for _ in 0..ATTEMPTS {
            // Also before another attempt: whoever removed the folder meanwhile
            // may have done so after this write was given up.
            cx.commit()?;
            let place = match folder.take() {
                Some(folder) => folder,
                None if stage.staged.is_lost().refused("look at the new file")? => {
                    return Err(self.no_place(LOST));
                }
                None => match self.make_folders(key.parent(), synced.then_some(&mut changed)) {
                    Err(Refusal::Missing) => continue,
                    made => made?,
                },
            };
            match self
                .system
                .publish(&mut stage.staged, &place, key.name(), stage.replace)
            {
                Ok(()) => {
                    changed.push(place);
                    return Ok(changed);
                }
                // The folder was removed meanwhile, and is made again unless
                // the file went with it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(refusal("put the file in its place", error)),
            }
        }
        Err(self.no_place(REMOVED_AGAIN))
    }
}
