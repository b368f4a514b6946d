//! Any path IO as a driver.

use std::fmt;
use std::io::SeekFrom;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::StreamExt;

use super::parents::Parents;
use super::refusals::refused;
use super::write::PathIoStage;
use crate::capability::{Capability, CapabilitySet};
use crate::driver::{
    ByteRange, CallContext, Detail, Driver, Execution, FileStat, Key, Node, Opened, Outcome,
    Refusal, ScanEntry, WritePlan,
};
use crate::path::{normalize, refuse_temporary};
use crate::pathio::error::PathIoErrorKind;
use crate::pathio::file::PathFile;
use crate::pathio::io::{AbstractPathIo, MkdirOptions};
use crate::pathio::lister::{ListedPath, Lister};
use crate::pathio::mode::OpenMode;
use crate::pathio::stat::PathStat;

/// The [`Driver`] of a [`PathIoBackend`](super::PathIoBackend).
#[derive(Clone)]
pub struct PathIoDriver {
    io: Arc<dyn AbstractPathIo>,
}

impl PathIoDriver {
    /// The driver over `io`.
    pub fn new(io: Arc<dyn AbstractPathIo>) -> Self {
        Self { io }
    }

    /// The path IO beneath.
    pub fn io(&self) -> &Arc<dyn AbstractPathIo> {
        &self.io
    }
}

/// An open file, where it stands, and where it is to be read next.
pub struct PathIoReader {
    file: Box<dyn PathFile>,
    position: u64,
    wanted: u64,
}

fn file_stat(stat: &PathStat) -> FileStat {
    FileStat {
        modified_at: Some(stat.modified),
        ..FileStat::new(stat.size)
    }
}

/// An entry that a path can name, and that a store shows.
fn scanned(entry: &ListedPath) -> Option<ScanEntry> {
    let (name, stat) = (entry.name(), &entry.stat);
    let is_canonical = normalize(name).is_ok_and(|same| same == name);
    if !is_canonical || refuse_temporary(Key::of_canonical(name)).is_err() {
        return None;
    }
    match (stat.is_dir(), stat.is_file()) {
        (true, _) => Some(ScanEntry::folder(name)),
        (_, true) => Some(ScanEntry::file(name, file_stat(stat))),
        _ => None,
    }
}

impl PathIoDriver {
    async fn place(&self, from: Key<'_>, to: Key<'_>, replace: bool) -> Outcome<()> {
        let renamed = match replace {
            true => self.io.rename(from.as_str(), to.as_str()).await,
            false => self.io.rename_new(from.as_str(), to.as_str()).await,
        };
        renamed.map_err(refused)
    }
}

impl Driver for PathIoDriver {
    type Reader = PathIoReader;
    type Stage = PathIoStage;
    type Scan = Lister;

    fn name(&self) -> &str {
        "pathio"
    }

    fn capabilities(&self) -> CapabilitySet {
        [
            Capability::Glob,
            Capability::UserMetadata,
            Capability::AtomicMove,
            Capability::SeekableRead,
            Capability::WriteResultNative,
        ]
        .into_iter()
        .fold(CapabilitySet::all(), CapabilitySet::without)
    }

    fn execution(&self) -> Execution {
        Execution::Waits
    }

