//! Listing a folder: one pass over its children.

use futures::stream::{self, Stream, StreamExt, TryStreamExt};

use super::FOLDER_MARKER;
use super::look::{NO_TIME, stat_of};
use super::tree::{Tree, checked};
use crate::model::PathEntry;
use crate::pathio::error::{PathIoError, PathIoResult};
use crate::pathio::lister::{ListedPath, Lister};
use crate::pathio::path::join;
use crate::pathio::stat::PathStat;

impl Tree {
    pub(super) fn list(&self, path: &str) -> Lister {
        let (tree, given) = (self.clone(), path.to_owned());
        let entries = stream::once(async move { tree.entries(&given) }).try_flatten();
        Lister::new(path, entries)
    }

    fn entries(
        &self,
        given: &str,
    ) -> PathIoResult<impl Stream<Item = PathIoResult<ListedPath>> + Send + use<>> {
        let path = checked(given)?;
        let children = self.store().iter_children(path.as_str())?;
        let given = given.to_owned();
        let entries = children.filter_map(move |child| {
            let entry = match child {
                Ok(child) => listed(&given, &child).map(Ok),
                Err(error) => Some(Err(PathIoError::from(error))),
            };
            std::future::ready(entry)
        });
        Ok(entries)
    }
}

fn listed(folder: &str, child: &PathEntry) -> Option<ListedPath> {
    let name = child.name();
    if name == FOLDER_MARKER {
        return None;
    }
    let stat = match child {
        PathEntry::File(file) => stat_of(file),
        PathEntry::Folder(_) => PathStat::folder(NO_TIME),
    };
    Some(ListedPath {
        path: join(folder, name),
        stat,
    })
}
