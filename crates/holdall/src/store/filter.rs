//! What a listing leaves out.

use crate::error::Result;
use crate::model::FileInfo;
use crate::options::{Depth, ListOptions};
use crate::path::RemotePath;
use crate::pattern::NamePattern;

/// Decides which entries of a listing reach the caller.
pub(super) struct Filter {
    pattern: Option<NamePattern>,
    depth: Depth,
    /// Segments of the listed folder.
    start: usize,
}

impl Filter {
    /// The filter of a listing of `path`, relative to the store.
    pub(super) fn new(path: &str, options: &ListOptions) -> Result<Self> {
        let start = RemotePath::from_backend_path(path)?;
        Ok(Self {
            pattern: options.pattern.as_deref().map(NamePattern::new),
            depth: options.file_depth(),
            start: levels(&start),
        })
    }

    /// How deep the backend is asked to list.
    pub(super) fn depth(&self) -> Depth {
        self.depth
    }

    pub(super) fn admits_name(&self, name: &str) -> bool {
        let pattern = self.pattern.as_ref();
        pattern.is_none_or(|pattern| pattern.matches(name))
    }

    /// Also holds a backend to the depth that lists more than it was asked for.
    pub(super) fn admits_file(&self, file: &FileInfo) -> bool {
        let is_within = match self.depth {
            Depth::Limit(limit) => {
                levels(&file.path) <= self.start.saturating_add(limit).saturating_add(1)
            }
            Depth::Unlimited => true,
        };
        is_within && self.admits_name(file.name())
    }
}

fn levels(path: &RemotePath) -> usize {
    path.key().segments().count()
}
