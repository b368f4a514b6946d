//! The kit tested by mutation: a backend with one deliberate fault must fail
//! the case whose rule it breaks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod broken;
mod fault;
mod listing;
mod reading;
mod writing;

use std::collections::BTreeSet;

use broken::Broken;
use fault::FAULTS;
use holdall_testkit::{Verdict, cases, conformance};

#[tokio::test]
async fn each_fault_is_found_by_its_case() {
    let mut missed = Vec::new();
    for &(fault, case) in FAULTS {
        let report = conformance(move || async move { Broken::with(Some(fault)) })
            .only([case])
            .await;
        match report.verdict(case) {
            Some(Verdict::Failed(_)) => {}
            verdict => missed.push(format!("{fault:?} passes {case}: {verdict:?}")),
        }
    }
    assert!(
        missed.is_empty(),
        "faults that go unnoticed:\n{}",
        missed.join("\n")
    );
}

#[tokio::test]
async fn the_backend_without_a_fault_passes() {
    conformance(|| async { Broken::with(None) })
        .name("unbroken")
        .await
        .assert_passed();
}

#[test]
fn every_family_has_a_fault() {
    let family = |name: &str| name.split('/').next().map(str::to_owned);
    let families: BTreeSet<_> = cases()
        .iter()
        .filter_map(|case| family(case.name()))
        .collect();
    let broken: BTreeSet<_> = FAULTS.iter().filter_map(|(_, case)| family(case)).collect();
    // These are rules of the store, which no backend can break, and of calls
    // that block, which the broken backend, an awaited one, does not have.
    let elsewhere = [
        "sync",
        "capabilities",
        "text",
        "glob_files",
        "head",
        "read_text",
        "write_text",
    ];
    let elsewhere: BTreeSet<_> = elsewhere.into_iter().map(str::to_owned).collect();
    let missed: Vec<_> = families
        .difference(&broken)
        .filter(|f| !elsewhere.contains(*f))
        .collect();
    assert!(missed.is_empty(), "families without a fault: {missed:?}");
}
