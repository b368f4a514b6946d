//! `cargo xtask check`: all that can be said without running the library.

use crate::Result;
use crate::process::{Call, workspace_root};
use crate::{deny, docs, links, reasons, source_rules, targets};

/// How a check ended.
pub(crate) enum Outcome {
    Passed,
    /// It could not be made here, and why.
    Skipped(String),
}

type Check = (&'static str, fn() -> Result<Outcome>);

const CHECKS: [Check; 10] = [
    ("format", format),
    ("house rules", source_rules::check),
    ("chapters and examples in step", docs::check),
    ("links between documents", links::check),
    ("a reason for each dependency", reasons::check),
    ("lints", lints),
    ("documentation", documentation),
    ("other platforms", targets::check),
    ("licences, bans, sources", deny::policy),
    ("advisories", deny::advisories),
];

/// Runs every check, also after one has failed.
pub(crate) fn run() -> Result {
    let mut report = Vec::new();
    let mut failures = 0;
    for (name, check) in CHECKS {
        println!("\n== {name}");
        let verdict = match check() {
            Ok(Outcome::Passed) => "ok".to_owned(),
            Ok(Outcome::Skipped(reason)) => format!("SKIPPED: {reason}"),
            Err(error) => {
                eprintln!("error: {error}");
                failures += 1;
                "FAILED".to_owned()
            }
        };
        report.push(format!("{name}: {verdict}"));
    }
    println!("\n== checks\n{}", report.join("\n"));
    if failures > 0 {
        return Err(format!("{failures} of {} checks failed", CHECKS.len()).into());
    }
    Ok(())
}

/// The workspaces that are not members of the main one, for want of shared
/// dependencies; each is formatted all the same.
const SEPARATE_WORKSPACES: [&str; 2] = ["fuzz", "crates/holdall-bench"];

fn format() -> Result<Outcome> {
    Call::cargo("fmt --all --check").run()?;
    for workspace in SEPARATE_WORKSPACES {
        let manifest = workspace_root().join(workspace).join("Cargo.toml");
        if manifest.exists() {
            let folder = workspace_root().join(workspace);
            Call::cargo("fmt --all --check").folder(&folder).run()?;
        }
    }
    Ok(Outcome::Passed)
}

fn lints() -> Result<Outcome> {
    Call::cargo("clippy --workspace --all-targets --all-features -- -D warnings").run()?;
    Ok(Outcome::Passed)
}

/// Twice: public pages must not lean on private items, and private ones must
/// hold no broken links either.
fn documentation() -> Result<Outcome> {
    for private in ["", "--document-private-items"] {
        Call::cargo(&format!(
            "doc --workspace --lib --no-deps --all-features {private}"
        ))
        .variable("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    }
    Ok(Outcome::Passed)
}
