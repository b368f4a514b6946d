//! The tree as a driver.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, RwLock};

use super::content::Content;
use super::tree::{Entry, File, Folder};
use crate::capability::{Capability, CapabilitySet};
use crate::driver::{
    ByteRange, CallContext, Detail, Driver, Execution, FileStat, Key, Node, Opened, Outcome,
    Progress, ScanEntry, WritePlan,
};

/// The [`Driver`] of the memory backend.
#[derive(Debug)]
pub struct MemoryDriver {
    name: &'static str,
    capabilities: CapabilitySet,
    root: RwLock<Folder>,
    /// When the latest write was.
    latest: Mutex<Timestamp>,
}

impl MemoryDriver {
    /// An empty tree under the given backend name.
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            capabilities: CapabilitySet::all().without(Capability::Glob),
            root: RwLock::default(),
            latest: Mutex::new(Timestamp::UNIX_EPOCH),
        }
    }

    /// The present, and later than any told before: so the time of a file tells its
    /// version.
    fn moment(&self) -> Timestamp {
        let mut latest = self.latest.lock();
        let later = latest.checked_add(SignedDuration::from_nanos(1));
        *latest = later.unwrap_or(*latest).max(Timestamp::now());
        *latest
    }

    /// The same tree, said to be read at once.
    pub(crate) fn without_lazy_read(mut self) -> Self {
        self.capabilities = self.capabilities.without(Capability::LazyRead);
        self
    }
}

/// A file as it was when it was opened.
#[derive(Debug)]
pub struct MemoryReader {
    content: Content,
    position: u64,
}

/// Content that no path shows yet.
#[derive(Debug)]
pub struct MemoryStage {
    plan: WritePlan,
    chunks: Vec<Bytes>,
}

/// How far a listing of a folder has come.
#[derive(Debug)]
pub struct MemoryScan {
    folder: String,
    last: Option<String>,
}

impl Driver for MemoryDriver {
    type Reader = MemoryReader;
    type Stage = MemoryStage;
    type Scan = MemoryScan;

    fn name(&self) -> &str {
        self.name
    }

    fn capabilities(&self) -> CapabilitySet {
        self.capabilities
    }

    fn execution(&self) -> Execution {
        Execution::Ready
    }

    async fn open(
        &self,
        _cx: CallContext<'_>,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<MemoryReader>> {
        let content = self.root.read().file(key)?.content.clone();
        let size = content.len();
        Ok(Opened {
            reader: MemoryReader {
                content,
                position: range.start,
            },
            size,
        })
    }

    async fn read(
        &self,
        _cx: CallContext<'_>,
        reader: &mut MemoryReader,
        max: usize,
    ) -> Outcome<Bytes> {
        let chunk = reader.content.read(reader.position, max);
        reader.position += chunk.len() as u64;
        Ok(chunk)
    }

    fn seek(&self, reader: &mut MemoryReader, position: u64) {
        reader.position = position;
    }

    fn supports_if_match(&self) -> bool {
        true
    }

    async fn stage(
        &self,
        _cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
    ) -> Outcome<MemoryStage> {
        self.root.read().admits(key, plan.replace)?;
        Ok(MemoryStage {
            plan: plan.clone(),
            chunks: Vec::new(),
        })
    }

    async fn append(
        &self,
        _cx: CallContext<'_>,
        stage: &mut MemoryStage,
        chunks: &[Bytes],
    ) -> Outcome<()> {
        stage.chunks.extend_from_slice(chunks);
        Ok(())
    }

    async fn publish(
        &self,
        cx: CallContext<'_>,
        stage: MemoryStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        let content = Content::new(stage.chunks);
        let mut root = self.root.write();
        root.admits(key, stage.plan.replace)?;
        if let Some(version) = &stage.plan.if_match {
            root.require_version(key, version)?;
        }
        cx.commit()?;
        let file = File {
            content,
            modified_at: self.moment(),
            metadata: stage.plan.metadata.map(Box::new),
        };
        let stat = file.stat();
        let replaced = root.put(key, file)?;
        drop(root);
        drop(replaced);
        Ok(stat)
    }

    async fn stat(&self, _cx: CallContext<'_>, key: Key<'_>, _detail: Detail) -> Outcome<Node> {
        if key.is_root() {
            return Ok(Node::Folder);
        }
        Ok(match self.root.read().find(key)? {
            Entry::File(file) => Node::File(file.stat()),
            Entry::Folder(_) => Node::Folder,
        })
    }

    async fn scan(&self, _cx: CallContext<'_>, key: Key<'_>, _deep: bool) -> Outcome<MemoryScan> {
        self.root.read().folder(key)?;
        Ok(MemoryScan {
            folder: key.as_str().to_owned(),
            last: None,
        })
    }

    async fn scan_next(
        &self,
        _cx: CallContext<'_>,
        scan: &mut MemoryScan,
        limit: usize,
    ) -> Outcome<Vec<ScanEntry>> {
        let root = self.root.read();
        let folder = root.folder(Key::of_canonical(&scan.folder))?;
        let entries = folder.list(scan.last.as_deref(), limit);
        drop(root);
        if let Some(last) = entries.last() {
            scan.last = Some(last.name.clone());
        }
        Ok(entries)
    }

    async fn remove_file(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        let mut root = self.root.write();
        root.file(key)?;
        cx.commit()?;
        let removed = root.take_file(key)?;
        drop(root);
        drop(removed);
        Ok(())
    }

    async fn remove_folder(&self, cx: CallContext<'_>, key: Key<'_>) -> Outcome<()> {
        self.take_folder(cx, key, false)
    }

    /// One step whatever the size: the subtree leaves the tree whole.
    async fn remove_tree(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        _budget: usize,
    ) -> Outcome<Progress> {
        self.take_folder(cx, key, true).map(|()| Progress::Done)
    }

    async fn rename(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let mut root = self.root.write();
        root.file(from)?;
        root.admits(to, replace)?;
        cx.commit()?;
        let file = root.take_file(from)?;
        let replaced = root.put(to, file)?;
        drop(root);
        drop(replaced);
        Ok(())
    }

    async fn copy(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let mut root = self.root.write();
        let file = root.file(from)?.clone();
        root.admits(to, replace)?;
        cx.commit()?;
        let replaced = root.put(to, file)?;
        drop(root);
        drop(replaced);
        Ok(())
    }

    fn has_folder_calls(&self) -> bool {
        true
    }

    async fn make_folder(&self, cx: CallContext<'_>, key: Key<'_>, parents: bool) -> Outcome<()> {
        let mut root = self.root.write();
        root.admits_folder(key, parents)?;
        cx.commit()?;
        root.make_folder(key)?;
        Ok(())
    }

    async fn rename_folder(&self, cx: CallContext<'_>, from: Key<'_>, to: Key<'_>) -> Outcome<()> {
        let mut root = self.root.write();
        root.folder(from)?;
        root.admits_moved_folder(to)?;
        cx.commit()?;
        root.move_folder(from, to)
    }
}

impl MemoryDriver {
    fn take_folder(&self, cx: CallContext<'_>, key: Key<'_>, with_content: bool) -> Outcome<()> {
        let mut root = self.root.write();
        let folder = root.folder(key)?;
        if !with_content {
            folder.require_empty()?;
        }
        cx.commit()?;
        let removed = root.take_folder(key)?;
        drop(root);
        drop(removed);
        Ok(())
    }
}
