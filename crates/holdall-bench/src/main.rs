//! Comparisons of Holdall with other libraries: `cargo xtask bench NAME`.
//!
//! A comparison runs in one process, takes its contenders in a new order every
//! round, checks the results inside each phase, and prints the semantics of
//! each contender beside its figures.

mod adapters;
mod azure;
mod ftp;
mod local;
mod memory;
mod pathio;
mod python;

use std::process::ExitCode;

/// A comparison: its name on the command line, and what it runs.
type Comparison = (&'static str, fn() -> Result<(), Box<dyn std::error::Error>>);

/// All comparisons, in the order in which they are listed.
const COMPARISONS: &[Comparison] = &[
    ("adapters", adapters::compare),
    ("azure", azure::compare),
    ("ftp", ftp::compare),
    ("local", local::compare),
    ("memory", memory::compare),
    ("pathio", pathio::compare),
];

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let Some((_, compare)) = COMPARISONS.iter().find(|(name, _)| *name == wanted) else {
        let names: Vec<_> = COMPARISONS.iter().map(|(name, _)| *name).collect();
        eprintln!("error: there is no comparison '{wanted}'; there are: {names:?}");
        return ExitCode::FAILURE;
    };
    match compare() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
