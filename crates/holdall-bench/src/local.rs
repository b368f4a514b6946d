//! Small files on local disk: one operation at a time, and 64 in flight.
//!
//! `cargo xtask bench local [FOLDER]`; without a folder, the system's temporary
//! one.

mod contenders;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rand::seq::SliceRandom;

use contenders::{Contender, Failure, all};

const ROUNDS: usize = 9;
const FILES: usize = 1024;
const SIZE: usize = 4096;
const IN_FLIGHT: [usize; 2] = [1, 64];
const OPERATIONS: [Operation; 4] = [
    Operation::Write,
    Operation::Read,
    Operation::Stat,
    Operation::Delete,
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Operation {
    Write,
    Read,
    Stat,
    Delete,
}

/// Times of one cell: contender, in flight, operation.
type Times = BTreeMap<(String, usize, Operation), Vec<Duration>>;

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
    let mut times = Times::new();
    for round in 0..=ROUNDS {
        for in_flight in IN_FLIGHT {
            let folder = home.path().join(format!("{round}-{in_flight}"));
            runtime
                .block_on(one_round(&folder, round, in_flight, &mut times))
                .map_err(|error| error as Box<dyn std::error::Error>)?;
            std::fs::remove_dir_all(&folder)?;
        }
    }
    print_table(&parent, &times);
    Ok(())
}

/// Every contender once, in a new order; the first round only warms up.
async fn one_round(
    folder: &Path,
    round: usize,
    in_flight: usize,
    times: &mut Times,
) -> Result<(), Failure> {
    let mut order: Vec<usize> = (0..all(folder)?.len()).collect();
    order.shuffle(&mut rand::rng());
    for index in order {
        let contenders = all(folder)?;
        let contender = Arc::clone(&contenders[index]);
        for operation in OPERATIONS {
            let begin = Instant::now();
            run(&contender, operation, in_flight).await?;
            let took = begin.elapsed() / FILES as u32;
            if round > 0 {
                let cell = (contender.name().to_owned(), in_flight, operation);
                times.entry(cell).or_default().push(took);
            }
        }
    }
    Ok(())
}

async fn run(
    contender: &Arc<dyn Contender>,
    operation: Operation,
    in_flight: usize,
) -> Result<(), Failure> {
    let tasks: Vec<_> = (0..in_flight)
        .map(|task| {
            let contender = Arc::clone(contender);
            tokio::spawn(async move {
                let content = Bytes::from(vec![7; SIZE]);
                for file in (task..FILES).step_by(in_flight) {
                    step(&*contender, operation, &format!("f{file}"), &content).await?;
                }
                Ok::<(), Failure>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// One call, its result checked.
async fn step(
    contender: &dyn Contender,
    operation: Operation,
    name: &str,
    content: &Bytes,
) -> Result<(), Failure> {
    match operation {
        Operation::Write => contender.write(name, content.clone()).await?,
        Operation::Read => {
            if contender.read(name).await? != SIZE {
                return Err("a read was not whole".into());
            }
        }
        Operation::Stat => {
            if contender.stat(name).await? != SIZE as u64 {
                return Err("a size was wrong".into());
            }
        }
        Operation::Delete => contender.delete(name).await?,
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Medians in microseconds, and the median of the same-round ratios of every
/// peer to Holdall: above 1, Holdall is ahead.
fn print_table(parent: &Path, times: &Times) {
    println!(
        "{SIZE} B files in {}, {FILES} a phase, medians of {ROUNDS} rounds",
        parent.display()
    );
    println!("us a call, and (time of the peer / time of Holdall in the same round)\n");
    let mut names: Vec<&String> = times.keys().map(|(name, _, _)| name).collect();
    names.dedup();
    for in_flight in IN_FLIGHT {
        println!("{in_flight} in flight");
        for name in &names {
            print!("  {name:<44}");
            for operation in OPERATIONS {
                let cell = &times[&((*name).clone(), in_flight, operation)];
                let ours = &times[&(contenders::HOLDALL.to_owned(), in_flight, operation)];
                let mut took: Vec<f64> = cell.iter().map(|d| d.as_secs_f64() * 1e6).collect();
                let pairs = cell.iter().zip(ours);
                let mut ratios: Vec<f64> = pairs
                    .map(|(peer, own)| peer.as_secs_f64() / own.as_secs_f64())
                    .collect();
                print!(
                    "{:>8} {:>7.1} ({:>5.2})",
                    format!("{operation:?}").to_lowercase(),
                    median(&mut took),
                    median(&mut ratios)
                );
            }
            println!();
        }
    }
}
