//! The contract against real accounts, where variables name them.
//!
//! Every case has a container of its own, named `holdall-live-…`, which is
//! deleted at the end, also where a case failed.

#![allow(clippy::unwrap_used)]

mod azure;

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures::StreamExt as _;
use holdall::{AsyncAzureBackend, AzureBuilder, AzureClient, Timestamp};
use holdall_testkit::{Conformance, Instance, Report, conformance};

/// Containers that the suite has made.
type Made = Arc<Mutex<Vec<AzureClient>>>;

/// The connection string in `variable`, or a word that the test is skipped.
fn account(variable: &str) -> Option<String> {
    let account = std::env::var(variable).ok().filter(|text| !text.is_empty());
    if account.is_none() {
        say(&format!(
            "SKIPPED: no real account; set {variable} to a connection string"
        ));
    }
    account
}

/// Not `eprintln!`, which the runner of a passing test would hold back.
fn say(line: &str) {
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "{line}").unwrap();
}

fn fresh_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = Timestamp::now().as_nanosecond();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("holdall-live-{now:x}-{number}")
}

fn suite(connection_string: String, hns: bool, made: &Made) -> Conformance {
    let made = Arc::clone(made);
    conformance(move || {
        let (made, text) = (Arc::clone(&made), connection_string.clone());
        async move {
            let builder = azure::made(settings(text, hns)).await;
            let client = builder.clone().build_client().unwrap();
            made.lock().unwrap().push(client);
            Instance::new(builder.build().unwrap())
        }
    })
}

fn settings(connection_string: String, hns: bool) -> AzureBuilder {
    AsyncAzureBackend::builder(fresh_name())
        .connection_string(connection_string)
        .hns(hns)
}

async fn delete_all(made: &Made) {
    let made = std::mem::take(&mut *made.lock().unwrap());
    let mut deletions = futures::stream::iter(made)
        .map(|client| async move { client.delete_container().await })
        .buffer_unordered(8);
    while let Some(deleted) = deletions.next().await {
        if let Err(error) = deleted {
            say(&format!("a container stays behind: {error}"));
        }
    }
}

async fn keeps_the_contract(variable: &str, name: &str, hns: bool) {
    let Some(connection_string) = account(variable) else {
        return;
    };
    let made = Made::default();
    let report: Report = suite(connection_string, hns, &made).name(name).await;
    delete_all(&made).await;
    println!("{report}");
    report.assert_passed();
}

#[tokio::test]
async fn a_real_flat_account_keeps_the_contract() {
    keeps_the_contract("HOLDALL_LIVE_AZURE_FLAT", "azure-live-flat", false).await;
}

#[tokio::test]
async fn a_real_hierarchical_account_keeps_the_contract() {
    keeps_the_contract("HOLDALL_LIVE_AZURE_HNS", "azure-live-hns", true).await;
}
