//! Runs the contract against every backend at hand and lists each case with its
//! outcome, with a line of totals per backend.
//!
//! ```text
//! cargo run -p holdall-testkit --example conformance [-- FAMILY/ or CASE ...]
//! ```

use std::process::ExitCode;

#[path = "../tests/subjects/mod.rs"]
mod subjects;

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut passed = true;
    for (name, run) in subjects::all() {
        let mut run = run.name(name);
        if !wanted.is_empty() {
            run = run.only(wanted.clone());
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
