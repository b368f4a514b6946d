//! Listings over a driver, and the records they are made of.

use std::sync::Arc;

use crate::content::Listing;
use crate::contract::{Kernel, Walk, WalkStep, Walked, Wanted};
use crate::driver::{Driver, FileStat, Node};
use crate::error::Operation;
use crate::model::{FileInfo, FolderEntry, PathEntry};
use crate::options::Depth;
use crate::path::RemotePath;

/// The entries below `start` that `make` makes something of, fetched in
/// batches from the first poll on.
pub(super) fn list<D: Driver, T: Send + 'static>(
    kernel: &Arc<Kernel<D>>,
    operation: Operation,
    start: RemotePath,
    depth: Depth,
    wanted: Wanted,
    make: fn(Walked) -> Option<T>,
) -> Listing<T> {
    let kernel = Arc::clone(kernel);
    let walk = Walk::new(&start, depth, wanted);
    Listing::from_batches(walk, move |walk| {
        let (kernel, start) = (Arc::clone(&kernel), start.clone());
        async move {
            let (step, batch) = kernel.run_and_return(WalkStep { walk }).await;
            let batch = batch.map_err(|error| {
                error.located(operation, start.key().as_str(), kernel.driver().name())
            })?;
            let (Some(step), false) = (step, batch.is_empty()) else {
                return Ok(None);
            };
            Ok(Some((
                batch.into_iter().filter_map(make).collect(),
                step.walk,
            )))
        }
    })
}

/// The record of a file.
pub(super) fn of(path: RemotePath, stat: FileStat) -> FileInfo {
    FileInfo {
        modified_at: stat.modified_at,
        digest: stat.digest,
        etag: stat.etag,
        content_type: stat.content_type,
        metadata: stat.metadata,
        ..FileInfo::new(path, stat.size)
    }
}

/// Makes a file's record.
pub(super) fn file(walked: Walked) -> Option<FileInfo> {
    match walked.node {
        Node::File(stat) => Some(of(walked.path, stat)),
        Node::Folder | Node::Special => None,
    }
}

/// Makes a folder's record.
pub(super) fn folder(walked: Walked) -> Option<FolderEntry> {
    matches!(walked.node, Node::Folder).then(|| FolderEntry::new(walked.path))
}

/// Makes either.
pub(super) fn entry(walked: Walked) -> Option<PathEntry> {
    match walked.node {
        Node::File(stat) => Some(PathEntry::File(of(walked.path, stat))),
        Node::Folder => Some(PathEntry::Folder(FolderEntry::new(walked.path))),
        Node::Special => None,
    }
}
