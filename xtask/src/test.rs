//! `cargo xtask test`: every test there is, and one closing line.

use crate::process::Call;
use crate::tally::Tally;
use crate::{Result, azurite, conformance, examples, features, ftp_clients};

/// Everything is built with all features, once, for the whole workspace.
const SCOPE: &str = "--workspace --all-features";

pub(crate) fn run() -> Result {
    azurite::install()?;
    ftp_clients::install()?;
    let mut total = Tally::default();
    total += unit_and_integration();
    total += doc_tests();
    total += built_examples();
    total += features::check();
    println!("\nholdall: {total}");
    if total.failed > 0 {
        return Err("there are failures, see above".into());
    }
    Ok(())
}

fn unit_and_integration() -> Tally {
    if Call::cargo("nextest --version").succeeds() {
        return count(tests(&format!(
            "nextest run {SCOPE} --no-fail-fast --status-level slow --final-status-level slow"
        )));
    }
    println!("cargo-nextest is not installed: cargo's own runner takes its place");
    count(tests(&format!(
        "test {SCOPE} --no-fail-fast --lib --bins --tests"
    )))
}

/// A run of tests in which none may be skipped for want of a peer.
fn tests(arguments: &str) -> Call {
    Call::cargo(arguments)
        .variable(azurite::REQUIRED, "1")
        .variable(ftp_clients::REQUIRED, "1")
}

fn doc_tests() -> Tally {
    count(Call::cargo(&format!("test {SCOPE} --no-fail-fast --doc")))
}

fn built_examples() -> Tally {
    let built = match examples::build(SCOPE) {
        Ok(built) => built,
        Err(error) => return failed(&error.to_string()),
    };
    let mut tally = Tally::default();
    // The kit's own tests run the contract over the same subjects already.
    for example in built {
        if !example.is(conformance::EXAMPLE) {
            tally += example.run();
        }
    }
    tally
}

/// Runs a test runner and adds up its closing lines. A runner that fails
/// without a failed test, or counts nothing at all, is a failure itself.
pub(crate) fn count(call: Call) -> Tally {
    let mut tally = Tally::default();
    let outcome = call.watch(|line| {
        if let Some(counted) = Tally::from_line(line) {
            tally += counted;
        }
    });
    tally += match outcome {
        Ok(false) if tally.failed == 0 => failed("the test run ended early"),
        Ok(true) if tally.is_empty() => failed("the test run counted no test"),
        Ok(_) => Tally::default(),
        Err(error) => failed(&error.to_string()),
    };
    tally
}

fn failed(reason: &str) -> Tally {
    eprintln!("FAILED: {reason}");
    Tally::one(false)
}
