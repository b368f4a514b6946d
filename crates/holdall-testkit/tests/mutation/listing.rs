//! Listings with a fault.

use std::sync::Arc;

use futures::StreamExt;
use futures::{FutureExt, stream};
use holdall::{
    AsyncBackend, Depth, Error, ErrorKind, FileInfo, FolderEntry, Listing, PathEntry, Pattern,
    Result,
};

use crate::broken::Broken;
use crate::fault::Fault;

pub(crate) fn list_files(broken: &Broken, path: &str, depth: Depth) -> Listing<FileInfo> {
    let inner = &broken.inner;
    match broken.fault {
        Some(Fault::DepthOneOff) => {
            let depth = match depth {
                Depth::Limit(limit) => Depth::Limit(limit + 1),
                Depth::Unlimited => Depth::Unlimited,
            };
            inner.list_files(path, depth)
        }
        Some(Fault::HidesDotFiles) => {
            let files = inner.list_files(path, depth);
            Listing::new(files.filter(|file| {
                let hidden = file.as_ref().is_ok_and(|file| file.name().starts_with('.'));
                std::future::ready(!hidden)
            }))
        }
        Some(Fault::RepeatsEntries) => {
            let files = inner.list_files(path, depth);
            Listing::new(files.flat_map(|file| match file {
                Ok(file) => stream::iter(vec![Ok(file.clone()), Ok(file)]),
                Err(error) => stream::iter(vec![Err(error)]),
            }))
        }
        Some(Fault::ListsAThousand) => Listing::new(inner.list_files(path, depth).take(1000)),
        Some(Fault::FailsToListFiles) => match inner.is_file(path).now_or_never() {
            Some(Ok(true)) => {
                Listing::failed(Error::new(ErrorKind::NotFound, "no folder").with_path(path))
            }
            _ => inner.list_files(path, depth),
        },
        Some(Fault::ListsEagerly) => at_once(inner.list_files(path, depth)),
        Some(Fault::ListsByPrefix) => {
            let prefix = path.to_owned();
            let files = inner.list_files("", Depth::Unlimited);
            Listing::new(files.filter(move |file| {
                let below = file
                    .as_ref()
                    .is_ok_and(|f| f.path.as_str().starts_with(&prefix));
                std::future::ready(below)
            }))
        }
        _ => inner.list_files(path, depth),
    }
}

/// Everything now, whenever it is asked for.
fn at_once<T: Send + 'static>(listing: Listing<T>) -> Listing<T> {
    let all: Vec<Result<T>> = listing.collect().now_or_never().unwrap_or_default();
    Listing::new(stream::iter(all))
}

pub(crate) fn list_folders(broken: &Broken, path: &str) -> Listing<FolderEntry> {
    let folders = broken.inner.list_folders(path);
    match broken.fault {
        Some(Fault::HidesEmptyFolders) => {
            let inner = Arc::clone(&broken.inner);
            Listing::new(folders.filter(move |folder| {
                let path = folder
                    .as_ref()
                    .map(|f| f.path.to_string())
                    .unwrap_or_default();
                let mut children = inner.iter_children(&path);
                async move { children.next().await.is_some() }
            }))
        }
        Some(Fault::FoldersOfAllLevels) => {
            let inner = Arc::clone(&broken.inner);
            Listing::new(folders.flat_map(move |folder| {
                let path = folder
                    .as_ref()
                    .map(|f| f.path.to_string())
                    .unwrap_or_default();
                stream::iter([folder]).chain(inner.list_folders(&path))
            }))
        }
        _ => folders,
    }
}

pub(crate) fn iter_children(broken: &Broken, path: &str) -> Listing<PathEntry> {
    let children = broken.inner.iter_children(path);
    if broken.has(Fault::ChildrenWithoutFolders) {
        return Listing::new(children.filter(|child| {
            let is_file = child.as_ref().is_ok_and(|child| child.as_file().is_some());
            std::future::ready(is_file)
        }));
    }
    children
}

pub(crate) fn glob(broken: &Broken, pattern: &Pattern) -> Listing<FileInfo> {
    if broken.has(Fault::GlobFindsNothing) {
        return Listing::new(stream::empty());
    }
    let folded = Pattern::new(&pattern.as_str().to_lowercase());
    let files = broken.inner.list_files("", Depth::Unlimited);
    Listing::new(files.filter(move |file| {
        let matches = match (file, &folded) {
            (Ok(file), Ok(folded)) => folded.matches(&file.path.as_str().to_lowercase()),
            _ => true,
        };
        std::future::ready(matches)
    }))
}
