//! `cargo xtask conformance`: the contract, case by case, on every backend.

use crate::process::Call;
use crate::test::count;
use crate::{Result, azurite};

/// The test kit's example that runs the contract and lists each case.
pub(crate) const EXAMPLE: &str = "conformance";

pub(crate) fn run() -> Result {
    let arguments = format!("run --quiet --package holdall-testkit --example {EXAMPLE}");
    azurite::install()?;
    let tally = count(Call::cargo(&arguments).variable(azurite::REQUIRED, "1"));
    println!("\nconformance: {tally}");
    if tally.failed > 0 {
        return Err("the contract is broken, see above".into());
    }
    Ok(())
}
