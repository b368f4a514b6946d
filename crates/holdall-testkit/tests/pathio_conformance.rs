//! The rules of the path-IO layer against Holdall's own path IOs.

mod path_ios;

use std::collections::BTreeSet;

use holdall_testkit::{Verdict, pathio};

#[test]
fn every_case_has_a_name_of_its_own_and_a_rule() {
    let cases = pathio::cases();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name()).collect();
    assert_eq!(names.len(), cases.len(), "two cases share a name");
    for case in &cases {
        assert!(case.name().contains('/'), "{case:?} is in no family");
        assert!(case.rule().contains(' '), "{case:?} cites no rule");
    }
}

/// And every case passes somewhere, so none is there for nothing.
#[tokio::test]
async fn every_path_io_keeps_the_rules() {
    let all = pathio::cases();
    let mut unused: BTreeSet<_> = all.iter().map(|case| case.name().to_owned()).collect();
    let mut failures = String::new();
    for (name, run) in path_ios::all() {
        let run = match std::env::var("HOLDALL_CASES") {
            Ok(cases) => run.only(cases.split(',')),
            Err(_) => run,
        };
        let report = run.name(name).await;
        if report.failed() > 0 {
            failures.push_str(&report.failures());
            failures.push('\n');
        }
        println!("{}", report.totals());
        for case in report.cases() {
            if case.verdict == Verdict::Passed {
                unused.remove(case.case.name());
            }
        }
    }
    assert!(failures.is_empty(), "the rules do not hold:\n{failures}");
    assert!(unused.is_empty(), "cases that apply nowhere: {unused:?}");
}
