//! Azure libraries beside each other, each row on one Azurite:
//! `cargo xtask bench azure`.
//!
//! `near` or `far` as an argument runs one table alone, and a further argument the
//! rows that have it in their name. The near table tells
//! time, and what share of it Azurite's main thread, which does all its work,
//! was on a processor or in the queue for one: at 100 % the emulator is the
//! limit. The far one adds 50 ms to every request in a proxy, which counts them.

mod contender;
mod job;
mod libraries;
mod official;
mod rows;
mod table;
mod usage;

use std::sync::Arc;
use std::time::Duration;

use holdall_azure_peers::Azurite;
use holdall_testkit::fault_proxy::FaultProxy;
use rand::seq::SliceRandom;
use serde_json::json;

use contender::{Contender, Done};
use job::Kind;
use libraries::{Holdall, ObjectStoreAzure, OpenDalAzblob};
use official::Official;
use rows::Row;
use table::Sample;
use usage::Usage;

use crate::python::{Python, Script};

/// What the far table adds to every request.
const LATENCY: Duration = Duration::from_millis(50);

const EXPIRY: &str = "2100-01-01T00:00:00Z";

/// Where the contenders find their container.
pub struct Account {
    address: String,
    container: String,
    /// For those who cannot sign with the account's key.
    signature: String,
}

impl Account {
    const NAME: &str = Azurite::ACCOUNT;
    const KEY: &str = Azurite::KEY;

    fn endpoint(&self) -> String {
        format!("{}/{}", self.address, Self::NAME)
    }

    fn connection_string(&self) -> String {
        format!(
            "DefaultEndpointsProtocol=http;AccountName={};AccountKey={};BlobEndpoint={};",
            Self::NAME,
            Self::KEY,
            self.endpoint()
        )
    }
}

/// Runs the comparison and prints its tables.
pub fn compare() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args().nth(2).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    // The peers look for a TLS of the process, also where none is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tables = async {
        if wanted != "far" {
            near().await?;
        }
        if wanted != "near" {
            far().await?;
        }
        Ok(())
    };
    runtime
        .block_on(tables)
        .map_err(|error: contender::Failure| error as Box<dyn std::error::Error>)
}

/// Whether a further argument, where there is one, is part of the row's name.
fn is_wanted(row: &Row) -> bool {
    let wanted = std::env::args().nth(3).unwrap_or_default();
    row.name.contains(&wanted)
}

/// The contenders by name, the first of which is Holdall.
async fn contenders(account: &Account) -> Done<Vec<(&'static str, Contender)>> {
    Ok(vec![
        ("holdall", Contender::Here(Arc::new(Holdall::new(account)?))),
        (
            "object_store",
            Contender::Here(Arc::new(ObjectStoreAzure::new(account)?)),
        ),
        (
            "opendal azblob",
            Contender::Here(Arc::new(OpenDalAzblob::new(account)?)),
        ),
        (
            "azure_storage_blob (SAS)",
            Contender::Here(Arc::new(Official::new(account)?)),
        ),
        (
            "remote-store async",
            Contender::There(remote_store("async", account)?),
        ),
        (
            "remote-store sync",
            Contender::There(remote_store("sync", account)?),
        ),
    ])
}

/// Python's remote-store; `half` is `sync` or `async`.
fn remote_store(half: &str, account: &Account) -> Done<Python> {
    let script = Script {
        file: "azure/contender.py",
        environment: "python",
        packages: &["remote-store[azure]"],
    };
    let configuration = json!({
        "container": account.container,
        "connection_string": account.connection_string(),
        "concurrency": job::CONCURRENCY,
    });
    Python::start(&script, half, &configuration)
}

/// A container behind `address`, with what `row` looks for in it.
async fn account(azurite: &Azurite, address: String, row: &Row) -> Done<Account> {
    let container = azurite.fresh_container_name();
    let account = Account {
        address,
        signature: azurite.sas(EXPIRY),
        container,
    };
    let holdall = Holdall::new(&account)?;
    holdall.create_container().await?;
    if row.job.kind == Kind::List {
        holdall.fill(&row.folder(0, 0), row.job.count).await?;
    }
    Ok(account)
}

