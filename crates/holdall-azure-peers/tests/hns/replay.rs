//! Recorded exchanges with a live account, played back against the fake one.

use std::collections::{BTreeMap, BTreeSet};

use holdall_azure_peers::{Authentication, Behaviour, HnsAccount};

use super::compare::Comparison;
use super::recording::{self, Exchange, Scenario};
use super::wire::{Request, send};

/// Differences that are meant, by what is said of them, and why.
const EXPLAINED: [(&str, &str); 1] = [(
    "x-ms-content-crc64 is missing",
    "a checksum of the service's own, which no client of ours asks for or reads",
)];

#[test]
fn the_fake_answers_as_the_live_account_did() {
    let mut compared = 0;
    let mut explained: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    let scenarios = recording::scenarios();
    for scenario in &scenarios {
        for (exchange, found) in play(scenario) {
            compared += 1;
            for difference in found {
                match EXPLAINED
                    .iter()
                    .find(|(known, _)| difference.starts_with(known))
                {
                    Some((known, _)) => *explained.entry(*known).or_default() += 1,
                    None => {
                        differences.push(format!("{}: {exchange}: {difference}", scenario.name))
                    }
                }
            }
        }
    }
    println!(
        "replay: {compared} exchanges of {} scenarios compared",
        scenarios.len()
    );
    for (known, reason) in EXPLAINED {
        let times = explained.get(known).copied().unwrap_or_default();
        println!("explained, {times} times: {known}: {reason}");
    }
    let unused: BTreeSet<_> = EXPLAINED
        .iter()
        .filter(|(known, _)| !explained.contains_key(known))
        .collect();
    assert!(unused.is_empty(), "explained, yet never seen: {unused:?}");
    assert!(
        differences.is_empty(),
        "{} unexplained differences\n{}",
        differences.len(),
        differences.join("\n")
    );
}

/// Sends every request of a scenario to an account of its own, in order.
fn play(scenario: &Scenario) -> Vec<(String, Vec<String>)> {
    let mut behaviour = Behaviour::default();
    // Credentials were taken out of the recordings.
    behaviour.authentication = Authentication::Ignored;
    let account = HnsAccount::start_with(behaviour).unwrap();
    if !scenario.creates_its_container() {
        let creation = Request::new("PUT", &scenario.container(), "restype=container");
        assert_eq!(send(&account.blob_endpoint(), creation).status, 201);
    }
    let mut comparison = Comparison::default();
    let play_one = |exchange: &Exchange| {
        if let Some(missed) = scenario.missed_write(exchange) {
            assert_eq!(send(&account.blob_endpoint(), missed).status, 201);
        }
        let endpoint = match exchange.endpoint.as_str() {
            "dfs" => account.dfs_endpoint(),
            _ => account.blob_endpoint(),
        };
        let answer = send(&endpoint, comparison.request(exchange));
        (
            exchange.to_string(),
            comparison.differences(exchange, &answer),
        )
    };
    scenario.exchanges.iter().map(play_one).collect()
}
