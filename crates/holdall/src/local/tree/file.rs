//! Open files of the local disk.

use std::fs::File;
use std::io::{self, SeekFrom};

use bytes::Bytes;

use super::LocalTree;
use super::append::Append;
use super::errors::Tell;
use super::staged::Anew;
use crate::local::errors::Refuse;
use crate::pathio::blocking::TreeFile;
use crate::pathio::rules;
use crate::pathio::{PathIoError, PathIoErrorKind, PathIoResult};

/// The most that one read fetches, however much is asked for.
const LARGEST_READ: u64 = 1024 * 1024;
/// What is asked for where the file had its end when it was last looked at.
const BEYOND_END: u64 = 8 * 1024;

/// An open file and a position in it.
pub(crate) struct LocalFile {
    tree: LocalTree,
    position: u64,
    /// How long the file is known to be: what a read asks for goes by it.
    known_size: u64,
    access: Access,
}

enum Access {
    Read(File),
    Anew(Anew),
    Append(Append),
    Change(File),
}

impl LocalFile {
    fn new(tree: LocalTree, access: Access, known_size: u64) -> Self {
        Self {
            tree,
            position: 0,
            known_size,
            access,
        }
    }

    pub(super) fn reading(tree: LocalTree, file: File, size: u64) -> Self {
        Self::new(tree, Access::Read(file), size)
    }

    pub(super) fn anew(tree: LocalTree, anew: Anew) -> Self {
        Self::new(tree, Access::Anew(anew), 0)
    }

    pub(super) fn appending(tree: LocalTree, append: Append) -> PathIoResult<Self> {
        let mut file = Self::new(tree, Access::Append(append), 0);
        file.position = file.size()?;
        Ok(file)
    }

    pub(super) fn changing(tree: LocalTree, file: File) -> Self {
        Self::new(tree, Access::Change(file), 0)
    }

    fn file(&self) -> &File {
        match &self.access {
            Access::Read(file) | Access::Change(file) => file,
            Access::Anew(anew) => anew.file(),
            Access::Append(append) => append.file(),
        }
    }

    fn size(&self) -> PathIoResult<u64> {
        let metadata = self.file().metadata().refused("look at the file");
        Ok(metadata.told()?.len())
    }

    /// How much to ask for, so that a small file takes no large buffer.
    fn length_of_read(&self, max: usize) -> usize {
        let wanted = match self.known_size.saturating_sub(self.position) {
            0 => BEYOND_END,
            rest => rest.min(LARGEST_READ),
        };
        usize::try_from(wanted).map_or(max, |wanted| wanted.min(max))
    }
}

impl TreeFile for LocalFile {
    fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        if matches!(self.access, Access::Anew(_) | Access::Append(_)) {
            return Err(not_open_for("reading"));
        }
        let length = self.length_of_read(max);
        let system = &self.tree.driver.system;
        let bytes = system.read_at(false, self.file(), self.position, length);
        let bytes = bytes.told()?;
        self.position += bytes.len() as u64;
        if self.position > self.known_size {
            self.known_size = self.size()?;
        }
        Ok(bytes)
    }

    fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        let file = match &mut self.access {
            Access::Read(_) => return Err(not_open_for("writing")),
            Access::Append(append) => {
                self.position = append.write(&data)?;
                return Ok(());
            }
            Access::Anew(anew) => anew.file(),
            Access::Change(file) => file,
        };
        let end = rules::end_of_write(self.position, data.len())?;
        let written = write_all_at(file, &data, self.position);
        written.refused("write").told()?;
        self.position = end;
        Ok(())
    }

    fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        self.position = rules::position(to, self.position, || self.size())?;
        Ok(self.position)
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        match &mut self.access {
            Access::Anew(anew) => anew.require_new(),
            _ => return Err(not_open_for("writing anew")),
        }
        Ok(())
    }

    fn close(self) -> PathIoResult<()> {
        match self.access {
            Access::Read(_) | Access::Change(_) => Ok(()),
            Access::Append(append) => {
                append.close();
                Ok(())
            }
            Access::Anew(anew) => self.tree.show(anew),
        }
    }
}

fn not_open_for(what: &str) -> PathIoError {
    PathIoError::new(
        PathIoErrorKind::InvalidArgument,
        format!("the file is not open for {what}"),
    )
}

#[cfg(unix)]
fn write_all_at(file: &File, data: &[u8], position: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, data, position)
}

#[cfg(not(unix))]
fn write_all_at(mut file: &File, data: &[u8], position: u64) -> io::Result<()> {
    use std::io::{Seek, Write};
    file.seek(SeekFrom::Start(position))?;
    file.write_all(data)
}
