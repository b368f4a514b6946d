//! The primitives that the gate stands on, named here so that a model checker
//! can put its own in their place.

pub(super) use std::sync::{Condvar, Mutex, MutexGuard};
