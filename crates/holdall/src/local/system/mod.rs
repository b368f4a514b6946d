//! The operating system beneath the driver: one interface, two implementations.
//!
//! Everything resolves beneath the root's open handle. A path of several
//! segments is only ever opened or looked at; what changes a folder names one
//! last segment beneath that folder's handle, so a link that is swapped in
//! midway cannot lead a change out of the root.

#[cfg(target_os = "linux")]
mod linux;
mod portable;

use std::ffi::{OsStr, OsString};
use std::fmt::Debug;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use cap_std::fs::Dir;

use super::attributes::Attributes;
use super::staged::Staged;
use crate::driver::{Detail, Outcome};
use crate::metadata::UserMetadata;
#[cfg(feature = "pathio")]
use crate::pathio::PathStat;

/// An open folder. What is named beneath it cannot lead out of it.
pub(super) type Folder = Arc<Dir>;

/// The calls that differ from system to system.
pub(super) trait System: Debug + Send + Sync {
    /// The root's handle.
    fn root(&self) -> &Folder;

    /// Whether [`open_file`](Self::open_file), [`look`](Self::look),
    /// [`read_at`](Self::read_at) and `stat` can refuse to wait.
    fn can_refuse_to_wait(&self) -> bool {
        false
    }

    /// Whether everything beneath the root lies in memory, so that no call waits.
    fn lies_in_memory(&self) -> bool {
        false
    }

    /// Whether files here can have user metadata.
    fn has_user_metadata(&self) -> bool;

    /// The folder at `path` beneath the root, for naming what is in it; the
    /// root for an empty path. Links that stay inside are followed.
    fn open_folder(&self, path: &str) -> Outcome<Folder>;

    /// The folder at `path` beneath the root, for listing it.
    fn open_listing(&self, path: &str) -> Outcome<Folder>;

    /// The file at `path` beneath the root. Never waits for the other end of a
    /// pipe, nor opens what is no file.
    fn open_file(&self, nowait: bool, path: &str) -> Outcome<(File, Attributes)>;

    /// What stands at `path` beneath the root, and with [`Detail::Full`] its
    /// user metadata, where there can be any.
    fn look(
        &self,
        nowait: bool,
        path: &str,
        detail: Detail,
    ) -> Outcome<(Attributes, Option<UserMetadata>)>;

    /// All that the system knows of what stands at `path` beneath the root.
    #[cfg(feature = "pathio")]
    fn stat(&self, nowait: bool, path: &str) -> Outcome<PathStat>;

    /// All that the system knows of the entry `name`, which may be a link.
    #[cfg(feature = "pathio")]
    fn stat_entry(&self, folder: &Folder, name: &OsStr) -> io::Result<PathStat>;

    /// The file at `path` beneath the root, to be changed where it is.
    #[cfg(feature = "pathio")]
    fn open_to_change(&self, path: &str, change: Change) -> Outcome<File>;

    /// At most `length` bytes from `position` on; fewer do not mean the end,
    /// none do.
    fn read_at(&self, nowait: bool, file: &File, position: u64, length: usize) -> Outcome<Bytes>;

    /// The subfolder `name` for listing it, if it is no link.
    fn open_child(&self, folder: &Folder, name: &OsStr) -> io::Result<Folder>;

    /// The entries of a folder that was opened for listing.
    fn entries(&self, folder: Folder) -> io::Result<Box<dyn Entries>>;

    /// A new file that no listing shows, in the file system of `home`.
    fn stage(&self, home: &Folder) -> io::Result<Staged>;

    /// Makes a stage the file `name` in `folder`, in one step. Without
    /// `replace`, the system refuses whatever stands there.
    fn publish(
        &self,
        staged: &mut Staged,
        folder: &Folder,
        name: &str,
        replace: bool,
    ) -> io::Result<()>;
}

/// How a file is changed where it is.
#[cfg(feature = "pathio")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Read and written anywhere.
    InPlace,
    /// Written at its end.
    AtEnd,
    /// Written at its end, and made: refused where anything stands.
    NewAtEnd,
}

