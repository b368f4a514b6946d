//! The path IOs over a local folder.

mod in_place;

pub use in_place::PathIo;