/// Each row has an Azurite of its own: one that has run for ten minutes begins to
/// collect its garbage, and then answers nothing for minutes.
async fn near() -> Done {
    table::near_head();
    for row in rows::near().into_iter().filter(is_wanted) {
        let azurite = &Azurite::start()?;
        let account = account(azurite, azurite.address().to_owned(), &row).await?;
        let mut contenders = contenders(&account).await?;
        let filler = Holdall::new(&account)?;
        prepare(&row, &mut contenders).await;
        let mut samples = vec![Vec::new(); contenders.len()];
        for round in 0..=row.rounds {
            for index in shuffled(contenders.len()) {
                let contender = &mut contenders[index];
                let sample = timed(azurite, &filler, &row, round, index, contender).await;
                // A row can take minutes.
                if let Ok(sample) = &sample {
                    eprintln!(
                        "{}, round {round}: {} took {:?}",
                        row.name, contender.0, sample.took
                    );
                }
                keep(sample, round, contender.0, &mut samples[index]);
            }
        }
        table::near_row(&row, &names(&contenders), &samples);
    }
    Ok(())
}

/// Writes what `row` reads. Who cannot is told of when the row runs.
async fn prepare(row: &Row, contenders: &mut [(&'static str, Contender)]) {
    for (index, (_, contender)) in contenders.iter_mut().enumerate() {
        let mut job = row.job.clone();
        job.folder = row.folder(index, 0);
        job.kind = match job.kind {
            Kind::Get | Kind::Head => Kind::Put,
            Kind::Download => Kind::Upload,
            _ => continue,
        };
        let _ = contender.run(&job).await;
    }
}

async fn timed(
    azurite: &Azurite,
    filler: &Holdall,
    row: &Row,
    round: usize,
    index: usize,
    (_, contender): &mut (&'static str, Contender),
) -> Done<Sample> {
    let mut job = row.job.clone();
    job.folder = row.folder(index, round);
    if job.kind == Kind::Delete {
        filler.fill(&job.folder, job.count).await?;
    }
    let process = contender.process();
    let before = (Usage::of(azurite.process_id())?, Usage::of(process)?);
    let took = contender.run(&job).await?;
    Ok(Sample {
        took,
        azurite: Usage::of(azurite.process_id())?.since(before.0),
        own: Usage::of(process)?.since(before.1),
    })
}

async fn far() -> Done {
    table::far_head(LATENCY);
    for row in rows::far().into_iter().filter(is_wanted) {
        let azurite = Azurite::start()?;
        let proxy = FaultProxy::start(azurite.address())?;
        let account = account(&azurite, proxy.url(), &row).await?;
        let mut contenders = contenders(&account).await?;
        let filler = Holdall::new(&account)?;
        prepare(&row, &mut contenders).await;
        let mut samples = vec![Vec::new(); contenders.len()];
        for round in 0..=row.rounds {
            for index in shuffled(contenders.len()) {
                let contender = &mut contenders[index];
                let sample = counted(&proxy, &filler, &row, round, index, contender).await;
                keep(sample, round, contender.0, &mut samples[index]);
            }
        }
        table::far_row(&row, &names(&contenders), &samples, LATENCY);
    }
    Ok(())
}

/// The same job near and far: the difference is what waits for each other.
async fn counted(
    proxy: &FaultProxy,
    filler: &Holdall,
    row: &Row,
    round: usize,
    index: usize,
    (_, contender): &mut (&'static str, Contender),
) -> Done<table::Trip> {
    let faults = proxy.faults();
    let mut trip = table::Trip::default();
    for (latency, place) in [(Duration::ZERO, 0), (LATENCY, 1)] {
        let mut job = row.job.clone();
        job.folder = row.folder(index, 2 * round + place);
        if job.kind == Kind::Delete {
            filler.fill(&job.folder, job.count).await?;
        }
        faults.take_log();
        faults.set_latency(latency);
        let took = contender.run(&job).await;
        faults.set_latency(Duration::ZERO);
        let took = took?;
        match latency.is_zero() {
            true => trip.near = took,
            false => trip.far = took,
        }
        trip.requests = faults.take_log().len();
    }
    Ok(trip)
}

fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(&mut rand::rng());
    order
}

fn names(contenders: &[(&'static str, Contender)]) -> Vec<&'static str> {
    contenders.iter().map(|(name, _)| *name).collect()
}

/// Who cannot do a job stays out of its row. The first round only warms up.
fn keep<T>(sample: Done<T>, round: usize, contender: &str, samples: &mut Vec<T>) {
    match sample {
        Ok(sample) if round > 0 => samples.push(sample),
        Ok(_) => {}
        Err(error) if round == 0 => println!("{contender}: {error}"),
        Err(_) => {}
    }
}
