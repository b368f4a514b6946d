//! The tables.

use std::time::Duration;

use super::job::{BLOCK, CONCURRENCY};
use super::rows::Row;
use super::usage::Usage;

/// One run of a near row.
#[derive(Clone, Copy)]
pub struct Sample {
    pub took: Duration,
    pub azurite: Usage,
    pub own: Usage,
}

/// One run of a far row, and one without latency.
#[derive(Clone, Copy, Default)]
pub struct Trip {
    pub near: Duration,
    pub far: Duration,
    pub requests: usize,
}

pub fn near_head() {
    let block = BLOCK / 1024 / 1024;
    println!("Azure libraries, each row on one Azurite, medians, peers shuffled every round");
    println!(
        "long transfers: {CONCURRENCY} blocks of {block} MiB in flight, as far as a library can be told"
    );
    println!("ratio: time of the peer / time of Holdall in the same round, median");
    println!("Azurite: share of the time that its main thread was on a processor, and that with");
    println!("the time in which it was ready to run; processor time of all its threads and of the");
    println!("contender in ms\n");
}

pub fn near_row(row: &Row, names: &[&str], samples: &[Vec<Sample>]) {
    println!("{} ({} rounds)", row.name, row.rounds);
    for (name, own) in names.iter().zip(samples) {
        let took = median(own.iter().map(|sample| sample.took.as_secs_f64()));
        let ratio = ratio(own, &samples[0], |sample| sample.took);
        let share = |busy: fn(&Sample) -> Duration| {
            let shares = own.iter();
            100.0 * median(shares.map(|s| busy(s).as_secs_f64() / s.took.as_secs_f64()))
        };
        let millis =
            |used: fn(&Sample) -> Duration| median(own.iter().map(|s| used(s).as_secs_f64() * 1e3));
        let figure = match row.is_rate {
            true => format!("{:>8.0} calls/s", row.job.count as f64 / took),
            false => format!("{:>8.0} ms     ", took * 1e3),
        };
        println!(
            "  {name:<26}{figure}  ({ratio:>5.2})   Azurite {:>3.0} % / {:>3.0} %  {:>6.0} ms   own {:>6.0} ms",
            share(|s| s.azurite.main),
            share(|s| s.azurite.main + s.azurite.queued),
            millis(|s| s.azurite.all),
            millis(|s| s.own.all),
        );
    }
}

pub fn far_head(latency: Duration) {
    println!("\nThe same with {latency:?} added to every request");
    println!("round trips: how much longer it took than without, in units of {latency:?}\n");
}

pub fn far_row(row: &Row, names: &[&str], trips: &[Vec<Trip>], latency: Duration) {
    println!("{} ({} rounds)", row.name, row.rounds);
    for (name, own) in names.iter().zip(trips) {
        let took = median(own.iter().map(|trip| trip.far.as_secs_f64()));
        let requests = median(own.iter().map(|trip| trip.requests as f64));
        let waits = median(own.iter().map(|trip| {
            (trip.far.as_secs_f64() - trip.near.as_secs_f64()) / latency.as_secs_f64()
        }));
        let ratio = ratio(own, &trips[0], |trip| trip.far);
        println!(
            "  {name:<26}{:>8.0} ms  ({ratio:>5.2})   {requests:>5.0} requests  {waits:>6.1} round trips",
            took * 1e3
        );
    }
}

/// The median of same-round ratios of a contender to the first one.
fn ratio<T>(own: &[T], first: &[T], took: fn(&T) -> Duration) -> f64 {
    let pairs = own.iter().zip(first);
    median(pairs.map(|(own, first)| took(own).as_secs_f64() / took(first).as_secs_f64()))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
