//! The fake account with a hierarchical namespace.

#![allow(clippy::unwrap_used)]

mod compare;
mod recording;
mod replay;
mod unrecorded;
mod wire;
