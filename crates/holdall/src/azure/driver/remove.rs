//! Removing files and folders.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use super::AzureDriver;
use super::refusals::{refused, refused_among_folders};
use super::sweep::sweep;
use crate::azure::client::{AzureClient, MAX_BATCH, Reply, ServiceError};
use crate::driver::{CallContext, Detail, Key, Node, Outcome, Progress, Refusal};
use crate::error::ErrorKind;

/// How often a delete looks again at a file that changes under it.
const ROUNDS: usize = 8;
/// Requests of one recursive delete in flight on a flat namespace: all batches
/// of a page of 5,000 names. They carry no content.
const DELETES_IN_FLIGHT: usize = 20;

impl AzureDriver {
    pub(super) async fn remove_blob(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        let hierarchical = self.is_hierarchical().await?;
        let (client, name) = (self.client.clone(), key.as_str().to_owned());
        let work = async move {
            match hierarchical {
                true => remove_file_alone(&client, &name).await,
                false => remove(&client, &name, None).await,
            }
        };
        self.lanes.run(cx, &[key], work).await
    }

    /// A folder without children. On a flat namespace there is none.
    pub(super) async fn remove_empty_folder(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
    ) -> Outcome<()> {
        if !self.is_hierarchical().await? {
            return match self.look(key, Detail::Kind).await? {
                Node::Folder => Err(Refusal::NotEmpty),
                Node::File(_) | Node::Special => Err(Refusal::NotFolder),
            };
        }
        let (client, name) = (self.client.clone(), key.as_str().to_owned());
        let work = async move {
            match remove_folder_alone(&client, &name, false).await {
                Err(Refusal::NotEmpty) if sweep(&client, &name).await => {
                    remove_folder_alone(&client, &name, false).await
                }
                removed => removed,
            }
        };
        self.lanes.run(cx, &[key], work).await
    }

    /// A folder with all it holds.
    pub(super) async fn remove_whole_folder(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
    ) -> Outcome<Progress> {
        let hierarchical = self.is_hierarchical().await?;
        let (client, name) = (self.client.clone(), key.as_str().to_owned());
        let refuses_batches = Arc::clone(&self.refuses_batches);
        let work = async move {
            if hierarchical {
                remove_folder_alone(&client, &name, true).await?;
                return Ok(Progress::Done);
            }
            remove_page(&client, &name, &refuses_batches).await
        };
        self.lanes.run(cx, &[key], work).await
    }
}

/// Removes a file. The service would remove an empty folder, too, so what
/// stands there is looked at, and nothing else is removed.
async fn remove_file_alone(client: &AzureClient, key: &str) -> Outcome<()> {
    let mut may_be_gone = false;
    for _ in 0..ROUNDS {
        let found = match client.head_blob(key).await {
            Err(error) if error.is_missing() && may_be_gone => return Ok(()),
            found => found.map_err(refused)?,
        };
        if found.is_directory {
            return Err(Refusal::IsFolder);
        }
        match client.delete_blob(key, found.etag.as_deref()).await {
            // What is missing meets no condition either.
            Err(error) if error.is_condition_not_met() => may_be_gone |= error.may_have_landed(),
            Err(error) if error.is_missing() && error.may_have_landed() => return Ok(()),
            Err(error) => return Err(refused_among_folders(error)),
            Ok(_) => return Ok(()),
        }
    }
    Err(Refusal::failed(
        ErrorKind::Conflict,
        "the file is replaced faster than it can be deleted; try again",
    ))
}

/// Removes a blob; one that is gone since an attempt whose answer was lost is
/// removed.
async fn remove(client: &AzureClient, key: &str, etag: Option<&str>) -> Outcome<()> {
    match client.delete_blob(key, etag).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_missing() && error.may_have_landed() => Ok(()),
        Err(error) => Err(refused(error)),
    }
}

/// Removes a folder. The service would remove a file, too, so what stands there
/// is looked at, and nothing else is removed.
pub(super) async fn remove_folder_alone(
    client: &AzureClient,
    key: &str,
    recursive: bool,
) -> Outcome<()> {
    let mut may_be_gone = false;
    for _ in 0..ROUNDS {
        let found = match client.head_blob(key).await {
            Err(error) if error.is_missing() && may_be_gone => return Ok(()),
            found => found.map_err(refused)?,
        };
        if !found.is_directory {
            return Err(Refusal::NotFolder);
        }
        match delete_path(client, key, recursive, found.etag.as_deref()).await {
            // What is missing meets no condition either.
            Err(error) if error.is_condition_not_met() => may_be_gone |= error.may_have_landed(),
            Err(error) if error.is_missing() && error.may_have_landed() => return Ok(()),
            Err(error) => return Err(refused(error)),
            Ok(()) => return Ok(()),
        }
    }
    Err(Refusal::failed(
        ErrorKind::Conflict,
        "the folder is replaced faster than it can be deleted; try again",
    ))
}

