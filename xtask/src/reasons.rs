//! Every dependency has its reason in ARCHITECTURE.md.

use crate::Result;
use crate::check::Outcome;
use crate::process::workspace_root;

pub(crate) fn check() -> Result<Outcome> {
    let manifest = std::fs::read_to_string(workspace_root().join("Cargo.toml"))?;
    let architecture = std::fs::read_to_string(workspace_root().join("ARCHITECTURE.md"))?;
    let missing = without_reason(&manifest, &architecture);
    if missing.is_empty() {
        return Ok(Outcome::Passed);
    }
    Err(format!("ARCHITECTURE.md has no reason for: {}", missing.join(", ")).into())
}

/// The crates in `[workspace.dependencies]`, less our own, that no row of the
/// table of dependencies begins with.
fn without_reason<'a>(manifest: &'a str, architecture: &str) -> Vec<&'a str> {
    let explained: Vec<&str> = architecture
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .flat_map(|(crates, _)| crates.split(", "))
        .collect();
    manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .filter(|(_, source)| !source.contains("path ="))
        .map(|(name, _)| name)
        .filter(|name| !explained.contains(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_row_is_found() {
        let manifest = "[workspace.dependencies]\nours = { path = \"x\" }\nbytes = \"1\"\nserde = \"1\"\nrand = \"1\"\n\n[workspace.lints]\nx = 1\n";
        let architecture = "| crate | for |\n|---|---|\n| bytes, serde | chunks |\n";
        assert_eq!(without_reason(manifest, architecture), ["rand"]);
    }
}
