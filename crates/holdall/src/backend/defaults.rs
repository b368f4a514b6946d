//! What a backend that implements [`AsyncBackend`] whole need not write.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::StreamExt;

use super::AsyncBackend;
pub(super) use super::spool::native_path;
use super::spool::{self, Spool};
use crate::content::{AsyncWritableContent, ByteStream, Listing};
use crate::driver::ByteRange;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FileInfo, FolderEntry, PathEntry, WriteResult};
use crate::options::WriteOptions;
use crate::reader::{RandomRead, SeekableReader};
use crate::writer::{AtomicWriter, StagedUpload};

/// Reads from the beginning and drops what lies outside `range`.
pub(super) fn read_range(content: ByteStream, range: ByteRange) -> ByteStream {
    let end = range.end.unwrap_or(u64::MAX);
    // The first chunk is fetched also for an empty range: a file that is missing
    // is missing.
    let chunks =
        futures::stream::try_unfold((content, 0), move |(mut content, mut at)| async move {
            while at < end || at == 0 {
                let Some(chunk) = content.next().await.transpose()? else {
                    break;
                };
                let first = at;
                at += chunk.len() as u64;
                let kept = spool::clip(chunk, first, range);
                if !kept.is_empty() {
                    return Ok(Some((kept, (content, at))));
                }
            }
            Ok(None)
        });
    ByteStream::new(chunks)
}

pub(super) fn iter_children(
    files: Listing<FileInfo>,
    folders: Listing<FolderEntry>,
) -> Listing<PathEntry> {
    let files = files.map(|file| file.map(PathEntry::File));
    let folders = folders.map(|folder| folder.map(PathEntry::Folder));
    Listing::new(files.chain(folders))
}

pub(super) async fn read_seekable<B: AsyncBackend + ?Sized>(
    backend: Arc<B>,
    path: &str,
) -> Result<SeekableReader> {
    let info = backend.get_file_info(path).await?;
    Ok(SeekableReader::new(RangeReader {
        backend,
        path: path.to_owned(),
        info,
        goes_on_at: None,
        content: None,
    }))
}

/// A piece is a ranged read, and one that goes on where it ended begins a
/// stream, which later ones come out of. A file whose version changed before is
/// refused where the backend's records can tell.
struct RangeReader<B: ?Sized> {
    backend: Arc<B>,
    path: String,
    info: FileInfo,
    /// Where the last piece ended.
    goes_on_at: Option<u64>,
    /// The rest of the file from there on, once a read has gone on.
    content: Option<(Bytes, ByteStream)>,
}

#[async_trait]
impl<B: AsyncBackend + ?Sized> RandomRead for RangeReader<B> {
    fn size(&self) -> u64 {
        self.info.size
    }

    async fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        if offset >= self.info.size || max == 0 {
            return Ok(Bytes::new());
        }
        let content = self.content.take();
        let piece = match (self.goes_on_at.take() == Some(offset), content) {
            (true, Some(content)) => self.next_piece(content, max).await?,
            (true, None) => {
                let rest = self.range(offset, self.info.size);
                let piece = self.next_piece((Bytes::new(), rest), max).await?;
                self.require_same_version().await?;
                piece
            }
            (false, _) => {
                let end = self.info.size.min(offset.saturating_add(max as u64));
                let piece = self.range(offset, end).bytes().await?;
                self.require_same_version().await?;
                piece
            }
        };
        self.goes_on_at = Some(offset.saturating_add(piece.len() as u64));
        Ok(piece)
    }
}

impl<B: AsyncBackend + ?Sized> RangeReader<B> {
    fn range(&self, start: u64, end: u64) -> ByteStream {
        let end = Some(end);
        self.backend
            .read_range(&self.path, ByteRange { start, end })
    }

    async fn next_piece(
        &mut self,
        (mut at_hand, mut rest): (Bytes, ByteStream),
        max: usize,
    ) -> Result<Bytes> {
        if at_hand.is_empty() {
            at_hand = rest.next().await.transpose()?.unwrap_or_default();
        }
        let piece = at_hand.split_to(max.min(at_hand.len()));
        self.content = Some((at_hand, rest));
        Ok(piece)
    }

    async fn require_same_version(&mut self) -> Result<()> {
        let now = self.backend.get_file_info(&self.path).await?;
        let same = now.etag == self.info.etag
            && now.modified_at == self.info.modified_at
            && now.size == self.info.size;
        if same {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Conflict,
            "the file was replaced while it was read; open it again",
        )
        .with_path(&self.path)
        .with_backend(self.backend.name()))
    }
}

pub(super) async fn open_atomic<B: AsyncBackend + ?Sized>(
    backend: Arc<B>,
    path: &str,
    options: WriteOptions,
) -> Result<AtomicWriter> {
    options.user_metadata()?;
    if !options.replaces() && backend.is_file(path).await? {
        return Err(spool::taken(backend.name(), path));
    }
    Ok(AtomicWriter::new(SpooledUpload {
        backend,
        path: path.to_owned(),
        options,
        spool: Some(Spool::new()),
    }))
}

struct SpooledUpload<B: ?Sized> {
    backend: Arc<B>,
    path: String,
    options: WriteOptions,
    /// Away while content is appended, and gone once that has failed.
    spool: Option<Spool>,
}

impl<B: ?Sized> SpooledUpload<B> {
    fn take_spool(&mut self) -> Result<Spool> {
        self.spool.take().ok_or_else(spool::given_up)
    }
}

#[async_trait]
impl<B: AsyncBackend + ?Sized> StagedUpload for SpooledUpload<B> {
    async fn append(&mut self, chunk: Bytes) -> Result<()> {
        let spool = self.take_spool()?.append(vec![chunk]).await?;
        self.spool = Some(spool);
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<WriteResult> {
        let content = self.take_spool()?.into_stream().await?;
        let content = AsyncWritableContent::Stream(content.boxed());
        self.backend
            .write_atomic(&self.path, content, self.options)
            .await
    }
}

pub(super) fn no_folder_calls(operation: Operation, path: &str) -> Error {
    let message = "the backend has no calls for folders alone";
    Error::new(ErrorKind::CapabilityNotSupported, message)
        .with_operation(operation)
        .with_path(path)
}
