//! Clients that misbehave for as many minutes as the argument says, or a few
//! seconds without one: 64 of them, who store, read back, and stop in the middle in
//! every way there is.
//!
//! Afterwards no descriptor is left open, and every file that shows is whole.

#[path = "../tests/served/mod.rs"]
mod served;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use holdall::pathio::AsyncPathIo;
use holdall_ftp_peers::{Failure, Pace, RawSession, Site, content};
use served::Served;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CLIENTS: u64 = 64;

/// What was done how often.
type Tally = BTreeMap<&'static str, u64>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let minutes: f64 = std::env::args()
        .nth(1)
        .unwrap_or_default()
        .parse()
        .unwrap_or(0.1);
    let end = Instant::now() + Duration::from_secs_f64(60.0 * minutes);
    let folder = tempfile::tempdir()?;
    let served = Served::over(Arc::new(AsyncPathIo::new(folder.path())?)).await;
    let before = descriptors()?;

    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| tokio::spawn(client(served.site.clone(), number, end)))
        .collect();
    let mut tally = Tally::new();
    for client in clients {
        for (what, count) in client.await?? {
            *tally.entry(what).or_default() += count;
        }
    }
    let whole = check_files(&served.site).await?;
    let after = descriptors_at_rest(before).await?;
    let sessions = served.handle.sessions();
    served.stop().await;

    println!("{minutes} minutes, {CLIENTS} clients: {tally:?}");
    println!("{whole} files show, every one whole");
    println!("descriptors: {before} before, {after} after; sessions left: {sessions}");
    if after > before || sessions > 0 {
        return Err("something was left open".into());
    }
    Ok(())
}

async fn client(site: Site, number: u64, end: Instant) -> Result<Tally, Failure> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (number << 17));
    let mut tally = Tally::new();
    while Instant::now() < end {
        let mut session = RawSession::log_in(&site).await?;
        for _ in 0..random.below(20) {
            let (what, goes_on) = step(&mut session, number, &mut random)
                .await
                .map_err(|error| format!("client {number}: {error}"))?;
            *tally.entry(what).or_default() += 1;
            if !goes_on {
                break;
            }
        }
    }
    Ok(tally)
}

/// Does one thing; says what, and whether the session goes on.
async fn step(
    session: &mut RawSession,
    client: u64,
    random: &mut Random,
) -> Result<(&'static str, bool), Failure> {
    let seed = random.below(256) as u8;
    let length = random.below(300_000) as usize;
    // The name tells the content.
    let name = format!("c{client}-{seed}-{length}");
    let bytes = content(seed, length);
    let (half, _) = bytes.split_at(length / 2);
    let pace = Pace {
        block: 1 + random.below(100_000) as usize,
        pause: Duration::ZERO,
    };
    match random.below(8) {
        0 | 1 => {
            session.store(&name, &bytes, pace).await?;
            if session.retrieve(&name, pace).await? != bytes {
                return Err(format!("{name} came back as another").into());
            }
            if random.below(2) == 0 {
                session.call(&format!("DELE {name}"), "250").await?;
            }
            Ok(("stored and read back", true))
        }
        2 => {
            let mut data = session.data(&format!("STOR {name}")).await?;
            data.write_all(half).await?;
            session.send("ABOR").await?;
            // 426 and 226, in this order.
            session.expect("426").await?;
            session.expect("226").await?;
            Ok(("upload aborted", true))
        }
        3 => {
            let mut data = session.data(&format!("STOR {name}")).await?;
            data.write_all(half).await?;
            data.set_zero_linger()?;
            drop(data);
            session.expect("4").await?;
            Ok(("upload reset", true))
        }
        4 => {
            let mut data = session.data(&format!("STOR {name}")).await?;
            data.write_all(half).await?;
            data.set_zero_linger()?;
            Ok(("vanished in an upload", false))
        }
        5 => {
            session.store(&name, &bytes, Pace::FAST).await?;
            let mut data = session.data(&format!("RETR {name}")).await?;
            let mut some = vec![0; 1 + length / 3];
            let _ = data.read(&mut some).await?;
            drop(data);
            // It may have been sent whole before the client left.
            let reply = session.reply().await?;
            if !reply.starts_with("226") && !reply.starts_with("426") {
                return Err(reply.into());
            }
            Ok(("download left early", true))
        }
        6 => {
            session.call("EPSV", "229").await?;
            session.call("NOOP", "200").await?;
            Ok(("data connection never opened", true))
        }
        _ => {
            session.call("REST 0", "350").await?;
            session.send("PWD").await?;
            session.send("NOOP").await?;
            session.expect("257").await?;
            session.expect("200").await?;
            Ok(("pipelined", random.below(2) == 0))
        }
    }
}

/// Every file holds what its name says.
async fn check_files(site: &Site) -> Result<usize, Failure> {
    let mut session = RawSession::log_in(site).await?;
    let names = session.names("").await?;
    for name in &names {
        let mut parts = name.split('-').skip(1).map(str::parse::<usize>);
        let (Some(Ok(seed)), Some(Ok(length))) = (parts.next(), parts.next()) else {
            return Err(format!("{name} shows, which nobody stored").into());
        };
        if session.retrieve(name, Pace::FAST).await? != content(seed as u8, length) {
            return Err(format!("{name} is not whole").into());
        }
    }
    session.call("QUIT", "221").await?;
    Ok(names.len())
}

fn descriptors() -> std::io::Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

/// Sessions whose client has vanished end a moment later.
#[allow(clippy::disallowed_methods, reason = "a descriptor's end is no event")]
async fn descriptors_at_rest(wanted: usize) -> Result<usize, Failure> {
    for _ in 0..600 {
        if descriptors()? <= wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(descriptors()?)
}

/// Marsaglia's xorshift: the same run every time, as far as the machine lets it.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
