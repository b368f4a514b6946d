//! Changing a file: in a temporary one, written back at the close.

use std::io::{self, Read, Seek, SeekFrom, Write};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::StreamExt;
use tempfile::SpooledTempFile;

use super::faults;
use super::tree::Tree;
use crate::backend::spool::Spool;
use crate::capability::Capability;
use crate::content::AsyncWritableContent;
use crate::error::ErrorKind;
use crate::model::FileInfo;
use crate::options::WriteOptions;
use crate::pathio::error::PathIoResult;
use crate::pathio::file::PathFile;
use crate::pathio::mode::OpenMode;
use crate::pathio::path::PathName;
use crate::pathio::rules;
use crate::pool::{self, Lane};
use crate::version::FileVersion;

/// How often a file is copied anew that changes while it is copied.
const ROUNDS: usize = 3;

/// A file that is changed.
pub(super) struct StoreEdit {
    tree: Tree,
    path: PathName,
    /// The version that the changes are for; none of a new file.
    base: Option<FileInfo>,
    copy: Copy,
    position: u64,
    /// How many folders had been made when it was opened.
    made_folders: u64,
    appends: bool,
    changed: bool,
}

/// The content, changed and unchanged. It travels to the pool and back.
struct Copy {
    /// Away while the pool has it, and gone once that was given up.
    file: Option<SpooledTempFile>,
    length: u64,
    limit: u64,
}

impl Copy {
    fn new(limit: u64) -> Self {
        Self {
            file: Some(Spool::temporary_file()),
            length: 0,
            limit,
        }
    }

    async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut SpooledTempFile) -> io::Result<T> + Send + 'static,
    ) -> PathIoResult<T> {
        let mut file = self.file.take().ok_or_else(faults::given_up)?;
        let worked = pool::run(Lane::Quick, move || {
            let done = work(&mut file);
            (file, done)
        });
        let (file, done) = worked.await?;
        self.file = Some(file);
        Ok(done?)
    }

    async fn read(&mut self, position: u64, max: usize) -> PathIoResult<Bytes> {
        let rest = usize::try_from(self.length.saturating_sub(position)).unwrap_or(usize::MAX);
        let wanted = max.min(rest);
        if wanted == 0 {
            return Ok(Bytes::new());
        }
        let read = self.work(move |file| {
            let mut block = vec![0; wanted];
            file.seek(SeekFrom::Start(position))?;
            file.read_exact(&mut block)?;
            Ok(Bytes::from(block))
        });
        read.await
    }

    /// What lies between the end and `position` is zeros.
    async fn write(&mut self, position: u64, data: Bytes) -> PathIoResult<u64> {
        let end = position.saturating_add(data.len() as u64);
        if end > self.limit {
            // What did not take all that was written must never show.
            self.file = None;
            return Err(faults::too_large(self.limit));
        }
        let written = self.work(move |file| {
            file.seek(SeekFrom::Start(position))?;
            file.write_all(&data)
        });
        written.await?;
        self.length = self.length.max(end);
        Ok(end)
    }
}

fn is_same_version(one: &FileInfo, other: &FileInfo) -> bool {
    FileVersion::from(one).is(&other.into())
}

impl Tree {
    pub(super) async fn open_to_edit(
        &self,
        path: PathName,
        mode: OpenMode,
    ) -> PathIoResult<StoreEdit> {
        if path.is_root() {
            return Err(faults::is_a_folder());
        }
        let backend = self.store().backend();
        for needed in [Capability::Write, Capability::Read] {
            self.store()
                .capabilities()
                .require(needed, backend.name())?;
        }
        let made_folders = self.made_folders();
        let base = self.file_to_edit(&path, mode).await?;
        let (base, copy) = match base {
            Some(base) => self.copy_of(&path, base).await?,
            None => (None, Copy::new(self.edit_limit())),
        };
        Ok(StoreEdit {
            tree: self.clone(),
            path,
            base,
            copy,
            position: 0,
            made_folders,
            appends: mode == OpenMode::Append,
            changed: false,
        })
    }

