//! Locks by path: a change that commits is done before the next one on the
//! same key begins.

use std::hash::{BuildHasher, RandomState};

use parking_lot::{Mutex, MutexGuard};

use crate::driver::Key;

const STRIPES: usize = 64;

/// A fixed number of locks that all keys share.
#[derive(Debug)]
pub(super) struct PathLocks {
    stripes: [Mutex<()>; STRIPES],
    hasher: RandomState,
}

/// What is held while one or two keys change.
pub(super) struct Held<'a> {
    _first: Option<MutexGuard<'a, ()>>,
    _second: Option<MutexGuard<'a, ()>>,
}

impl PathLocks {
    pub(super) fn new() -> Self {
        Self {
            stripes: [const { Mutex::new(()) }; STRIPES],
            hasher: RandomState::new(),
        }
    }

    /// Keeps every other change of `path` out.
    pub(super) fn hold(&self, path: &str) -> Held<'_> {
        Held {
            _first: self.stripe(self.index(path)),
            _second: None,
        }
    }

    /// As [`hold`](Self::hold) for two keys, always in the same order, so that
    /// two renames in opposite directions cannot wait for each other.
    pub(super) fn hold_both(&self, a: Key<'_>, b: Key<'_>) -> Held<'_> {
        let (a, b) = (self.index(a.as_str()), self.index(b.as_str()));
        Held {
            _first: self.stripe(a.min(b)),
            _second: if a == b { None } else { self.stripe(a.max(b)) },
        }
    }

    fn index(&self, path: &str) -> usize {
        self.hasher.hash_one(path) as usize % STRIPES
    }

    fn stripe(&self, index: usize) -> Option<MutexGuard<'_, ()>> {
        self.stripes.get(index).map(Mutex::lock)
    }
}
