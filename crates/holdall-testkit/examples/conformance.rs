//! Runs the contract against every backend at hand and lists each case with its
//! outcome, with a line of totals per backend.
//!
//! ```text
//! cargo run -p holdall-testkit --example conformance [-- SUBJECT or FAMILY/ or CASE ...]
//! ```

use std::process::ExitCode;

#[path = "../tests/subjects/mod.rs"]
mod subjects;

#[tokio::main]
async fn main() -> ExitCode {
    // The names of cases have a family in front.
    let (cases, named): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|argument| argument.contains('/'));
    let mut passed = true;
    for (name, run) in subjects::all() {
        if !named.is_empty() && !named.iter().any(|wanted| wanted == name) {
            continue;
        }
        let mut run = run.name(name);
        if !cases.is_empty() {
            run = run.only(cases.clone());
        }
        let report = run.await;
        println!("{report}\n");
        passed &= report.failed() == 0 && report.passed() > 0;
    }
    if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
