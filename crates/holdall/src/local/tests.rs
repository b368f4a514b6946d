//! What only the driver interface shows: calls that must not wait, and the
//! moment of the commit.

mod lost_places;

use std::fs;
use std::path::Path;

use bytes::Bytes;
use futures::FutureExt;

use super::{LocalBackend, LocalDriver};
use crate::driver::{
    ByteRange, CallContext, CommitGate, Detail, Driver, Execution, Key, Node, Refusal, WritePlan,
};
use crate::path::RemotePath;

const INLINE: CallContext<'_> = CallContext::without_waiting();
const UNBOUND: CallContext<'_> = CallContext::UNBOUND;

fn driver(root: &Path, portable: bool) -> LocalDriver {
    LocalBackend::builder(root)
        .force_portable(portable)
        .build_driver()
        .unwrap()
}

/// The result of a call, which a driver that blocks has at the first poll.
fn now<T>(call: impl Future<Output = T>) -> T {
    call.now_or_never().unwrap()
}

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

#[test]
fn a_short_read_that_must_not_wait_is_never_the_end() {
    let root = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    fs::write(root.path().join("a"), &content).unwrap();
    let driver = driver(root.path(), false);
    let key = path("a");
    let opened = now(driver.open(INLINE, key.key(), ByteRange::ALL))
        .or_else(|_| now(driver.open(UNBOUND, key.key(), ByteRange::ALL)))
        .unwrap();
    let mut reader = opened.reader;
    let mut read = Vec::new();
    loop {
        let chunk = match now(driver.read(INLINE, &mut reader, 1024 * 1024)) {
            Ok(chunk) => {
                assert!(chunk.len() <= 256 * 1024, "too much at once");
                chunk
            }
            Err(Refusal::WouldWait) => now(driver.read(UNBOUND, &mut reader, 100_000)).unwrap(),
            Err(refusal) => panic!("{refusal:?}"),
        };
        if chunk.is_empty() {
            break;
        }
        read.extend_from_slice(&chunk);
    }
    assert!(read == content);
}

#[test]
fn a_look_that_must_not_wait_agrees_with_one_that_may() {
    let root = tempfile::tempdir().unwrap();
    let driver = driver(root.path(), false);
    fs::create_dir(root.path().join("folder")).unwrap();
    fs::write(root.path().join("folder/a"), "x").unwrap();
    std::os::unix::fs::symlink("/etc", root.path().join("out")).unwrap();
    for name in ["folder/a", "folder", "missing", "folder/a/b", "out/passwd"] {
        let key = path(name);
        let told = now(driver.stat(UNBOUND, key.key(), Detail::Full));
        match now(driver.stat(INLINE, key.key(), Detail::Full)) {
            Err(Refusal::WouldWait) => {}
            inline => assert_eq!(format!("{inline:?}"), format!("{told:?}"), "{name}"),
        }
    }
}

