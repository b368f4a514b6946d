//! Helpers that stand on a store and need nothing of the backend.

pub mod glob;
