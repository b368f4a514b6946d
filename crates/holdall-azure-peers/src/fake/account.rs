//! The state of an account: its containers, and what time it is there.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use jiff::Timestamp;

use super::behaviour::Behaviour;
use super::tree::{Path, Stamp, Tree};

/// Everything that the two services share.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) behaviour: Behaviour,
    pub(crate) containers: BTreeMap<String, Container>,
    versions: u64,
}

/// A container, which the DFS service calls a filesystem.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) stamp: Stamp,
    pub(crate) tree: Tree,
    /// Blocks that no block list has committed, by the path they are for.
    pub(crate) uncommitted: HashMap<String, BTreeMap<String, Bytes>>,
}

impl Account {
    pub(crate) fn new(name: &str, behaviour: Behaviour) -> Self {
        Self {
            name: name.to_owned(),
            behaviour,
            containers: BTreeMap::new(),
            versions: 0,
        }
    }

    /// A version that nothing else has.
    pub(crate) fn stamp(&mut self) -> Stamp {
        self.versions += 1;
        Stamp {
            etag: format!("0x8DE{:012X}", self.versions),
            time: Timestamp::now() - self.behaviour.age,
        }
    }

    /// An id for a request or a copy.
    pub(crate) fn id(&mut self) -> String {
        self.versions += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.versions)
    }
}

impl Container {
    pub(crate) fn new(stamp: Stamp) -> Self {
        Self {
            stamp,
            tree: Tree::default(),
            uncommitted: HashMap::new(),
        }
    }

    /// Forgets the uncommitted blocks of a path, as every commit to it does.
    pub(crate) fn forget_blocks(&mut self, path: &Path) {
        self.uncommitted.remove(path.as_str());
    }
}
