//! A path IO in memory with one deliberate fault.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use async_trait::async_trait;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use holdall::Timestamp;
use holdall::pathio::{
    AbstractPathIo, Connection, ListedPath, Lister, MemoryPathIo, MkdirOptions, OpenMode, PathFile,
    PathIoError, PathIoErrorKind as Kind, PathIoOperation, PathIoResult, PathStat, SharedState,
};

use crate::fault::Fault;
use crate::file::{BrokenFile, SharedReader};
use crate::stray::Strays;

type Inner = Arc<dyn AbstractPathIo>;

/// Readers by path, for the fault that they share a cursor.
type Cursors = Arc<Mutex<HashMap<String, SharedReader>>>;

pub(crate) struct Broken {
    inner: Inner,
    fault: Option<Fault>,
    cursors: Cursors,
    strays: Strays,
    /// Ends with the path IO.
    life: Arc<()>,
}

impl Broken {
    pub(crate) fn with(fault: Option<Fault>) -> Self {
        Self::over(Arc::new(MemoryPathIo::new()), fault, Cursors::default())
    }

    fn over(inner: Inner, fault: Option<Fault>, cursors: Cursors) -> Self {
        Self {
            inner,
            fault,
            cursors,
            strays: Strays::default(),
            life: Arc::new(()),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// The path as the fault makes it.
    fn path<'a>(&self, path: &'a str) -> Cow<'a, str> {
        match self.fault {
            Some(Fault::ResolvesDotDot) if !path.contains('\0') => Cow::Owned(resolved(path)),
            Some(Fault::TrimsNames) => {
                let names = path.split('/').map(str::trim).collect::<Vec<_>>();
                Cow::Owned(names.join("/"))
            }
            Some(Fault::FoldsCase) => Cow::Owned(path.to_lowercase()),
            _ => Cow::Borrowed(path),
        }
    }

    /// The result as the fault makes it.
    fn result<T>(&self, result: PathIoResult<T>, forgiven: &[(Fault, Kind)]) -> PathIoResult<T>
    where
        T: Default,
    {
        match result {
            Err(error)
                if forgiven
                    .iter()
                    .any(|&(f, kind)| self.has(f) && error.kind() == kind) =>
            {
                Ok(T::default())
            }
            result => self.error(result),
        }
    }

    fn error<T>(&self, result: PathIoResult<T>) -> PathIoResult<T> {
        result.map_err(|error| match self.fault {
            Some(Fault::ForeignPathsInErrors) => error.with_path("elsewhere"),
            Some(Fault::ForeignOperationsInErrors) => error.with_operation(PathIoOperation::Close),
            _ => error,
        })
    }

    /// What the fault does to a file before it is opened.
    async fn before_opening(&self, path: &str, mode: OpenMode) -> PathIoResult<()> {
        let parents = MkdirOptions::new().parents(true).exist_ok(true);
        match (self.fault, mode) {
            (Some(Fault::MakesFoldersForFiles), OpenMode::Write) => match path.rsplit_once('/') {
                Some((folder, _)) => self.inner.mkdir(folder, parents).await,
                None => Ok(()),
            },
            (Some(Fault::ReadWriteMakesFiles), OpenMode::ReadWrite)
            | (Some(Fault::MissingFilesAreEmpty), OpenMode::Read) => {
                self.inner.open(path, OpenMode::Append).await?.close().await
            }
            (Some(Fault::AppendNeedsAFile), OpenMode::Append) => {
                self.inner.stat(path).await.map(drop)
            }
            (Some(Fault::TruncatesAtOpen), OpenMode::Write) => {
                self.inner.open(path, mode).await?.close().await
            }
            _ => Ok(()),
        }
    }

    fn mode(&self, mode: OpenMode) -> OpenMode {
        match (self.fault, mode) {
            (Some(Fault::AppendsAtThePosition), OpenMode::Append) => OpenMode::ReadWrite,
            (Some(Fault::CutsTheTail), OpenMode::ReadWrite) => OpenMode::Write,
            _ => mode,
        }
    }

    async fn shared(&self, path: &str) -> PathIoResult<Box<dyn PathFile>> {
        let found = self.cursors.lock().unwrap().get(path).cloned();
        let reader = match found {
            Some(reader) => reader,
            None => SharedReader::new(self.inner.open_file(path, OpenMode::Read).await?),
        };
        let mut cursors = self.cursors.lock().unwrap();
        cursors.insert(path.to_owned(), reader.clone());
        Ok(Box::new(reader))
    }

