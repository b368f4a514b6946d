//! One operation among one kind of trouble.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use holdall::{AsyncStore, ListOptions, Result};
use holdall_testkit::fault_proxy::{Exchange, Gate};

use super::faults::Trouble;
use super::lane::{ATTEMPTS, Lane};
use super::operations::{Between, Files, Operation};

/// Which requests of an operation are befallen.
#[derive(Debug, Clone, Copy)]
enum Befallen {
    /// The one with this number, from 1.
    One(u64),
    Every,
}

/// A trouble, and the requests that it befalls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    trouble: Trouble,
    befallen: Befallen,
}

/// How an operation ended that ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// It failed, and everything is as its error says.
    Failed,
    /// No request was of the kind that the trouble befalls.
    Untouched,
}

impl Cell {
    pub(crate) fn all(trouble: Trouble, requests: usize) -> impl Iterator<Item = Self> {
        let requests = u64::try_from(requests).unwrap();
        let one = (1..=requests).map(Befallen::One);
        one.chain([Befallen::Every])
            .map(move |befallen| Self { trouble, befallen })
    }

    /// Lets the operation run into the trouble; an error says what is wrong with
    /// how it ended. `usual` are its requests without any.
    pub(crate) async fn play(
        self,
        lane: &Lane,
        operation: &Operation,
        usual: &[String],
    ) -> std::result::Result<Outcome, String> {
        let stores = arranged(lane, operation).await;
        let gate = Gate::closed();
        let when = match self.befallen {
            Befallen::One(number) => self.trouble.when().nth(number),
            Befallen::Every => self.trouble.when(),
        };
        lane.faults.on(when, self.trouble.fault(&gate));
        let result = moved_by_hand(&gate, (operation.act)(stores.troubled)).await;
        lane.faults.clear();
        let log = lane.faults.take_log();
        let found = files(&stores.plain).await;
        if !log.iter().any(|exchange| exchange.faulty) {
            return Ok(Outcome::Untouched);
        }
        self.check_end(lane, operation, &result, &found)?;
        self.check_attempts(operation, &log, usual, &stores.folder)?;
        if matches!(self.befallen, Befallen::One(_)) {
            let left = (lane.leftovers)();
            if left.iter().any(|path| path.starts_with(&stores.folder)) {
                return Err(format!("temporary files stay behind: {left:?}"));
            }
        }
        Ok(if result.is_ok() {
            Outcome::Done
        } else {
            Outcome::Failed
        })
    }

    fn check_end(
        self,
        lane: &Lane,
        operation: &Operation,
        result: &Result<String>,
        found: &Files,
    ) -> std::result::Result<(), String> {
        // A key that is refused is not tried again.
        let is_final = self.trouble == Trouble::Refused401 && !lane.renews;
        let befallen = match self.befallen {
            Befallen::One(_) if is_final => Befallen::Every,
            befallen => befallen,
        };
        match (result, befallen) {
            (Ok(answer), _) if *answer != operation.answer => Err(format!(
                "it answered {answer:?} rather than {:?}",
                operation.answer
            )),
            (Ok(_), _) if *found != operation.after => Err(format!(
                "it said that it was done, and left {}",
                shown(found)
            )),
            (Ok(_), _) => Ok(()),
            // One fault is less than the policy bears.
            (Err(error), Befallen::One(_)) => Err(format!("it gave up: {error:?}")),
            (Err(error), Befallen::Every) if error.kind() != self.trouble.kind() => {
                Err(format!("it failed with the wrong error: {error:?}"))
            }
            (Err(_), Befallen::Every) if !may_be_left(operation, found) => {
                Err(format!("it failed, and left {}", shown(found)))
            }
            (Err(_), Befallen::Every) => Ok(()),
        }
    }

