//! Writes with a fault.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{FutureExt, StreamExt};
use holdall::{
    AsyncBackend, AsyncWritableContent, AtomicWriter, DeleteOptions, Error, ErrorKind, Result,
    StagedUpload, WriteOptions, WriteResult, WriteSource,
};

use crate::broken::Broken;
use crate::fault::Fault;

/// What a write becomes where nothing of it changes but its options.
fn with_metadata_of(options: &WriteOptions, overwrite: bool) -> WriteOptions {
    let metadata = options.user_metadata().ok().flatten().unwrap_or_default();
    let pairs: Vec<_> = metadata
        .iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
    WriteOptions::new().overwrite(overwrite).metadata(pairs)
}

/// All of the content, or what came of it with the error.
async fn drain(content: AsyncWritableContent) -> (BytesMut, Option<Error>) {
    let mut all = BytesMut::new();
    let mut chunks = content.into_stream();
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => all.extend_from_slice(&chunk),
            Err(error) => return (all, Some(error)),
        }
    }
    (all, None)
}

fn taken(path: &str) -> Error {
    Error::new(ErrorKind::AlreadyExists, "taken").with_path(path)
}

async fn look(broken: &Broken, path: &str, options: &WriteOptions) -> Result<()> {
    if !options.replaces() && broken.inner.is_file(path).await? {
        return Err(taken(path));
    }
    Ok(())
}

pub(crate) async fn write(
    broken: &Broken,
    path: &str,
    content: AsyncWritableContent,
    options: WriteOptions,
) -> Result<WriteResult> {
    let inner = &broken.inner;
    let over = with_metadata_of(&options, true);
    match broken.fault {
        Some(Fault::OverwriteIgnored) => {
            let options = with_metadata_of(&options, false);
            inner.write(path, content, options).await
        }
        Some(Fault::VersionsIgnored) => inner.write(path, content, over).await,
        Some(Fault::VersionsForever) if options.version().is_some() => {
            Err(Error::new(ErrorKind::Conflict, "changed"))
        }
        Some(Fault::OverwriteAssumed) => inner.write(path, content, over).await,
        Some(Fault::LooksThenWrites) => {
            look(broken, path, &options).await?;
            tokio::task::yield_now().await;
            inner.write(path, content, over).await
        }
        Some(Fault::LooksBeforeTheSource) => {
            look(broken, path, &options).await?;
            inner.write(path, content, options).await
        }
        Some(Fault::ShowsPartsOfAStream) => in_parts(broken, path, content, options).await,
        Some(Fault::TruncatesBeforeTheSourceIsDrained) => {
            if options.replaces() && inner.is_file(path).await? {
                inner.write(path, "".into(), over).await?;
            }
            inner.write(path, content, options).await
        }
        Some(Fault::SwallowsSourceErrors) => {
            let (content, _) = drain(content).await;
            inner.write(path, content.into(), options).await
        }
        Some(Fault::RenamesSourceErrors) => {
            let chunks = content.into_stream().map(|chunk| {
                chunk.map_err(|error| Error::new(ErrorKind::Other, error.message().to_owned()))
            });
            let content = AsyncWritableContent::from_stream(chunks);
            inner.write(path, content, options).await
        }
        Some(Fault::ReplacesFolders) if options.replaces() => {
            if !matches!(path, "" | ".") && inner.is_folder(path).await.unwrap_or(false) {
                broken.remove_all(path).await?;
            }
            inner.write(path, content, options).await
        }
        Some(Fault::MissingInsteadOfFileAncestor) => {
            let written = inner.write(path, content, options).await;
            written.map_err(|error| match error.kind() {
                ErrorKind::InvalidPath => Error::new(ErrorKind::NotFound, "").with_path(path),
                _ => error,
            })
        }
        Some(Fault::StoresAtTheRoot) if matches!(path, "\\" | "/") => {
            inner.write("root", content, over).await
        }
        Some(Fault::CutsLargeContent) => {
            let (mut content, _) = drain(content).await;
            content.truncate(8 * 1024 * 1024);
            inner.write(path, content.into(), options).await
        }
        Some(Fault::LosesEmptyFiles) => {
            let (content, _) = drain(content).await;
            let empty = content.is_empty();
            let written = inner.write(path, content.into(), options).await?;
            if empty {
                inner.delete(path, DeleteOptions::new()).await?;
            }
            Ok(written)
        }
        Some(Fault::DropsTheLastChunk) => drop_last(broken, path, content, options).await,
        Some(Fault::NeverMakesParents) => {
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            if inner.is_folder(parent).await? {
                return inner.write(path, content, options).await;
            }
            Err(Error::new(ErrorKind::NotFound, "no parent").with_path(path))
        }
        Some(Fault::AppendsInsteadOfReplacing) if options.replaces() => {
            let mut all = BytesMut::new();
            if inner.is_file(path).await? {
                all.extend_from_slice(&inner.read_bytes(path).await?);
            }
            all.extend_from_slice(&drain(content).await.0);
            inner.write(path, all.into(), options).await
        }
        Some(Fault::ReplacesInTwoSteps) if options.replaces() => {
            let (content, _) = drain(content).await;
            let half = Bytes::copy_from_slice(&content[..content.len() / 2]);
            inner.write(path, half.into(), over).await?;
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            inner.write(path, content.into(), options).await
        }
        Some(Fault::CommitsPartsWhenDropped) => {
            let mut guard = CommitParts {
                broken: broken.clone(),
                path: path.to_owned(),
                parts: BytesMut::new(),
            };
            let mut chunks = content.into_stream();
            while let Some(chunk) = chunks.next().await {
                guard.parts.extend_from_slice(&chunk?);
            }
            let all = std::mem::take(&mut guard.parts);
            inner.write(path, all.into(), options).await
        }
        Some(Fault::CancelledWritesLand) => {
            let (content, error) = drain(content).await;
            if let Some(error) = error {
                return Err(error);
            }
            let mut guard = Stray {
                broken: broken.clone(),
                write: Some((path.to_owned(), content.clone().freeze())),
            };
            tokio::task::yield_now().await;
            guard.write = None;
            let written = inner.write(path, content.into(), options).await;
            broken.ripen_strays();
            written
        }
        Some(Fault::MetadataDropped) => {
            let options = WriteOptions::new().overwrite(options.replaces());
            inner.write(path, content, options).await
        }
        Some(Fault::MetadataOutlivesOverwrites) => {
            let old = inner
                .get_file_info(path)
                .await
                .ok()
                .and_then(|info| info.metadata);
            let old: Vec<_> = old
                .iter()
                .flat_map(|old| old.iter())
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
            let own = options.user_metadata()?.is_some();
            let options = if own { options } else { options.metadata(old) };
            inner.write(path, content, options).await
        }
        Some(Fault::WrongSizeInResults) => {
            let mut written = inner.write(path, content, options).await?;
            written.size += 1;
            Ok(written)
        }
        Some(Fault::BasicInsteadOfNative) => {
            let mut written = inner.write(path, content, options).await?;
            written.source = WriteSource::Basic;
            Ok(written)
        }
        _ => inner.write(path, content, options).await,
    }
}

