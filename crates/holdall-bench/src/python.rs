//! A library of Python, in a process that does one job after the other.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

type Done<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Beside the bench's other build results.
const ENVIRONMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// What a process is made of.
pub struct Script {
    /// Where it stands below `src`.
    pub file: &'static str,
    /// The name of its environment.
    pub environment: &'static str,
    /// What is installed there, as pip has it.
    pub packages: &'static [&'static str],
}

impl Script {
    /// A call of the script, to which arguments can be added.
    pub fn command(&self) -> Done<Command> {
        let mut command = Command::new(interpreter(self)?);
        command.arg(Path::new(SOURCES).join(self.file));
        Ok(command)
    }
}

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
    /// Starts a script with one argument; its first line is the configuration.
    pub fn start(script: &Script, argument: &str, configuration: &impl Serialize) -> Done<Self> {
        let mut process = script
            .command()?
            .arg(argument)
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
        writeln!(python.jobs, "{}", serde_json::to_string(configuration)?)?;
        Ok(python)
    }

    pub fn run(&mut self, job: &impl Serialize) -> Done<Duration> {
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

/// The interpreter of the script's environment, made at first use.
fn interpreter(script: &Script) -> Done<PathBuf> {
    let environment = Path::new(ENVIRONMENTS).join(script.environment);
    let interpreter = environment.join("bin/python");
    let installed = environment.join("installed");
    if !installed.exists() {
        succeed(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(&environment),
        )?;
        let pip = ["-m", "pip", "install", "--quiet"];
        succeed(Command::new(&interpreter).args(pip).args(script.packages))?;
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
