//! The path IOs over a local folder.

mod in_place;
mod on_executor;

pub use in_place::PathIo;
pub use on_executor::AsyncPathIo;
