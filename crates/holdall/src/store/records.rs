//! The records that name a path.

use crate::model::{FileInfo, FolderEntry, FolderInfo, PathEntry, WriteResult};
use crate::path::RemotePath;

/// A record that names a path.
pub(super) trait Record {
    fn path_mut(&mut self) -> &mut RemotePath;
}

macro_rules! records {
    ($($record:ty),*) => {$(
        impl Record for $record {
            fn path_mut(&mut self) -> &mut RemotePath {
                &mut self.path
            }
        }
    )*};
}

records!(FileInfo, FolderEntry, FolderInfo, WriteResult);

impl Record for PathEntry {
    fn path_mut(&mut self) -> &mut RemotePath {
        match self {
            Self::File(file) => &mut file.path,
            Self::Folder(folder) => &mut folder.path,
        }
    }
}