    /// The file as it is; none where it may be made.
    async fn file_to_edit(
        &self,
        path: &PathName,
        mode: OpenMode,
    ) -> PathIoResult<Option<FileInfo>> {
        match self.store().get_file_info(path.as_str()).await {
            Ok(info) => Ok(Some(info)),
            Err(error) if error.kind() == ErrorKind::NotFound && mode == OpenMode::Append => {
                self.require_folder_around(path).await?;
                Ok(None)
            }
            Err(error) => Err(self.explained(path, error).await),
        }
    }

    /// A copy of one version of the file.
    async fn copy_of(
        &self,
        path: &PathName,
        mut base: FileInfo,
    ) -> PathIoResult<(Option<FileInfo>, Copy)> {
        for _ in 0..ROUNDS {
            let limit = self.edit_limit();
            if base.size > limit {
                return Err(faults::too_large(limit));
            }
            let mut copy = Copy::new(limit);
            let mut content = self.store().read(path.as_str())?;
            while let Some(chunk) = content.next().await {
                copy.write(copy.length, chunk?).await?;
            }
            // What was changed in between is found out at the close, where the store
            // compares.
            if self.compares_versions() && copy.length == base.size {
                return Ok((Some(base), copy));
            }
            let now = self.store().get_file_info(path.as_str()).await?;
            if is_same_version(&base, &now) && copy.length == now.size {
                return Ok((Some(now), copy));
            }
            base = now;
        }
        Err(faults::changed_meanwhile())
    }

    /// Whether the store compares versions by itself, in the step of a write.
    fn compares_versions(&self) -> bool {
        self.store().backend().supports_if_match()
    }

    /// Writes the changed content back if the file is still what it was.
    async fn write_back(
        &self,
        path: &PathName,
        base: Option<FileInfo>,
        content: AsyncWritableContent,
    ) -> PathIoResult<()> {
        let options = match base {
            Some(base) => self.options_to_replace(path, &base).await?,
            None => WriteOptions::new(),
        };
        let written = self.store().write_with(path.as_str(), content, options);
        match written.await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::Conflict) =>
            {
                Err(faults::changed_meanwhile().with_reason(error))
            }
            Err(error) => Err(self.explained(path, error).await),
        }
    }

    /// How `base`, and nothing else, is replaced: as the store compares, or by a look
    /// where it cannot.
    async fn options_to_replace(
        &self,
        path: &PathName,
        base: &FileInfo,
    ) -> PathIoResult<WriteOptions> {
        let mut options = WriteOptions::new().overwrite(true);
        if self.compares_versions() {
            options = options.if_match(base);
        } else {
            match self.store().get_file_info(path.as_str()).await {
                Ok(now) if is_same_version(base, &now) => {}
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                Ok(_) | Err(_) => return Err(faults::changed_meanwhile()),
            }
        }
        if let Some(metadata) = &base.metadata {
            options = options.metadata(metadata.iter());
        }
        Ok(options)
    }
}

#[async_trait]
impl PathFile for StoreEdit {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        let block = self.copy.read(self.position, max).await?;
        self.position += block.len() as u64;
        Ok(block)
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        if self.appends {
            self.position = self.copy.length;
        }
        self.position = self.copy.write(self.position, data).await?;
        self.changed = true;
        Ok(())
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        self.position = rules::position(to, self.position, || Ok(self.copy.length))?;
        Ok(self.position)
    }

    async fn close(mut self: Box<Self>) -> PathIoResult<()> {
        let file = self.copy.file.take().ok_or_else(faults::given_up)?;
        if self.base.is_some() && !self.changed {
            return Ok(());
        }
        let place = self
            .tree
            .require_no_new_folder(&self.path, self.made_folders);
        place.await?;
        let content = Spool::of(file).into_stream().await?;
        let content = AsyncWritableContent::Stream(content.boxed());
        self.tree.write_back(&self.path, self.base, content).await
    }
}
