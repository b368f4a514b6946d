//! The contract against Holdall's own backends.

mod subjects;

use std::collections::BTreeSet;

use holdall::driver::{CallContext, Outcome};
use holdall::{AsyncDriverBackend, MemoryDriver};
use holdall_testkit::{Interposed, Interposer, Verdict, cases, conformance};

#[test]
fn every_case_has_a_name_of_its_own_and_a_rule() {
    let cases = cases();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name()).collect();
    assert_eq!(names.len(), cases.len(), "two cases share a name");
    for case in &cases {
        assert!(case.name().contains('/'), "{case:?} is in no family");
        assert!(case.rule().contains(' '), "{case:?} cites no rule");
    }
}

/// Makes closing the end of a driver's use.
struct Terminal;

impl Interposer for Terminal {
    fn close_is_terminal(&self, _own: bool) -> bool {
        true
    }

    async fn before(&self, _cx: CallContext<'_>) -> Outcome<()> {
        Ok(())
    }

    async fn after(&self) {}
}

#[tokio::test]
async fn a_terminal_backend_keeps_the_contract() {
    let report = conformance(|| async {
        let driver = MemoryDriver::named("terminal-memory");
        AsyncDriverBackend::from_driver(Interposed::around(driver, Terminal))
    })
    .only(["lifecycle/"])
    .await;
    report.assert_passed();
    let terminal = report.verdict("lifecycle/refuses_after_a_terminal_close");
    assert_eq!(terminal, Some(&Verdict::Passed));
}

/// And every case passes somewhere, so none is there for nothing.
#[tokio::test]
async fn every_backend_keeps_the_contract() {
    let mut unused: BTreeSet<_> = cases().iter().map(|case| case.name().to_owned()).collect();
    // Closing is tested above, with a backend of its own.
    unused.remove("lifecycle/refuses_after_a_terminal_close");
    for (name, run) in subjects::all() {
        let report = run.name(name).await;
        report.assert_passed();
        for case in report.cases() {
            if case.verdict == Verdict::Passed {
                unused.remove(case.case.name());
            }
        }
    }
    assert!(unused.is_empty(), "cases that apply nowhere: {unused:?}");
}
