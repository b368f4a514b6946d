//! Licences, bans, sources and advisories of the dependencies, by cargo-deny.

use crate::Result;
use crate::check::Outcome;
use crate::process::Call;

/// The version that is installed where there is none yet.
const VERSION: &str = "0.20.2";

/// What deny.toml says of licences, bans and sources.
pub(crate) fn policy() -> Result<Outcome> {
    deny("check --hide-inclusion-graph licenses bans sources")
}

/// Known faults of the dependencies, where their database can be reached.
pub(crate) fn advisories() -> Result<Outcome> {
    install()?;
    if !Call::cargo("deny --workspace fetch db").succeeds() {
        let reason = "the advisory database cannot be reached from this machine";
        return Ok(Outcome::Skipped(reason.to_owned()));
    }
    deny("check --disable-fetch advisories")
}

fn deny(arguments: &str) -> Result<Outcome> {
    install()?;
    Call::cargo(&format!("deny --workspace --all-features {arguments}")).run()?;
    Ok(Outcome::Passed)
}

fn install() -> Result {
    if Call::cargo("deny --version").succeeds() {
        return Ok(());
    }
    println!("cargo-deny is not installed: building it takes some minutes");
    Call::cargo(&format!("install --locked --quiet cargo-deny@{VERSION}")).run()
}
