//! One store that holds two locations, so that a file can be renamed from one
//! to the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use holdall::AsyncStore;

use super::Location;
use super::disk::segment;
use super::stores::open_disk;
use crate::failure::Result;

/// A store with the paths of a source and a target in it.
pub(crate) struct CommonStore {
    /// The store.
    pub(crate) store: AsyncStore,
    /// The path of the source.
    pub(crate) source: String,
    /// The path of the target.
    pub(crate) target: String,
}

impl Location {
    /// The store that holds both this and `target`; none where they lie in
    /// different ones.
    pub(crate) fn common_store(&self, target: &Self) -> Option<CommonStore> {
        if self.shares_a_backend_with(target) {
            return Some(CommonStore {
                store: AsyncStore::new(Arc::clone(self.store.backend()), "").ok()?,
                source: self.full_key(),
                target: target.full_key(),
            });
        }
        let (source, target) = (self.disk_place()?, target.disk_place()?);
        let root = common_folder(&source, &target)?;
        Some(CommonStore {
            store: open_disk(&root, "").ok()?,
            source: key_in(&root, &source).ok()?,
            target: key_in(&root, &target).ok()?,
        })
    }
}

/// The deepest folder that is there and holds both paths.
fn common_folder(a: &Path, b: &Path) -> Option<PathBuf> {
    let folder = a.ancestors().skip(1).find(|folder| b.starts_with(folder))?;
    folder.is_dir().then(|| folder.to_owned())
}

fn key_in(root: &Path, path: &Path) -> Result<String> {
    let below = path.strip_prefix(root).unwrap_or(path);
    let names: Result<Vec<&str>> = below.iter().map(segment).collect();
    Ok(names?.join("/"))
}
