//! Options of the calls that take any: each has defaults and a builder.

use crate::error::{Error, ErrorKind, Result};
use crate::metadata::UserMetadata;
use crate::version::FileVersion;

/// How many levels of folders a listing takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// Files at most this many folders below the listed one; 0 is the folder's
    /// own files alone.
    Limit(usize),
    /// All levels.
    Unlimited,
}

impl Depth {
    /// The folder's own children alone.
    pub const CHILDREN: Self = Self::Limit(0);

    /// Whether folders `level` steps below the listed one are entered.
    pub const fn enters(self, level: usize) -> bool {
        match self {
            Self::Limit(limit) => level <= limit,
            Self::Unlimited => true,
        }
    }
}

/// Options of `write`, `write_atomic` and `open_atomic`.
///
/// ```
/// use holdall::WriteOptions;
///
/// let options = WriteOptions::new().overwrite(true).metadata([("owner", "finance")]);
/// assert!(options.replaces());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WriteOptions {
    overwrite: bool,
    if_match: Option<FileVersion>,
    metadata: Vec<(String, String)>,
}

impl WriteOptions {
    /// No overwriting, no metadata.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a file at the path is replaced; off by default.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Replaces the file only while it is the version that `version` tells, as a
    /// [`FileInfo`](crate::FileInfo) of it did; whether to
    /// [overwrite](Self::overwrite) is then no question any more. Where the file is
    /// another one by now, or gone, the write is
    /// [`Conflict`](crate::ErrorKind::Conflict) and changes nothing.
    ///
    /// Memory and Azure decide that in the step in which the content shows. Local
    /// disk compares right before that step, which holds against all writers through
    /// one backend, but not against other programs. A backend that cannot compare is
    /// [`CapabilityNotSupported`](crate::ErrorKind::CapabilityNotSupported).
    ///
    /// ```
    /// use holdall::{ErrorKind, MemoryBackend, Store, WriteOptions};
    ///
    /// # fn main() -> holdall::Result<()> {
    /// let store = Store::new(MemoryBackend::new(), "")?;
    /// store.write("count.txt", "1")?;
    /// let seen = store.get_file_info("count.txt")?;
    /// let if_seen = WriteOptions::new().if_match(&seen);
    /// store.write_with("count.txt", "2", if_seen.clone())?;
    /// let lost = store.write_with("count.txt", "2", if_seen).unwrap_err();
    /// assert_eq!(lost.kind(), ErrorKind::Conflict);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn if_match(mut self, version: impl Into<FileVersion>) -> Self {
        self.if_match = Some(version.into());
        self
    }

    /// User metadata to store with the file; validated when the write begins.
    /// An empty map is the same as none.
    #[must_use]
    pub fn metadata<K, V>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        self.metadata = pairs
            .into_iter()
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        self
    }

    /// Whether a file at the path is replaced.
    pub fn replaces(&self) -> bool {
        self.overwrite || self.if_match.is_some()
    }

    /// The version that alone is replaced, where one was given.
    pub fn version(&self) -> Option<&FileVersion> {
        self.if_match.as_ref()
    }

    /// Refuses a condition that would not be heeded.
    pub(crate) fn require_heeded(&self, is_heeded: bool) -> Result<()> {
        match self.if_match.is_none() || is_heeded {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::CapabilityNotSupported,
                "the backend cannot replace one version of a file alone; write without if_match",
            )),
        }
    }

    /// The metadata, validated; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) as
    /// [`UserMetadata::new`].
    pub fn user_metadata(&self) -> Result<Option<UserMetadata>> {
        if self.metadata.is_empty() {
            return Ok(None);
        }
        UserMetadata::new(self.metadata.iter().map(|(k, v)| (k.as_str(), v.as_str()))).map(Some)
    }
}

/// Options of `delete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeleteOptions {
    pub(crate) missing_ok: bool,
}

impl DeleteOptions {
    /// A missing file is an error.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a missing file counts as deleted; off by default.
    #[must_use]
    pub fn missing_ok(mut self, missing_ok: bool) -> Self {
        self.missing_ok = missing_ok;
        self
    }

    /// Whether a missing file counts as deleted.
    pub fn tolerates_missing(&self) -> bool {
        self.missing_ok
    }
}

/// Options of `delete_folder`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeleteFolderOptions {
    pub(crate) recursive: bool,
    pub(crate) missing_ok: bool,
}

impl DeleteFolderOptions {
    /// Only an empty folder is deleted, and a missing one is an error.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the content goes too; off by default.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> Self {
        self.recursive = recursive;
        self
    }

    /// Whether a missing folder counts as deleted; off by default.
    #[must_use]
    pub fn missing_ok(mut self, missing_ok: bool) -> Self {
        self.missing_ok = missing_ok;
        self
    }

    /// Whether the content goes too.
    pub fn is_recursive(&self) -> bool {
        self.recursive
    }

    /// Whether a missing folder counts as deleted.
    pub fn tolerates_missing(&self) -> bool {
        self.missing_ok
    }
}

/// Options of `rename` and `copy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TransferOptions {
    pub(crate) overwrite: bool,
}

impl TransferOptions {
    /// No overwriting.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a file at the destination is replaced; off by default.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Whether a file at the destination is replaced.
    pub fn replaces(&self) -> bool {
        self.overwrite
    }
}

/// Options of `list_files` and `list_folders` on a store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListOptions {
    pub(crate) recursive: bool,
    pub(crate) pattern: Option<String>,
    pub(crate) max_depth: Option<usize>,
}

impl ListOptions {
    /// The folder's own children, all of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether all levels are listed; off by default, and ignored where
    /// [`max_depth`](Self::max_depth) is set and by `list_folders`.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> Self {
        self.recursive = recursive;
        self
    }

    /// Only entries whose name (the last segment) matches: `*`, `?`, `[...]`
    /// and `[!...]`, case-sensitive. It filters what is yielded, never what is
    /// descended into.
    #[must_use]
    pub fn pattern(mut self, pattern: impl Into<String>) -> Self {
        self.pattern = Some(pattern.into());
        self
    }

    /// How many levels of folders to take in: 0 is the folder's own children,
    /// 1 adds those of its immediate subfolders, and so on.
    #[must_use]
    pub fn max_depth(mut self, max_depth: usize) -> Self {
        self.max_depth = Some(max_depth);
        self
    }

    /// The depth of a file listing.
    pub(crate) fn file_depth(&self) -> Depth {
        match (self.max_depth, self.recursive) {
            (Some(limit), _) => Depth::Limit(limit),
            (None, true) => Depth::Unlimited,
            (None, false) => Depth::CHILDREN,
        }
    }
}

/// Options of `get_folder_info`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FolderInfoOptions {
    pub(crate) max_depth: Option<usize>,
}

impl FolderInfoOptions {
    /// All levels, counted by the backend.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many levels of folders to count: 0 is the folder's own files. With
    /// a depth the call needs `List` instead of `Metadata`.
    #[must_use]
    pub fn max_depth(mut self, max_depth: usize) -> Self {
        self.max_depth = Some(max_depth);
        self
    }
}