/// Stores what came so far after every chunk.
async fn in_parts(
    broken: &Broken,
    path: &str,
    content: AsyncWritableContent,
    options: WriteOptions,
) -> Result<WriteResult> {
    let mut all = BytesMut::new();
    let mut chunks = content.into_stream();
    while let Some(chunk) = chunks.next().await {
        all.extend_from_slice(&chunk?);
        let over = WriteOptions::new().overwrite(true);
        broken.inner.write(path, all.clone().into(), over).await?;
    }
    let over = with_metadata_of(&options, true);
    broken.inner.write(path, all.into(), over).await
}

async fn drop_last(
    broken: &Broken,
    path: &str,
    content: AsyncWritableContent,
    options: WriteOptions,
) -> Result<WriteResult> {
    let mut all: Vec<_> = content.into_stream().collect().await;
    if all.len() > 1 {
        all.pop();
    }
    let content = AsyncWritableContent::from_stream(futures::stream::iter(all));
    broken.inner.write(path, content, options).await
}

/// Stores what it holds when it is dropped with something in it.
struct CommitParts {
    broken: Broken,
    path: String,
    parts: BytesMut,
}

impl Drop for CommitParts {
    fn drop(&mut self) {
        if !self.parts.is_empty() {
            let over = WriteOptions::new().overwrite(true);
            let parts = self.parts.clone().into();
            let _ = self
                .broken
                .inner
                .write(&self.path, parts, over)
                .now_or_never();
        }
    }
}

/// Leaves its write behind when it is dropped with one.
struct Stray {
    broken: Broken,
    write: Option<(String, Bytes)>,
}

impl Drop for Stray {
    fn drop(&mut self) {
        if let Some((path, content)) = self.write.take() {
            self.broken.leave_stray(path, content);
        }
    }
}

pub(crate) async fn write_atomic(
    broken: &Broken,
    path: &str,
    content: AsyncWritableContent,
    options: WriteOptions,
) -> Result<WriteResult> {
    match broken.fault {
        Some(Fault::LooksThenWritesAtomically) => {
            look(broken, path, &options).await?;
            tokio::task::yield_now().await;
            let over = with_metadata_of(&options, true);
            broken.inner.write_atomic(path, content, over).await
        }
        Some(Fault::AtomicWritesAreLost) => Err(Error::new(ErrorKind::Other, "lost")),
        _ => broken.inner.write_atomic(path, content, options).await,
    }
}

pub(crate) async fn open_atomic(
    broken: &Arc<Broken>,
    path: &str,
    options: WriteOptions,
) -> Result<AtomicWriter> {
    let inner = Arc::clone(&broken.inner);
    match broken.fault {
        Some(Fault::ShowsStagedContent | Fault::CommitsOnDrop) => {
            look(broken, path, &options).await?;
            Ok(AtomicWriter::new(Careless {
                broken: Broken::clone(broken),
                path: path.to_owned(),
                all: BytesMut::new(),
            }))
        }
        Some(Fault::CommitOverwrites) => {
            look(broken, path, &options).await?;
            inner
                .open_atomic(path, with_metadata_of(&options, true))
                .await
        }
        _ => inner.open_atomic(path, options).await,
    }
}

/// An upload that shows early, or that is committed by its drop.
struct Careless {
    broken: Broken,
    path: String,
    all: BytesMut,
}

impl Careless {
    fn show(&self) -> Result<WriteResult> {
        let over = WriteOptions::new().overwrite(true);
        let write = self
            .broken
            .inner
            .write(&self.path, self.all.clone().into(), over);
        write.now_or_never().unwrap()
    }
}

#[async_trait]
impl StagedUpload for Careless {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        self.all.extend_from_slice(&chunk);
        if self.broken.has(Fault::ShowsStagedContent) {
            self.show()?;
        }
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<WriteResult> {
        self.show()
    }
}

impl Drop for Careless {
    fn drop(&mut self) {
        if self.broken.has(Fault::CommitsOnDrop) {
            let _ = self.show();
        }
    }
}
