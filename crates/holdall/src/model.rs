//! The records that calls return.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::Timestamp;

use crate::error::{Error, ErrorKind, Result};
use crate::metadata::UserMetadata;
use crate::path::RemotePath;

/// A digest of content: algorithm and value, both lower case.
///
/// ```
/// use holdall::ContentDigest;
///
/// let digest = ContentDigest::new("MD5", " D41D8CD98F00B204E9800998ECF8427E ")?;
/// assert_eq!(digest.to_string(), "md5:d41d8cd98f00b204e9800998ecf8427e");
/// assert!(ContentDigest::new("md5", "not hex").is_err());
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContentDigest {
    algorithm: String,
    value: String,
}

impl ContentDigest {
    /// Trims both texts and makes them lower case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] where either is empty or the value is not
    /// hexadecimal.
    pub fn new(algorithm: &str, value: &str) -> Result<Self> {
        let algorithm = algorithm.trim().to_ascii_lowercase();
        let value = value.trim().to_ascii_lowercase();
        if algorithm.is_empty() || value.is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "a digest needs both an algorithm and a value",
            ));
        }
        if !value.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("the {algorithm} digest is not hexadecimal"),
            ));
        }
        Ok(Self { algorithm, value })
    }

    /// The digest that an algorithm gave, whose name is in lower case.
    #[cfg(any(feature = "hash", feature = "azure"))]
    pub(crate) fn from_bytes(algorithm: &str, digest: &[u8]) -> Self {
        Self {
            algorithm: algorithm.to_owned(),
            value: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// The algorithm's name, such as `sha256`.
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// The value in lower-case hexadecimal.
    pub fn value(&self) -> &str {
        &self.value
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ContentDigest {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Fields {
            algorithm: String,
            value: String,
        }
        let Fields { algorithm, value } = Fields::deserialize(deserializer)?;
        Self::new(&algorithm, &value).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.value)
    }
}

/// What is known of one file.
///
/// Two records are equal when their paths are; everything else is a reading
/// of the moment.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FileInfo {
    /// Relative to the store that was asked.
    pub path: RemotePath,
    /// The content's length in bytes.
    pub size: u64,
    /// The last change of the content; `None` where the backend cannot tell.
    pub modified_at: Option<Timestamp>,
    /// A digest of the content, where the backend stores one.
    pub digest: Option<ContentDigest>,
    /// The backend's version tag, without quotes, case kept.
    pub etag: Option<String>,
    /// The media type, where the backend stores one.
    pub content_type: Option<String>,
    /// User metadata; `None` where the backend has none or, in a listing, did
    /// not look it up.
    pub metadata: Option<UserMetadata>,
    /// Whatever else the backend reports.
    #[cfg_attr(feature = "serde", serde(default))]
    pub extra: BTreeMap<String, String>,
}

impl FileInfo {
    /// A record with everything but path and size unknown.
    pub fn new(path: RemotePath, size: u64) -> Self {
        Self {
            path,
            size,
            modified_at: None,
            digest: None,
            etag: None,
            content_type: None,
            metadata: None,
            extra: BTreeMap::new(),
        }
    }

    /// The last segment of the path.
    pub fn name(&self) -> &str {
        self.path.name()
    }
}

/// One folder in a listing.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FolderEntry {
    /// Relative to the store that was asked.
    pub path: RemotePath,
}

impl FolderEntry {
    /// The entry of the folder at `path`.
    pub fn new(path: RemotePath) -> Self {
        Self { path }
    }

    /// The last segment of the path.
    pub fn name(&self) -> &str {
        self.path.name()
    }
}

/// A folder with the sums over the files below it.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FolderInfo {
    /// Relative to the store that was asked.
    pub path: RemotePath,
    /// The number of files counted.
    pub file_count: u64,
    /// Their bytes.
    pub total_size: u64,
    /// The latest known change among them.
    pub modified_at: Option<Timestamp>,
    /// Whatever else the backend reports.
    #[cfg_attr(feature = "serde", serde(default))]
    pub extra: BTreeMap<String, String>,
}

impl FolderInfo {
    /// The record of a folder with nothing counted yet.
    pub fn new(path: RemotePath) -> Self {
        Self {
            path,
            file_count: 0,
            total_size: 0,
            modified_at: None,
            extra: BTreeMap::new(),
        }
    }

    /// Counts one file.
    pub fn count(&mut self, size: u64, modified_at: Option<Timestamp>) {
        self.file_count += 1;
        self.total_size = self.total_size.saturating_add(size);
        self.modified_at = self.modified_at.max(modified_at);
    }

    /// The last segment of the path.
    pub fn name(&self) -> &str {
        self.path.name()
    }
}

/// A child of a folder: a file or a folder, each with a name and a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "lowercase"))]
pub enum PathEntry {
    /// A file, with what the listing knows of it.
    File(FileInfo),
    /// A folder.
    Folder(FolderEntry),
}

impl PathEntry {
    /// Relative to the store that was asked.
    pub fn path(&self) -> &RemotePath {
        match self {
            Self::File(file) => &file.path,
            Self::Folder(folder) => &folder.path,
        }
    }

    /// The last segment of the path.
    pub fn name(&self) -> &str {
        self.path().name()
    }

    /// The file's record; `None` for a folder.
    pub fn as_file(&self) -> Option<&FileInfo> {
        match self {
            Self::File(file) => Some(file),
            Self::Folder(_) => None,
        }
    }

