//! Finding what a listing command is about.

use futures::stream::{BoxStream, StreamExt, TryStreamExt, once};
use holdall::Pattern;
use holdall::pathio::{
    AbstractPathIo, ListedPath, PathIoError, PathIoErrorKind, PathIoResult, PathStat,
};

use crate::virtual_path::VirtualPath;

/// Entries to list.
pub(crate) type Entries = BoxStream<'static, PathIoResult<ListedPath>>;

/// What stands at a path that shall be listed.
pub(crate) enum Found {
    /// A folder, and its entries.
    Folder(Entries),
    /// A file.
    File(Box<PathStat>),
    /// Nothing, but the path's last name is a pattern, and these match it.
    Matches(Entries),
}

/// Looks at what stands at `path`. A folder with content costs one pass: only
/// where a listing is empty, another call asks what stands there.
pub(crate) async fn find(io: &dyn AbstractPathIo, path: &VirtualPath) -> PathIoResult<Found> {
    let mut entries = io.list(path.as_str());
    if let Some(first) = entries.next().await {
        let first = first?;
        let all = once(async { Ok(first) }).chain(entries);
        return Ok(Found::Folder(all.boxed()));
    }
    match io.stat(path.as_str()).await {
        Ok(stat) if stat.is_dir() => Ok(Found::Folder(futures::stream::empty().boxed())),
        Ok(stat) => Ok(Found::File(Box::new(stat))),
        Err(error) => matches_of(io, path, error),
    }
}

fn matches_of(
    io: &dyn AbstractPathIo,
    path: &VirtualPath,
    error: PathIoError,
) -> PathIoResult<Found> {
    if error.kind() != PathIoErrorKind::NotFound || !path.name().contains(['*', '?', '[']) {
        return Err(error);
    }
    let Ok(pattern) = Pattern::new(path.name()) else {
        return Err(error);
    };
    let entries = io.list(path.parent().as_str());
    let matching = entries.try_filter(move |entry| {
        let matches = pattern.matches(entry.name());
        async move { matches }
    });
    Ok(Found::Matches(matching.boxed()))
}