/// The entries of one folder, batch by batch.
pub(super) trait Entries: Send {
    /// Some more entries; none at the end and only there.
    fn next_batch(&mut self) -> io::Result<Vec<RawEntry>>;
}

/// One entry as the folder has it.
#[derive(Debug)]
pub(super) struct RawEntry {
    pub(super) name: OsString,
    /// `false` where it is certainly no folder.
    pub(super) may_be_folder: bool,
}

/// Opens `root` with the best implementation that works here.
pub(super) fn open(root: &Path, portable: bool) -> io::Result<Box<dyn System>> {
    #[cfg(target_os = "linux")]
    if !portable && let Some(system) = linux::Linux::open(root)? {
        return Ok(Box::new(system));
    }
    let _ = portable;
    Ok(Box::new(portable::Portable::open(root)?))
}

/// Makes the folder `name` in `folder`, with the permissions that the process
/// gives to new folders.
pub(super) fn make_folder(folder: &Folder, name: &str) -> io::Result<()> {
    folder.create_dir(name)
}

/// What stands at `name` in `folder`, which may be a link.
pub(super) fn look_at(folder: &Folder, name: &OsStr) -> io::Result<Attributes> {
    Ok(Attributes::from_cap(&folder.symlink_metadata(name)?))
}

/// Whether the folder behind the handle is gone.
pub(super) fn is_removed(folder: &Folder) -> bool {
    folder
        .dir_metadata()
        .is_ok_and(|metadata| Attributes::from_cap(&metadata).names == 0)
}

/// Removes a file, a link or a special node.
pub(super) fn remove_file(folder: &Folder, name: &OsStr) -> io::Result<()> {
    use cap_fs_ext::DirExt;
    folder.remove_file_or_symlink(name)
}

/// Removes an empty folder.
pub(super) fn remove_folder(folder: &Folder, name: &OsStr) -> io::Result<()> {
    folder.remove_dir(name)
}

/// Moves a node onto whatever file stands at the destination.
pub(super) fn rename_over(
    from: &Folder,
    name: &OsStr,
    to: &Folder,
    new_name: &OsStr,
) -> io::Result<()> {
    from.rename(name, to, new_name)
}

/// Moves a node to a name that must be free.
pub(super) fn rename_new(
    from: &Folder,
    name: &OsStr,
    to: &Folder,
    new_name: &OsStr,
) -> io::Result<()> {
    match exclusive::rename(from, name, to, new_name) {
        Err(error) if exclusive::is_unsupported(&error) => {
            link_and_remove(from, name, to, new_name)
        }
        result => result,
    }
}

/// A move in two steps, for file systems without an exclusive rename: taken
/// back where the old name cannot be removed.
fn link_and_remove(from: &Folder, name: &OsStr, to: &Folder, new_name: &OsStr) -> io::Result<()> {
    from.hard_link(name, to, new_name)?;
    remove_file(from, name).inspect_err(|_| {
        let _ = remove_file(to, new_name);
    })
}

/// Makes the entries of `folder` survive a crash.
pub(super) fn sync_folder(folder: &Folder) -> io::Result<()> {
    if cfg!(unix) {
        folder.open(".")?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
mod exclusive {
    use std::ffi::OsStr;
    use std::io;

    use rustix::fs::{RenameFlags, renameat_with};

    use super::Folder;

    pub(super) fn rename(
        from: &Folder,
        name: &OsStr,
        to: &Folder,
        new_name: &OsStr,
    ) -> io::Result<()> {
        Ok(renameat_with(
            &**from,
            name,
            &**to,
            new_name,
            RenameFlags::NOREPLACE,
        )?)
    }

    pub(super) fn is_unsupported(error: &io::Error) -> bool {
        matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
        )
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
mod exclusive {
    use std::ffi::OsStr;
    use std::io;

    use super::Folder;

    pub(super) fn rename(
        _from: &Folder,
        _name: &OsStr,
        _to: &Folder,
        _new_name: &OsStr,
    ) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn is_unsupported(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::Unsupported
    }
}
