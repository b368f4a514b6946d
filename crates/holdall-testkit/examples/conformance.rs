//! Runs the contract against every backend at hand, and the rules of the path-IO
//! layer against every path IO, and lists each case with its outcome, with a line
//! of totals per subject.
//!
//! ```text
//! cargo run -p holdall-testkit --example conformance [-- SUBJECT or FAMILY/ or CASE ...]
//! ```

use std::process::ExitCode;

use holdall_testkit::{Conformance, SuiteCase};

#[path = "../tests/path_ios/mod.rs"]
mod path_ios;
#[path = "../tests/subjects/mod.rs"]
mod subjects;

/// What the command line chose.
struct Choice {
    cases: Vec<String>,
    subjects: Vec<String>,
}

impl Choice {
    fn of_arguments() -> Self {
        // The names of cases have a family in front.
        let (cases, subjects) = std::env::args()
            .skip(1)
            .partition(|argument| argument.contains('/'));
        Self { cases, subjects }
    }

    /// Runs what was chosen, and counts the cases that passed and failed.
    async fn run<C: SuiteCase>(&self, subjects: Vec<(&str, Conformance<C>)>) -> (usize, usize) {
        let (mut passed, mut failed) = (0, 0);
        for (name, run) in subjects {
            if !self.subjects.is_empty() && !self.subjects.iter().any(|wanted| wanted == name) {
                continue;
            }
            let mut run = run.name(name);
            if !self.cases.is_empty() {
                run = run.only(self.cases.clone());
            }
            let report = run.await;
            // A family may belong to the other suite.
            if !report.cases().is_empty() {
                println!("{report}\n");
            }
            passed += report.passed();
            failed += report.failed();
        }
        (passed, failed)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let choice = Choice::of_arguments();
    let (passed, failed) = choice.run(subjects::all()).await;
    let (more_passed, more_failed) = choice.run(path_ios::all()).await;
    if failed + more_failed == 0 && passed + more_passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
