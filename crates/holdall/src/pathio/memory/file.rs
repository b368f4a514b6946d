//! Open files of the tree in memory.

use std::io::SeekFrom;
use std::sync::Arc;

use bytes::Bytes;

use super::content::Content;
use super::node::File;
use super::tree::Root;
use crate::pathio::append::Appended;
use crate::pathio::blocking::TreeFile;
use crate::pathio::error::{PathIoError, PathIoErrorKind, PathIoResult};
use crate::pathio::path::PathName;
use crate::pathio::rules;

/// An open file and a position in it.
pub(crate) struct MemoryFile {
    position: u64,
    access: Access,
}

enum Access {
    /// What the file held when it was opened.
    Read(Content),
    /// Content that shows when the file is closed.
    Anew {
        root: Arc<Root>,
        path: PathName,
        content: Content,
        replaces: bool,
    },
    Append(Append),
    Change(Arc<File>),
}

/// An append, which takes back what it wrote unless it is closed.
struct Append {
    file: Arc<File>,
    appended: Appended,
    /// Where the file was made by this append.
    made: Option<(Arc<Root>, PathName)>,
    is_closed: bool,
}

impl Drop for Append {
    fn drop(&mut self) {
        if self.is_closed {
            return;
        }
        let mut data = self.file.data.lock();
        if let Some(length) = self.appended.cut_to(data.content.length()) {
            data.content.truncate(length);
            data.touch();
        }
        drop(data);
        if let Some((root, path)) = &self.made {
            root.remove_unused(path, &self.file);
        }
    }
}

impl MemoryFile {
    fn new(access: Access) -> Self {
        Self {
            position: 0,
            access,
        }
    }

    pub(super) fn reading(content: Content) -> Self {
        Self::new(Access::Read(content))
    }

    pub(super) fn anew(root: Arc<Root>, path: PathName) -> Self {
        Self::new(Access::Anew {
            root,
            path,
            content: Content::default(),
            replaces: true,
        })
    }

    pub(super) fn appending(file: Arc<File>, made: Option<(Arc<Root>, PathName)>) -> Self {
        let position = file.data.lock().content.length();
        let access = Access::Append(Append {
            file,
            appended: Appended::default(),
            made,
            is_closed: false,
        });
        Self { position, access }
    }

    pub(super) fn changing(file: Arc<File>) -> Self {
        Self::new(Access::Change(file))
    }

    fn length(&self) -> u64 {
        match &self.access {
            Access::Read(content) | Access::Anew { content, .. } => content.length(),
            Access::Append(Append { file, .. }) | Access::Change(file) => {
                file.data.lock().content.length()
            }
        }
    }
}

impl TreeFile for MemoryFile {
    fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        let bytes = match &self.access {
            Access::Read(content) => content.read(self.position, max),
            Access::Change(file) => file.data.lock().content.read(self.position, max),
            Access::Anew { .. } | Access::Append(_) => return Err(not_open_for("reading")),
        };
        self.position += bytes.len() as u64;
        Ok(bytes)
    }

    fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        let length = data.len();
        match &mut self.access {
            Access::Read(_) => return Err(not_open_for("writing")),
            Access::Anew { content, .. } => {
                let end = rules::end_of_write(self.position, length)?;
                content.write(self.position, data);
                self.position = end;
            }
            Access::Change(file) => {
                let end = rules::end_of_write(self.position, length)?;
                let mut file = file.data.lock();
                file.content.write(self.position, data);
                file.touch();
                self.position = end;
            }
            Access::Append(append) => {
                let mut file = append.file.data.lock();
                let at = file.content.length();
                self.position = rules::end_of_write(at, length)?;
                file.content.write(at, data);
                file.touch();
                append.appended.note(at, length as u64);
            }
        }
        Ok(())
    }

    fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        self.position = rules::position(to, self.position, || Ok(self.length()))?;
        Ok(self.position)
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        match &mut self.access {
            Access::Anew { replaces, .. } => *replaces = false,
            _ => return Err(not_open_for("writing anew")),
        }
        Ok(())
    }

    fn close(self) -> PathIoResult<()> {
        match self.access {
            Access::Read(_) | Access::Change(_) => {}
            Access::Append(mut append) => append.is_closed = true,
            Access::Anew {
                root,
                path,
                content,
                replaces,
            } => root.put(&path, Arc::new(File::new(content)), replaces)?,
        }
        Ok(())
    }
}

fn not_open_for(what: &str) -> PathIoError {
    PathIoError::new(
        PathIoErrorKind::InvalidArgument,
        format!("the file is not open for {what}"),
    )
}
