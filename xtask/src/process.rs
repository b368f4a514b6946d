//! Calls of other programs, each shown before it runs.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::Result;

/// The folder of the workspace.
pub(crate) fn workspace_root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Every file that git knows, relative to the workspace.
pub(crate) fn tracked_files() -> Result<Vec<String>> {
    let listed = Call::new("git").arguments(["ls-files", "-z"]).output()?;
    let files = listed.split('\0').filter(|name| !name.is_empty());
    Ok(files.map(str::to_owned).collect())
}

/// One program call: what it prints goes to the terminal, it gets no input.
pub(crate) struct Call {
    program: OsString,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    folder: PathBuf,
}

impl Call {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            folder: workspace_root().to_owned(),
        }
    }

    /// Cargo with arguments that are separated by blanks.
    pub(crate) fn cargo(arguments: &str) -> Self {
        Self::new("cargo").arguments(arguments.split_whitespace())
    }

    pub(crate) fn arguments<A: AsRef<OsStr>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let arguments = arguments.into_iter().map(|a| a.as_ref().to_owned());
        self.arguments.extend(arguments);
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let pair = (OsString::from(name), value.as_ref().to_owned());
        self.variables.push(pair);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.folder = folder.to_owned();
        self
    }

    /// Runs to the end; an exit code other than 0 is an error.
    pub(crate) fn run(self) -> Result {
        self.show();
        let status = self.command().status().map_err(|e| self.not_started(&e))?;
        if status.success() {
            return Ok(());
        }
        Err(format!("{} ended with {status}", self.line()).into())
    }

    /// Runs in silence and tells whether it succeeded; a program that is not
    /// there did not.
    pub(crate) fn succeeds(self) -> bool {
        let mut command = self.command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// What it prints to its standard output, which does not go to the terminal.
    pub(crate) fn output(self) -> Result<String> {
        self.show();
        let output = self
            .command()
            .stderr(Stdio::inherit())
            .output()
            .map_err(|e| self.not_started(&e))?;
        if !output.status.success() {
            return Err(format!("{} ended with {}", self.line(), output.status).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Runs to the end and hands each line of either output to `see`, after it
    /// went to the terminal. Tells whether the exit code was 0.
    pub(crate) fn watch(self, see: impl FnMut(&str) + Send) -> Result<bool> {
        self.show();
        let mut command = self.command();
        // What is read back must be free of colour.
        command
            .env("CARGO_TERM_COLOR", "never")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| self.not_started(&e))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let see = Mutex::new(see);
        std::thread::scope(|scope| {
            scope.spawn(|| pass_on(stderr, std::io::stderr(), &see));
            pass_on(stdout, std::io::stdout(), &see);
        });
        Ok(child.wait()?.success())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    fn line(&self) -> String {
        let program = Path::new(&self.program).file_name();
        std::iter::once(program.unwrap_or(&self.program))
            .chain(self.arguments.iter().map(OsString::as_os_str))
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn show(&self) {
        println!("$ {}", self.line());
    }

    fn not_started(&self, error: &std::io::Error) -> String {
        format!("{} could not be started: {error}", self.line())
    }
}

/// Copies `from` to `to` line by line and shows each line to `see`.
fn pass_on(from: Option<impl Read>, mut to: impl Write, see: &Mutex<impl FnMut(&str)>) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A closed terminal is no reason to stop counting.
        let _ = to.write_all(&line);
        if let Ok(mut see) = see.lock() {
            see(String::from_utf8_lossy(&line).trim_end());
        }
        line.clear();
    }
}
