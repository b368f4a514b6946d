//! What the servers are asked to do.

use std::fs;
use std::time::{Duration, Instant};

use super::Done;
use super::client::{Client, check};
use super::contenders::Contender;
use super::server::Server;

const SMALL: u64 = 4096;
const LARGE: u64 = 1024 * 1024 * 1024;
/// The folder that is listed.
const MANY: &str = "many";
const MANY_ENTRIES: u64 = 10_000;
/// How many names a session writes to in turn.
const NAMES: u32 = 50;
/// For how long a job is repeated.
const TIME: Duration = Duration::from_millis(250);

/// One job.
#[derive(Clone, Copy)]
enum Job {
    Store(u64),
    Retrieve(u64),
    List(&'static str),
}

/// A row of the table.
pub struct Row {
    pub name: &'static str,
    pub rounds: usize,
    job: Job,
    /// How many sessions do it at the same time.
    sessions: usize,
}

const fn row(name: &'static str, job: Job, sessions: usize, rounds: usize) -> Row {
    Row {
        name,
        rounds,
        job,
        sessions,
    }
}

/// All of them.
pub static ALL: [Row; 8] = [
    row("STOR of 4 KiB", Job::Store(SMALL), 1, 7),
    row("RETR of 4 KiB", Job::Retrieve(SMALL), 1, 7),
    row("STOR of 4 KiB, 8 sessions", Job::Store(SMALL), 8, 7),
    row("RETR of 4 KiB, 8 sessions", Job::Retrieve(SMALL), 8, 7),
    row("STOR of 1 GiB", Job::Store(LARGE), 1, 5),
    row("RETR of 1 GiB", Job::Retrieve(LARGE), 1, 5),
    row("LIST of 10,000 entries", Job::List("LIST"), 1, 5),
    row("MLSD of 10,000 entries", Job::List("MLSD"), 1, 5),
];

impl Row {
    /// Whether the contender has what the row needs.
    pub fn can_be_done_by(&self, contender: &Contender) -> bool {
        contender.is_server || !matches!(self.job, Job::List(_))
    }

    /// Has the job done for a while by all sessions, and tells how long one took.
    pub fn run(&self, server: &Server) -> Done<Duration> {
        let opened = (0..self.sessions).map(|_| Client::open(server));
        let mut clients = opened.collect::<Done<Vec<_>>>()?;
        for (number, client) in clients.iter_mut().enumerate() {
            self.prepare(number, client, server)?;
        }
        let begin = Instant::now();
        let done = std::thread::scope(|scope| {
            let clients = clients.iter_mut().enumerate();
            let threads: Vec<_> = clients
                .map(|(number, client)| scope.spawn(move || self.repeat(number, client, begin)))
                .collect();
            let joined = threads.into_iter().map(|thread| match thread.join() {
                Ok(done) => done,
                Err(_) => Err("a client panicked".into()),
            });
            joined.sum::<Done<u32>>()
        })?;
        let took = begin.elapsed() / done;
        for (number, client) in clients.iter_mut().enumerate() {
            self.check_afterwards(number, client)?;
        }
        Ok(took)
    }

    fn repeat(&self, session: usize, client: &mut Client, begin: Instant) -> Done<u32> {
        let mut done = 0;
        while done == 0 || begin.elapsed() < TIME {
            match self.job {
                Job::Store(size) => client.store(&name(session, done), size)?,
                Job::Retrieve(size) => client.retrieve(&name(session, 0), size)?,
                Job::List(verb) => check("lines", client.list(verb, MANY)?, MANY_ENTRIES)?,
            }
            done += 1;
        }
        Ok(done)
    }

    fn prepare(&self, session: usize, client: &mut Client, server: &Server) -> Done {
        match self.job {
            Job::Store(_) => Ok(()),
            Job::Retrieve(size) => client.store(&name(session, 0), size),
            Job::List(verb) => match client.list(verb, MANY) {
                Ok(MANY_ENTRIES) => Ok(()),
                _ => fill(client, server),
            },
        }
    }

    fn check_afterwards(&self, session: usize, client: &mut Client) -> Done {
        match self.job {
            Job::Store(size) => client.retrieve(&name(session, 0), size),
            Job::Retrieve(_) | Job::List(_) => Ok(()),
        }
    }

    /// What is printed where one job takes so many seconds.
    pub fn figure(&self, seconds: f64) -> String {
        match self.job {
            Job::List(_) => format!("{:.1} ms", seconds * 1e3),
            Job::Store(LARGE) | Job::Retrieve(LARGE) => {
                format!("{:.0} MiB/s", LARGE as f64 / 1024.0 / 1024.0 / seconds)
            }
            Job::Store(_) | Job::Retrieve(_) => format!("{:.0} files/s", 1.0 / seconds),
        }
    }
}

fn name(session: usize, number: u32) -> String {
    format!("file-{session}-{}", number % NAMES)
}

/// Makes the files of the listing.
fn fill(client: &mut Client, server: &Server) -> Done {
    let names = (0..MANY_ENTRIES).map(|number| format!("{MANY}/file-{number:05}.bin"));
    if server.contender.is_in_memory {
        client.make_folder(MANY)?;
        return names
            .into_iter()
            .try_for_each(|name| client.store(&name, 0));
    }
    fs::create_dir_all(server.folder.join(MANY))?;
    for name in names {
        fs::write(server.folder.join(name), b"")?;
    }
    Ok(())
}
