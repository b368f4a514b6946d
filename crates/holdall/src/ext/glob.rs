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
    let compiled = Pattern::new(pattern)
        .map_err(|error| error.with_operation(Operation::Glob).with_path(pattern))?;
    let options = match compiled.depth() {
        Depth::Limit(limit) => ListOptions::new().max_depth(limit),
        Depth::Unlimited => ListOptions::new().recursive(true),
    };
    let files = store.list_files_with(compiled.literal_prefix(), options)?;
    Ok(files.filter_map_items(move |file| match file {
        Ok(file) if !compiled.matches(file.path.as_str()) => None,
        file => Some(file),
    }))
}
