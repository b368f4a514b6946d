//! `cargo xtask bench`: comparisons with other libraries.

use crate::process::{Call, workspace_root};
use crate::{Result, azurite};

/// A workspace of its own, so that the peers' dependencies are in no other
/// build; its build folder stands beside the others.
const FOLDER: &str = "crates/holdall-bench";

/// The comparison that needs the emulator.
const AZURE: &str = "azure";

pub(crate) fn run(arguments: &[String]) -> Result {
    if arguments.first().is_some_and(|name| name == AZURE) {
        azurite::install()?;
    }
    let root = workspace_root();
    Call::cargo("run --release --quiet --")
        .arguments(arguments)
        .folder(&root.join(FOLDER))
        .variable("CARGO_TARGET_DIR", root.join("target/bench"))
        .run()
}
