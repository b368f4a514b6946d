//! What a hierarchical namespace needs beyond: a temporary name that is
//! renamed, and the reason of a refusal.

use super::AzureDriver;
use super::refusals::{is_taken, refused};
use super::stage::{AzureStage, random};
use super::write::{Uncommitted, store};
use crate::azure::client::{AzureClient, ServiceError};
use crate::driver::{FileStat, Key, Namespace, Outcome, Refusal};
use crate::error::ErrorKind;
use crate::path::is_temporary_name;

/// A new temporary name in the folder of `key`.
pub(super) fn temporary_beside(key: Key<'_>) -> Outcome<String> {
    let name = format!(".~holdall.{:016x}.tmp", random()?);
    Ok(key.parent().child(&name))
}

impl AzureStage {
    pub(super) fn is_temporary(&self) -> bool {
        is_temporary_name(Key::of_canonical(&self.key).name())
    }
}

/// Stores the content under its temporary name and renames that to the target.
/// The rename keeps the version tag and the time, so no look is needed after
/// it.
pub(super) async fn store_and_rename(
    client: &AzureClient,
    stage: &AzureStage,
) -> Result<FileStat, Uncommitted> {
    let stat = store(client, stage).await?;
    match rename(client, stage, &stat).await {
        Ok(()) => Ok(stat),
        Err(uncommitted) => {
            if let Err(error) = client.delete_blob(&stage.key, None).await
                && !error.is_missing()
            {
                tracing::warn!(
                    key = stage.key,
                    error = error.message(),
                    "a temporary file stays behind"
                );
            }
            Err(uncommitted)
        }
    }
}

async fn rename(
    client: &AzureClient,
    stage: &AzureStage,
    stat: &FileStat,
) -> Result<(), Uncommitted> {
    let renamed = client
        .rename_path(&stage.key, &stage.target, !stage.plan.replace, None)
        .await;
    let Err(error) = renamed else {
        return Ok(());
    };
    if error.may_have_landed() {
        let found = client.head_blob(&stage.target).await;
        if found.is_ok_and(|found| found.etag.is_some() && found.etag == stat.etag) {
            return Ok(());
        }
    }
    match is_taken(&error) && !stage.plan.replace {
        true => Err(Refusal::Occupied.into()),
        false => Err(Uncommitted::Answered(error)),
    }
}

impl AzureDriver {
    /// Why a write was refused. Where folders are nodes, a folder may stand
    /// there, or a file among the folders: that is looked at only now.
    pub(super) async fn explain(&self, key: Key<'_>, uncommitted: Uncommitted) -> Refusal {
        match uncommitted {
            Uncommitted::Answered(error)
                if self.known_namespace() == Namespace::Hierarchical
                    && may_be_about_folders(&error) =>
            {
                let properties = self.client.head_blob(key.as_str()).await;
                if properties.is_ok_and(|properties| properties.is_directory) {
                    return Refusal::IsFolder;
                }
                match self.is_below_file(key).await {
                    true => Refusal::NotFolder,
                    false => refused(error),
                }
            }
            uncommitted => uncommitted.into(),
        }
    }
}

fn may_be_about_folders(error: &ServiceError) -> bool {
    error.kind() == ErrorKind::InvalidPath || matches!(error.status(), Some(400 | 404 | 409))
}
