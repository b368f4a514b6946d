//! `holdall mv`: moves a file.

use std::error::Error as _;
use std::io;
use std::sync::Arc;

use clap::Args;
use holdall::{DeleteOptions, TransferOptions};

use super::Session;
use crate::exit::Exit;
use crate::failure::{Failure, REPLACE, Result};
use crate::location::{CommonStore, Location, Node, Purpose};
use crate::progress::Progress;
use crate::transfer::{
    CopyOptions, Existing, Outcome, copy_file, file_target, refuse_same_file, size_of,
};

/// Move a file, within a store by renaming it
///
/// Where DST is a folder or ends in '/', the file goes into it under its own
/// name. Between stores the file is copied, synced, compared in size, and then
/// deleted at SRC. A link is moved itself, not what it points to.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Replace a file that is already there
    #[arg(long)]
    overwrite: bool,
    /// The file to move
    #[arg(value_name = "SRC")]
    source: String,
    /// Where to
    #[arg(value_name = "DST")]
    target: String,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let source = session.stores.locate(&arguments.source, Purpose::Node)?;
    let target = session.stores.locate(&arguments.target, Purpose::Target)?;
    if !source.is_linked(source.key())
        && let Node::Folder = source.look_for_something().await?
    {
        return Err(Failure::at(
            source.label(),
            Exit::InvalidPath,
            "this is a folder, and only files can be moved",
        )
        .with_hint("copy it with cp -r --verify, then delete it with rm -r"));
    }
    let target = file_target(source.name(), target).await?;
    refuse_same_file(&source, &target)?;
    if let Some(common) = source.common_store(&target)
        && rename(&common, &source, &target, arguments.overwrite).await?
    {
        return Ok(());
    }
    copy_and_delete(&source, &target, arguments.overwrite, session).await
}

/// Renames within one store; false where the system cannot, since the two
/// places lie on different file systems.
async fn rename(
    common: &CommonStore,
    source: &Location,
    target: &Location,
    overwrite: bool,
) -> Result<bool> {
    let options = TransferOptions::new().overwrite(overwrite);
    let renamed = common
        .store
        .rename_with(&common.source, &common.target, options);
    match renamed.await {
        Ok(()) => Ok(true),
        Err(error) if crosses_devices(&error) => Ok(false),
        Err(error) => {
            let concerns_source = error.path() == Some(&common.source);
            let concerned = if concerns_source { source } else { target };
            Err(concerned.failure(&error).with_hint_if_taken(REPLACE))
        }
    }
}

fn crosses_devices(error: &holdall::Error) -> bool {
    error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>())
        .is_some_and(|source| source.kind() == io::ErrorKind::CrossesDevices)
}

async fn copy_and_delete(
    source: &Location,
    target: &Location,
    overwrite: bool,
    session: &Session,
) -> Result<()> {
    let options = CopyOptions {
        existing: if overwrite {
            Existing::Replace
        } else {
            Existing::Refuse
        },
        verify: false,
        durable: true,
    };
    let size = size_of(source).await?;
    let progress = Arc::new(Progress::new(session.quiet, Some(size)));
    let copied = copy_file(source, target, options, &progress).await;
    progress.finish();
    let copied = copied.map_err(|failure| failure.with_hint_if_taken(REPLACE))?;
    let there = size_of(target).await?;
    if copied != Outcome::Copied(there) || there != size {
        return Err(Failure::at(
            source.label(),
            Exit::Conflict,
            format!("the copy has {there} bytes and not {size}, so the source was not deleted"),
        ));
    }
    let deleted = source
        .store()
        .delete_with(source.key(), DeleteOptions::new());
    deleted.await.map_err(|error| source.failure(&error))
}
