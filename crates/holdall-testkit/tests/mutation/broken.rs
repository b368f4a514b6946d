//! A backend that is right in everything but one.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use holdall::driver::{ByteRange, Namespace};
use holdall::{
    AsyncBackend, AsyncMemoryBackend, AsyncWritableContent, AtomicWriter, ByteStream, Capability,
    CapabilitySet, DeleteFolderOptions, DeleteOptions, Depth, Error, ErrorKind, FileInfo,
    FolderEntry, FolderInfo, Listing, PathEntry, Pattern, RemotePath, Result, SeekableReader,
    TransferOptions, WriteOptions, WriteResult,
};

use crate::fault::Fault;
use crate::{listing, reading, writing};

/// The memory backend with a fault, or with none. Clones share the tree.
#[derive(Clone)]
pub(crate) struct Broken {
    pub(crate) inner: Arc<AsyncMemoryBackend>,
    pub(crate) fault: Option<Fault>,
    closed: Arc<AtomicUsize>,
    clock: Arc<AtomicUsize>,
    /// Writes that were dropped, and whether a later one has come.
    strays: Arc<Mutex<Strays>>,
}

#[derive(Default)]
struct Strays {
    writes: Vec<(String, Bytes)>,
    ripe: bool,
}

impl Broken {
    pub(crate) fn with(fault: Option<Fault>) -> Self {
        Self {
            inner: Arc::new(AsyncMemoryBackend::new()),
            fault,
            closed: Arc::default(),
            clock: Arc::default(),
            strays: Arc::default(),
        }
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// The path as the fault has it.
    pub(crate) fn path<'a>(&self, path: &'a str) -> Cow<'a, str> {
        match self.fault {
            Some(Fault::TrimsNames) => Cow::Borrowed(path.trim()),
            Some(Fault::FoldsCase) => Cow::Owned(path.to_lowercase()),
            Some(Fault::ComposesNames) => Cow::Owned(path.replace("e\u{301}", "é")),
            Some(Fault::KeepsBackslashes) => Cow::Owned(path.replace('\\', "_")),
            Some(Fault::ResolvesParents) => match path.split_once("/../") {
                Some((_, rest)) => Cow::Borrowed(rest),
                None => Cow::Borrowed(path),
            },
            _ => Cow::Borrowed(path),
        }
    }

    /// What every call does first.
    pub(crate) fn open(&self) -> Result<()> {
        if self.has(Fault::UnusableAfterClosing) && self.closed.load(Ordering::SeqCst) > 0 {
            return Err(Error::new(ErrorKind::BackendUnavailable, "closed"));
        }
        Ok(())
    }

    /// What every call does last.
    pub(crate) fn told<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| match (self.fault, error.path()) {
            (Some(Fault::ForeignErrorPaths), Some(path)) => {
                let path = format!("container/{path}");
                error.with_path(path)
            }
            _ => error,
        })
    }

    /// Keeps a write that was dropped.
    pub(crate) fn leave_stray(&self, path: String, content: Bytes) {
        let mut strays = self.strays.lock().unwrap();
        strays.writes.push((path, content));
        strays.ripe = false;
    }

    /// A later write has come: the dropped ones are to land on it.
    pub(crate) fn ripen_strays(&self) {
        self.strays.lock().unwrap().ripe = true;
    }

    /// Lands the dropped writes that a later one has followed.
    pub(crate) async fn land_strays(&self) -> Result<()> {
        let ripe = {
            let mut strays = self.strays.lock().unwrap();
            if strays.ripe {
                std::mem::take(&mut strays.writes)
            } else {
                Vec::new()
            }
        };
        for (path, content) in ripe {
            let over = WriteOptions::new().overwrite(true);
            self.inner.write(&path, content.into(), over).await?;
        }
        Ok(())
    }

    pub(crate) async fn remove_all(&self, path: &str) -> Result<()> {
        let all = DeleteFolderOptions::new().recursive(true).missing_ok(true);
        self.inner.delete_folder(path, all).await
    }

    fn aged(&self, mut info: FileInfo) -> FileInfo {
        if self.has(Fault::TimeGoesBack) {
            let age = self.clock.fetch_add(1, Ordering::SeqCst);
            info.modified_at = holdall::Timestamp::from_second(1_000_000 - age as i64).ok();
        }
        if self.has(Fault::WrongSizeInRecords) {
            info.size += 1;
        }
        if self.has(Fault::QuotedEtags) {
            info.etag = Some(format!("\"{}\"", info.size));
        }
        info
    }

    /// A rename or copy by reading and writing, without the metadata.
    async fn transfer_by_hand(&self, src: &str, dst: &str, overwrite: bool) -> Result<()> {
        let mut content = self.inner.read_bytes(src).await?;
        if self.has(Fault::CopiesInPart) {
            content.truncate(1_000_000);
        }
        let options = WriteOptions::new().overwrite(overwrite);
        self.inner
            .write(dst, content.into(), options)
            .await
            .map(drop)
    }

    /// Demands that a destination is free, by a look beforehand.
    async fn look_at(&self, dst: &str, options: TransferOptions) -> Result<()> {
        if !options.replaces() && self.inner.is_file(dst).await? {
            return Err(Error::new(ErrorKind::AlreadyExists, "taken").with_path(dst));
        }
        Ok(())
    }
}

