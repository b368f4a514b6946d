//! Renaming.

use std::ffi::OsStr;
use std::io;

use super::attributes::{Attributes, Kind};
use super::driver::LocalDriver;
use super::errors::{Refuse, refusal};
use super::parents::{ATTEMPTS, REMOVED_AGAIN, refuse_long_path};
use super::system::{self, Folder};
use crate::driver::{CallContext, Key, Outcome, Refusal};

impl LocalDriver {
    /// Moves a file, or a link as it is.
    pub(super) fn move_entry(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let source = self.system.open_folder(from.parent().as_str())?;
        let name = OsStr::new(from.name());
        // What is seen decides what is done, so nothing may change in between.
        let _held = self.locks.hold_both(from, to);
        let moved = system::look_at(&source, name).refused("look at the source")?;
        if moved.kind == Kind::Folder {
            return Err(Refusal::IsFolder);
        }
        refuse_long_path(to)?;
        let folder = self.existing_folder(to.parent())?;
        if folder.is_none() {
            self.refuse_long_names(to)?;
        }
        let is_second_name = match &folder {
            Some(folder) if replace => self
                .standing(folder, to)?
                .is_some_and(|standing| is_other_name(&moved, &standing.entry)),
            _ => false,
        };
        match folder {
            // A rename between two names of one file would do nothing.
            Some(folder) if is_second_name => {
                if is_same_folder(&source, &folder)? && from.name() == to.name() {
                    return Ok(());
                }
                cx.commit()?;
                system::remove_file(&source, name).refused("remove the old name")
            }
            folder => {
                cx.commit()?;
                self.place(&source, name, folder, to, replace)
            }
        }
    }

    /// Moves a folder to the place of nothing, or of an empty folder.
    pub(super) fn move_folder(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
    ) -> Outcome<()> {
        let source = self.system.open_folder(from.parent().as_str())?;
        let name = OsStr::new(from.name());
        let _held = self.locks.hold_both(from, to);
        let moved = system::look_at(&source, name).refused("look at the source")?;
        if moved.kind != Kind::Folder {
            return Err(Refusal::NotFolder);
        }
        refuse_long_path(to)?;
        let target = self.system.open_folder(to.parent().as_str())?;
        cx.commit()?;
        match system::rename_over(&source, name, &target, OsStr::new(to.name())) {
            Ok(()) => Ok(()),
            // POSIX lets a system say so of a folder with content.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Refusal::NotEmpty),
            Err(error) => Err(refusal("rename the folder", error)),
        }
    }

    fn place(
        &self,
        source: &Folder,
        name: &OsStr,
        mut folder: Option<Folder>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let new_name = OsStr::new(to.name());
        for _ in 0..ATTEMPTS {
            let target = match folder.take() {
                Some(folder) => folder,
                None => match self.make_folders(to.parent(), None) {
                    Err(Refusal::Missing) => continue,
                    made => made?,
                },
            };
            let renamed = if replace {
                system::rename_over(source, name, &target, new_name)
            } else {
                system::rename_new(source, name, &target, new_name)
            };
            match renamed {
                Ok(()) => return Ok(()),
                // Either the source went or the folder did.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    system::look_at(source, name).refused("look at the source")?;
                }
                Err(error) => return Err(refusal("rename", error)),
            }
        }
        Err(self.no_place(REMOVED_AGAIN))
    }
}

/// Whether both are names of one file. A file with a single name is only
/// itself, spelled differently on a file system that ignores case.
fn is_other_name(moved: &Attributes, standing: &Attributes) -> bool {
    moved.names > 1 && moved.is_same_node(standing)
}

fn is_same_folder(a: &Folder, b: &Folder) -> Outcome<bool> {
    let look = |folder: &Folder| {
        folder
            .dir_metadata()
            .map(|metadata| Attributes::from_cap(&metadata))
            .refused("look at the folder")
    };
    Ok(look(a)?.is_same_node(&look(b)?))
}
