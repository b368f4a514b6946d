//! What a case of blocking calls works with.

use std::collections::BTreeSet;
use std::sync::Arc;

use holdall::{Backend, Capability, ListOptions, Store, WritableContent, WriteOptions};

use crate::fixture::expect_same;
use crate::stop::{Checked, Stop, ensure};

/// A fresh backend and a store whose root is the backend's.
pub(crate) struct BlockingFixture {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) store: Store,
}

impl BlockingFixture {
    pub(crate) fn new(backend: Arc<dyn Backend>) -> Checked<Self> {
        let store = Store::new(Arc::clone(&backend), "")?;
        Ok(Self { backend, store })
    }

    /// Stores content, whatever was there.
    pub(crate) fn put<'a>(&self, path: &str, content: impl Into<WritableContent<'a>>) -> Checked {
        let options = WriteOptions::new().overwrite(true);
        self.store.write_with(path, content, options)?;
        Ok(())
    }

    pub(crate) fn expect_content(&self, path: &str, expected: impl AsRef<[u8]>) -> Checked {
        let found = self.store.read_bytes(path)?;
        expect_same(&found, expected.as_ref(), path)
    }

    pub(crate) fn expect_missing(&self, path: &str) -> Checked {
        ensure!(!self.store.exists(path)?, "{path:?} is there");
        Ok(())
    }

    /// The paths of all files; none where the backend does not list.
    pub(crate) fn files(&self) -> Checked<BTreeSet<String>> {
        if !self.store.supports(Capability::List) {
            return Ok(BTreeSet::new());
        }
        let options = ListOptions::new().recursive(true);
        let files = self.store.list_files_with("", options)?;
        files
            .map(|file| Ok(file?.path.to_string()))
            .collect::<Result<_, Stop>>()
    }
}
