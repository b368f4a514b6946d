//! What sessions cost that do nothing.

use std::net::Ipv4Addr;
use std::path::Path;

use super::Done;
use super::client::Client;
use super::contenders::Contender;
use super::server::{Server, make_folder};

/// The name of the row.
pub const NAME: &str = "500 idle sessions";
const SESSIONS: usize = 500;

const MIB: f64 = 1024.0 * 1024.0;

/// Prints what each server's memory grows by.
pub fn compare(contenders: &[&'static Contender], home: &Path) {
    println!("{NAME}: memory at the start, and what they add");
    for (number, contender) in contenders.iter().enumerate() {
        if !contender.is_server {
            continue;
        }
        let folder = home.join(format!("idle-{number}"));
        match growth(contender, &folder) {
            Ok((before, after)) => println!(
                "  {:<26}{:>8.1} MiB  +{:.1} MiB",
                contender.name,
                before as f64 / MIB,
                after.saturating_sub(before) as f64 / MIB,
            ),
            Err(error) => println!("  {:<26}{error}", contender.name),
        }
    }
}

/// Bytes before and after.
fn growth(contender: &'static Contender, folder: &Path) -> Done<(u64, u64)> {
    make_folder(folder)?;
    let server = Server::start(contender, Ipv4Addr::LOCALHOST, folder)?;
    let before = memory(server.process())?;
    let opened = (0..SESSIONS).map(|_| Client::open(&server));
    let sessions = opened.collect::<Done<Vec<_>>>()?;
    let after = memory(server.process())?;
    drop(sessions);
    Ok((before, after))
}

/// Bytes of a process and those that it started.
fn memory(process: u32) -> Done<u64> {
    let children = children(process);
    if children.is_empty() {
        return entry(process, "status", "VmRSS:");
    }
    // Processes share pages, which must count once.
    let own = entry(process, "smaps_rollup", "Pss:")?;
    let theirs = children.into_iter().map(proportional);
    Ok(own + theirs.sum::<Done<u64>>()?)
}

fn proportional(process: u32) -> Done<u64> {
    let theirs = children(process).into_iter().map(proportional);
    Ok(entry(process, "smaps_rollup", "Pss:")? + theirs.sum::<Done<u64>>()?)
}

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let numbers = text.split_whitespace();
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// An entry of what the system tells of a process, in bytes
/// (<https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>).
fn entry(process: u32, file: &str, name: &str) -> Done<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/{file}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    let kib: u64 = number
        .ok_or_else(|| format!("no {name} in {file}"))?
        .parse()?;
    Ok(kib * 1024)
}
