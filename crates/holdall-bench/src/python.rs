//! Python's remote-store, in a process that does one job after the other.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::Account;
use super::contender::Done;
use super::job::{CONCURRENCY, Job};

const PACKAGE: &str = "remote-store[azure]";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/azure/contender.py");
/// Beside the bench's other build results.
const ENVIRONMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench/python");

pub struct Python {
    process: Child,
    jobs: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Seconds(f64),
    Error(String),
}

impl Python {
    /// Starts the interpreter; `half` is `sync` or `async`.
    pub fn start(half: &str, account: &Account) -> Done<Self> {
        let mut process = Command::new(interpreter()?)
            .args([SCRIPT, half])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (jobs, answers) = (process.stdin.take(), process.stdout.take());
        let missing = "the interpreter has no pipes";
        let mut python = Self {
            process,
            jobs: jobs.ok_or(missing)?,
            answers: BufReader::new(answers.ok_or(missing)?),
        };
        let configuration = json!({
            "container": account.container,
            "connection_string": account.connection_string(),
            "concurrency": CONCURRENCY,
        });
        writeln!(python.jobs, "{configuration}")?;
        Ok(python)
    }

    pub fn run(&mut self, job: &Job) -> Done<Duration> {
        writeln!(self.jobs, "{}", serde_json::to_string(job)?)?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the interpreter ended".into());
        }
        match serde_json::from_str(&line)? {
            Answer::Seconds(seconds) => Ok(Duration::try_from_secs_f64(seconds)?),
            Answer::Error(error) => Err(error.into()),
        }
    }

    pub fn process(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The interpreter of an environment with [`PACKAGE`], made at first use.
fn interpreter() -> Done<PathBuf> {
    let environment = Path::new(ENVIRONMENT);
    let interpreter = environment.join("bin/python");
    let installed = environment.join("installed");
    if !installed.exists() {
        let environment = environment.to_string_lossy();
        succeed(Command::new("python3").args(["-m", "venv", &environment]))?;
        succeed(Command::new(&interpreter).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
        std::fs::write(installed, "")?;
    }
    Ok(interpreter)
}

fn succeed(command: &mut Command) -> Done {
    match command.status()? {
        status if status.success() => Ok(()),
        status => Err(format!("{command:?} ended with {status}").into()),
    }
}
