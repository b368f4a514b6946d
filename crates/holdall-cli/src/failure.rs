//! Why a command did not do what it was asked, and how that is reported.

use std::borrow::Cow;
use std::fmt;
use std::io;

use holdall::Error;

use crate::exit::Exit;
use crate::output::printable;

/// What a command comes back with.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// A reason to stop, or for one file of many to be left out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// To be told to the user.
    Report(Box<Report>),
    /// Told already; the exit code remains.
    Reported(Exit),
    /// Nobody reads the output any more: the run ends quietly.
    OutputClosed,
}

/// One message with its exit code.
#[derive(Debug)]
pub(crate) struct Report {
    exit: Exit,
    subject: Option<String>,
    message: String,
    hint: Option<Cow<'static, str>>,
}

impl Failure {
    /// A failure that concerns no address.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self::Report(Box::new(Report {
            exit,
            subject: None,
            message: message.into(),
            hint: None,
        }))
    }

    /// A failure at the address `subject`.
    pub(crate) fn at(subject: impl Into<String>, exit: Exit, message: impl Into<String>) -> Self {
        Self::new(exit, message).with_subject(subject)
    }

    /// The store's `error` at the address `subject`.
    pub(crate) fn store(subject: impl Into<String>, error: &Error) -> Self {
        Self::from(error).with_subject(subject)
    }

    /// Names the address, where none is named yet.
    pub(crate) fn with_subject(mut self, subject: impl Into<String>) -> Self {
        if let Self::Report(report) = &mut self {
            report.subject.get_or_insert_with(|| subject.into());
        }
        self
    }

    /// Says what to do about it.
    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        if let Self::Report(report) = &mut self {
            report.hint = Some(hint.into());
        }
        self
    }

    /// Says what to do about it, if it is that a file is already there.
    pub(crate) fn with_hint_if_taken(self, hint: &'static str) -> Self {
        if self.exit() == Exit::AlreadyExists {
            self.with_hint(hint)
        } else {
            self
        }
    }

    /// How the run ends if this is what stopped it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Report(report) => report.exit,
            Self::Reported(exit) => *exit,
            Self::OutputClosed => Exit::Done,
        }
    }

    /// Tells the user, on standard error.
    pub(crate) fn print(&self, command: &str) {
        if let Self::Report(report) = self {
            eprintln_quietly(&format!("holdall: {command}: {report}"));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject.as_deref().map(printable) {
            // Quoted, since a second colon would look like a slip.
            Some(subject) if subject.ends_with(':') => write!(f, "'{subject}': ")?,
            Some(subject) => write!(f, "{subject}: ")?,
            None => {}
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  {hint}"),
            None => Ok(()),
        }
    }
}

/// The message of a store's error with the causes that it does not tell itself.
fn message_of(error: &Error) -> String {
    let mut message = printable(error.message()).into_owned();
    if let Some(capability) = error.capability() {
        message.push_str(&format!(" (capability {capability})"));
    }
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let text = source.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&printable(&text));
        }
        cause = source.source();
    }
    message
}

/// What to do when a file is already there.
pub(crate) const REPLACE: &str = "use --overwrite to replace it";

/// The same for a command that can go on without.
pub(crate) const REPLACE_OR_SKIP: &str =
    "use --overwrite to replace it, or --skip-existing to leave it";

impl From<&Error> for Failure {
    /// A store's error; whoever knows the address adds it.
    fn from(error: &Error) -> Self {
        Self::new(error.kind().into(), message_of(error))
    }
}

impl From<io::Error> for Failure {
    /// An error of standard output.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::new(Exit::Other, format!("cannot write the output: {error}"))
        }
    }
}

/// A line on standard error; where that is closed, there is nobody to tell.
pub(crate) fn eprintln_quietly(line: &str) {
    use io::Write;
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// The failures of a command that goes on after one: each is told as it comes,
/// up to a bound, and all are counted.
#[derive(Debug)]
pub(crate) struct Failures {
    command: &'static str,
    count: u64,
}

/// How many failures of one run are told in full.
const TOLD: u64 = 20;

impl Failures {
    /// None so far.
    pub(crate) fn of(command: &'static str) -> Self {
        Self { command, count: 0 }
    }

    /// Counts `failure` and tells it, unless many have been told.
    pub(crate) fn add(&mut self, failure: &Failure) {
        self.count += 1;
        if self.count <= TOLD {
            failure.print(self.command);
        }
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Ends the run: says how many were not told, and fails if there was any.
    pub(crate) fn finish(self) -> Result<()> {
        if self.count > TOLD {
            let more = self.count - TOLD;
            eprintln_quietly(&format!(
                "holdall: {}: and {more} more failures",
                self.command
            ));
        }
        match self.count {
            0 => Ok(()),
            _ => Err(Failure::Reported(Exit::Partial)),
        }
    }
}