    /// No request more often than the policy allows. One fault costs one
    /// repetition and at most two looks at what became of the first attempt, or
    /// a batch that is taken apart.
    fn check_attempts(
        self,
        operation: &Operation,
        log: &[Exchange],
        usual: &[String],
        folder: &str,
    ) -> std::result::Result<(), String> {
        let (usual, made) = (counted(usual.iter().cloned()), counted(kinds(log, folder)));
        for (kind, times) in &made {
            let allowed = usual.get(kind).copied().unwrap_or(1) * ATTEMPTS;
            if *times > allowed {
                return Err(format!(
                    "{kind} was sent {times} times, {allowed} are allowed"
                ));
            }
        }
        let (usual, made): (usize, usize) = (usual.values().sum(), made.values().sum());
        let allowed = operation.before.len().max(3);
        if matches!(self.befallen, Befallen::One(_)) && made > usual + allowed {
            return Err(format!(
                "{made} requests were sent, {usual} are usual: {:?}",
                kinds(log, folder).collect::<Vec<_>>()
            ));
        }
        Ok(())
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.befallen {
            Befallen::One(number) => write!(f, "{} at request {number}", self.trouble.name()),
            Befallen::Every => write!(f, "{} at every request", self.trouble.name()),
        }
    }
}

/// The requests of the operation where nothing goes wrong.
pub(crate) async fn without_faults(lane: &Lane, operation: &Operation) -> Vec<String> {
    let stores = arranged(lane, operation).await;
    let answer = (operation.act)(stores.troubled).await;
    assert_eq!(answer.unwrap(), operation.answer, "{}", operation.name);
    let found = files(&stores.plain).await;
    assert_eq!(found, operation.after, "{}", operation.name);
    kinds(&lane.faults.take_log(), &stores.folder).collect()
}

/// The folder of one run, by both ways.
pub(crate) struct Stores {
    folder: String,
    plain: AsyncStore,
    pub(crate) troubled: AsyncStore,
}

/// A folder of its own with what the operation finds there.
pub(crate) async fn arranged(lane: &Lane, operation: &Operation) -> Stores {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let folder = format!("run-{}-", RUNS.fetch_add(1, Ordering::Relaxed));
    let stores = Stores {
        plain: AsyncStore::new(lane.plain.clone(), &folder).unwrap(),
        troubled: AsyncStore::new(lane.troubled.clone(), &folder).unwrap(),
        folder,
    };
    for (path, content) in &operation.before {
        stores.plain.write(path, content.clone()).await.unwrap();
    }
    lane.faults.take_log();
    stores
}

async fn files(store: &AsyncStore) -> Files {
    let all = ListOptions::new().recursive(true);
    let mut found = Files::new();
    let listed = store
        .list_files_with("", all)
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    for file in listed {
        let content = store.read_bytes(file.path.as_str()).await.unwrap();
        found.insert(file.path.to_string(), content);
    }
    found
}

/// Awaits `act` while what stands at the gate goes on, a few bytes at a time.
async fn moved_by_hand<T>(gate: &Gate, act: impl Future<Output = T>) -> T {
    let moving = async {
        loop {
            gate.reached().await;
            gate.release(64);
        }
    };
    tokio::select! {
        done = act => done,
        never = moving => never,
    }
}

fn may_be_left(operation: &Operation, found: &Files) -> bool {
    let Operation {
        before,
        after,
        between,
        ..
    } = operation;
    let is_whole = *found == *before || *found == *after;
    is_whole
        || match between {
            Between::Nothing => false,
            Between::Both => {
                let both = before
                    .iter()
                    .chain(after)
                    .map(|(path, content)| (path.clone(), content.clone()));
                *found == both.collect::<Files>()
            }
            Between::Some => found
                .iter()
                .all(|(path, content)| before.get(path) == Some(content)),
        }
}

/// Each request with what differs from run to run taken out.
fn kinds<'a>(log: &'a [Exchange], folder: &'a str) -> impl Iterator<Item = String> + 'a {
    log.iter().map(move |exchange| {
        let path = exchange.path.replace(folder, "");
        let path = path.split(".~holdall.").next().unwrap();
        let query = exchange.query.replace(folder, "");
        let varies = ["blockid=", "sv=", "ss=", "srt=", "sp=", "se=", "sig="];
        let query = query
            .split('&')
            .filter(|part| !varies.iter().any(|start| part.starts_with(start)));
        let query = query.collect::<Vec<_>>().join("&");
        format!("{} {path}?{query}", exchange.method)
    })
}

fn counted(kinds: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for kind in kinds {
        *counts.entry(kind).or_default() += 1;
    }
    counts
}

fn shown(files: &Files) -> String {
    let files = files.iter().map(|(path, content)| {
        let start = String::from_utf8_lossy(content.get(..3).unwrap_or(content)).into_owned();
        format!("{path}: {} bytes of {start:?}", content.len())
    });
    let files: Vec<String> = files.collect();
    format!("[{}]", files.join(", "))
}
