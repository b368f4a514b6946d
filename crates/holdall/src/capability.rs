//! What a backend can do, and which call needs what.

use std::fmt;

use crate::error::{Error, ErrorKind, Operation, Result};

/// One thing that a backend may be able to do.
///
/// The first ten gate calls; the last four are quality flags that gate
/// nothing and tell what to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Capability {
    /// `read`, `read_bytes`, `read_text`, `read_range`, `read_seekable`.
    Read,
    /// `write`, `write_text`.
    Write,
    /// `write_atomic`, `open_atomic`.
    AtomicWrite,
    /// `delete`, `delete_folder`.
    Delete,
    /// `list_files`, `list_folders`, `iter_children`, and `get_folder_info`
    /// with a depth.
    List,
    /// `glob`.
    Glob,
    /// `rename`.
    Move,
    /// `copy`.
    Copy,
    /// `get_file_info`, `head`, and `get_folder_info` without a depth.
    Metadata,
    /// A non-empty user metadata map on any write.
    UserMetadata,
    /// Quality: a rename is one atomic step under concurrent access.
    AtomicMove,
    /// Quality: reads can be repositioned without fetching again.
    SeekableRead,
    /// Quality: content is fetched as it is asked for, in bounded memory.
    LazyRead,
    /// Quality: write results carry what the backend itself reported.
    WriteResultNative,
}

impl Capability {
    /// All members, in declaration order.
    pub const ALL: [Self; 14] = [
        Self::Read,
        Self::Write,
        Self::AtomicWrite,
        Self::Delete,
        Self::List,
        Self::Glob,
        Self::Move,
        Self::Copy,
        Self::Metadata,
        Self::UserMetadata,
        Self::AtomicMove,
        Self::SeekableRead,
        Self::LazyRead,
        Self::WriteResultNative,
    ];

    /// The lower-case name, as it stands in errors and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::AtomicWrite => "atomic_write",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Glob => "glob",
            Self::Move => "move",
            Self::Copy => "copy",
            Self::Metadata => "metadata",
            Self::UserMetadata => "user_metadata",
            Self::AtomicMove => "atomic_move",
            Self::SeekableRead => "seekable_read",
            Self::LazyRead => "lazy_read",
            Self::WriteResultNative => "write_result_native",
        }
    }

    /// The capability that gates `operation`; `None` where nothing does.
    ///
    /// `get_folder_info` with a depth stands on a listing and is gated on
    /// [`Capability::List`] instead.
    pub const fn required_by(operation: Operation) -> Option<Self> {
        match operation {
            Operation::Read
            | Operation::ReadBytes
            | Operation::ReadText
            | Operation::ReadRange
            | Operation::ReadSeekable => Some(Self::Read),
            Operation::Write | Operation::WriteText | Operation::MakeFolder => Some(Self::Write),
            Operation::WriteAtomic | Operation::OpenAtomic => Some(Self::AtomicWrite),
            Operation::Delete | Operation::DeleteFolder => Some(Self::Delete),
            Operation::ListFiles | Operation::ListFolders | Operation::IterChildren => {
                Some(Self::List)
            }
            Operation::Glob => Some(Self::Glob),
            Operation::Rename | Operation::RenameFolder => Some(Self::Move),
            Operation::Copy => Some(Self::Copy),
            Operation::GetFileInfo | Operation::Head | Operation::GetFolderInfo => {
                Some(Self::Metadata)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An immutable set of [`Capability`] members.
///
/// ```
/// use holdall::{Capability, CapabilitySet};
///
/// let set = CapabilitySet::new([Capability::Read, Capability::List]);
/// assert!(set.supports(Capability::Read));
/// assert_eq!(set.len(), 2);
/// assert!(set.require(Capability::Write, "archive").is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CapabilitySet(u16);

impl CapabilitySet {
    /// The set of the given members.
    pub fn new(members: impl IntoIterator<Item = Capability>) -> Self {
        members.into_iter().fold(Self::default(), Self::with)
    }

    /// The set of all members.
    pub fn all() -> Self {
        Self::new(Capability::ALL)
    }

    const fn bit(capability: Capability) -> u16 {
        1 << capability as u16
    }

    /// This set and `capability`.
    #[must_use]
    pub const fn with(self, capability: Capability) -> Self {
        Self(self.0 | Self::bit(capability))
    }

    /// This set less `capability`.
    #[must_use]
    pub const fn without(self, capability: Capability) -> Self {
        Self(self.0 & !Self::bit(capability))
    }

    /// Whether `capability` is a member.
    pub const fn supports(self, capability: Capability) -> bool {
        self.0 & Self::bit(capability) != 0
    }

    /// Whether all members of `other` are members of this set.
    pub const fn is_superset(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The number of members.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in declaration order.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .into_iter()
            .filter(move |&c| self.supports(c))
    }

    /// Demands `capability` of the backend called `backend`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CapabilityNotSupported`] that names the capability and what
    /// the backend does support.
    pub fn require(self, capability: Capability, backend: &str) -> Result<()> {
        if self.supports(capability) {
            return Ok(());
        }
        let mut supported: Vec<_> = self.iter().map(Capability::as_str).collect();
        supported.sort_unstable();
        let message = format!(
            "the backend does not support '{capability}'; it supports: {}",
            supported.join(", ")
        );
        Err(Error::new(ErrorKind::CapabilityNotSupported, message)
            .with_backend(backend)
            .with_capability(capability))
    }

    /// Demands what a non-empty user metadata map needs.
    pub(crate) fn admit_metadata(self, backend: &str) -> Result<()> {
        self.require(Capability::UserMetadata, backend)
    }

    /// Demands what gates `operation`, if anything does.
    pub(crate) fn admit(self, operation: Operation, backend: &str) -> Result<()> {
        match Capability::required_by(operation) {
            Some(capability) => self
                .require(capability, backend)
                .map_err(|error| error.with_operation(operation)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for CapabilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(members: I) -> Self {
        Self::new(members)
    }
}
