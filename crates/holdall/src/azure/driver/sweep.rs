//! Temporary files that killed processes have left behind.

use jiff::SignedDuration;

use crate::azure::client::{AzureClient, PathList, Reply};
use crate::driver::Key;
use crate::path::is_temporary_name;

/// The age from which nobody works on a temporary file any more. One that is
/// still to be renamed is as old as that one request at most, with its retries.
const STALE: SignedDuration = SignedDuration::from_hours(24);

/// Removes the stale temporary files of a folder that has nothing else; tells
/// whether there were some. What keeps it from that keeps the folder.
pub(super) async fn sweep(client: &AzureClient, folder: &str) -> bool {
    match try_sweep(client, folder).await {
        Ok(swept) => swept,
        Err(error) => {
            tracing::debug!(
                folder,
                error = error.message(),
                "temporary files stay behind"
            );
            false
        }
    }
}

async fn try_sweep(client: &AzureClient, folder: &str) -> Reply<bool> {
    let mut temporary = Vec::new();
    let mut continuation = None;
    loop {
        let list = PathList {
            directory: folder,
            continuation: continuation.as_deref(),
            ..PathList::default()
        };
        let page = client.list_paths(list).await?;
        for path in page.paths {
            if path.is_directory || !is_temporary_name(Key::of_canonical(&path.name).name()) {
                return Ok(false);
            }
            temporary.push(path.name);
        }
        match page.next {
            Some(next) => continuation = Some(next),
            None => break,
        }
    }
    let mut swept = false;
    for name in temporary {
        swept |= remove_if_stale(client, &name).await?;
    }
    Ok(swept)
}

/// Its age is told by the service's own clock.
async fn remove_if_stale(client: &AzureClient, name: &str) -> Reply<bool> {
    let found = client.head_blob(name).await?;
    let times = found.answered.zip(found.last_modified);
    let is_stale = times.is_some_and(|(now, then)| now.duration_since(then) >= STALE);
    if found.is_directory || !is_stale {
        return Ok(false);
    }
    client.delete_blob(name, found.etag.as_deref()).await?;
    Ok(true)
}
