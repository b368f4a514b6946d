//! The path-IO suite tested by mutation: a path IO with one deliberate fault must
//! fail the case whose rule it breaks.

#![allow(clippy::unwrap_used)]

mod broken;
mod fault;
mod file;
mod stray;

use std::collections::BTreeSet;
use std::sync::Arc;

use broken::Broken;
use fault::{FAULTS, Fault};
use holdall_testkit::pathio::{Case, Instance, cases, conformance};
use holdall_testkit::{Conformance, Verdict};

fn run(fault: Option<Fault>) -> Conformance<Case> {
    conformance(move || async move { Instance::new(Arc::new(Broken::with(fault))) })
}

#[tokio::test]
async fn each_fault_is_found_by_its_case() {
    let mut missed = Vec::new();
    for &(fault, case) in FAULTS {
        let report = run(Some(fault)).only([case]).await;
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
async fn the_path_io_without_a_fault_passes() {
    run(None).name("unbroken").await.assert_passed();
}

#[test]
fn every_family_has_a_fault() {
    let family = |name: &str| name.split('/').next().map(str::to_owned);
    let families: BTreeSet<_> = cases().iter().filter_map(|c| family(c.name())).collect();
    let broken: BTreeSet<_> = FAULTS.iter().filter_map(|(_, case)| family(case)).collect();
    let missed: Vec<_> = families.difference(&broken).collect();
    assert!(missed.is_empty(), "families without a fault: {missed:?}");
}