    /// Removes what lies below a folder, the deepest first.
    async fn empty(&self, path: &str) -> PathIoResult<()> {
        for entry in self.all_below(path).await?.into_iter().rev() {
            if entry.stat.is_dir() {
                self.inner.rmdir(&entry.path).await?;
            } else {
                self.inner.unlink(&entry.path).await?;
            }
        }
        Ok(())
    }

    async fn copy(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let mut from = self.inner.open(source, OpenMode::Read).await?;
        let mut to = self.inner.open(destination, OpenMode::Write).await?;
        loop {
            let block = from.read(1 << 20).await?;
            if block.is_empty() {
                return to.close().await;
            }
            to.write(block).await?;
        }
    }

    async fn all_below(&self, path: &str) -> PathIoResult<Vec<ListedPath>> {
        let mut all: Vec<_> = self.inner.list(path).try_collect().await?;
        let mut next = 0;
        while let Some(entry) = all.get(next).cloned() {
            all.extend(self.inner.list(&entry.path).try_collect::<Vec<_>>().await?);
            next += 1;
        }
        Ok(all)
    }
}

fn resolved(path: &str) -> String {
    let mut names = Vec::new();
    for name in path.split('/') {
        if name == ".." {
            names.pop();
        } else {
            names.push(name);
        }
    }
    names.join("/")
}

fn ready<T>(call: impl Future<Output = T>) -> T {
    call.now_or_never().unwrap()
}

#[async_trait]
impl AbstractPathIo for Broken {
    fn for_connection(&self, connection: Connection) -> Arc<dyn AbstractPathIo> {
        let inner = if self.has(Fault::ForgetsConnections) {
            self.inner.for_connection(Connection::new())
        } else {
            self.inner.for_connection(connection)
        };
        Arc::new(Self::over(inner, self.fault, Arc::clone(&self.cursors)))
    }

    fn connection(&self) -> Option<&Connection> {
        self.inner.connection()
    }

    fn state(&self) -> Option<SharedState> {
        if self.has(Fault::StateOfItsOwn) {
            return Some(Arc::new(0_u8));
        }
        self.inner.state()
    }

    fn timeout(&self) -> Option<Duration> {
        self.has(Fault::LimitsByItself)
            .then_some(Duration::from_secs(1))
    }

    async fn open_file(&self, path: &str, mode: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        let path = &*self.path(path);
        self.before_opening(path, mode).await?;
        if self.has(Fault::SharesOneCursor) && mode == OpenMode::Read {
            return self.shared(path).await;
        }
        let file = self.inner.open_file(path, self.mode(mode)).await;
        let file = self.error(file)?;
        let Some(fault) = self.fault else {
            return Ok(file);
        };
        let life: Option<Weak<()>> =
            (fault == Fault::FilesDieWithTheirPathIo).then(|| Arc::downgrade(&self.life));
        let io = Arc::clone(&self.inner);
        let strays = self.strays.clone();
        let file = BrokenFile::new(file, io, path, mode, fault, life, strays);
        Ok(Box::new(file))
    }

    fn list(&self, path: &str) -> Lister {
        let listed = self.path(path).into_owned();
        let inner = Arc::clone(&self.inner);
        let absolute = listed.clone();
        match self.fault {
            Some(Fault::ListsAbsolutely) => {
                let entries = self.inner.list(&listed).map_ok(move |mut entry| {
                    if !absolute.starts_with('/') {
                        entry.path.insert(0, '/');
                    }
                    entry
                });
                Lister::new(path, entries)
            }
            Some(Fault::ListsBelow) => {
                let all = ready(self.all_below(&listed));
                match all {
                    Ok(all) => Lister::new(path, stream::iter(all).map(Ok)),
                    Err(error) => Lister::new(path, stream::iter([Err(error)])),
                }
            }
            Some(Fault::ListsEagerly) => {
                let all: Vec<_> = ready(self.inner.list(&listed).collect());
                Lister::new(path, stream::iter(all))
            }
            Some(Fault::ListsMissingAsAnError) => {
                let looked = stream::once(async move { inner.stat(&listed).await });
                let entries = self.inner.list(path).boxed();
                let entries = looked.map_ok(|_| None).chain(entries.map_ok(Some));
                Lister::new(path, entries.try_filter_map(|entry| async { Ok(entry) }))
            }
            Some(Fault::HidesDotFiles) => {
                let entries = self.inner.list(&listed);
                let shown = entries
                    .try_filter(|entry| futures::future::ready(!entry.name().starts_with('.')));
                Lister::new(path, shown)
            }
            _ => self.inner.list(&listed),
        }
    }

