//! What is known of a file or a folder.

use crate::Timestamp;

/// The bits of a mode that tell what kind of node it is (`S_IFMT` of `inode(7)`).
const KIND_BITS: u32 = 0o170_000;
const FOLDER_KIND: u32 = 0o040_000;
const FILE_KIND: u32 = 0o100_000;
const LINK_KIND: u32 = 0o120_000;

/// What is known of a file or a folder, as `stat(2)` has it.
///
/// Where a path IO does not know a number, it says what does no harm: one link,
/// `0o100644` for a file, `0o040755` for a folder, the time of the last change
/// for the time of the last change of attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathStat {
    /// The length in bytes; of a folder, what the system says, often 0.
    #[doc(alias = "st_size")]
    pub size: u64,
    /// When the content last changed.
    #[doc(alias = "st_mtime")]
    pub modified: Timestamp,
    /// When the content or the attributes last changed.
    #[doc(alias = "st_ctime")]
    pub changed: Timestamp,
    /// When the content was last read, where that is known.
    #[doc(alias = "st_atime")]
    pub accessed: Option<Timestamp>,
    /// The number of names that the file has.
    #[doc(alias = "st_nlink")]
    pub links: u64,
    /// Kind and permissions, as in `inode(7)`.
    #[doc(alias = "st_mode")]
    pub mode: u32,
    /// The owner's number, where there is one.
    #[doc(alias = "st_uid")]
    pub user: Option<u32>,
    /// The group's number, where there is one.
    #[doc(alias = "st_gid")]
    pub group: Option<u32>,
    /// A number that tells this file from all others of its device, where there
    /// is one.
    #[doc(alias = "st_ino")]
    pub inode: Option<u64>,
}

impl PathStat {
    /// A file of so many bytes, with the usual mode.
    pub const fn file(size: u64, modified: Timestamp) -> Self {
        Self::new(FILE_KIND | 0o644, size, modified)
    }

    /// A folder, with the usual mode.
    pub const fn folder(modified: Timestamp) -> Self {
        Self::new(FOLDER_KIND | 0o755, 0, modified)
    }

    /// A symbolic link, with the usual mode.
    pub const fn link(modified: Timestamp) -> Self {
        Self::new(LINK_KIND | 0o777, 0, modified)
    }

    const fn new(mode: u32, size: u64, modified: Timestamp) -> Self {
        Self {
            size,
            modified,
            changed: modified,
            accessed: None,
            links: 1,
            mode,
            user: None,
            group: None,
            inode: None,
        }
    }

    /// Whether it is a folder.
    pub const fn is_dir(&self) -> bool {
        self.mode & KIND_BITS == FOLDER_KIND
    }

    /// Whether it is a file with content.
    pub const fn is_file(&self) -> bool {
        self.mode & KIND_BITS == FILE_KIND
    }

    /// Whether it is a symbolic link; only listings show links, and only those
    /// that lead nowhere or out of the root.
    pub const fn is_link(&self) -> bool {
        self.mode & KIND_BITS == LINK_KIND
    }

    /// The permissions: the nine bits of owner, group and others.
    pub const fn permissions(&self) -> u32 {
        self.mode & 0o777
    }
}
