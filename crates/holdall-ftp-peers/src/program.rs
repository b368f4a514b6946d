//! Runs of programs.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// What went wrong, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// With this variable absence is a failure.
const REQUIRED: &str = "HOLDALL_REQUIRE_FTP_CLIENTS";

/// A client that runs longer hangs; nothing that is tried here takes a tenth.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn is_there_or_skipped(program: PathBuf) -> bool {
    if std::env::var_os(REQUIRED).is_some() || is_there(&program) {
        return true;
    }
    // Not `eprintln!`, which a passing test's runner would hold back.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: {} is not installed; `cargo xtask ftp-clients` does it",
        program.display()
    );
    false
}

fn is_there(program: &Path) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    program.is_file() || std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs a program to its end and returns what it printed.
pub(crate) async fn run<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = A>,
    input: &str,
) -> Result<Vec<u8>, Failure> {
    let (code, output) = run_to_code(program, arguments, input).await?;
    match code {
        Some(0) => Ok(output),
        code => Err(format!("ended with {code:?}: {}", String::from_utf8_lossy(&output)).into()),
    }
}

/// Runs a program to its end and returns its exit code and what it printed.
pub(crate) async fn run_to_code<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = A>,
    input: &str,
) -> Result<(Option<i32>, Vec<u8>), Failure> {
    let program = program.as_ref();
    let mut command = Command::new(program);
    command
        .args(arguments)
        // Settings of the developer's are not the test's.
        .env("HOME", std::env::temp_dir())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let line = format!("{:?}", command.as_std());
    let run = async {
        let mut child = command.spawn()?;
        if let Some(mut standard_input) = child.stdin.take() {
            standard_input.write_all(input.as_bytes()).await?;
        }
        child.wait_with_output().await
    };
    let output = match tokio::time::timeout(PATIENCE, run).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(format!("{line}: {error}").into()),
        Err(_) => return Err(format!("{line} hangs").into()),
    };
    let mut printed = output.stdout;
    if !output.status.success() {
        printed.extend_from_slice(format!("\n{line}\n").as_bytes());
        printed.extend_from_slice(&output.stderr);
    }
    Ok((output.status.code(), printed))
}

/// That two things are the same, or a failure that says which are not.
pub(crate) fn same<T: AsRef<[u8]>, U: AsRef<[u8]>>(
    what: &str,
    found: T,
    expected: U,
) -> Result<(), Failure> {
    let (found, expected) = (found.as_ref(), expected.as_ref());
    if found == expected {
        return Ok(());
    }
    let begin = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .chars()
            .take(200)
            .collect::<String>()
    };
    Err(format!(
        "{what}: {} bytes instead of {}: {:?} instead of {:?}",
        found.len(),
        expected.len(),
        begin(found),
        begin(expected)
    )
    .into())
}

/// That something holds, or a failure that says what does not.
pub(crate) fn holds(what: &str, condition: bool) -> Result<(), Failure> {
    if condition {
        Ok(())
    } else {
        Err(format!("not so: {what}").into())
    }
}
