//! The path-IO layer, call by call, beside `std::fs` and Python's aioftp.
//!
//! `cargo xtask bench pathio [FOLDER]`; without a folder, the system's temporary
//! one.

mod contenders;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::seq::SliceRandom;

use contenders::{Call, Contender, Done, Job, all};

const ROUNDS: usize = 9;
const SMALL_FILES: usize = 1000;
const SMALL: usize = 4 * 1024;
const LARGE: usize = 64 * 1024 * 1024;

/// What is done in this order: its name, the call, how often, and of what size.
const PHASES: [(&str, Call, usize, usize); 7] = [
    ("write 4 KiB", Call::Write, SMALL_FILES, SMALL),
    ("exists", Call::Exists, SMALL_FILES, SMALL),
    ("stat", Call::Stat, SMALL_FILES, SMALL),
    ("read 4 KiB", Call::Read, SMALL_FILES, SMALL),
    ("list 1000, each with its stat", Call::List, 5, SMALL_FILES),
    ("write 64 MiB", Call::Write, 1, LARGE),
    ("read 64 MiB", Call::Read, 1, LARGE),
];

/// Times of one cell, by round: the number of the contender and of the phase.
type Times = BTreeMap<(usize, usize), Vec<Duration>>;

/// Runs the comparison and prints its table.
pub fn compare() -> Result<(), Box<dyn std::error::Error>> {
    let parent = std::env::args()
        .nth(2)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let home = tempfile::tempdir_in(&parent)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let compared = runtime.block_on(rounds(home.path()));
    let (names, times) = compared.map_err(|error| error as Box<dyn std::error::Error>)?;
    print_table(&parent, &names, &times);
    Ok(())
}

async fn rounds(home: &Path) -> Done<(Vec<&'static str>, Times)> {
    let (names, mut contenders): (Vec<_>, Vec<_>) = all(home)?.into_iter().unzip();
    let mut times = Times::new();
    for round in 0..=ROUNDS {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.shuffle(&mut rand::rng());
        for index in order {
            let folder = format!("{round}-{index}");
            let took = one_round(&mut contenders[index], home, &folder).await;
            let took = took.map_err(|error| format!("{}: {error}", names[index]))?;
            for (phase, took) in took.into_iter().enumerate() {
                // The first round only warms up.
                if round > 0 {
                    times.entry((index, phase)).or_default().push(took);
                }
            }
        }
        std::fs::read_dir(home)?.try_for_each(|folder| std::fs::remove_dir_all(folder?.path()))?;
    }
    Ok((names, times))
}

/// All phases of one contender, each call's time.
async fn one_round(contender: &mut Contender, home: &Path, folder: &str) -> Done<Vec<Duration>> {
    let mut took = Vec::new();
    for (_, call, count, size) in PHASES {
        let kind = if size == LARGE { "large" } else { "small" };
        let job = Job {
            call,
            folder: format!("{folder}/{kind}"),
            count,
            size,
        };
        took.push(contender.run(home, &job).await? / count as u32);
    }
    Ok(took)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Medians in microseconds, and the medians of the same-round ratios to `std::fs`:
/// below 1, the contender is ahead.
fn print_table(parent: &Path, names: &[&str], times: &Times) {
    println!(
        "in {}, medians of {ROUNDS} rounds: us a call (time / that of std::fs in the same round)",
        parent.display()
    );
    println!("std::fs and aioftp confine nothing, and what they write shows half");
    for (phase, (name, ..)) in PHASES.iter().enumerate() {
        println!("\n{name}");
        for (index, contender) in names.iter().enumerate() {
            let (own, std) = (&times[&(index, phase)], &times[&(0, phase)]);
            let took = own.iter().map(|took| took.as_secs_f64() * 1e6);
            let ratios = own
                .iter()
                .zip(std)
                .map(|(own, std)| own.as_secs_f64() / std.as_secs_f64());
            println!(
                "  {contender:<20} {:>10.1} ({:>5.2})",
                median(took.collect()),
                median(ratios.collect())
            );
        }
    }
}
