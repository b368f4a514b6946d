//! `cargo xtask readme`: rewrites what README.md takes from the code.

use crate::Result;
use crate::process::Call;

/// The test that compares the README's tables with the code. It compares in
/// every test run, and writes where the variable below is set.
const TEST: &str = "test --workspace --all-features --test readme";
const REWRITE: &str = "HOLDALL_REWRITE_README";

pub(crate) fn rewrite() -> Result {
    Call::cargo(TEST).variable(REWRITE, "1").run()
}
