//! Writes with a fault.

use std::sync::Arc;

use bytes::Bytes;
use holdall::{
    AtomicFile, Backend, Result, StagedFile, WritableContent, WriteOptions, WriteResult,
};

use super::Broken;
use super::fault::Fault;

/// The content and the options as the fault leaves them.
pub(super) fn prepared<'a>(
    broken: &Broken,
    path: &str,
    mut content: WritableContent<'a>,
    options: WriteOptions,
) -> Result<(WritableContent<'a>, WriteOptions)> {
    match broken.fault {
        Some(Fault::TakesOneRead) => {
            content = content.next_chunk()?.unwrap_or_default().into();
        }
        Some(Fault::SwallowsSourceErrors) => {
            let mut all = Vec::new();
            while let Ok(Some(chunk)) = content.next_chunk() {
                all.extend_from_slice(&chunk);
            }
            content = all.into();
        }
        Some(Fault::GivesUpWhenInterrupted) => {
            if let WritableContent::Reader(mut reader) = content {
                let (mut all, mut piece) = (Vec::new(), vec![0; 300_000]);
                loop {
                    let read = reader.read(&mut piece)?;
                    if read == 0 {
                        break;
                    }
                    all.extend_from_slice(&piece[..read]);
                }
                content = all.into();
            }
        }
        Some(Fault::LetsTwoCreate) if !options.replaces() => {
            let mut creations = broken.creations.lock().unwrap();
            let creation = creations.entry(path.to_owned()).or_default();
            *creation += 1;
            let options = options.overwrite(*creation == 2);
            return Ok((content, options));
        }
        _ => {}
    }
    Ok((content, options))
}

pub(super) fn open_atomic(
    broken: Arc<Broken>,
    path: &str,
    options: WriteOptions,
) -> Result<AtomicFile> {
    match broken.fault {
        Some(Fault::OpensGladly | Fault::LetsTwoCreate) => {}
        Some(Fault::ShowsStagedContent | Fault::CommitsOnDrop | Fault::CommitOverwrites) => {
            drop(Arc::clone(&broken.inner).open_atomic(path, options.clone())?)
        }
        _ => return Arc::clone(&broken.inner).open_atomic(path, options),
    }
    Ok(AtomicFile::new(Staged {
        broken,
        path: path.to_owned(),
        options,
        content: Some(Vec::new()),
    }))
}

struct Staged {
    broken: Arc<Broken>,
    path: String,
    options: WriteOptions,
    /// `None` after the commit.
    content: Option<Vec<u8>>,
}

impl Staged {
    fn show(&self, content: Vec<u8>) -> Result<WriteResult> {
        let overwrite = WriteOptions::new().overwrite(true);
        self.broken
            .inner
            .write(&self.path, content.into(), overwrite)
    }
}

impl StagedFile for Staged {
    fn append(&mut self, chunk: Bytes) -> Result<()> {
        let content = self.content.get_or_insert_default();
        content.extend_from_slice(&chunk);
        if self.broken.has(Fault::ShowsStagedContent) {
            let content = content.clone();
            self.show(content)?;
        }
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<WriteResult> {
        let content = self.content.take().unwrap_or_default();
        if self.broken.has(Fault::CommitOverwrites) {
            return self.show(content);
        }
        let options = self.options.clone();
        self.broken
            .write_atomic(&self.path, content.into(), options)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.broken.has(Fault::CommitsOnDrop)
            && let Some(content) = self.content.take()
        {
            self.show(content).unwrap();
        }
    }
}
