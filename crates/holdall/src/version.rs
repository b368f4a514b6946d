//! Which version of a file a write is for.

use jiff::Timestamp;

use crate::driver::FileStat;
use crate::model::FileInfo;

/// One version of a file, as a record told it: what
/// [`WriteOptions::if_match`](crate::WriteOptions::if_match) asks for.
///
/// Where the backend has version tags, it is the tag; otherwise size and time of
/// the last change stand for it, so two versions of one size within one tick of the
/// backend's clock are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVersion {
    etag: Option<String>,
    size: u64,
    modified_at: Option<Timestamp>,
}

impl FileVersion {
    /// The version tag, without quotes, where the backend has one.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// Whether `other`, a later look at the same file, shows the same version.
    pub fn is(&self, other: &Self) -> bool {
        match (&self.etag, &other.etag) {
            (Some(one), Some(other)) => one == other,
            _ => self.size == other.size && self.modified_at == other.modified_at,
        }
    }
}

impl From<&FileInfo> for FileVersion {
    fn from(info: &FileInfo) -> Self {
        Self {
            etag: info.etag.clone(),
            size: info.size,
            modified_at: info.modified_at,
        }
    }
}

impl From<&FileStat> for FileVersion {
    fn from(stat: &FileStat) -> Self {
        Self {
            etag: stat.etag.clone(),
            size: stat.size,
            modified_at: stat.modified_at,
        }
    }
}
