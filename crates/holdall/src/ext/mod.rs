//! Helpers that stand on a store and need nothing of the backend.

pub mod glob;
#[cfg(feature = "hash")]
pub mod hash;
#[cfg(feature = "hash")]
pub mod integrity;
#[cfg(feature = "hash")]
pub mod write;
