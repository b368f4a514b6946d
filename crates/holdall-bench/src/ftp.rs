//! FTP servers beside each other: `cargo xtask bench ftp [ROW [SERVER...]]`.
//!
//! Each server is a process of its own over a folder of its own, in memory where
//! the machine has such a file system. All run at the same time, and one works. The
//! client is code that blocks, with blocks of 256 KiB, and does nothing with what
//! it gets but count it. The last contender is no server: it copies between a
//! file and a socket, which is what the others could reach at best.

mod client;
mod contenders;
mod idle;
mod rows;
mod serve;
mod server;
mod vsftpd;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::seq::SliceRandom;

use rows::Row;
use server::Server;

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Done<T = ()> = Result<T, Failure>;

/// Runs the comparison and prints its tables, or serves as one of the
/// contenders where the arguments say so.
pub fn compare() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let done = match arguments.as_slice() {
        [command, server, ip, folder] if command == serve::COMMAND => {
            serve::serve(server, ip, Path::new(folder))
        }
        _ => compare_servers(&arguments),
    };
    done.map_err(|error| error as Box<dyn std::error::Error>)
}

fn compare_servers(arguments: &[String]) -> Done {
    let row_name = arguments.first().map_or("", String::as_str);
    let server_names = arguments.get(1..).unwrap_or_default();
    let parent = in_memory();
    let home = tempfile::tempdir_in(&parent)?;
    let servers = start(server_names, home.path())?;
    println!(
        "FTP servers, medians, in a new order every round; files in {}",
        parent.display()
    );
    println!("in brackets: its time / that of the first in the same round, median");
    println!("vsftpd, pyftpdlib, libunftp and aioftp write in place: a cut upload shows\n");
    for row in rows::ALL.iter().filter(|row| row.name.contains(row_name)) {
        compare_row(row, &servers)?;
    }
    if idle::NAME.contains(row_name) {
        let contenders: Vec<_> = servers.iter().map(|server| server.contender).collect();
        drop(servers);
        idle::compare(&contenders, home.path());
    }
    Ok(())
}

/// Those that can be started, each in a folder of its own: all, or those whose names
/// contain one of `names`.
fn start(names: &[String], home: &Path) -> Done<Vec<Server>> {
    let mut servers = Vec::new();
    let mut addresses = (2..).map(|last| Ipv4Addr::new(127, 0, 0, last));
    let is_wanted =
        |name: &str| names.is_empty() || names.iter().any(|part| name.contains(part.as_str()));
    for contender in contenders::ALL.iter().filter(|one| is_wanted(one.name)) {
        let folder = home.join(servers.len().to_string());
        server::make_folder(&folder)?;
        let ip = addresses.next().unwrap_or(Ipv4Addr::LOCALHOST);
        match Server::start(contender, ip, &folder) {
            Ok(server) => servers.push(server),
            Err(error) => println!("SKIPPED: {}: {error}\n", contender.name),
        }
    }
    Ok(servers)
}

fn in_memory() -> PathBuf {
    let shared_memory = Path::new("/dev/shm");
    match shared_memory.is_dir() {
        true => shared_memory.to_owned(),
        false => std::env::temp_dir(),
    }
}

/// What one server took in each round; `None` where it could not do it.
type Samples = Vec<Option<Duration>>;

fn compare_row(row: &Row, servers: &[Server]) -> Done {
    let mut samples: Vec<Samples> = vec![Samples::new(); servers.len()];
    // The first round only warms up. Whoever fails once is left out.
    for round in 0..=row.rounds {
        let mut order: Vec<usize> = (0..servers.len()).collect();
        order.shuffle(&mut rand::rng());
        for index in order {
            let (server, samples) = (&servers[index], &mut samples[index]);
            let has_failed = samples.iter().any(Option::is_none);
            if has_failed || !row.can_be_done_by(server.contender) {
                continue;
            }
            match row.run(server) {
                Ok(took) if round > 0 => samples.push(Some(took)),
                Ok(_) => {}
                Err(error) => {
                    println!("{}: {}: {error}", row.name, server.contender.name);
                    samples.push(None);
                }
            }
        }
    }
    print_row(row, servers, &samples);
    Ok(())
}

fn print_row(row: &Row, servers: &[Server], samples: &[Samples]) {
    println!("{} ({} rounds)", row.name, row.rounds);
    for (server, own) in servers.iter().zip(samples) {
        let took = median(own.iter().flatten().map(Duration::as_secs_f64));
        let pairs = own.iter().zip(&samples[0]);
        let ratios = pairs.filter_map(|(own, first)| {
            Some(own.as_ref()?.as_secs_f64() / first.as_ref()?.as_secs_f64())
        });
        if let (Some(took), Some(ratio)) = (took, median(ratios)) {
            let figure = row.figure(took);
            println!(
                "  {:<26}{figure:>14}  ({ratio:>6.2})",
                server.contender.name
            );
        }
    }
    println!();
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
