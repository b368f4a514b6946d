//! The same helpers for a [`Store`](crate::Store), under the same names:
//! `ext::sync::glob` beside [`ext::glob`](super::glob), and so on.

pub mod glob;
#[cfg(feature = "hash")]
pub mod integrity;
#[cfg(feature = "hash")]
pub mod write;
