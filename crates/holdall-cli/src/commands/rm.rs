//! `holdall rm`: deletes files and folders.

use clap::Args;
use holdall::{DeleteFolderOptions, ErrorKind};

use super::{Session, for_each};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::{Location, Purpose};

/// Delete files, and with -r folders with all that is in them
///
/// A link is deleted, not what it points to. The root of a store is never
/// deleted.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Delete folders and everything below them
    #[arg(short, long)]
    recursive: bool,
    /// The files and folders
    #[arg(value_name = "ADDR", required = true)]
    addresses: Vec<String>,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    for_each("rm", &arguments.addresses, async |address| {
        let location = session.stores.locate(address, Purpose::Node)?;
        remove(&location, arguments.recursive).await
    })
    .await
}

async fn remove(location: &Location, recursive: bool) -> Result<()> {
    if location.is_root() {
        return Err(Failure::at(
            location.label(),
            Exit::InvalidPath,
            "this is the root of a store, which is never deleted",
        ));
    }
    let store = location.store();
    // A folder that the address names as one is not tried as a file.
    if !location.names_a_folder() {
        match store.delete(location.key()).await {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::InvalidPath => {
                let is_folder = store.is_folder(location.key()).await;
                if !is_folder.map_err(|error| location.failure(&error))? {
                    return Err(location.failure(&error));
                }
            }
            Err(error) => return Err(location.failure(&error)),
        }
    }
    if !recursive {
        return Err(
            Failure::at(location.label(), Exit::InvalidPath, "this is a folder")
                .with_hint("use -r to delete it with everything in it"),
        );
    }
    let options = DeleteFolderOptions::new().recursive(true);
    let deleted = store.delete_folder_with(location.key(), options).await;
    deleted.map_err(|error| location.failure(&error))
}
