//! What a case works with: a backend, a store over it, and common checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use holdall::{
    AsyncBackend, AsyncStore, AsyncWritableContent, Backend, Capability, ListOptions, WriteOptions,
    is_temporary_name,
};

use crate::blocking_fixture::BlockingFixture;
use crate::stop::{Checked, Stop, ensure, ensure_eq};

/// Deeper than any tree that a case makes.
const ALL_LEVELS: usize = 1000;

/// A fresh backend and a store whose root is the backend's.
#[derive(Clone)]
pub(crate) struct Fixture {
    pub(crate) backend: Arc<dyn AsyncBackend>,
    pub(crate) store: AsyncStore,
    /// The same backend, where its calls block.
    pub(crate) blocking: Option<Arc<dyn Backend>>,
}

/// Every file with its content, and every folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) files: BTreeMap<String, Bytes>,
    pub(crate) folders: BTreeSet<String>,
}

impl Fixture {
    pub(crate) fn new(
        backend: Arc<dyn AsyncBackend>,
        blocking: Option<Arc<dyn Backend>>,
    ) -> Checked<Self> {
        let store = AsyncStore::new(Arc::clone(&backend), "")?;
        Ok(Self {
            backend,
            store,
            blocking,
        })
    }

    /// The same for the cases of blocking calls.
    pub(crate) fn blocking(&self) -> Checked<BlockingFixture> {
        let backend = self.blocking.clone();
        let backend =
            backend.ok_or_else(|| Stop::NotApplicable("the calls do not block".to_owned()))?;
        BlockingFixture::new(backend)
    }

    pub(crate) fn supports(&self, capability: Capability) -> bool {
        self.backend.capabilities().supports(capability)
    }

    /// Demands a capability that not every part of the case needs.
    pub(crate) fn require(&self, capability: Capability) -> Checked {
        if self.supports(capability) {
            return Ok(());
        }
        Err(Stop::NotApplicable(format!(
            "the backend does not support '{capability}'"
        )))
    }

    /// Stores content, whatever was there.
    pub(crate) async fn put(
        &self,
        path: &str,
        content: impl Into<AsyncWritableContent>,
    ) -> Checked {
        let options = WriteOptions::new().overwrite(true);
        self.store.write_with(path, content, options).await?;
        Ok(())
    }

    /// Stores files, each with its own path as the content.
    pub(crate) async fn tree(&self, paths: &[&str]) -> Checked {
        for path in paths {
            self.put(path, *path).await?;
        }
        Ok(())
    }

    /// Makes an empty folder: a file in it, deleted again.
    pub(crate) async fn empty_folder(&self, path: &str) -> Checked {
        let file = format!("{path}/passing");
        self.put(&file, "").await?;
        self.store.delete(&file).await?;
        Ok(())
    }

    pub(crate) async fn content(&self, path: &str) -> Checked<Bytes> {
        Ok(self.store.read_bytes(path).await?)
    }

    pub(crate) async fn expect_content(&self, path: &str, expected: impl AsRef<[u8]>) -> Checked {
        let found = self.content(path).await?;
        expect_same(&found, expected.as_ref(), path)
    }

    pub(crate) async fn expect_missing(&self, path: &str) -> Checked {
        ensure!(!self.store.exists(path).await?, "{path:?} is there");
        Ok(())
    }

    /// As [`expect_missing`](Self::expect_missing), for a path that the backend
    /// may refuse to look at.
    pub(crate) async fn expect_missing_or_refused(&self, path: &str) -> Checked {
        let there = self.store.exists(path).await.unwrap_or(false);
        ensure!(!there, "{path:?} was refused and is there");
        Ok(())
    }

    /// The paths of all files.
    pub(crate) async fn files(&self) -> Checked<BTreeSet<String>> {
        let options = ListOptions::new().recursive(true);
        let listed = self
            .store
            .list_files_with("", options)?
            .try_collect()
            .await?;
        let paths: BTreeSet<_> = listed.iter().map(|file| file.path.to_string()).collect();
        ensure_eq!(paths.len(), listed.len(), "the listing repeats files");
        Ok(paths)
    }

    /// The paths of all folders.
    pub(crate) async fn folders(&self) -> Checked<BTreeSet<String>> {
        let options = ListOptions::new().max_depth(ALL_LEVELS);
        let folders = self
            .store
            .list_folders_with("", options)?
            .try_collect()
            .await?;
        Ok(folders.iter().map(|f| f.path.to_string()).collect())
    }

    /// Everything there is, where the backend lists and reads; nothing
    /// otherwise. Fails where a temporary name shows.
    pub(crate) async fn snapshot(&self) -> Checked<Snapshot> {
        let mut snapshot = Snapshot {
            files: BTreeMap::new(),
            folders: BTreeSet::new(),
        };
        if !self.supports(Capability::List) || !self.supports(Capability::Read) {
            return Ok(snapshot);
        }
        for path in self.files().await? {
            let temporary = path.split('/').any(is_temporary_name);
            ensure!(!temporary, "the temporary name {path:?} is listed");
            let content = self.content(&path).await?;
            snapshot.files.insert(path, content);
        }
        snapshot.folders = self.folders().await?;
        Ok(snapshot)
    }

    /// Fails where anything differs from `before`.
    pub(crate) async fn expect_unchanged(&self, before: &Snapshot, after: &str) -> Checked {
        let now = self.snapshot().await?;
        let names = |s: &Snapshot| s.files.keys().cloned().collect::<Vec<_>>();
        ensure_eq!(names(&now), names(before), "files after {after}");
        ensure_eq!(now.folders, before.folders, "folders after {after}");
        for (path, content) in &before.files {
            let found = now.files.get(path).cloned().unwrap_or_default();
            expect_same(&found, content, &format!("{path} after {after}"))?;
        }
        Ok(())
    }
}

/// Compares content without printing all of it.
pub(crate) fn expect_same(found: &[u8], expected: &[u8], what: &str) -> Checked {
    if found == expected {
        return Ok(());
    }
    let same = found.iter().zip(expected).take_while(|(a, b)| a == b);
    Err(Stop::Failed(format!(
        "{what}: expected {} bytes ({}), found {} ({}); they agree in the first {}",
        expected.len(),
        beginning(expected),
        found.len(),
        beginning(found),
        same.count(),
    )))
}

fn beginning(content: &[u8]) -> String {
    content.escape_ascii().take(24).map(char::from).collect()
}