/// The service removes a large folder in several calls, the first of which
/// finds the version that was looked at.
async fn delete_path(
    client: &AzureClient,
    key: &str,
    recursive: bool,
    etag: Option<&str>,
) -> Reply<()> {
    let recursive = Some(recursive);
    let mut left = client.delete_path(key, recursive, None, etag).await?.value;
    while let Some(next) = left {
        left = match client.delete_path(key, recursive, Some(&next), None).await {
            // An earlier call has removed the folder itself.
            Err(error) if error.is_missing() => None,
            answer => answer?.value,
        };
    }
    Ok(())
}

/// Removes the first blobs below a key of a flat namespace.
async fn remove_page(
    client: &AzureClient,
    key: &str,
    refuses_batches: &AtomicBool,
) -> Outcome<Progress> {
    let prefix = format!("{key}/");
    let mut marker = None;
    loop {
        let page = client
            .list_blobs(&prefix, false, marker.as_deref(), None)
            .await
            .map_err(refused)?;
        if page.blobs.is_empty() {
            // A page may be empty although others follow.
            match page.next {
                Some(next) => marker = Some(next),
                None => return nothing_below(client, key).await,
            }
            continue;
        }
        let names: Vec<_> = page.blobs.into_iter().map(|blob| blob.name).collect();
        remove_all(client, names, refuses_batches).await?;
        return Ok(match page.next {
            Some(_) => Progress::More,
            None => Progress::Done,
        });
    }
}

async fn nothing_below(client: &AzureClient, key: &str) -> Outcome<Progress> {
    match client.head_blob(key).await {
        Ok(_) => Err(Refusal::NotFolder),
        Err(error) => Err(refused(error)),
    }
}

async fn remove_all(
    client: &AzureClient,
    mut names: Vec<String>,
    refuses_batches: &AtomicBool,
) -> Outcome<()> {
    let mut batches = Vec::new();
    while !names.is_empty() {
        let rest = names.split_off(names.len().min(MAX_BATCH));
        batches.push(std::mem::replace(&mut names, rest));
    }
    let batches = batches
        .into_iter()
        .map(|batch| remove_batch(client.clone(), batch, refuses_batches));
    let left: Vec<_> = stream::iter(batches)
        .buffer_unordered(DELETES_IN_FLIGHT)
        .try_collect()
        .await?;
    let removals = left
        .into_iter()
        .flatten()
        .map(|name| remove_one(client.clone(), name));
    stream::iter(removals)
        .buffer_unordered(DELETES_IN_FLIGHT)
        .try_collect()
        .await
}

/// Removes blobs in one request; those that must go one by one are left.
/// A service that has refused one is not asked again.
async fn remove_batch(
    client: AzureClient,
    names: Vec<String>,
    refuses_batches: &AtomicBool,
) -> Outcome<Vec<String>> {
    if refuses_batches.load(Ordering::Relaxed) {
        return Ok(names);
    }
    match client.delete_batch(names.clone()).await {
        Ok(answer) => {
            for outcome in answer.value {
                unless_gone(outcome.map_err(refused))?;
            }
            Ok(Vec::new())
        }
        Err(error) if is_refused_as_a_whole(&error) => {
            refuses_batches.store(true, Ordering::Relaxed);
            Ok(names)
        }
        Err(error) => Err(refused(error)),
    }
}

async fn remove_one(client: AzureClient, name: String) -> Outcome<()> {
    unless_gone(remove(&client, &name, None).await)
}

/// Not every credential may send batches, and not every service takes them:
/// Azurite answers 500 to one that stands on a SAS.
fn is_refused_as_a_whole(error: &ServiceError) -> bool {
    matches!(
        error.status(),
        Some(400 | 401 | 403 | 405 | 415 | 500 | 501)
    )
}

/// Somebody else removed it first.
fn unless_gone(removed: Outcome<()>) -> Outcome<()> {
    match removed {
        Err(Refusal::Missing) => Ok(()),
        removed => removed,
    }
}
