//! Calls from many threads at once.

use std::sync::Barrier;
use std::thread;

use bytes::Bytes;
use holdall::{Capability, DeleteOptions, Error, ErrorKind, Store, WritableContent, WriteOptions};

use crate::blocking_fixture::BlockingFixture;
use crate::content::noise;
use crate::fixture::expect_same;
use crate::stop::{Checked, Stop, ensure, ensure_eq};
use crate::suite::Family;

const THREADS: usize = 32;
const ROUNDS: usize = 8;

type Create = fn(&Store, &str, Bytes) -> Result<(), Error>;

pub(super) fn register(family: &mut Family<'_>) {
    let creators: [(&str, Capability, Create); 4] = [
        ("write", Capability::Write, |store, path, content| {
            store.write(path, content).map(drop)
        }),
        (
            "write_from_a_reader",
            Capability::Write,
            |store, path, content| {
                let content = WritableContent::from_reader(content.as_ref());
                store.write(path, content).map(drop)
            },
        ),
        (
            "write_atomic",
            Capability::AtomicWrite,
            |store, path, content| store.write_atomic(path, content).map(drop),
        ),
        (
            "open_atomic",
            Capability::AtomicWrite,
            |store, path, content| {
                let mut file = store.open_atomic(path)?;
                std::io::Write::write_all(&mut file, &content)?;
                file.commit().map(drop)
            },
        ),
    ];
    for (name, gate, create) in creators {
        family.blocking_case(
            format!("one_of_32_threads_creates_by_{name}"),
            "of 32 threads that create one path exactly one succeeds, its content is there, and \
             the others get AlreadyExists",
            [gate, Capability::Write, Capability::Read],
            move |t| one_creator(t, create),
        );
    }
    family.blocking_case(
        "threads_that_mix_calls",
        "32 threads that write, read, list and delete neither hang nor see each other's files",
        [
            Capability::Write,
            Capability::Read,
            Capability::List,
            Capability::Delete,
        ],
        mixed,
    );
    family.blocking_case(
        "a_stream_goes_on_in_another_thread",
        "streams, listings and atomic files may be moved to another thread midway",
        [Capability::Write, Capability::Read, Capability::List],
        moved,
    );
}

/// Runs `work` in many threads that begin together; their results in order.
fn together<T: Send>(work: impl Fn(usize) -> T + Sync) -> Checked<Vec<T>> {
    let (barrier, work) = (Barrier::new(THREADS), &work);
    let barrier = &barrier;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                scope.spawn(move || {
                    barrier.wait();
                    work(number)
                })
            })
            .collect();
        let results = threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| panicked()));
        results.collect()
    })
}

fn panicked() -> Stop {
    Stop::Failed("a thread of the case panicked".to_owned())
}

fn content_of(number: usize) -> Bytes {
    noise(number as u64, 500 + number)
}

fn one_creator(t: &BlockingFixture, create: Create) -> Checked {
    for round in 0..ROUNDS {
        let path = format!("round-{round}/target");
        let results = together(|number| create(&t.store, &path, content_of(number)))?;
        let mut winners = Vec::new();
        for (number, result) in results.into_iter().enumerate() {
            match result {
                Ok(()) => winners.push(number),
                Err(error) => ensure_eq!(error.kind(), ErrorKind::AlreadyExists, "a loser's error"),
            }
        }
        ensure_eq!(winners.len(), 1, "the number of winners");
        for winner in winners {
            t.expect_content(&path, content_of(winner))?;
        }
    }
    Ok(())
}

fn mixed(t: &BlockingFixture) -> Checked {
    let results = together(|number| {
        for round in 0..ROUNDS {
            use_alone(&t.store, number, round)?;
        }
        Ok::<_, Stop>(())
    })?;
    for result in results {
        result?;
    }
    ensure!(t.files()?.is_empty(), "files are left");
    Ok(())
}

/// Calls in a folder that only one thread uses.
fn use_alone(store: &Store, number: usize, round: usize) -> Checked {
    let path = format!("thread-{number}/file-{round}");
    let first = noise((number * ROUNDS + round) as u64, 40_000 + number);
    store.write(&path, WritableContent::from_reader(first.as_ref()))?;
    expect_same(&store.read_bytes(&path)?, &first, &path)?;
    let second = content_of(number + round);
    store.write_with(&path, second.clone(), WriteOptions::new().overwrite(true))?;
    expect_same(&store.read(&path)?.bytes()?, &second, &path)?;
    let listed = store.list_files(&format!("thread-{number}"))?;
    let listed = listed.collect::<Result<Vec<_>, _>>()?;
    ensure_eq!(listed.len(), 1, "the files of thread {number}");
    store.delete(&path)?;
    store.delete_with(&path, DeleteOptions::new().missing_ok(true))?;
    ensure!(!store.exists(&path)?, "{path:?} is there after its delete");
    Ok(())
}

fn moved(t: &BlockingFixture) -> Checked {
    let content = noise(1, 2_000_000);
    t.put("folder/large", content.clone())?;
    t.put("folder/small", "content")?;
    let mut stream = t.store.read("folder/large")?;
    let first = stream.next_chunk()?.unwrap_or_default();
    let mut entries = t.store.list_files("folder")?;
    entries.next().transpose()?;
    let elsewhere = thread::spawn(move || {
        let rest = stream.bytes()?;
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Error>((rest, entries.len()))
    });
    let (rest, entries) = elsewhere.join().map_err(|_| panicked())??;
    expect_same(
        &[first, rest].concat(),
        &content,
        "a file that two threads read",
    )?;
    ensure_eq!(entries, 1, "the entries that were left");
    Ok(())
}
