//! A complete driver: a flat store in a sorted map. The walk through it is the
//! chapter "Writing a backend".
//!
//! Run it to see the conformance suite pass over it:
//! `cargo run -p holdall-testkit --example minimal_driver`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use holdall::driver::{
    ByteRange, CallContext as Cx, Detail, Driver, Execution, FileStat, Key, Namespace, Node,
    Opened, Outcome, Refusal, ScanEntry, WritePlan,
};
use holdall::{AsyncDriverBackend, Bytes, Capability, CapabilitySet, Timestamp};

/// Keys and files; a folder is there as long as a key lies below it.
#[derive(Default)]
pub(crate) struct MapDriver(Mutex<BTreeMap<String, (Bytes, FileStat)>>);

/// An open file, and the position in it.
pub(crate) struct Reader(Bytes, usize);

impl MapDriver {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, (Bytes, FileStat)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the keys below a folder begin with.
fn prefix(folder: Key<'_>) -> String {
    if folder.is_root() {
        String::new()
    } else {
        format!("{folder}/")
    }
}

impl Driver for MapDriver {
    type Reader = Reader;
    type Stage = (WritePlan, Vec<u8>);
    type Scan = std::vec::IntoIter<ScanEntry>;

    fn name(&self) -> &str {
        "map"
    }

    fn capabilities(&self) -> CapabilitySet {
        // Everything but `rename`, which the primitives below do not offer.
        CapabilitySet::all()
            .without(Capability::Move)
            .without(Capability::AtomicMove)
    }

    fn execution(&self) -> Execution {
        Execution::Ready // nothing here ever waits
    }

    fn namespace(&self) -> Namespace {
        Namespace::Flat
    }

    async fn open(&self, _: Cx<'_>, key: Key<'_>, range: ByteRange) -> Outcome<Opened<Reader>> {
        let content = self
            .files()
            .get(key.as_str())
            .ok_or(Refusal::Missing)?
            .0
            .clone();
        let size = content.len() as u64;
        let mut reader = Reader(content, 0);
        self.seek(&mut reader, range.start);
        Ok(Opened::new(reader, size))
    }

    async fn read(&self, _: Cx<'_>, reader: &mut Reader, max: usize) -> Outcome<Bytes> {
        let start = reader.1;
        reader.1 = reader.0.len().min(start.saturating_add(max));
        Ok(reader.0.slice(start..reader.1))
    }

    fn seek(&self, reader: &mut Reader, position: u64) {
        reader.1 = usize::try_from(position)
            .unwrap_or(usize::MAX)
            .min(reader.0.len());
    }

    async fn stage(&self, _: Cx<'_>, _: Key<'_>, plan: &WritePlan) -> Outcome<Self::Stage> {
        Ok((plan.clone(), Vec::new()))
    }

    async fn append(&self, _: Cx<'_>, stage: &mut Self::Stage, chunks: &[Bytes]) -> Outcome<()> {
        chunks
            .iter()
            .for_each(|chunk| stage.1.extend_from_slice(chunk));
        Ok(())
    }

    async fn publish(&self, cx: Cx<'_>, stage: Self::Stage, key: Key<'_>) -> Outcome<FileStat> {
        let (plan, content) = stage;
        let mut files = self.files();
        if !plan.replace && files.contains_key(key.as_str()) {
            return Err(Refusal::Occupied);
        }
        cx.commit()?; // from here on the caller cannot give up any more
        let mut stat = FileStat::new(content.len() as u64);
        stat.modified_at = Some(Timestamp::now());
        stat.metadata = plan.metadata;
        files.insert(key.as_str().to_owned(), (content.into(), stat.clone()));
        Ok(stat)
    }

    async fn stat(&self, _: Cx<'_>, key: Key<'_>, _: Detail) -> Outcome<Node> {
        let files = self.files();
        if let Some((_, stat)) = files.get(key.as_str()) {
            return Ok(Node::File(stat.clone()));
        }
        let below = prefix(key);
        let mut after = files.range(below.clone()..);
        match after
            .next()
            .is_some_and(|(path, _)| path.starts_with(&below))
        {
            true => Ok(Node::Folder),
            false => Err(Refusal::Missing),
        }
    }

    async fn scan(&self, _: Cx<'_>, folder: Key<'_>, _: bool) -> Outcome<Self::Scan> {
        let (files, below) = (self.files(), prefix(folder));
        let mut entries = BTreeMap::new();
        for (path, (_, stat)) in files.range(below.clone()..) {
            let Some(name) = path.strip_prefix(&below) else {
                break;
            };
            let entry = match name.split_once('/') {
                None => ScanEntry::file(name, stat.clone()),
                Some((subfolder, _)) => ScanEntry::folder(subfolder),
            };
            entries.insert((entry.name.clone(), entry.descend), entry);
        }
        Ok(entries.into_values().collect::<Vec<_>>().into_iter())
    }

    async fn scan_next(
        &self,
        _: Cx<'_>,
        scan: &mut Self::Scan,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        Ok(scan.take(limit).collect())
    }

    async fn remove_file(&self, cx: Cx<'_>, key: Key<'_>) -> Outcome<()> {
        cx.commit()?;
        self.files()
            .remove(key.as_str())
            .map(drop)
            .ok_or(Refusal::Missing)
    }
}

#[tokio::main]
async fn main() {
    let report = holdall_testkit::conformance(|| async {
        AsyncDriverBackend::from_driver(MapDriver::default())
    });
    println!("{}", report.await);
}
