//! What the suite is run against.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use holdall::pathio::AbstractPathIo;

use super::case::Case;
use crate::runner::Conformance;

/// What not every path IO can do. An [`Instance`] has all of it unless it
/// [lacks](Instance::lacking) something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Property {
    /// The time of the last change can be set.
    SetModified,
    /// A rename is one step, whoever looks, also of a whole folder.
    AtomicRename,
    /// What is appended, or written to a file opened with `r+b`, changes the file
    /// where it stands. Two that write to one file do not then disturb each
    /// other.
    ///
    /// A path IO without it commits a changed copy, and refuses with
    /// [`Conflict`](holdall::pathio::PathIoErrorKind::Conflict) where somebody else
    /// was faster.
    ChangesInPlace,
    /// A changed copy is committed only while the file is still what was copied, and
    /// nobody can slip in between. What changes files in place has nothing to
    /// compare.
    ComparesVersions,
    /// A file that is written anew can be required to be new.
    RequiresNew,
    /// A file can be renamed to a name that must be free.
    RenamesNew,
    /// An open file can be read to its end though its name was removed or given
    /// to another file.
    ReadsOutliveNames,
    /// The path IOs of one server [share](AbstractPathIo::state) something.
    SharedState,
}

impl Property {
    /// Every property.
    pub const ALL: [Self; 8] = [
        Self::SetModified,
        Self::AtomicRename,
        Self::ChangesInPlace,
        Self::ComparesVersions,
        Self::RequiresNew,
        Self::RenamesNew,
        Self::ReadsOutliveNames,
        Self::SharedState,
    ];

    /// The name in snake case, as it stands in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetModified => "set_modified",
            Self::AtomicRename => "atomic_rename",
            Self::ChangesInPlace => "changes_in_place",
            Self::ComparesVersions => "compares_versions",
            Self::RequiresNew => "requires_new",
            Self::RenamesNew => "renames_new",
            Self::ReadsOutliveNames => "reads_outlive_names",
            Self::SharedState => "shared_state",
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A fresh path IO for one case, with whatever must outlive it.
pub struct Instance {
    pub(super) io: Arc<dyn AbstractPathIo>,
    lacks: BTreeSet<Property>,
    kept: Vec<Box<dyn Any + Send>>,
}

impl Instance {
    /// An instance of `io`, whose root is an empty folder.
    pub fn new(io: Arc<dyn AbstractPathIo>) -> Self {
        Self {
            io,
            lacks: BTreeSet::new(),
            kept: Vec::new(),
        }
    }

    /// Says what the path IO cannot do.
    #[must_use]
    pub fn lacking(mut self, properties: impl IntoIterator<Item = Property>) -> Self {
        self.lacks.extend(properties);
        self
    }

    /// Keeps `guard`, such as a temporary folder, until the case is over.
    #[must_use]
    pub fn keeping(mut self, guard: impl Any + Send) -> Self {
        self.kept.push(Box::new(guard));
        self
    }

    /// Puts a wrapper around the path IO.
    #[must_use]
    pub fn wrapped(
        mut self,
        wrap: impl FnOnce(Arc<dyn AbstractPathIo>) -> Arc<dyn AbstractPathIo>,
    ) -> Self {
        self.io = wrap(self.io);
        self
    }

    pub(super) fn has(&self, property: Property) -> bool {
        !self.lacks.contains(&property)
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("lacks", &self.lacks)
            .finish_non_exhaustive()
    }
}

/// Runs the path-IO suite against the path IOs that `factory` makes, one per
/// case.
///
/// Await the result for a [`Report`](crate::Report). See the
/// [module](crate::pathio) for an example.
pub fn conformance<F, Fut>(factory: F) -> Conformance<Case>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
    Fut::Output: Into<Instance>,
{
    Conformance::new(factory)
}
