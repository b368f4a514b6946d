//! Helpers that stand on a store and need nothing of the backend: for an
//! [`AsyncStore`](crate::AsyncStore) here, and under the same names for a
//! [`Store`](crate::Store) in [`sync`].

pub mod glob;
#[cfg(feature = "hash")]
pub mod hash;
#[cfg(feature = "hash")]
pub mod integrity;
pub mod sync;
#[cfg(feature = "hash")]
pub mod write;
