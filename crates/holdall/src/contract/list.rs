//! Listing: one walk serves every kind of listing, glob and sum.

use super::step::{Fault, Step};
use crate::driver::{CallContext, Driver, Key, Node, Refusal, ScanEntry};
use crate::error::Error;
use crate::options::Depth;
use crate::path::RemotePath;
use crate::pattern::Pattern;

/// How many entries a step gathers at the most, about.
const BATCH: usize = 1024;

/// What a walk is after.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    /// Files alone.
    Files,
    /// Folders alone.
    Folders,
    /// Both.
    Both,
    /// Files that match; folders that cannot hold one are not entered.
    Matches(Box<Pattern>),
}

impl Wanted {
    fn takes(&self, path: &str, node: &Node) -> bool {
        match (self, node) {
            (_, Node::Special) => false,
            (Self::Both, _) => true,
            (Self::Files, node) => matches!(node, Node::File(_)),
            (Self::Folders, node) => matches!(node, Node::Folder),
            (Self::Matches(pattern), node) => {
                matches!(node, Node::File(_)) && pattern.matches(path)
            }
        }
    }

    fn enters(&self, path: &str) -> bool {
        match self {
            Self::Matches(pattern) => pattern.can_match_below(path),
            Self::Files | Self::Folders | Self::Both => true,
        }
    }
}

/// A folder on the way.
struct Folder {
    path: String,
    /// Steps below the folder that the walk began at.
    level: usize,
}

/// A walk through a tree, a batch at a time. Folders that are still to be
/// entered are remembered by path, so no handle is held for them.
pub(crate) struct Walk<S> {
    wanted: Wanted,
    depth: Depth,
    pending: Vec<Folder>,
    current: Option<(Folder, S)>,
    /// What ended the walk, to be told once the entries before it are out.
    failure: Option<Error>,
}

/// One entry of a walk.
pub(crate) struct Walked {
    pub(crate) path: RemotePath,
    pub(crate) node: Node,
}

impl<S> Walk<S> {
    pub(crate) fn new(start: &RemotePath, depth: Depth, wanted: Wanted) -> Self {
        let start = Folder {
            path: start.key().as_str().to_owned(),
            level: 0,
        };
        Self {
            wanted,
            depth,
            pending: vec![start],
            current: None,
            failure: None,
        }
    }

    /// Takes one scanned entry in.
    fn take(&mut self, folder: &Folder, entry: ScanEntry, deep: bool, batch: &mut Vec<Walked>) {
        let path = Key::of_canonical(&folder.path).child(&entry.name);
        let level = folder.level + 1;
        if !deep
            && entry.descend
            && matches!(entry.node, Node::Folder)
            && self.depth.enters(level)
            && self.wanted.enters(&path)
        {
            self.pending.push(Folder {
                path: path.clone(),
                level,
            });
        }
        if self.wanted.takes(&path, &entry.node) {
            batch.push(Walked {
                path: RemotePath::from_canonical(path),
                node: entry.node,
            });
        }
    }
}

/// Walks on until a batch is full or the walk is at its end; an empty batch is
/// the end.
pub(crate) struct WalkStep<S> {
    pub(crate) walk: Walk<S>,
}

impl<D: Driver> Step<D> for WalkStep<D::Scan> {
    type Output = Vec<Walked>;
    const REPEATABLE: bool = true;

    async fn run(&mut self, driver: &D, cx: CallContext<'_>) -> Result<Vec<Walked>, Fault> {
        if let Some(error) = self.walk.failure.take() {
            return Err(error.into());
        }
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            match self.advance(driver, cx, &mut batch).await {
                Ok(true) => {}
                Ok(false) => break,
                // What was gathered is out of the scans already.
                Err(Fault::WouldWait) if !batch.is_empty() => break,
                Err(Fault::Error(error)) if !batch.is_empty() => {
                    self.walk.failure = Some(error);
                    break;
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(batch)
    }
}

impl<S> WalkStep<S> {
    /// Opens the next folder or takes the next entries of the open one; false
    /// at the end of the walk.
    async fn advance<D: Driver<Scan = S>>(
        &mut self,
        driver: &D,
        cx: CallContext<'_>,
        batch: &mut Vec<Walked>,
    ) -> Result<bool, Fault> {
        let walk = &mut self.walk;
        let deep = driver.scans_deep() && walk.depth == Depth::Unlimited;
        let Some((folder, mut scan)) = walk.current.take() else {
            let Some(folder) = walk.pending.pop() else {
                return Ok(false);
            };
            let key = RemotePath::from_canonical(folder.path.clone());
            match open_folder(driver, cx, key.key(), deep).await {
                Ok(Some(scan)) => walk.current = Some((folder, scan)),
                Ok(None) => {}
                Err(fault) => {
                    walk.pending.push(folder);
                    return Err(fault);
                }
            }
            return Ok(true);
        };
        let entries = match driver.scan_next(cx, &mut scan, BATCH).await {
            Ok(entries) => entries,
            Err(refusal) => {
                let fault = hidden_because(refusal, &folder.path);
                walk.current = Some((folder, scan));
                return match fault {
                    Some(fault) => Err(fault),
                    None => {
                        walk.current = None;
                        Ok(true)
                    }
                };
            }
        };
        if entries.is_empty() {
            return Ok(true);
        }
        for entry in entries {
            walk.take(&folder, entry, deep, batch);
        }
        walk.current = Some((folder, scan));
        Ok(true)
    }
}

/// Opens a folder; `None` where there is nothing to list.
async fn open_folder<D: Driver>(
    driver: &D,
    cx: CallContext<'_>,
    key: Key<'_>,
    deep: bool,
) -> Result<Option<D::Scan>, Fault> {
    match driver.scan(cx, key, deep).await {
        Ok(scan) => Ok(Some(scan)),
        Err(refusal) => match hidden_because(refusal, key.as_str()) {
            Some(fault) => Err(fault),
            None => Ok(None),
        },
    }
}

/// What a refusal to list a folder means; `None` where it lists as empty.
fn hidden_because(refusal: Refusal, folder: &str) -> Option<Fault> {
    match refusal {
        Refusal::Missing
        | Refusal::NotFolder
        | Refusal::NotRegular
        | Refusal::Unreachable(_)
        | Refusal::IsFolder
        | Refusal::Occupied
        | Refusal::Changed
        | Refusal::NotEmpty => None,
        Refusal::WouldWait => Some(Fault::WouldWait),
        Refusal::Cancelled => Some(Fault::Cancelled),
        Refusal::Failed(error) => Some(Fault::Error(error.with_path(folder))),
    }
}