#[test]
fn a_disk_in_memory_answers_everything_where_the_caller_is() {
    let root = tempfile::tempdir_in("/dev/shm").unwrap();
    fs::write(root.path().join("a"), vec![7; 1_000_000]).unwrap();
    let driver = driver(root.path(), false);
    let key = path("a");
    let opened = now(driver.open(INLINE, key.key(), ByteRange::ALL)).unwrap();
    let mut reader = opened.reader;
    let mut rest = opened.size as usize;
    while rest > 0 {
        rest -= now(driver.read(INLINE, &mut reader, rest)).unwrap().len();
    }
    let mut scan = now(driver.scan(INLINE, Key::ROOT, false)).unwrap();
    assert_eq!(
        now(driver.scan_next(INLINE, &mut scan, 10)).unwrap().len(),
        1
    );
    assert!(
        now(driver.scan_next(INLINE, &mut scan, 10))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn only_the_implementation_that_can_refuse_to_wait_says_so() {
    let root = tempfile::tempdir().unwrap();
    let portable = driver(root.path(), true);
    assert_eq!(portable.execution(), Execution::Blocks { nowait: false });
}

#[test]
fn a_write_that_is_given_up_before_its_commit_makes_nothing() {
    for portable in [false, true] {
        let root = tempfile::tempdir().unwrap();
        let driver = driver(root.path(), portable);
        let gate = CommitGate::default();
        gate.cancel();
        let key = path("new/folder/a");
        let plan = WritePlan::default();
        let content = [Bytes::from_static(b"x")];
        let mut stage = now(driver.stage(UNBOUND, key.key(), &plan)).unwrap();
        now(driver.append(UNBOUND, &mut stage, &content)).unwrap();
        let cx = CallContext::gated(&gate);
        let published = now(driver.publish(cx, stage, key.key()));
        assert!(matches!(published, Err(Refusal::Cancelled)));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}

#[test]
fn nothing_is_removed_or_moved_after_the_caller_gave_up() {
    for portable in [false, true] {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("folder/empty")).unwrap();
        fs::write(root.path().join("folder/a"), "x").unwrap();
        let driver = driver(root.path(), portable);
        let gate = CommitGate::default();
        gate.cancel();
        let cx = CallContext::gated(&gate);
        let (file, empty, folder) = (path("folder/a"), path("folder/empty"), path("folder"));
        let other = path("new/b");
        let outcomes = [
            now(driver.remove_file(cx, file.key())),
            now(driver.remove_folder(cx, empty.key())),
            now(driver.remove_tree(cx, folder.key(), 10)).map(drop),
            now(driver.rename(cx, file.key(), other.key(), true)),
            now(driver.copy(cx, file.key(), other.key(), true)),
        ];
        for outcome in outcomes {
            assert!(matches!(outcome, Err(Refusal::Cancelled)), "{outcome:?}");
        }
        assert!(root.path().join("folder/a").exists());
        assert!(root.path().join("folder/empty").exists());
        assert!(!root.path().join("new").exists());
    }
}

#[test]
fn a_recursive_delete_does_as_much_as_it_was_told_to() {
    for portable in [false, true] {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("folder")).unwrap();
        for number in 0..100 {
            fs::write(root.path().join(format!("folder/{number}")), "x").unwrap();
        }
        let driver = driver(root.path(), portable);
        let folder = path("folder");
        now(driver.remove_tree(UNBOUND, folder.key(), 30)).unwrap();
        let left = fs::read_dir(root.path().join("folder")).unwrap().count();
        assert_eq!(left, 70);
    }
}

#[test]
fn a_recursive_delete_stops_when_its_caller_gives_up_also_after_its_first_change() {
    for portable in [false, true] {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("folder")).unwrap();
        for number in 0..100 {
            fs::write(root.path().join(format!("folder/{number}")), "x").unwrap();
        }
        let driver = driver(root.path(), portable);
        let gate = CommitGate::default();
        let cx = CallContext::gated(&gate);
        let folder = path("folder");
        now(driver.remove_tree(cx, folder.key(), 30)).unwrap();
        gate.cancel();
        let outcome = now(driver.remove_tree(cx, folder.key(), 30));
        assert!(matches!(outcome, Err(Refusal::Cancelled)), "{outcome:?}");
        let outcome = now(driver.remove_file(cx, path("folder/99").key()));
        assert!(outcome.is_err(), "{outcome:?}");
        let left = fs::read_dir(root.path().join("folder")).unwrap().count();
        assert_eq!(left, 70);
    }
}

#[test]
fn a_listing_that_goes_on_refuses_to_wait_as_its_beginning_does() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a"), "x").unwrap();
    let driver = driver(root.path(), true);
    let mut scan = now(driver.scan(UNBOUND, Key::ROOT, false)).unwrap();
    let refused = now(driver.scan_next(INLINE, &mut scan, 10));
    assert!(matches!(refused, Err(Refusal::WouldWait)), "{refused:?}");
    assert_eq!(
        now(driver.scan_next(UNBOUND, &mut scan, 10)).unwrap().len(),
        1
    );
}

#[test]
fn a_link_to_a_folder_is_listed_and_not_entered() {
    for portable in [false, true] {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("real")).unwrap();
        std::os::unix::fs::symlink("real", root.path().join("link")).unwrap();
        let driver = driver(root.path(), portable);
        let mut scan = now(driver.scan(UNBOUND, Key::ROOT, false)).unwrap();
        let mut entries = now(driver.scan_next(UNBOUND, &mut scan, 10)).unwrap();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let seen: Vec<_> = entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.descend))
            .collect();
        assert_eq!(seen, [("link", false), ("real", true)]);
        assert!(
            entries
                .iter()
                .all(|entry| matches!(entry.node, Node::Folder))
        );
    }
}
