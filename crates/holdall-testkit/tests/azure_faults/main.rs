//! The Azure backend among faults: every operation, with every fault at each of
//! its requests in turn, and with every request faulty.
//!
//! The end is what the caller was told, never half a file, never a refusal for
//! one's own write, never a source without its copy, and no more attempts than
//! the policy allows.

#![allow(clippy::unwrap_used, clippy::panic)]

mod cell;
mod faults;
mod lane;
mod operations;
mod secrets;

use std::collections::BTreeMap;

use cell::Cell;
use faults::Trouble;
use lane::Lane;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flat_account_among_faults() {
    if let Some(lane) = Lane::by_key().await {
        run(lane).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hierarchical_account_among_faults() {
    run(Lane::hierarchical().await).await;
}

/// Fills the whole matrix, and only then says what is wrong with it.
async fn run(lane: Lane) {
    let mut rows = Vec::new();
    let mut wrong = Vec::new();
    for operation in operations::all() {
        let usual = cell::without_faults(&lane, &operation).await;
        let mut row = BTreeMap::new();
        for trouble in Trouble::ALL {
            let mut tally = Tally::default();
            for cell in Cell::all(trouble, usual.len()) {
                match cell.play(&lane, &operation, &usual).await {
                    Ok(outcome) => tally.count(outcome),
                    Err(reason) => {
                        tally.wrong += 1;
                        wrong.push(format!(
                            "{} {}, {cell}: {reason}",
                            lane.name, operation.name
                        ));
                    }
                }
            }
            row.insert(trouble, tally);
        }
        rows.push((operation.name, usual.len(), row));
    }
    print(&lane, &rows);
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// How often what happened.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    done: u32,
    failed: u32,
    wrong: u32,
}

impl Tally {
    fn count(&mut self, outcome: cell::Outcome) {
        match outcome {
            cell::Outcome::Done => self.done += 1,
            cell::Outcome::Failed => self.failed += 1,
            cell::Outcome::Untouched => {}
        }
    }
}

type Row = (&'static str, usize, BTreeMap<Trouble, Tally>);

fn print(lane: &Lane, rows: &[Row]) {
    let mut sum = Tally::default();
    println!(
        "\n{}: done / failed as told, for a fault at each request and at all",
        lane.name
    );
    print!("{:<24}{:>4}", "", "req");
    for trouble in Trouble::ALL {
        print!("{:>11}", trouble.name());
    }
    println!();
    for (name, requests, row) in rows {
        print!("{name:<24}{requests:>4}");
        for tally in row.values() {
            let mark = if tally.wrong > 0 { "!" } else { "" };
            print!("{:>11}", format!("{mark}{}/{}", tally.done, tally.failed));
            sum.done += tally.done;
            sum.failed += tally.failed;
            sum.wrong += tally.wrong;
        }
        println!();
    }
    println!(
        "{}: {} done, {} failed as told, {} wrong",
        lane.name, sum.done, sum.failed, sum.wrong
    );
}
