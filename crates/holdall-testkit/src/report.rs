//! What a run found.

use std::fmt;

use crate::runner::SuiteCase;
use crate::stop::{Checked, Stop};
use crate::suite::Case;

/// The outcome of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The rule holds.
    Passed,
    /// The rule does not hold, with what was found.
    Failed(String),
    /// The rule does not apply, with the reason.
    Skipped(String),
}

impl From<Checked> for Verdict {
    fn from(checked: Checked) -> Self {
        match checked {
            Ok(()) => Self::Passed,
            Err(Stop::Failed(message)) => Self::Failed(message),
            Err(Stop::NotApplicable(reason)) => Self::Skipped(reason),
        }
    }
}

/// One case and its outcome.
#[derive(Debug, Clone)]
pub struct CaseReport<C = Case> {
    /// The case.
    pub case: C,
    /// Its outcome.
    pub verdict: Verdict,
}

/// The outcomes of a run, in the order of the suite.
///
/// It displays as one line per case, with the rule and the message below each
/// failure, and ends with `NAME: N passed, N failed, N skipped`.
#[derive(Debug, Clone)]
pub struct Report<C = Case> {
    name: String,
    cases: Vec<CaseReport<C>>,
    /// Why the run itself came to nothing.
    broken: Option<String>,
}

impl<C: SuiteCase> Report<C> {
    pub(crate) fn new(name: String, cases: Vec<CaseReport<C>>) -> Self {
        Self {
            name,
            cases,
            broken: None,
        }
    }

    /// The report of a run that could not be made.
    pub(crate) fn broken(name: String, message: String) -> Self {
        Self {
            name,
            cases: Vec::new(),
            broken: Some(message),
        }
    }

    /// What was tested: what the subject calls itself unless the run was told otherwise.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every case with its outcome.
    pub fn cases(&self) -> &[CaseReport<C>] {
        &self.cases
    }

    /// The outcome of the case called `name`; `None` where it was not run.
    pub fn verdict(&self, name: &str) -> Option<&Verdict> {
        let found = self.cases.iter().find(|case| case.case.name() == name);
        found.map(|case| &case.verdict)
    }

    /// The number of cases that passed.
    pub fn passed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Passed))
    }

    /// The number of cases that failed.
    pub fn failed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Failed(_)))
    }

    /// The number of cases that do not apply.
    pub fn skipped(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Skipped(_)))
    }

    fn count(&self, wanted: impl Fn(&Verdict) -> bool) -> usize {
        self.cases.iter().filter(|c| wanted(&c.verdict)).count()
    }

    /// The last line: `NAME: N passed, N failed, N skipped`.
    pub fn totals(&self) -> String {
        format!(
            "{}: {} passed, {} failed, {} skipped",
            self.name,
            self.passed(),
            self.failed(),
            self.skipped()
        )
    }

    /// Only the failures, as [`Display`](fmt::Display) writes them, and the totals.
    pub fn failures(&self) -> String {
        let failed = |case: &&CaseReport<C>| matches!(case.verdict, Verdict::Failed(_));
        let lines = self.cases.iter().filter(failed).map(|c| format!("{c}\n"));
        let broken = self.broken.iter().map(|message| format!("{message}\n"));
        lines.chain(broken).chain([self.totals()]).collect()
    }

    /// For the end of a test.
    ///
    /// # Panics
    ///
    /// Where a case failed, and where none passed, with the failures.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(
            self.failed() == 0 && self.passed() > 0,
            "the contract does not hold:\n{}",
            self.failures()
        );
    }
}

impl<C: SuiteCase> fmt::Display for CaseReport<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.case.name();
        match &self.verdict {
            Verdict::Passed => write!(f, "passed   {name}"),
            Verdict::Skipped(reason) => write!(f, "skipped  {name} ({reason})"),
            Verdict::Failed(message) => {
                let rule = self.case.rule();
                write!(
                    f,
                    "FAILED   {name}\n    rule:  {rule}\n    found: {message}"
                )
            }
        }
    }
}

impl<C: SuiteCase> fmt::Display for Report<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            writeln!(f, "{case}")?;
        }
        if let Some(message) = &self.broken {
            writeln!(f, "BROKEN   {message}")?;
        }
        f.write_str(&self.totals())
    }
}
