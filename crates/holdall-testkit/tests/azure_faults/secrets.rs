//! No key, signature or token is ever shown: not in a log, an error or a
//! `Debug` output, faults or none.

use std::error::Error as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use holdall::{AsyncStore, Result};
use holdall_testkit::fault_proxy::Gate;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::cell;
use super::faults::Trouble;
use super::lane::Lane;
use super::operations;

/// Everything that is logged, by whomever.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_among_faults_shows_no_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    // Whoever logs, on whatever thread.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let lanes = [
        Lane::by_signature().await,
        Lane::by_key().await,
        Some(Lane::hierarchical().await),
    ];
    for lane in lanes.into_iter().flatten() {
        let mut shown = lane.shown.clone();
        shown.push(format!("{:?}", lane.troubled));
        for operation in operations::all() {
            for trouble in [None].into_iter().chain(Trouble::ALL.map(Some)) {
                let stores = cell::arranged(&lane, &operation).await;
                let gate = Gate::closed();
                gate.open();
                if let Some(trouble) = trouble {
                    lane.faults.on(trouble.when(), trouble.fault(&gate));
                }
                let result = (operation.act)(stores.troubled.clone()).await;
                lane.faults.clear();
                shown.extend(told(&stores.troubled, &result));
            }
        }
        let logged = log.0.lock().unwrap().clone();
        shown.push(String::from_utf8_lossy(&logged).into_owned());
        assert_hidden(&lane, &shown);
    }
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("a request is tried again"),
        "nothing was logged"
    );
}

/// What a caller can see of a call.
fn told(store: &AsyncStore, result: &Result<String>) -> Vec<String> {
    let mut told = vec![format!("{store:?} {:?}", store.resolve("f"))];
    let Err(error) = result else {
        return told;
    };
    told.push(format!("{error} {error:?} {error:#?}"));
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push(format!("{error} {error:?}"));
        cause = error.source();
    }
    told
}

fn assert_hidden(lane: &Lane, shown: &[String]) {
    let secrets = lane.secrets.lock().unwrap().clone();
    assert!(!secrets.is_empty());
    for secret in secrets
        .iter()
        .map(String::as_str)
        .chain(["SharedKey ", "Bearer ", "sig="])
    {
        for text in shown {
            if let Some(at) = text.find(secret) {
                let start = text.get(..at).unwrap().rfind('\n').map_or(0, |end| end + 1);
                let line: String = text.get(start..).unwrap().chars().take(600).collect();
                panic!("{}: {secret:?} is shown: {line}", lane.name);
            }
        }
    }
    println!(
        "{}: {} secrets in none of {} texts",
        lane.name,
        secrets.len(),
        shown.len()
    );
}
