//! Folders that are being removed, and temporary names that were taken away.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use bytes::Bytes;

use super::{UNBOUND, driver, now, path};
use crate::driver::{Detail, Driver, Outcome, Refusal, WritePlan};
use crate::error::ErrorKind;
use crate::local::LocalDriver;
use crate::local::attributes::Attributes;
use crate::local::staged::Staged;
use crate::local::system::{Entries, Folder, System};
use crate::metadata::UserMetadata;

const REMOVED: &str = "folder";

/// A system in which a folder is still found by its name after it was removed,
/// until it is made again: what Linux does while a removal waits for the disk.
#[derive(Debug)]
struct SlowRemoval {
    inner: Box<dyn System>,
    removed: Folder,
}

impl System for SlowRemoval {
    fn open_folder(&self, path: &str) -> Outcome<Folder> {
        match self.inner.open_folder(path) {
            Err(Refusal::Missing) if path == REMOVED => Ok(Folder::clone(&self.removed)),
            found => found,
        }
    }

    fn root(&self) -> &Folder {
        self.inner.root()
    }

    fn has_user_metadata(&self) -> bool {
        self.inner.has_user_metadata()
    }

    fn open_listing(&self, path: &str) -> Outcome<Folder> {
        self.inner.open_listing(path)
    }

    fn open_file(&self, nowait: bool, path: &str) -> Outcome<(File, Attributes)> {
        self.inner.open_file(nowait, path)
    }

    fn look(
        &self,
        nowait: bool,
        path: &str,
        detail: Detail,
    ) -> Outcome<(Attributes, Option<UserMetadata>)> {
        self.inner.look(nowait, path, detail)
    }

    #[cfg(feature = "pathio")]
    fn stat(&self, nowait: bool, path: &str) -> Outcome<crate::pathio::PathStat> {
        self.inner.stat(nowait, path)
    }

    #[cfg(feature = "pathio")]
    fn stat_entry(&self, folder: &Folder, name: &OsStr) -> io::Result<crate::pathio::PathStat> {
        self.inner.stat_entry(folder, name)
    }

    #[cfg(feature = "pathio")]
    fn open_to_change(&self, path: &str, change: crate::local::system::Change) -> Outcome<File> {
        self.inner.open_to_change(path, change)
    }

    fn read_at(&self, nowait: bool, file: &File, position: u64, length: usize) -> Outcome<Bytes> {
        self.inner.read_at(nowait, file, position, length)
    }

    fn open_child(&self, folder: &Folder, name: &OsStr) -> io::Result<Folder> {
        self.inner.open_child(folder, name)
    }

    fn entries(&self, folder: Folder) -> io::Result<Box<dyn Entries>> {
        self.inner.entries(folder)
    }

    fn stage(&self, home: &Folder) -> io::Result<Staged> {
        self.inner.stage(home)
    }

    fn publish(
        &self,
        staged: &mut Staged,
        folder: &Folder,
        name: &str,
        replace: bool,
    ) -> io::Result<()> {
        self.inner.publish(staged, folder, name, replace)
    }
}

fn driver_with_slow_removal(root: &Path, portable: bool) -> LocalDriver {
    let mut driver = driver(root, portable);
    fs::create_dir(root.join(REMOVED)).unwrap();
    let removed = driver.system.open_folder(REMOVED).unwrap();
    fs::remove_dir(root.join(REMOVED)).unwrap();
    driver.system = Box::new(SlowRemoval {
        inner: driver.system,
        removed,
    });
    driver
}

/// Runs a change of `key` on each implementation, and looks whether it took.
fn beside_a_removal(key: &str, change: impl Fn(&LocalDriver, &Path)) {
    for portable in [false, true] {
        let root = tempfile::tempdir().unwrap();
        let driver = driver_with_slow_removal(root.path(), portable);
        change(&driver, root.path());
        assert_eq!(fs::read(root.path().join(key)).unwrap(), b"content");
        let names = fs::read_dir(root.path()).unwrap().count();
        assert_eq!(names, 1, "something was left behind");
    }
}

fn content() -> [Bytes; 1] {
    [Bytes::from_static(b"content")]
}

fn plan(replace: bool) -> WritePlan {
    WritePlan {
        if_match: None,
        replace,
        ..WritePlan::default()
    }
}

#[test]
fn a_write_waits_for_the_removal_of_its_folder() {
    for key in ["folder/a", "folder/sub/a"] {
        for replace in [false, true] {
            beside_a_removal(key, |driver, _| {
                let (key, plan) = (path(key), plan(replace));
                now(driver.put(UNBOUND, key.key(), &plan, &content())).unwrap();
            });
        }
    }
}

#[test]
fn an_upload_waits_for_the_removal_of_its_folder() {
    beside_a_removal("folder/a", |driver, _| {
        let key = path("folder/a");
        let mut stage = now(driver.stage(UNBOUND, key.key(), &plan(true))).unwrap();
        now(driver.append(UNBOUND, &mut stage, &content())).unwrap();
        now(driver.publish(UNBOUND, stage, key.key())).unwrap();
    });
}

#[test]
fn a_rename_waits_for_the_removal_of_its_folder() {
    for replace in [false, true] {
        beside_a_removal("folder/a", |driver, root| {
            fs::write(root.join("source"), "content").unwrap();
            let (from, to) = (path("source"), path("folder/a"));
            now(driver.rename(UNBOUND, from.key(), to.key(), replace)).unwrap();
        });
    }
}

#[test]
fn a_write_whose_temporary_file_was_taken_away_says_so_and_makes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let driver = driver(root.path(), true);
    let folder = root.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let key = path("folder/a");
    let mut stage = now(driver.stage(UNBOUND, key.key(), &plan(false))).unwrap();
    now(driver.append(UNBOUND, &mut stage, &content())).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    match now(driver.publish(UNBOUND, stage, key.key())) {
        Err(Refusal::Failed(error)) => {
            assert_eq!(error.kind(), ErrorKind::BackendUnavailable);
            assert!(error.is_retryable());
            assert!(error.to_string().contains("temporary file"), "{error}");
        }
        published => panic!("{published:?}"),
    }
    assert!(!folder.exists(), "made for a file that is gone");
}
