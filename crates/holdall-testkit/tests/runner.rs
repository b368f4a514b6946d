//! What a run does with backends that misbehave, and what its report says.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use holdall::{AsyncMemoryBackend, Capability, CapabilitySet};
use holdall_testkit::{Conformance, Instance, Masked, Verdict, cases, conformance};

fn memory() -> Conformance {
    conformance(|| async { AsyncMemoryBackend::new() })
}

fn message(verdict: Option<&Verdict>) -> &str {
    match verdict {
        Some(Verdict::Failed(message)) => message,
        other => panic!("not a failure: {other:?}"),
    }
}

#[tokio::test]
async fn a_hang_is_a_failure_of_its_case_and_not_of_the_run() {
    let hangs = conformance(std::future::pending::<AsyncMemoryBackend>);
    let report = hangs
        .name("hangs")
        .only(["exists/at_file"])
        .watchdog(Duration::from_millis(50))
        .await;
    assert!(
        message(report.verdict("exists/at_file")).contains("hangs"),
        "{report}"
    );
}

#[tokio::test]
async fn a_blocked_thread_does_not_stop_the_run() {
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Arc::new(std::sync::Mutex::new(blocked));
    let blocks = conformance(move || {
        let blocked = Arc::clone(&blocked);
        async move {
            let _ = blocked.lock().unwrap().recv();
            AsyncMemoryBackend::new()
        }
    });
    let report = blocks
        .name("blocks")
        .only(["exists/at_file"])
        .watchdog(Duration::from_millis(50))
        .await;
    assert!(
        message(report.verdict("exists/at_file")).contains("hangs"),
        "{report}"
    );
    drop(release);
}

#[tokio::test]
async fn a_panic_is_a_failure_of_its_case() {
    let made = Arc::new(AtomicUsize::new(0));
    let panics = conformance(move || {
        let earlier = made.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(earlier > 0, "no backend today");
            AsyncMemoryBackend::new()
        }
    });
    let cases = ["exists/at_file", "exists/at_folder"];
    let report = panics.only(cases).concurrency(1).await;
    assert!(
        message(report.verdict(cases[0])).contains("no backend today"),
        "{report}"
    );
    assert_eq!(report.verdict(cases[1]), Some(&Verdict::Passed));
}

#[tokio::test]
async fn a_report_lists_each_case_and_ends_with_the_totals() {
    let report = memory()
        .name("mine")
        .only(["exists/", "glob/literal"])
        .await;
    let text = report.to_string();
    assert!(text.contains("passed   exists/at_file\n"), "{text}");
    assert!(
        text.contains("skipped  glob/literal (the backend does not support 'glob')\n"),
        "{text}"
    );
    let passed = report.passed();
    assert!(
        text.ends_with(&format!("mine: {passed} passed, 0 failed, 1 skipped")),
        "{text}"
    );
    assert_eq!(report.cases().len(), passed + 1);
    report.assert_passed();
}

#[tokio::test]
async fn a_report_is_named_after_the_backend_by_default() {
    let report = memory().only(["exists/at_file"]).await;
    assert_eq!(report.name(), "async-memory");
}

#[tokio::test]
#[should_panic(expected = "the contract does not hold")]
async fn a_run_without_a_passed_case_proves_nothing() {
    memory().only(["no/such case"]).await.assert_passed();
}

/// The gates, one at a time: a case that calls what it does not say it needs
/// would fail on a backend that cannot.
#[tokio::test]
async fn what_a_backend_does_not_claim_is_not_tested() {
    let gates = cases()
        .iter()
        .flat_map(|case| case.needs().to_vec())
        .collect::<BTreeSet<_>>();
    let slow = ["races/", "cancellation/"];
    let quick: Vec<_> = cases()
        .iter()
        .map(|case| case.name().to_owned())
        .filter(|name| !slow.iter().any(|family| name.starts_with(family)))
        .collect();
    let mut failures = String::new();
    for gate in gates {
        // A backend that says less of its own results than it does is wrong.
        if gate == Capability::WriteResultNative {
            continue;
        }
        let mask = match gate {
            Capability::Read => {
                let less = CapabilitySet::all().without(Capability::SeekableRead);
                less.without(Capability::LazyRead).without(gate)
            }
            Capability::Move => CapabilitySet::all()
                .without(Capability::AtomicMove)
                .without(gate),
            _ => CapabilitySet::all().without(gate),
        };
        let report =
            conformance(move || async move { Masked::new(AsyncMemoryBackend::new(), mask) });
        let report = report
            .name(format!("without-{gate}"))
            .only(quick.clone())
            .await;
        failures.push_str(&report.failures());
        for case in report.cases() {
            let needed = case.case.needs().contains(&gate);
            let skipped = matches!(case.verdict, Verdict::Skipped(_));
            assert!(skipped || !needed, "{case}");
        }
    }
    assert!(!failures.contains("FAILED"), "{failures}");
}

#[tokio::test]
async fn what_an_instance_keeps_outlives_its_case() {
    let dropped = Arc::new(AtomicUsize::new(0));
    struct Guard(Arc<AtomicUsize>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let counter = Arc::clone(&dropped);
    let report = conformance(move || {
        let guard = Guard(Arc::clone(&counter));
        async move { Instance::new(AsyncMemoryBackend::new()).keeping(guard) }
    })
    .name("guarded")
    .only(["exists/at_file", "exists/at_folder"])
    .await;
    report.assert_passed();
    assert_eq!(dropped.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn every_capability_has_a_case_that_needs_it() {
    let cases = cases();
    for capability in Capability::ALL {
        // They promise how, not what.
        if matches!(capability, Capability::SeekableRead | Capability::LazyRead) {
            continue;
        }
        let needed = cases.iter().any(|case| case.needs().contains(&capability));
        assert!(needed, "no case needs '{capability}'");
    }
}