    async fn stat(&self, path: &str) -> PathIoResult<PathStat> {
        let mut stat = self.error(self.inner.stat(&self.path(path)).await)?;
        match self.fault {
            Some(Fault::SizesOfZero) => stat.size = 0,
            Some(Fault::TimeStandsStill) => stat.modified = Timestamp::UNIX_EPOCH,
            Some(Fault::FoldersAreFiles) => stat.mode = 0o100_644,
            _ => {}
        }
        Ok(stat)
    }

    async fn exists(&self, path: &str) -> PathIoResult<bool> {
        match self.stat(path).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == Kind::NotFound => Ok(false),
            Err(error) if error.kind() == Kind::NotADirectory => {
                if self.has(Fault::BlockedIsAnError) {
                    Err(error)
                } else {
                    Ok(false)
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn mkdir(&self, path: &str, options: MkdirOptions) -> PathIoResult<()> {
        let made = self.inner.mkdir(&self.path(path), options).await;
        let forgiven = [
            (Fault::MkdirTakesFiles, Kind::AlreadyExists),
            (Fault::MkdirTakesFolders, Kind::AlreadyExists),
        ];
        self.result(made, &forgiven)
    }

    async fn rmdir(&self, path: &str) -> PathIoResult<()> {
        if self.has(Fault::RmdirTakesFullFolders) && self.inner.is_dir(path).await? {
            self.empty(path).await?;
        }
        let removed = self.inner.rmdir(&self.path(path)).await;
        self.result(
            removed,
            &[(Fault::RmdirTakesTheRoot, Kind::InvalidArgument)],
        )
    }

    async fn unlink(&self, path: &str) -> PathIoResult<()> {
        let removed = if self.has(Fault::UnlinkTakesFolders) && self.inner.is_dir(path).await? {
            self.inner.rmdir(path).await
        } else if self.has(Fault::CancelledUnlinksLand) {
            let (inner, path) = (Arc::clone(&self.inner), path.to_owned());
            let removing = async move { inner.unlink(&path).await };
            self.strays.run(removing.boxed()).await
        } else {
            self.inner.unlink(&self.path(path)).await
        };
        self.result(removed, &[(Fault::UnlinkTakesNothing, Kind::NotFound)])
    }

    async fn rename(&self, source: &str, destination: &str) -> PathIoResult<()> {
        match self.fault {
            Some(Fault::RenameCopies) if self.inner.is_file(source).await? => {
                return self.copy(source, destination).await;
            }
            Some(Fault::RenameReplacesFolders) if self.inner.is_dir(source).await? => {
                self.empty(destination).await?;
            }
            Some(Fault::HalfMadeRenames) if self.inner.is_file(destination).await? => {
                self.inner.unlink(destination).await?;
                tokio::task::yield_now().await;
            }
            _ => {}
        }
        let (source, destination) = (self.path(source), self.path(destination));
        let renamed = self.inner.rename(&source, &destination).await;
        self.result(renamed, &[(Fault::RenameIntoItself, Kind::InvalidArgument)])
    }

    async fn rename_new(&self, source: &str, destination: &str) -> PathIoResult<()> {
        let (from, to) = (self.path(source), self.path(destination));
        if self.has(Fault::NewNamesReplace) {
            return self.error(self.inner.rename(&from, &to).await);
        }
        self.error(self.inner.rename_new(&from, &to).await)
    }

    async fn set_modified(&self, path: &str, modified: Timestamp) -> PathIoResult<()> {
        if self.has(Fault::SetsNoTime) {
            return self.inner.stat(path).await.map(drop);
        }
        self.inner.set_modified(&self.path(path), modified).await
    }
}

/// For the fault that a file ends with its path IO.
pub(crate) fn dead() -> PathIoError {
    PathIoError::new(Kind::Other, "the path IO was dropped")
}
