//! Globbing on every backend that can list, for code that blocks.

use crate::capability::Capability;
use crate::content::Entries;
use crate::error::Result;
use crate::ext::glob::Search;
use crate::model::FileInfo;
use crate::store::Store;

/// As [`ext::glob::glob_files`](crate::ext::glob::glob_files), for a [`Store`].
///
/// # Errors
///
/// At the call: as [`Pattern::new`](crate::Pattern::new), and
/// [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported) where
/// the backend can neither glob nor list. Among the items: whatever the system
/// says.
///
/// ```
/// use holdall::ext::sync::glob::glob_files;
/// use holdall::{MemoryBackend, Store};
///
/// # fn main() -> holdall::Result<()> {
/// let store = Store::new(MemoryBackend::new(), "")?;
/// store.write("2026/01/sales.csv", "")?;
/// store.write("2026/01/notes.txt", "")?;
/// assert_eq!(glob_files(&store, "2026/**/*.csv")?.count(), 1);
/// # Ok(()) }
/// ```
pub fn glob_files(store: &Store, pattern: &str) -> Result<Entries<FileInfo>> {
    if store.supports(Capability::Glob) {
        return store.glob(pattern);
    }
    let search = Search::new(pattern)?;
    let files = store.list_files_with(search.folder(), search.options())?;
    Ok(Entries::new(files.filter(move |file| search.admits(file))))
}
