//! Globbing on every backend that can list.

use crate::capability::Capability;
use crate::content::Listing;
use crate::error::{Operation, Result};
use crate::model::FileInfo;
use crate::options::{Depth, ListOptions};
use crate::pattern::Pattern;
use crate::store::AsyncStore;

/// The files of `store` that match `pattern`: by the backend's own glob where
/// it has one, else by listing from the deepest folder that holds every match,
/// no deeper than a match can lie.
///
/// # Errors
///
/// At the call: as [`Pattern::new`], and
/// [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported) where
/// the backend can neither glob nor list. Among the items: whatever the system
/// says.
///
/// ```
/// use holdall::ext::glob::glob_files;
/// use holdall::{AsyncMemoryBackend, AsyncStore};
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
/// store.write("2026/01/sales.csv", "").await?;
/// store.write("2026/01/notes.txt", "").await?;
/// let found = glob_files(&store, "2026/**/*.csv")?.try_collect().await?;
/// assert_eq!(found.len(), 1);
/// # Ok(()) }
/// ```
pub fn glob_files(store: &AsyncStore, pattern: &str) -> Result<Listing<FileInfo>> {
    if store.supports(Capability::Glob) {
        return store.glob(pattern);
    }
    let search = Search::new(pattern)?;
    let files = store.list_files_with(search.folder(), search.options())?;
    Ok(files.filter_map_items(move |file| search.admits(&file).then_some(file)))
}

/// A glob by listing: where to begin, how deep to go, and what to keep.
pub(super) struct Search {
    pattern: Pattern,
}

impl Search {
    pub(super) fn new(pattern: &str) -> Result<Self> {
        let pattern = Pattern::new(pattern)
            .map_err(|error| error.with_operation(Operation::Glob).with_path(pattern))?;
        Ok(Self { pattern })
    }

    /// The deepest folder that holds every match.
    pub(super) fn folder(&self) -> &str {
        self.pattern.literal_prefix()
    }

    pub(super) fn options(&self) -> ListOptions {
        match self.pattern.depth() {
            Depth::Limit(limit) => ListOptions::new().max_depth(limit),
            Depth::Unlimited => ListOptions::new().recursive(true),
        }
    }

    /// Whether an item of the listing is handed on, as every error is.
    pub(super) fn admits(&self, item: &Result<FileInfo>) -> bool {
        item.as_ref()
            .map_or(true, |file| self.pattern.matches(file.path.as_str()))
    }
}