    /// The folder's record; `None` for a file.
    pub fn as_folder(&self) -> Option<&FolderEntry> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::File(_) => None,
        }
    }
}

/// Where the fields of a [`WriteResult`] come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum WriteSource {
    /// The backend's own answer to the write.
    Native,
    /// Only what the caller's side could compute: path and size.
    #[default]
    Basic,
    /// A look at the file apart from the write: `head`.
    Sidecar,
}

impl WriteSource {
    /// The name in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Basic => "basic",
            Self::Sidecar => "sidecar",
        }
    }
}

/// What a write left behind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WriteResult {
    /// Relative to the store that was asked.
    pub path: RemotePath,
    /// The content's length in bytes.
    pub size: u64,
    /// Where the other fields come from.
    pub source: WriteSource,
    /// A digest of the content.
    pub digest: Option<ContentDigest>,
    /// The backend's version tag, without quotes, case kept.
    pub etag: Option<String>,
    /// The backend's version identifier.
    pub version_id: Option<String>,
    /// When the backend says that the content changed.
    pub last_modified: Option<Timestamp>,
    /// The user metadata as the caller gave it; from `head`, as it is stored.
    pub metadata: Option<UserMetadata>,
}

impl WriteResult {
    /// A [`WriteSource::Basic`] result.
    pub fn new(path: RemotePath, size: u64) -> Self {
        Self {
            path,
            size,
            source: WriteSource::Basic,
            digest: None,
            etag: None,
            version_id: None,
            last_modified: None,
            metadata: None,
        }
    }

    /// What `head` makes of a file's record.
    pub fn from_info(info: FileInfo) -> Self {
        Self {
            path: info.path,
            size: info.size,
            source: WriteSource::Sidecar,
            digest: info.digest,
            etag: info.etag,
            version_id: None,
            last_modified: info.modified_at,
            metadata: info.metadata,
        }
    }
}

/// How a key maps to storage; made without any I/O, and free of secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ResolutionPlan {
    /// What kind of backend it is, such as `local`.
    pub kind: String,
    /// The backend's name.
    pub backend: String,
    /// The key as the caller gave it.
    pub key: String,
    /// The backend's own spelling of the place.
    pub native_path: String,
    /// Whatever else the backend can tell.
    pub details: BTreeMap<String, String>,
}

impl ResolutionPlan {
    /// A plan without details, of a backend whose kind is its name.
    pub fn new(
        backend: impl Into<String>,
        key: impl Into<String>,
        native_path: impl Into<String>,
    ) -> Self {
        let backend = backend.into();
        Self {
            kind: backend.clone(),
            backend,
            key: key.into(),
            native_path: native_path.into(),
            details: BTreeMap::new(),
        }
    }
}

/// Equality and hash by path, as the contract has it for all path records.
macro_rules! identified_by_path {
    ($($record:ty),*) => {$(
        impl PartialEq for $record {
            fn eq(&self, other: &Self) -> bool {
                self.path == other.path
            }
        }

        impl Eq for $record {}

        impl Hash for $record {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.path.hash(state);
            }
        }
    )*};
}

identified_by_path!(FileInfo, FolderEntry, FolderInfo);

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RemotePath {
        RemotePath::new(text).unwrap()
    }

    #[test]
    fn a_digest_is_trimmed_and_in_lower_case() {
        let digest = ContentDigest::new(" SHA256\n", " ABC ").unwrap();
        assert_eq!((digest.algorithm(), digest.value()), ("sha256", "abc"));
        for (algorithm, value) in [
            ("", "00"),
            (" ", "00"),
            ("md5", ""),
            ("md5", "0x00"),
            ("md5", "é"),
        ] {
            let error = ContentDigest::new(algorithm, value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
    }

    #[test]
    fn records_of_one_path_are_equal() {
        let (small, large) = (FileInfo::new(path("a"), 1), FileInfo::new(path("a"), 2));
        assert_eq!(small, large);
        assert_ne!(small, FileInfo::new(path("b"), 1));
        let distinct: std::collections::HashSet<_> = [small, large].into_iter().collect();
        assert_eq!(distinct.len(), 1);
        assert_ne!(
            WriteResult::new(path("a"), 1),
            WriteResult::new(path("a"), 2)
        );
    }

    #[test]
    fn a_folder_counts_files_bytes_and_the_latest_known_change() {
        let mut folder = FolderInfo::new(path("a"));
        assert_eq!(folder.modified_at, None);
        let (early, late) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        for (size, time) in [
            (1, Some(early)),
            (2, Some(late)),
            (u64::MAX, None),
            (0, Some(early)),
        ] {
            folder.count(size, time);
        }
        assert_eq!((folder.file_count, folder.total_size), (4, u64::MAX));
        assert_eq!(folder.modified_at, Some(late));
    }

    #[test]
    fn an_entry_is_a_file_or_a_folder() {
        let file = PathEntry::File(FileInfo::new(path("a/f"), 1));
        let folder = PathEntry::Folder(FolderEntry::new(path("a/d")));
        assert_eq!((file.name(), folder.name()), ("f", "d"));
        assert!(file.as_file().is_some() && file.as_folder().is_none());
        assert!(folder.as_folder().is_some() && folder.as_file().is_none());
        assert_ne!(file, PathEntry::Folder(FolderEntry::new(path("a/f"))));
    }
}
