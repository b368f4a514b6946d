//! Rules of the house that no compiler checks, on every file that git knows.

use std::path::Path;

use crate::Result;
use crate::check::Outcome;
use crate::process::{tracked_files, workspace_root};

/// Lints that keep library and program code from panicking, and from `unsafe`.
const FIRM_LINTS: [&str; 9] = [
    "unsafe_code",
    "clippy::unwrap_used",
    "clippy::expect_used",
    "clippy::panic",
    "clippy::todo",
    "clippy::unimplemented",
    "clippy::unreachable",
    "clippy::indexing_slicing",
    "clippy::string_slice",
];

pub(crate) fn check() -> Result<Outcome> {
    let machine = machine_folders();
    let mut breaches = Vec::new();
    for file in tracked_files()? {
        // A file that was deleted and not yet committed, or that is no text.
        let Ok(text) = std::fs::read_to_string(workspace_root().join(&file)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if let Some(rule) = broken_rule(&file, line, &machine) {
                breaches.push(format!("{file}:{}: {rule}: {}", number + 1, line.trim()));
            }
        }
    }
    if breaches.is_empty() {
        return Ok(Outcome::Passed);
    }
    Err(format!("house rules are broken\n{}", breaches.join("\n")).into())
}

fn broken_rule(file: &str, line: &str, machine: &[String]) -> Option<&'static str> {
    if machine.iter().any(|folder| line.contains(folder)) {
        return Some("a folder of one developer's machine is named");
    }
    let is_rust = file.ends_with(".rs") && !is_test_code(file);
    if is_rust && waives_a_firm_lint(line) {
        return Some("this lint stays on in code outside tests");
    }
    None
}

fn waives_a_firm_lint(line: &str) -> bool {
    let attribute = line.trim_start();
    let is_attribute = attribute.starts_with("#[") || attribute.starts_with("#![");
    let waives = attribute.contains("allow(") || attribute.contains("expect(");
    let in_tests = attribute.contains("cfg_attr(test,");
    is_attribute && waives && !in_tests && FIRM_LINTS.iter().any(|lint| line.contains(lint))
}

/// Whether a file holds tests alone.
fn is_test_code(file: &str) -> bool {
    let path = Path::new(file);
    let in_test_folder = path
        .components()
        .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches");
    in_test_folder || path.file_stem().is_some_and(|stem| stem == "tests")
}

/// Folders that exist on this machine and mean nothing on another.
fn machine_folders() -> Vec<String> {
    let home = std::env::var("HOME").ok();
    let checkout = workspace_root().display().to_string();
    home.into_iter()
        .chain([checkout])
        .filter(|folder| folder.len() > 1)
        .map(|folder| format!("{folder}/"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waived_lint_is_found_in_library_code_only() {
        let waiver = "#[allow(clippy::unwrap_used)]";
        assert!(broken_rule("crates/a/src/b.rs", waiver, &[]).is_some());
        assert!(broken_rule("crates/a/src/b/tests.rs", waiver, &[]).is_none());
        assert!(broken_rule("crates/a/tests/b.rs", waiver, &[]).is_none());
        let in_tests = "#![cfg_attr(test, allow(clippy::unwrap_used))]";
        assert!(broken_rule("crates/a/src/lib.rs", in_tests, &[]).is_none());
    }

    #[test]
    fn a_folder_of_the_machine_is_found_in_any_file() {
        let machine = ["/home/ada/".to_owned()];
        assert!(broken_rule("README.md", "see /home/ada/notes", &machine).is_some());
        assert!(broken_rule("README.md", "see /home/grace/notes", &machine).is_none());
    }
}
