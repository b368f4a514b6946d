//! The contract against Holdall's own backends.

mod subjects;

use std::collections::BTreeSet;

use holdall_testkit::cases;

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

#[tokio::test]
async fn every_backend_keeps_the_contract() {
    for (name, run) in subjects::all() {
        run.name(name).await.assert_passed();
    }
}
