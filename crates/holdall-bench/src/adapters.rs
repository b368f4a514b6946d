//! What a call costs in microseconds, on either half of the interface and
//! across the two adapters, beside the bare round trips that an adapter cannot
//! do without: `cargo xtask bench adapters`.
//!
//! Callers are threads where calls block and tasks where they are awaited, all
//! on one backend. A figure is the time that all calls took together, divided
//! by their number: the median of the rounds.

use std::error::Error;
use std::future::Future;
use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use holdall::{
    AsyncBackendSyncAdapter, AsyncMemoryBackend, AsyncStore, MemoryBackend, Store,
    SyncBackendAdapter,
};
use rand::seq::SliceRandom;
use tokio::runtime::Runtime;

const CALLERS: [usize; 3] = [1, 16, 256];
const CALLS: usize = 10_240;
const ROUNDS: usize = 5;
const PATH: &str = "folder/file";
const SIZE: usize = 4096;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Clone, Copy)]
enum Work {
    Exists,
    Read,
}

const WORKS: [(Work, &str); 2] = [(Work::Exists, "exists"), (Work::Read, "read 4 KiB")];

/// Who is called, and how.
#[derive(Clone)]
enum Callee {
    Blocking(Store),
    Awaited(AsyncStore),
    /// A closure that does nothing, by `spawn_blocking`.
    SpawnBlocking,
    /// A thread that answers what it is sent, and does nothing else.
    Thread(mpsc::Sender<mpsc::SyncSender<()>>),
}

/// Times every contender with every number of callers, and prints the table.
pub fn compare() -> Result<(), Box<dyn Error>> {
    measure().map_err(|error| error.to_string().into())
}

fn measure() -> Outcome {
    let runtime = Runtime::new()?;
    let contenders = contenders(&runtime)?;
    for (work, title) in WORKS {
        println!("{title}, us a call with {CALLERS:?} callers");
        let mut figures = vec![[const { Vec::new() }; CALLERS.len()]; contenders.len()];
        let mut order: Vec<usize> = (0..contenders.len()).collect();
        for _ in 0..ROUNDS {
            order.shuffle(&mut rand::rng());
            for &index in &order {
                for (column, callers) in CALLERS.into_iter().enumerate() {
                    let figure = time(&contenders[index].1, work, callers, &runtime)?;
                    figures[index][column].push(figure);
                }
            }
        }
        for ((name, _), figures) in contenders.iter().zip(figures) {
            let columns = figures.map(|figures| format!("{:>9.2}", median(figures)));
            println!("{name:<44}{}", columns.concat());
        }
    }
    Ok(())
}

fn contenders(runtime: &Runtime) -> Outcome<Vec<(&'static str, Callee)>> {
    let private = AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new())?;
    let blocking = [
        ("Store, memory", Store::new(MemoryBackend::new(), "")?),
        (
            "Store, AsyncBackendSyncAdapter over memory",
            Store::new(private, "")?,
        ),
    ];
    let adapted = SyncBackendAdapter::new(MemoryBackend::new());
    let awaited = [
        (
            "AsyncStore, memory",
            AsyncStore::new(AsyncMemoryBackend::new(), "")?,
        ),
        (
            "AsyncStore, SyncBackendAdapter over memory",
            AsyncStore::new(adapted, "")?,
        ),
    ];
    let mut contenders = Vec::new();
    for (name, store) in blocking {
        store.write(PATH, vec![7; SIZE])?;
        contenders.push((name, Callee::Blocking(store)));
    }
    for (name, store) in awaited {
        runtime.block_on(store.write(PATH, vec![7; SIZE]))?;
        contenders.push((name, Callee::Awaited(store)));
    }
    contenders.push(("spawn_blocking, nothing done", Callee::SpawnBlocking));
    contenders.push((
        "std channel to a thread, nothing done",
        Callee::Thread(answering()),
    ));
    Ok(contenders)
}

/// A thread that answers each message until all senders are gone.
fn answering() -> mpsc::Sender<mpsc::SyncSender<()>> {
    let (sender, messages) = mpsc::channel::<mpsc::SyncSender<()>>();
    thread::spawn(move || {
        for reply in messages {
            // A caller that has gone needs no answer.
            let _ = reply.send(());
        }
    });
    sender
}

/// Microseconds a call.
fn time(callee: &Callee, work: Work, callers: usize, runtime: &Runtime) -> Outcome<f64> {
    let seconds = match callee.clone() {
        Callee::Blocking(store) => threads(callers, || || block(&store, work))?,
        Callee::Thread(sender) => threads(callers, || {
            let (reply, answer) = mpsc::sync_channel(1);
            let sender = sender.clone();
            move || {
                sender.send(reply.clone())?;
                Ok(answer.recv()?)
            }
        })?,
        Callee::Awaited(store) => runtime.block_on(tasks(callers, move || {
            let store = store.clone();
            async move { wait(&store, work).await }
        }))?,
        Callee::SpawnBlocking => runtime.block_on(tasks(callers, || async {
            Ok(tokio::task::spawn_blocking(|| ()).await?)
        }))?,
    };
    Ok(seconds * 1e6 / CALLS as f64)
}

fn block(store: &Store, work: Work) -> Outcome {
    match work {
        Work::Exists => check(store.exists(PATH)?),
        Work::Read => check(store.read_bytes(PATH)?.len() == SIZE),
    }
}

async fn wait(store: &AsyncStore, work: Work) -> Outcome {
    match work {
        Work::Exists => check(store.exists(PATH).await?),
        Work::Read => check(store.read_bytes(PATH).await?.len() == SIZE),
    }
}

fn check(right: bool) -> Outcome {
    if right {
        Ok(())
    } else {
        Err("a call gave a wrong answer".into())
    }
}

/// Seconds that all calls take on `callers` threads, which are there already.
fn threads<F: FnMut() -> Outcome>(callers: usize, make: impl Fn() -> F + Sync) -> Outcome<f64> {
    let start = Barrier::new(callers + 1);
    thread::scope(|scope| {
        let run = || {
            let mut call = make();
            start.wait();
            (0..CALLS / callers).try_for_each(|_| call())
        };
        let running: Vec<_> = (0..callers).map(|_| scope.spawn(run)).collect();
        start.wait();
        let begin = Instant::now();
        for thread in running {
            thread.join().map_err(|_| "a caller panicked")??;
        }
        Ok(begin.elapsed().as_secs_f64())
    })
}

/// Seconds that all calls take in `callers` tasks.
async fn tasks<C, F>(callers: usize, call: C) -> Outcome<f64>
where
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send,
{
    let call = Arc::new(call);
    let begin = Instant::now();
    let running: Vec<_> = (0..callers)
        .map(|_| {
            let call = Arc::clone(&call);
            tokio::spawn(async move {
                for _ in 0..CALLS / callers {
                    call().await?;
                }
                Outcome::Ok(())
            })
        })
        .collect();
    for task in running {
        task.await??;
    }
    Ok(begin.elapsed().as_secs_f64())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
