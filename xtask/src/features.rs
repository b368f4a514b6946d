//! The library's feature combinations: each feature alone, none, and all.

use crate::Result;
use crate::process::{Call, workspace_root};
use crate::tally::Tally;

const MANIFEST: &str = "crates/holdall/Cargo.toml";

/// Compiles the library in each combination, with warnings denied.
pub(crate) fn check() -> Tally {
    let features = match declared() {
        Ok(features) => features,
        Err(error) => {
            eprintln!("FAILED: {error}");
            return Tally::one(false);
        }
    };
    let alone = features
        .iter()
        .map(|feature| format!("--no-default-features --features {feature}"));
    let combinations = ["--no-default-features", "--all-features"]
        .map(str::to_owned)
        .into_iter()
        .chain(alone);
    let mut tally = Tally::default();
    for combination in combinations {
        tally += compiles(&combination);
    }
    tally
}

fn compiles(combination: &str) -> Tally {
    let arguments = format!("clippy --quiet --package holdall --lib {combination} -- -D warnings");
    let outcome = Call::cargo(&arguments).run();
    if let Err(error) = &outcome {
        eprintln!("FAILED: {error}");
    }
    Tally::one(outcome.is_ok())
}

fn declared() -> Result<Vec<String>> {
    let manifest = std::fs::read_to_string(workspace_root().join(MANIFEST))?;
    let features = features_of(&manifest);
    if features.is_empty() {
        return Err(format!("{MANIFEST} declares no features").into());
    }
    Ok(features)
}

/// The names in the `[features]` table, less `default`.
fn features_of(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[features]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with([' ', '#', ']']))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| name != "default")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_features_of_a_manifest_are_found() {
        let manifest = "[package]\nname = \"x\"\n[features]\ndefault = [\"a\"]\n## Doc = 1\na = [\n  \"dep:b = c\",\n]\nserde = []\n\n[dependencies]\nd = \"1\"\n";
        assert_eq!(features_of(manifest), ["a", "serde"]);
    }
}
