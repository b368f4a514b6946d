//! The examples: each is built, and run without arguments in a folder of its own.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::process::{Call, workspace_root};
use crate::tally::Tally;

/// One example that was built.
pub(crate) struct Example {
    program: PathBuf,
}

/// Builds all examples of `scope`, a selection of packages and features.
pub(crate) fn build(scope: &str) -> Result<Vec<Example>> {
    let arguments = format!("build {scope} --examples --message-format=json-render-diagnostics");
    let messages = Call::cargo(&arguments).output()?;
    let mut programs: Vec<PathBuf> = messages.lines().filter_map(example_program).collect();
    programs.sort();
    Ok(programs
        .into_iter()
        .map(|program| Example { program })
        .collect())
}

/// The program that one of cargo's messages reports, if it is an example's.
fn example_program(message: &str) -> Option<PathBuf> {
    const FIELD: &str = r#""executable":""#;
    if !message.contains(r#""kind":["example"]"#) {
        return None;
    }
    let (_, rest) = message.split_once(FIELD)?;
    let (program, _) = rest.split_once('"')?;
    Some(PathBuf::from(program.replace(r"\\", r"\")))
}

impl Example {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.program.file_stem().is_some_and(|stem| stem == name)
    }

    pub(crate) fn call(&self) -> Call {
        Call::new(&self.program)
    }

    /// Whether it ran to its end: examples assert what they claim.
    pub(crate) fn run(&self) -> Tally {
        let outcome = scratch_folder(&self.program).and_then(|folder| {
            let home = folder.join("home");
            let call = self.call().folder(&folder).variable("HOLDALL_HOME", home);
            let outcome = call.run();
            std::fs::remove_dir_all(&folder)?;
            outcome
        });
        if let Err(error) = &outcome {
            eprintln!("FAILED: {error}");
        }
        Tally::one(outcome.is_ok())
    }
}

/// An empty folder for one example, in the build folder.
fn scratch_folder(program: &Path) -> Result<PathBuf> {
    let name = program.file_stem().unwrap_or_default();
    let folder = program
        .parent()
        .unwrap_or(workspace_root())
        .join("scratch")
        .join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_told_from_cargos_other_messages() {
        let example = r#"{"reason":"compiler-artifact","target":{"kind":["example"],"name":"a"},"executable":"/t/examples/a","fresh":false}"#;
        assert_eq!(
            example_program(example),
            Some(PathBuf::from("/t/examples/a"))
        );
        let binary =
            r#"{"reason":"compiler-artifact","target":{"kind":["bin"]},"executable":"/t/b"}"#;
        assert_eq!(example_program(binary), None);
        let unbuilt = r#"{"target":{"kind":["example"]},"executable":null}"#;
        assert_eq!(example_program(unbuilt), None);
    }
}
