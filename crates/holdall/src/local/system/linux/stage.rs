//! Files without a name, and how they get one.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use rustix::fs::{AtFlags, CWD, OFlags};
use rustix::io::Errno;

use super::Folder;
use super::resolve::NEW_FILE;
use crate::local::names::temporary_name;
use crate::local::staged::{Staged, TemporaryName, lock, stage_named};

/// A file without a name where the file system has such, and one with a
/// temporary name elsewhere.
pub(super) fn stage(home: &Folder, proc_is_mounted: bool) -> io::Result<Staged> {
    if !proc_is_mounted {
        return stage_named(home);
    }
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::openat(&**home, c".", flags, NEW_FILE) {
        Ok(file) => Ok(Staged {
            file: file.into(),
            name: None,
        }),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => stage_named(home),
        Err(error) => Err(error.into()),
    }
}

/// Makes the stage the file `name` in `folder`.
pub(super) fn publish(
    staged: &mut Staged,
    folder: &Folder,
    name: &str,
    replace: bool,
) -> io::Result<()> {
    if let Some(temporary) = &mut staged.name {
        return temporary.place(folder, name, replace);
    }
    if !replace {
        return link(&staged.file, folder, name);
    }
    // A name cannot be linked over another: the file gets a temporary one,
    // under lock, and is renamed.
    lock(&staged.file)?;
    let name_for_now = temporary_name()?;
    link(&staged.file, folder, &name_for_now)?;
    let temporary = TemporaryName::new(folder, name_for_now);
    staged.name.insert(temporary).place(folder, name, true)
}

/// Gives an open file a name. Newer kernels take the handle itself from
/// whoever made it; older ones want it named through `/proc`.
fn link(file: &File, folder: &Folder, name: &str) -> io::Result<()> {
    let name = OsStr::new(name);
    match rustix::fs::linkat(file, c"", &**folder, name, AtFlags::EMPTY_PATH) {
        Err(Errno::NOENT | Errno::PERM | Errno::INVAL) => {}
        result => return Ok(result?),
    }
    link_through_proc(file, folder, name)
}

fn link_through_proc(file: &File, folder: &Folder, name: &OsStr) -> io::Result<()> {
    let handle = format!("/proc/self/fd/{}", file.as_raw_fd());
    let follow = AtFlags::SYMLINK_FOLLOW;
    Ok(rustix::fs::linkat(CWD, handle, &**folder, name, follow)?)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_kernel_that_links_no_bare_handles_links_through_proc() {
        let root = tempfile::tempdir().unwrap();
        let dir = cap_std::fs::Dir::open_ambient_dir(root.path(), cap_std::ambient_authority());
        let folder = Arc::new(dir.unwrap());
        let mut staged = stage(&folder, true).unwrap();
        staged.file.write_all(b"content").unwrap();
        link_through_proc(&staged.file, &folder, OsStr::new("a")).unwrap();
        assert_eq!(std::fs::read(root.path().join("a")).unwrap(), b"content");
        let again = link_through_proc(&staged.file, &folder, OsStr::new("a")).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn without_nameless_files_a_stage_has_a_temporary_name_until_it_is_placed() {
        let root = tempfile::tempdir().unwrap();
        let dir = cap_std::fs::Dir::open_ambient_dir(root.path(), cap_std::ambient_authority());
        let folder = Arc::new(dir.unwrap());
        for (name, replace) in [("a", false), ("a", true), ("b", true)] {
            let mut staged = stage(&folder, false).unwrap();
            publish(&mut staged, &folder, name, replace).unwrap();
        }
        let mut refused = stage(&folder, false).unwrap();
        let error = publish(&mut refused, &folder, "a", false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        drop(refused);
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 2);
    }
}
