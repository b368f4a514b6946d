//! What the system knows of one node.

use std::fs::File;
use std::io;
use std::time::SystemTime;

use jiff::Timestamp;

use crate::driver::{FileStat, Node};
use crate::metadata::UserMetadata;

/// What kind of node stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Special,
}

/// Tells one node from another, whatever its names: device and number.
pub(super) type Identity = (u64, u64);

/// A look at one node.
#[derive(Debug, Clone)]
pub(super) struct Attributes {
    pub(super) kind: Kind,
    pub(super) size: u64,
    pub(super) modified_at: Option<Timestamp>,
    /// Permission bits, where the system has them.
    pub(super) mode: Option<u32>,
    /// `None` where the system has no cheap answer.
    pub(super) identity: Option<Identity>,
    /// How many names the node has.
    pub(super) names: u64,
}

/// The permission bits that a replaced file hands on: never set-uid or
/// set-gid, which vouch for content.
pub(super) const PERMISSION_BITS: u32 = 0o777;

impl Attributes {
    /// The look through an open handle.
    pub(super) fn of_file(file: &File) -> io::Result<Self> {
        Ok(Self::from_std(&file.metadata()?))
    }

    /// From the standard library's record.
    pub(super) fn from_std(metadata: &std::fs::Metadata) -> Self {
        let kind = metadata.file_type();
        Self {
            kind: Kind::of(kind.is_file(), kind.is_dir(), kind.is_symlink()),
            size: metadata.len(),
            modified_at: timestamp(metadata.modified()),
            mode: platform::mode(metadata),
            identity: platform::identity(metadata),
            names: platform::names(metadata),
        }
    }

    /// From the record of cap-std.
    pub(super) fn from_cap(metadata: &cap_std::fs::Metadata) -> Self {
        let kind = metadata.file_type();
        Self {
            kind: Kind::of(kind.is_file(), kind.is_dir(), kind.is_symlink()),
            size: metadata.len(),
            modified_at: timestamp(metadata.modified().map(|time| time.into_std())),
            mode: platform::cap_mode(metadata),
            identity: platform::cap_identity(metadata),
            names: platform::cap_names(metadata),
        }
    }

    /// As the kernel of the contract wants it.
    pub(super) fn file_stat(&self, metadata: Option<UserMetadata>) -> FileStat {
        FileStat {
            size: self.size,
            modified_at: self.modified_at,
            metadata,
            ..FileStat::default()
        }
    }

    /// The node, where it is no link.
    pub(super) fn node(&self, metadata: Option<UserMetadata>) -> Node {
        match self.kind {
            Kind::File => Node::File(self.file_stat(metadata)),
            Kind::Folder => Node::Folder,
            Kind::Link | Kind::Special => Node::Special,
        }
    }

    /// Whether both are looks at one and the same node.
    pub(super) fn is_same_node(&self, other: &Self) -> bool {
        self.identity.is_some() && self.identity == other.identity
    }
}

impl Kind {
    fn of(file: bool, folder: bool, link: bool) -> Self {
        match (file, folder, link) {
            (true, _, _) => Self::File,
            (_, true, _) => Self::Folder,
            (_, _, true) => Self::Link,
            _ => Self::Special,
        }
    }
}

fn timestamp(time: io::Result<SystemTime>) -> Option<Timestamp> {
    Timestamp::try_from(time.ok()?).ok()
}

/// Gives `file` these permission bits, where the system has them.
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    platform::set_mode(file, mode)
}

#[cfg(unix)]
mod platform {
    use std::fs::{File, Metadata, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::Identity;

    pub(super) fn mode(metadata: &Metadata) -> Option<u32> {
        Some(metadata.mode() & 0o7777)
    }

    pub(super) fn identity(metadata: &Metadata) -> Option<Identity> {
        Some((metadata.dev(), metadata.ino()))
    }

    pub(super) fn names(metadata: &Metadata) -> u64 {
        metadata.nlink()
    }

    pub(super) fn cap_mode(metadata: &cap_std::fs::Metadata) -> Option<u32> {
        Some(cap_std::fs::MetadataExt::mode(metadata) & 0o7777)
    }

    pub(super) fn cap_identity(metadata: &cap_std::fs::Metadata) -> Option<Identity> {
        use cap_std::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }

    pub(super) fn cap_names(metadata: &cap_std::fs::Metadata) -> u64 {
        cap_std::fs::MetadataExt::nlink(metadata)
    }

    pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(mode))
    }
}

#[cfg(not(unix))]
mod platform {
    use std::fs::{File, Metadata};
    use std::io;

    use super::Identity;

    pub(super) fn mode(_metadata: &Metadata) -> Option<u32> {
        None
    }

    pub(super) fn identity(_metadata: &Metadata) -> Option<Identity> {
        None
    }

    pub(super) fn names(_metadata: &Metadata) -> u64 {
        1
    }

    pub(super) fn cap_mode(_metadata: &cap_std::fs::Metadata) -> Option<u32> {
        None
    }

    pub(super) fn cap_identity(_metadata: &cap_std::fs::Metadata) -> Option<Identity> {
        None
    }

    pub(super) fn cap_names(_metadata: &cap_std::fs::Metadata) -> u64 {
        1
    }

    pub(super) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
        Ok(())
    }
}
