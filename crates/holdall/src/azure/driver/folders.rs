//! Folders of a hierarchical namespace, which are nodes.

use super::AzureDriver;
use super::refusals::{check_name, is_taken, refused, refused_among_folders};
use super::remove::remove_folder_alone;
use super::transfer::{changes_too_fast, is_at};
use crate::azure::client::AzureClient;
use crate::driver::{CallContext, Key, Outcome, Refusal};

/// How often a rename looks again at a folder that changes under it.
const ROUNDS: usize = 8;

impl AzureDriver {
    /// Makes a folder. The service makes those around it, too, so they are looked
    /// at first where they are not to be made.
    pub(super) async fn make_directory(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        parents: bool,
    ) -> Outcome<()> {
        check_name(key)?;
        if !parents && !key.parent().is_root() {
            let around = self.client.head_blob(key.parent().as_str()).await;
            if !around.map_err(refused)?.is_directory {
                return Err(Refusal::NotFolder);
            }
        }
        let (client, name) = (self.client.clone(), key.as_str().to_owned());
        let work = async move {
            match client.create_directory(&name, true).await {
                Ok(_) => Ok(()),
                // Nobody can tell one empty folder from another.
                Err(error) if is_taken(&error) && error.may_have_landed() => Ok(()),
                Err(error) if is_taken(&error) => Err(Refusal::Occupied),
                Err(error) => Err(refused_among_folders(error)),
            }
        };
        self.lanes.run(cx, &[key], work).await
    }

    /// Moves a folder in one step; one that is empty makes way for it in another.
    pub(super) async fn rename_directory(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
    ) -> Outcome<()> {
        check_name(to)?;
        let client = self.client.clone();
        let (source, target) = (from.as_str().to_owned(), to.as_str().to_owned());
        let work = async move { rename(&client, &source, &target).await };
        self.lanes.run(cx, &[from, to], work).await
    }
}

/// The service would move a file, too, so what stands there is looked at, and
/// nothing else is moved.
async fn rename(client: &AzureClient, from: &str, to: &str) -> Outcome<()> {
    for _ in 0..ROUNDS {
        let source = client.head_blob(from).await.map_err(refused)?;
        if !source.is_directory {
            return Err(Refusal::NotFolder);
        }
        let tag = source.etag.as_deref();
        let Err(error) = client.rename_path(from, to, true, tag).await else {
            return Ok(());
        };
        if error.may_have_landed() && is_at(client, to, tag).await? {
            return Ok(());
        }
        match error.code() {
            "SourceConditionNotMet" => {}
            "RenameDestinationParentPathNotFound" => return Err(Refusal::Missing),
            _ if is_taken(&error) => make_way(client, to).await?,
            _ => return Err(refused_among_folders(error)),
        }
    }
    Err(changes_too_fast())
}

/// Removes an empty folder, and nothing else.
async fn make_way(client: &AzureClient, key: &str) -> Outcome<()> {
    match remove_folder_alone(client, key, false).await {
        Err(Refusal::Missing) => Ok(()),
        removed => removed,
    }
}
