//! The local disk, scenario by scenario, on both implementations beneath it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod cancel;
mod child;
mod disk;
mod links;
mod modes;
mod moves;
mod names;
mod permissions;
mod races;
mod resources;
mod root;
mod round;
mod special;
mod temporary;
mod trees;
