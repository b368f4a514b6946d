//! Primitives made of other primitives, for drivers without shorter ways.

use super::{
    ByteRange, CallContext, Detail, Driver, Key, Node, Opened, Outcome, Progress, Refusal,
    WritePlan,
};
use crate::error::ErrorKind;

/// How much a copy reads at once, in bytes.
const CHUNK: usize = 1024 * 1024;
/// How many entries are asked of a scan at once.
const BATCH: usize = 1024;

/// A folder of a flat namespace is there because something lies below it.
pub(super) async fn remove_flat_folder<D: Driver + ?Sized>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
) -> Outcome<()> {
    match driver.stat(cx, key, Detail::Kind).await? {
        Node::Folder => Err(Refusal::NotEmpty),
        Node::File(_) | Node::Special => Err(Refusal::NotFolder),
    }
}

/// Empties folders from the deepest up. Each call begins anew from what is
/// left, so nothing is remembered between calls.
pub(super) async fn remove_tree<D: Driver + ?Sized>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    budget: usize,
) -> Outcome<Progress> {
    if !matches!(driver.stat(cx, key, Detail::Kind).await?, Node::Folder) {
        return Err(Refusal::NotFolder);
    }
    let mut left = budget;
    let mut folders = vec![(key.as_str().to_owned(), false)];
    while let Some((folder, emptied)) = folders.pop() {
        if left == 0 {
            return Ok(Progress::More);
        }
        let here = Key::of_canonical(&folder);
        if emptied {
            unless_gone(driver.remove_folder(cx, here).await)?;
            left -= 1;
            continue;
        }
        let subfolders = remove_files(driver, cx, here, &mut left).await?;
        folders.push((folder, true));
        folders.extend(subfolders.into_iter().map(|subfolder| (subfolder, false)));
    }
    Ok(Progress::Done)
}

/// Removes a folder's files while the budget lasts; tells its subfolders.
async fn remove_files<D: Driver + ?Sized>(
    driver: &D,
    cx: CallContext<'_>,
    folder: Key<'_>,
    left: &mut usize,
) -> Outcome<Vec<String>> {
    let mut subfolders = Vec::new();
    let mut scan = match driver.scan(cx, folder, false).await {
        Ok(scan) => scan,
        Err(Refusal::Missing) => return Ok(subfolders),
        Err(refusal) => return Err(refusal),
    };
    loop {
        let entries = driver.scan_next(cx, &mut scan, BATCH).await?;
        if entries.is_empty() {
            return Ok(subfolders);
        }
        for entry in entries {
            let path = folder.child(&entry.name);
            if entry.descend {
                subfolders.push(path);
            } else if *left > 0 {
                unless_gone(driver.remove_file(cx, Key::of_canonical(&path)).await)?;
                *left -= 1;
            }
        }
    }
}

/// Somebody else removed it first, or a flat folder went with its last file.
fn unless_gone(removed: Outcome<()>) -> Outcome<()> {
    match removed {
        Err(Refusal::Missing) => Ok(()),
        removed => removed,
    }
}

pub(super) async fn copy<D: Driver + ?Sized>(
    driver: &D,
    cx: CallContext<'_>,
    from: Key<'_>,
    to: Key<'_>,
    replace: bool,
) -> Outcome<()> {
    let metadata = match driver.stat(cx, from, Detail::Full).await? {
        Node::File(stat) => stat.metadata,
        Node::Folder => return Err(Refusal::IsFolder),
        Node::Special => return Err(Refusal::NotRegular),
    };
    let Opened { mut reader, .. } = driver.open(cx, from, ByteRange::ALL).await?;
    let plan = WritePlan {
        replace,
        if_match: None,
        durable: false,
        metadata,
    };
    let mut stage = driver.stage(cx, to, &plan).await?;
    loop {
        if cx.is_cancelled() {
            return Err(Refusal::Cancelled);
        }
        let chunk = driver.read(cx, &mut reader, CHUNK).await?;
        if chunk.is_empty() {
            return driver.publish(cx, stage, to).await.map(drop);
        }
        driver.append(cx, &mut stage, &[chunk]).await?;
    }
}

pub(super) fn no_folder_calls() -> Refusal {
    Refusal::failed(
        ErrorKind::CapabilityNotSupported,
        "the driver has no calls for folders alone",
    )
}

pub(super) fn no_rename() -> Refusal {
    Refusal::failed(
        ErrorKind::CapabilityNotSupported,
        "the driver cannot rename files",
    )
}