#[async_trait]
impl AsyncBackend for Broken {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        let own = self.inner.capabilities();
        match self.fault {
            Some(Fault::GlobFindsNothing | Fault::GlobIgnoresCase) => own.with(Capability::Glob),
            _ => own,
        }
    }

    fn namespace(&self) -> Namespace {
        self.inner.namespace()
    }

    fn close_is_terminal(&self) -> bool {
        self.has(Fault::OpenAfterATerminalClose)
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        let path = &*self.path(path);
        if self.has(Fault::FoldersDoNotExist) && !path.is_empty() {
            return self.inner.is_file(path).await;
        }
        self.inner.exists(path).await
    }

    async fn is_file(&self, path: &str) -> Result<bool> {
        let path = &*self.path(path);
        if self.has(Fault::FoldersAreFiles) {
            return self.inner.exists(path).await;
        }
        self.inner.is_file(path).await
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        let path = &*self.path(path);
        if self.has(Fault::FilesAreFolders) {
            return self.inner.exists(path).await;
        }
        self.inner.is_folder(path).await
    }

    fn read(&self, path: &str) -> ByteStream {
        reading::read(self, &self.path(path))
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        let read = reading::read_bytes(self, &self.path(path)).await;
        self.told(read)
    }

    fn read_range(&self, path: &str, range: ByteRange) -> ByteStream {
        reading::read_range(self, &self.path(path), range)
    }

    async fn read_seekable(self: Arc<Self>, path: &str) -> Result<SeekableReader> {
        reading::read_seekable(&self, &self.path(path)).await
    }

    fn supports_if_match(&self) -> bool {
        true
    }

    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.open()?;
        let written = writing::write(self, &self.path(path), content, options).await;
        self.told(written)
    }

    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        writing::write_atomic(self, &self.path(path), content, options).await
    }

    async fn open_atomic(
        self: Arc<Self>,
        path: &str,
        options: WriteOptions,
    ) -> Result<AtomicWriter> {
        writing::open_atomic(&self, &self.path(path), options).await
    }

    async fn delete(&self, path: &str, mut options: DeleteOptions) -> Result<()> {
        let path = &*self.path(path);
        match self.fault {
            Some(Fault::DeletesNothingGladly) => options = options.missing_ok(true),
            Some(Fault::MissingNeverOk) => options = options.missing_ok(false),
            Some(Fault::FoldersCountAsMissing)
                if options.tolerates_missing() && self.inner.is_folder(path).await? =>
            {
                return Ok(());
            }
            Some(Fault::DeletesFolders) if self.inner.is_folder(path).await? => {
                return self.remove_all(path).await;
            }
            _ => {}
        }
        self.inner.delete(path, options).await
    }

    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        let path = &*self.path(path);
        match self.fault {
            Some(Fault::DeletesFullFolders) => {
                return self
                    .inner
                    .delete_folder(path, options.recursive(true))
                    .await;
            }
            Some(Fault::DeletesFilesAsFolders) if self.inner.is_file(path).await? => {
                return self.inner.delete(path, DeleteOptions::new()).await;
            }
            Some(Fault::DeletesOneLevel) if options.is_recursive() => {
                for file in self
                    .inner
                    .list_files(path, Depth::CHILDREN)
                    .try_collect()
                    .await?
                {
                    self.inner
                        .delete(file.path.as_str(), DeleteOptions::new())
                        .await?;
                }
                return Ok(());
            }
            _ => {}
        }
        self.inner.delete_folder(path, options).await
    }

    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo> {
        listing::list_files(self, &self.path(path), depth)
    }

    fn list_folders(&self, path: &str) -> Listing<FolderEntry> {
        listing::list_folders(self, &self.path(path))
    }

    fn iter_children(&self, path: &str) -> Listing<PathEntry> {
        listing::iter_children(self, &self.path(path))
    }

    fn glob(&self, pattern: &Pattern) -> Listing<FileInfo> {
        listing::glob(self, pattern)
    }

    async fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        let info = self.inner.get_file_info(&self.path(path)).await;
        self.told(info).map(|info| self.aged(info))
    }

    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        let path = &*self.path(path);
        let sums = |depth| async move {
            let mut info = FolderInfo::new(RemotePath::from_backend_path(path)?);
            for file in self.inner.list_files(path, depth).try_collect().await? {
                info.count(file.size, file.modified_at);
            }
            Ok(info)
        };
        match self.fault {
            Some(Fault::DirectSumsOnly) => sums(Depth::CHILDREN).await,
            Some(Fault::SumsOfFiles) if self.inner.is_file(path).await? => {
                sums(Depth::Unlimited).await
            }
            Some(Fault::SumsOfNothing) if !self.inner.exists(path).await? => {
                sums(Depth::Unlimited).await
            }
            _ => self.inner.get_folder_info(path).await,
        }
    }

    async fn rename(&self, src: &str, dst: &str, mut options: TransferOptions) -> Result<()> {
        let (src, dst) = (&*self.path(src), &*self.path(dst));
        match self.fault {
            Some(Fault::RenameCopies) => return self.inner.copy(src, dst, options).await,
            Some(Fault::RenameOverwrites) => options = options.overwrite(true),
            Some(Fault::RenameLooksThenMoves) => {
                self.look_at(dst, options).await?;
                tokio::task::yield_now().await;
                options = options.overwrite(true);
            }
            Some(Fault::RenameOntoItselfDeletes) if src == dst => {
                return self.inner.delete(src, DeleteOptions::new()).await;
            }
            Some(Fault::DestinationFirst) => self.look_at(dst, options).await?,
            Some(Fault::MetadataLostInRenames) if src != dst => {
                self.transfer_by_hand(src, dst, options.replaces()).await?;
                return self.inner.delete(src, DeleteOptions::new()).await;
            }
            _ => {}
        }
        self.inner.rename(src, dst, options).await
    }

    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        let (src, dst) = (&*self.path(src), &*self.path(dst));
        match self.fault {
            Some(Fault::MetadataLostInCopies | Fault::CopiesInPart) => {
                self.transfer_by_hand(src, dst, options.replaces()).await
            }
            Some(Fault::CopyOverwrites) => self.inner.copy(src, dst, options.overwrite(true)).await,
            Some(Fault::SourceBeforeRoots) if !self.inner.exists(src).await? => {
                Err(Error::new(ErrorKind::NotFound, "missing").with_path(src))
            }
            _ => self.inner.copy(src, dst, options).await,
        }
    }

    async fn check_health(&self) -> Result<()> {
        match self.fault {
            Some(Fault::NeverHealthy) => Err(Error::new(ErrorKind::BackendUnavailable, "ill")),
            _ => self.inner.check_health().await,
        }
    }

    async fn aclose(&self) -> Result<()> {
        let earlier = self.closed.fetch_add(1, Ordering::SeqCst);
        if self.has(Fault::ClosesOnce) && earlier > 0 {
            return Err(Error::new(ErrorKind::Closed, "closed already"));
        }
        Ok(())
    }

    fn native_path(&self, path: &str) -> Result<String> {
        let native = self.inner.native_path(path)?;
        match self.fault {
            Some(Fault::KeysDoNotRoundTrip) => Ok(format!("native/{native}")),
            _ => Ok(native),
        }
    }

    fn native_handle(&self, _wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.has(Fault::HandsOutAnything)
            .then(|| Arc::new(()) as Arc<dyn Any + Send + Sync>)
    }
}
