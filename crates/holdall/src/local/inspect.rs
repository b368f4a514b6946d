//! Looking at one path, and at the root.

use std::ffi::OsStr;

use super::attributes::{Attributes, Kind};
use super::driver::LocalDriver;
use super::errors::{Refuse, refusal};
use super::parents::refuse_long_path;
use super::system::{self, Folder};
use crate::driver::{CallContext, Detail, Key, Node, Outcome, Refusal};
use crate::error::ErrorKind;

/// What a write or a rename is about to replace.
#[derive(Debug)]
pub(super) struct Standing {
    /// The entry itself.
    pub(super) entry: Attributes,
    /// Permission bits of the file that reads see, to be kept.
    pub(super) mode: Option<u32>,
}

impl LocalDriver {
    pub(super) fn inspect(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        detail: Detail,
    ) -> Outcome<Node> {
        refuse_long_path(key)?;
        let (attributes, metadata) = self.system.look(cx.must_not_wait(), key.as_str(), detail)?;
        Ok(attributes.node(metadata))
    }

    /// The root is a folder, by its handle and by its path, and can be listed.
    pub(super) fn probe_root(&self) -> Outcome<()> {
        self.system.look(false, "", Detail::Kind)?;
        let by_path = std::fs::metadata(&self.root).refused("look at the root")?;
        if !by_path.is_dir() {
            return Err(Refusal::Missing);
        }
        let root = self.system.open_listing("")?;
        self.system.entries(root).refused("list the root")?;
        Ok(())
    }

    /// What stands at `key` for a change that replaces files only: a link
    /// counts as what it points to, and one that leads out is refused.
    pub(super) fn standing(&self, folder: &Folder, key: Key<'_>) -> Outcome<Option<Standing>> {
        let entry = match system::look_at(folder, OsStr::new(key.name())) {
            Ok(entry) => entry,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refusal("look at the path", error)),
        };
        let (kind, mode) = match entry.kind {
            Kind::Link => self.link_target(key)?,
            kind => (kind, entry.mode),
        };
        match kind {
            Kind::Folder => Err(Refusal::IsFolder),
            Kind::Special => Err(Refusal::NotRegular),
            Kind::File | Kind::Link => Ok(Some(Standing { entry, mode })),
        }
    }

    /// What reads through a link see; the link itself where it dangles.
    fn link_target(&self, key: Key<'_>) -> Outcome<(Kind, Option<u32>)> {
        match self.system.look(false, key.as_str(), Detail::Kind) {
            Ok((target, _)) => Ok((target.kind, target.mode)),
            Err(Refusal::Missing | Refusal::NotFolder) => Ok((Kind::Link, None)),
            Err(refusal) => Err(refusal),
        }
    }

    /// The refusal of a change that has no place to go to: the root is gone,
    /// or whatever `otherwise` says.
    pub(super) fn no_place(&self, otherwise: &str) -> Refusal {
        match self.system.look(false, "", Detail::Kind) {
            Err(Refusal::Missing) => Refusal::failed(
                ErrorKind::NotFound,
                "the root folder was removed; make it again and open the backend anew",
            ),
            _ => Refusal::failed(ErrorKind::BackendUnavailable, otherwise),
        }
    }
}
