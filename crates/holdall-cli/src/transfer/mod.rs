//! Copying between any two stores: one file, or a folder with many at a time.

mod file;
mod folder;
mod hashing;

pub(crate) use file::{CopyOptions, Existing, Outcome, copy_file};
pub(crate) use folder::{Summary, copy_folder};
pub(crate) use hashing::size_of;

use crate::failure::{Failure, Result};
use crate::location::Location;

/// Where a file called `name` goes when `target` is given as its destination:
/// into a folder that is there or that the address names as one, under its own
/// name; else to `target` itself.
pub(crate) async fn file_target(name: &str, target: Location) -> Result<Location> {
    let is_folder = target.is_root() || target.names_a_folder() || {
        let there = target.store().is_folder(target.key()).await;
        there.map_err(|error| target.failure(&error))?
    };
    Ok(if is_folder {
        target.child(name)
    } else {
        target
    })
}

/// Refuses a file as its own destination.
pub(crate) fn refuse_same_file(source: &Location, target: &Location) -> Result<()> {
    if source.is_same(target) {
        return Err(Failure::at(
            target.label(),
            crate::exit::Exit::Usage,
            format!("this is the same file as '{}'", source.label()),
        ));
    }
    Ok(())
}
