//! What a case works with: a path IO, and common checks.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use holdall::pathio::{
    AbstractPathIo, AsyncPathFile, ListedPath, MkdirOptions, OpenMode, PathIoError,
    PathIoErrorKind, PathIoResult,
};

use super::instance::{Instance, Property};
use crate::fixture::expect_same;
use crate::stop::{Checked, Stop, ensure, ensure_eq};

/// How much the helpers read at once.
const BLOCK: usize = 64 * 1024;

/// A fresh path IO, and what can be asked of it.
#[derive(Clone)]
pub(super) struct Fixture {
    pub(super) io: Arc<dyn AbstractPathIo>,
    in_place: bool,
    reads_outlive_names: bool,
}

/// Every file with its content, and every folder as `None`.
pub(super) type Tree = BTreeMap<String, Option<Bytes>>;

impl Fixture {
    pub(super) fn new(instance: &Instance) -> Self {
        Self {
            io: Arc::clone(&instance.io),
            in_place: instance.has(Property::ChangesInPlace),
            reads_outlive_names: instance.has(Property::ReadsOutliveNames),
        }
    }

    /// The same with another path IO over the same files.
    pub(super) fn with(&self, io: Arc<dyn AbstractPathIo>) -> Self {
        Self { io, ..self.clone() }
    }

    pub(super) fn changes_in_place(&self) -> bool {
        self.in_place
    }

    pub(super) fn reads_outlive_names(&self) -> bool {
        self.reads_outlive_names
    }

    pub(super) async fn open(&self, path: &str, mode: OpenMode) -> PathIoResult<AsyncPathFile> {
        self.io.open(path, mode).await
    }

    /// Opens, writes each piece, and closes.
    pub(super) async fn write(
        &self,
        path: &str,
        mode: OpenMode,
        pieces: impl IntoIterator<Item = impl Into<Bytes>>,
    ) -> PathIoResult<()> {
        let mut file = self.open(path, mode).await?;
        for piece in pieces {
            file.write(piece).await?;
        }
        file.close().await
    }

    /// A file with this content, whatever was there.
    pub(super) async fn put(&self, path: &str, content: impl Into<Bytes>) -> Checked {
        Ok(self.write(path, OpenMode::Write, [content]).await?)
    }

    /// A folder, with those on the way.
    pub(super) async fn folder(&self, path: &str) -> Checked {
        let options = MkdirOptions::new().parents(true).exist_ok(true);
        Ok(self.io.mkdir(path, options).await?)
    }

    /// Files, each with its own path as the content, and the folders on the way.
    pub(super) async fn tree(&self, paths: &[&str]) -> Checked {
        for &path in paths {
            if let Some((folder, _)) = path.rsplit_once('/') {
                self.folder(folder).await?;
            }
            self.put(path, path.to_owned()).await?;
        }
        Ok(())
    }

    /// The whole content of a file.
    pub(super) async fn content(&self, path: &str) -> PathIoResult<Bytes> {
        let mut file = self.open(path, OpenMode::Read).await?;
        let content = rest(&mut file).await?;
        file.close().await?;
        Ok(content)
    }

    pub(super) async fn expect_content(&self, path: &str, expected: impl AsRef<[u8]>) -> Checked {
        expect_same(&self.content(path).await?, expected.as_ref(), path)
    }

    pub(super) async fn expect_missing(&self, path: &str) -> Checked {
        ensure!(!self.io.exists(path).await?, "{path:?} is there");
        Ok(())
    }

    pub(super) async fn listed(&self, path: &str) -> PathIoResult<Vec<ListedPath>> {
        self.io.list(path).try_collect().await
    }

    /// The listed paths, sorted.
    pub(super) async fn names(&self, path: &str) -> PathIoResult<Vec<String>> {
        let mut names = self.io.list(path).collect_paths().await?;
        names.sort();
        Ok(names)
    }

    /// Everything there is.
    pub(super) async fn snapshot(&self) -> Checked<Tree> {
        let mut tree = Tree::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            for entry in self.listed(&folder).await? {
                let content = if entry.stat.is_dir() {
                    folders.push(entry.path.clone());
                    None
                } else {
                    Some(self.content(&entry.path).await?)
                };
                let repeated = tree.insert(entry.path.clone(), content).is_some();
                ensure!(!repeated, "{:?} is listed twice", entry.path);
            }
        }
        Ok(tree)
    }

    /// Fails where anything differs from `before`.
    pub(super) async fn expect_unchanged(&self, before: &Tree, after: impl Display) -> Checked {
        expect_tree(&self.snapshot().await?, before, after)
    }
}

/// Compares trees: first the names, then the content.
pub(super) fn expect_tree(found: &Tree, expected: &Tree, after: impl Display) -> Checked {
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    ensure_eq!(names(found), names(expected), "what is there after {after}");
    for (path, expected) in expected {
        let found = found.get(path).cloned().flatten();
        ensure_eq!(
            found.is_some(),
            expected.is_some(),
            "whether {path} is a file after {after}"
        );
        if let (Some(found), Some(expected)) = (found, expected) {
            expect_same(&found, expected, &format!("{path} after {after}"))?;
        }
    }
    Ok(())
}

/// Reads to the end.
pub(super) async fn rest(file: &mut AsyncPathFile) -> PathIoResult<Bytes> {
    let mut all = BytesMut::new();
    loop {
        let block = file.read(BLOCK).await?;
        if block.is_empty() {
            return Ok(all.freeze());
        }
        all.extend_from_slice(&block);
    }
}

/// Reads exactly `length` bytes, or less at the end of the file.
pub(super) async fn read_exactly(file: &mut AsyncPathFile, length: usize) -> PathIoResult<Bytes> {
    let mut all = BytesMut::new();
    while all.len() < length {
        let block = file.read(length - all.len()).await?;
        if block.is_empty() {
            break;
        }
        all.extend_from_slice(&block);
    }
    Ok(all.freeze())
}

/// Demands an error of `kind` and hands it back.
pub(super) fn expect_kind<T: Debug>(
    result: PathIoResult<T>,
    kind: PathIoErrorKind,
    what: impl Display,
) -> Checked<PathIoError> {
    expect_one_of(result, &[kind], what)
}

/// Demands an error of one of `kinds` and hands it back.
pub(super) fn expect_one_of<T: Debug>(
    result: PathIoResult<T>,
    kinds: &[PathIoErrorKind],
    what: impl Display,
) -> Checked<PathIoError> {
    match result {
        Err(error) if kinds.contains(&error.kind()) => Ok(error),
        Err(error) => Err(Stop::Failed(format!(
            "{what}: expected {kinds:?}, but it failed with {}: {error}",
            error.kind()
        ))),
        Ok(value) => Err(Stop::Failed(format!(
            "{what}: expected {kinds:?}, but it succeeded with {value:?}"
        ))),
    }
}
