//! `cargo xtask bench`: comparisons with other libraries.

use crate::Result;
use crate::process::{Call, workspace_root};

/// A workspace of its own, so that the peers' dependencies are in no other
/// build; its build folder stands beside the others.
const FOLDER: &str = "crates/holdall-bench";

pub(crate) fn run(arguments: &[String]) -> Result {
    let root = workspace_root();
    Call::cargo("run --release --quiet --")
        .arguments(arguments)
        .folder(&root.join(FOLDER))
        .variable("CARGO_TARGET_DIR", root.join("target/bench"))
        .run()
}
