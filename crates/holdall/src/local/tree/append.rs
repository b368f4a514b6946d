//! Appends, which take back what they wrote unless they are closed.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek, Write};

use super::errors::{Tell, is_a_directory, tell};
use super::{LocalTree, key};
use crate::driver::Refusal;
use crate::local::attributes::Attributes;
use crate::local::errors::Refuse;
use crate::local::parents::refuse_long_path;
use crate::local::system::{self, Change};
use crate::pathio::append::Appended;
use crate::pathio::{PathIoResult, PathName};

/// How often opening is tried anew when the file comes and goes.
const ATTEMPTS: usize = 16;

/// A file that is appended to.
pub(super) struct Append {
    file: File,
    appended: Appended,
    /// Where the file was made by this append.
    made: Option<(LocalTree, PathName)>,
    is_closed: bool,
}

impl Append {
    pub(super) fn open(tree: &LocalTree, path: &PathName) -> PathIoResult<Self> {
        if path.is_root() {
            return Err(is_a_directory());
        }
        refuse_long_path(key(path)).told()?;
        let system = &tree.driver.system;
        let mut refused = Refusal::Missing;
        for _ in 0..ATTEMPTS {
            match system.open_to_change(path.as_str(), Change::AtEnd) {
                Ok(file) => return Ok(Self::new(file, None)),
                Err(Refusal::Missing) => {}
                Err(refusal) => return Err(tell(refusal)),
            }
            match system.open_to_change(path.as_str(), Change::NewAtEnd) {
                Ok(file) => return Ok(Self::new(file, Some((tree.clone(), path.clone())))),
                // Somebody else has just made it; or a link leads nowhere.
                Err(Refusal::Occupied) => refused = Refusal::Missing,
                Err(refusal) => return Err(tell(refusal)),
            }
        }
        Err(tell(refused))
    }

    fn new(file: File, made: Option<(LocalTree, PathName)>) -> Self {
        Self {
            file,
            appended: Appended::default(),
            made,
            is_closed: false,
        }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Appends, and says where the end is now.
    pub(super) fn write(&mut self, mut data: &[u8]) -> PathIoResult<u64> {
        while !data.is_empty() {
            match self.file.write(data) {
                Ok(0) => {
                    return Err(io::Error::from(io::ErrorKind::WriteZero))
                        .refused("write")
                        .told();
                }
                Ok(written) => {
                    // The system leaves the position behind what it appended.
                    let end = self.file.stream_position().refused("write").told()?;
                    self.appended
                        .note(end.saturating_sub(written as u64), written as u64);
                    data = data.get(written..).unwrap_or_default();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).refused("write").told(),
            }
        }
        self.file.stream_position().refused("write").told()
    }

    pub(super) fn close(mut self) {
        self.is_closed = true;
    }

    /// Removes the file that this append made, if nobody wrote to it.
    fn remove_unused(&self, tree: &LocalTree, path: &PathName) {
        let (Ok((folder, name)), Ok(ours)) =
            (tree.file_place(path), Attributes::of_file(&self.file))
        else {
            return;
        };
        let name = OsStr::new(name);
        let is_ours = system::look_at(&folder, name).is_ok_and(|found| found.is_same_node(&ours));
        if is_ours && ours.size == 0 {
            // What cannot be removed stays as an empty file.
            let _ = system::remove_file(&folder, name);
        }
    }
}

impl Drop for Append {
    fn drop(&mut self) {
        if self.is_closed {
            return;
        }
        let length = self.file.metadata().map(|metadata| metadata.len());
        if let Some(length) = length.ok().and_then(|length| self.appended.cut_to(length)) {
            // What cannot be taken back stays: nobody is left to be told.
            let _ = self.file.set_len(length);
        }
        if let Some((tree, path)) = &self.made {
            self.remove_unused(tree, path);
        }
    }
}
