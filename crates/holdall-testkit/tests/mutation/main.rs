//! The kit tested by mutation: a backend with one deliberate fault must fail
//! the case whose rule it breaks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod blocking;
mod broken;
mod fault;
mod listing;
mod reading;
mod writing;

use std::collections::BTreeSet;
use std::fmt::Debug;

use broken::Broken;
use fault::FAULTS;
use holdall_testkit::{Conformance, Verdict, cases, conformance, sync_conformance};

/// Runs the case of each fault on a backend that has it.
async fn assert_each_is_found<F: Copy + Debug>(
    faults: &[(F, &'static str)],
    run: impl Fn(F) -> Conformance,
) {
    let mut missed = Vec::new();
    for &(fault, case) in faults {
        let report = run(fault).only([case]).await;
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
async fn each_fault_is_found_by_its_case() {
    let broken = |fault| conformance(move || async move { Broken::with(Some(fault)) });
    assert_each_is_found(FAULTS, broken).await;
}

#[tokio::test]
async fn each_fault_of_calls_that_block_is_found_by_its_case() {
    let broken = |fault| sync_conformance(move || blocking::Broken::with(Some(fault)));
    assert_each_is_found(blocking::fault::FAULTS, broken).await;
}

#[tokio::test]
async fn the_backend_without_a_fault_passes() {
    conformance(|| async { Broken::with(None) })
        .name("unbroken")
        .await
        .assert_passed();
    sync_conformance(|| blocking::Broken::with(None))
        .name("unbroken")
        .only(["sync/"])
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
    let awaited = FAULTS.iter().map(|(_, case)| case);
    let blocking = blocking::fault::FAULTS.iter().map(|(_, case)| case);
    let broken: BTreeSet<_> = awaited
        .chain(blocking)
        .filter_map(|case| family(case))
        .collect();
    // These are rules of the store, which no backend can break.
    let elsewhere = [
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