    async fn open(
        &self,
        _cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<PathIoReader>> {
        let opened = self.io.open_file(key.as_str(), OpenMode::Read).await;
        let mut file = opened.map_err(refused)?;
        let size = file.seek(SeekFrom::End(0)).await.map_err(refused)?;
        let reader = PathIoReader {
            file,
            position: size,
            wanted: range.start,
        };
        Ok(Opened::new(reader, size))
    }

    async fn read(
        &self,
        _cx: CallContext<'_>,
        reader: &mut PathIoReader,
        max: usize,
    ) -> Outcome<Bytes> {
        if max == 0 {
            return Ok(Bytes::new());
        }
        if reader.position != reader.wanted {
            let sought = reader.file.seek(SeekFrom::Start(reader.wanted)).await;
            match sought {
                Ok(position) => reader.position = position,
                // Beyond what any file can be long.
                Err(error) if error.kind() == PathIoErrorKind::InvalidArgument => {
                    return Ok(Bytes::new());
                }
                Err(error) => return Err(refused(error)),
            }
        }
        let read = reader.file.read(max).await.map_err(refused)?;
        reader.position += read.len() as u64;
        reader.wanted = reader.position;
        Ok(read)
    }

    fn seek(&self, reader: &mut PathIoReader, position: u64) {
        reader.wanted = position;
    }

    async fn stage(
        &self,
        _cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
    ) -> Outcome<PathIoStage> {
        self.begin(key, plan).await
    }

    async fn append(
        &self,
        _cx: CallContext<'_>,
        stage: &mut PathIoStage,
        chunks: &[Bytes],
    ) -> Outcome<()> {
        stage.append(chunks).await
    }

    async fn publish(
        &self,
        cx: CallContext<'_>,
        stage: PathIoStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        self.finish(cx, stage, key).await
    }

    async fn stat(&self, _cx: CallContext<'_>, key: Key<'_>, _detail: Detail) -> Outcome<Node> {
        let stat = self.io.stat(key.as_str()).await.map_err(refused)?;
        Ok(match (stat.is_dir(), stat.is_file()) {
            (true, _) => Node::Folder,
            (_, true) => Node::File(file_stat(&stat)),
            _ => Node::Special,
        })
    }

    async fn scan(&self, _cx: CallContext<'_>, key: Key<'_>, _deep: bool) -> Outcome<Lister> {
        Ok(self.io.list(key.as_str()))
    }

    async fn scan_next(
        &self,
        _cx: CallContext<'_>,
        scan: &mut Lister,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        let mut entries = Vec::new();
        while entries.len() < limit
            && let Some(entry) = scan.next().await
        {
            entries.extend(scanned(&entry.map_err(refused)?));
        }
        Ok(entries)
    }

    async fn remove_file(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        cx.commit()?;
        self.io.unlink(key.as_str()).await.map_err(refused)
    }

    async fn remove_folder(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        cx.commit()?;
        self.io.rmdir(key.as_str()).await.map_err(refused)
    }

    async fn rename(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        if let Node::Folder = self.stat(cx, from, Detail::Kind).await? {
            return Err(Refusal::IsFolder);
        }
        cx.commit()?;
        match self.place(from, to, replace).await {
            Err(Refusal::Missing) => {}
            placed => return placed,
        }
        let parents = Parents::make(&self.io, to).await?;
        let placed = self.place(from, to, replace).await;
        if placed.is_err() {
            parents.remove().await;
        }
        placed
    }

    fn has_folder_calls(&self) -> bool {
        true
    }

    async fn make_folder(&self, cx: CallContext<'_>, key: Key<'_>, parents: bool) -> Outcome<()> {
        cx.commit()?;
        let options = MkdirOptions::new().parents(parents);
        let made = self.io.mkdir(key.as_str(), options).await;
        made.map_err(refused)
    }

    async fn rename_folder(&self, cx: CallContext<'_>, from: Key<'_>, to: Key<'_>) -> Outcome<()> {
        match self.stat(cx, from, Detail::Kind).await? {
            Node::Folder => {}
            Node::File(_) | Node::Special => return Err(Refusal::NotFolder),
        }
        cx.commit()?;
        let renamed = self.io.rename(from.as_str(), to.as_str()).await;
        renamed.map_err(refused)
    }

    async fn probe(&self, _cx: CallContext<'_>) -> Outcome<()> {
        self.io.stat("").await.map(drop).map_err(refused)
    }
}

impl fmt::Debug for PathIoDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathIoDriver").finish_non_exhaustive()
    }
}
