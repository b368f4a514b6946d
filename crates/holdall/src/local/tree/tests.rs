//! What a conformance suite cannot see: links, what is staged, permissions.

use std::fs;
use std::io::SeekFrom;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use bytes::Bytes;

use super::LocalTree;
use crate::LocalBackend;
use crate::pathio::blocking::{Tree, TreeFile, TreeScan};
use crate::pathio::{MkdirOptions, OpenMode, PathIoErrorKind, PathIoResult, PathName};

/// Both ways to the system, on one folder.
fn trees(root: &Path) -> [LocalTree; 2] {
    [false, true].map(|portable| {
        let builder = LocalBackend::builder(root).force_portable(portable);
        builder.build_driver().unwrap().into()
    })
}

fn name(path: &str) -> PathName {
    PathName::new(path).unwrap()
}

fn write(tree: &LocalTree, path: &str, mode: OpenMode, content: &'static str) -> PathIoResult<()> {
    let mut file = tree.open(&name(path), mode)?;
    file.write(Bytes::from_static(content.as_bytes()))?;
    file.close()
}

fn read(tree: &LocalTree, path: &str) -> PathIoResult<Bytes> {
    let mut file = tree.open(&name(path), OpenMode::Read)?;
    file.read(usize::MAX)
}

fn names(tree: &LocalTree, path: &str) -> Vec<String> {
    let mut scan = tree.scan(&name(path)).unwrap();
    let mut names = Vec::new();
    loop {
        let batch = scan.next_batch().unwrap();
        if batch.is_empty() {
            names.sort();
            return names;
        }
        names.extend(batch.into_iter().map(|(name, _)| name));
    }
}

fn kind<T>(result: PathIoResult<T>) -> PathIoErrorKind {
    result.err().unwrap().kind()
}

#[test]
fn a_link_that_leads_out_is_neither_opened_nor_followed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("outside/folder")).unwrap();
    fs::write(folder.path().join("outside/file"), "secret").unwrap();
    let root = folder.path().join("root");
    fs::create_dir(&root).unwrap();
    symlink("../outside/file", root.join("file")).unwrap();
    symlink("../outside", root.join("folder")).unwrap();
    symlink(folder.path().join("outside"), root.join("absolute")).unwrap();
    symlink("../outside/new", root.join("new")).unwrap();
    for tree in trees(&root) {
        for path in ["file", "folder/file", "absolute/file", "new"] {
            for mode in [OpenMode::Read, OpenMode::ReadWrite, OpenMode::Append] {
                let refused = kind(tree.open(&name(path), mode));
                assert_eq!(refused, PathIoErrorKind::PermissionDenied, "{path} {mode}");
            }
            let refused = kind(tree.stat(&name(path)));
            assert_eq!(refused, PathIoErrorKind::PermissionDenied, "{path}");
        }
        for path in ["folder/x", "absolute/x"] {
            let write = kind(tree.open(&name(path), OpenMode::Write));
            let mkdir = kind(tree.mkdir(&name(path), MkdirOptions::new()));
            let parents = MkdirOptions::new().parents(true).exist_ok(true);
            let deep = kind(tree.mkdir(&name(path), parents));
            let rename = kind(tree.rename(&name("file"), &name(path)));
            let denied = [PathIoErrorKind::PermissionDenied; 4];
            assert_eq!([write, mkdir, deep, rename], denied, "{path}");
        }
        for path in ["folder/file", "absolute/file"] {
            assert_eq!(
                kind(tree.unlink(&name(path))),
                PathIoErrorKind::PermissionDenied
            );
        }
        for path in ["folder", "absolute"] {
            assert_eq!(
                kind(tree.scan(&name(path))),
                PathIoErrorKind::PermissionDenied
            );
        }
        let mut scan = tree.scan(&name("")).unwrap();
        assert!(
            scan.next_batch()
                .unwrap()
                .iter()
                .all(|(_, stat)| stat.is_link())
        );
    }
    assert_eq!(
        fs::read(folder.path().join("outside/file")).unwrap(),
        b"secret"
    );
    assert_eq!(
        fs::read_dir(folder.path().join("outside")).unwrap().count(),
        2
    );
}

#[test]
fn a_folder_that_becomes_a_link_midway_leads_no_write_out() {
    let folder = tempfile::tempdir().unwrap();
    let (root, outside) = (folder.path().join("root"), folder.path().join("outside"));
    fs::create_dir(&outside).unwrap();
    for (round, portable) in [false, true].into_iter().enumerate() {
        fs::create_dir_all(root.join("inbox")).unwrap();
        let tree = &trees(&root)[usize::from(portable)];
        let mut file = tree.open(&name("inbox/file"), OpenMode::Write).unwrap();
        file.write(Bytes::from_static(b"content")).unwrap();
        fs::rename(root.join("inbox"), root.join(format!("moved{round}"))).unwrap();
        symlink(&outside, root.join("inbox")).unwrap();
        assert_eq!(kind(file.close()), PathIoErrorKind::PermissionDenied);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
        fs::remove_file(root.join("inbox")).unwrap();
    }
}

#[test]
fn a_link_that_stays_inside_is_what_it_points_to() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("folder")).unwrap();
    fs::write(root.path().join("folder/file"), "old").unwrap();
    symlink("folder", root.path().join("link")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    for tree in trees(root.path()) {
        write(&tree, "link/file", OpenMode::Append, "+").unwrap();
        assert!(tree.stat(&name("link")).unwrap().is_dir());
        assert_eq!(names(&tree, "link"), ["file"]);
        let listed = tree.scan(&name("")).unwrap().next_batch().unwrap();
        for (name, stat) in listed {
            assert_eq!(stat.is_link(), name == "dangling");
            assert_eq!(stat.is_dir(), name != "dangling");
        }
        let append = kind(tree.open(&name("dangling"), OpenMode::Append));
        assert_eq!(append, PathIoErrorKind::NotFound);
    }
    assert_eq!(fs::read(root.path().join("folder/file")).unwrap(), b"old++");
}

#[test]
fn a_write_that_is_given_up_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    for tree in trees(root.path()) {
        write(&tree, "file", OpenMode::Write, "old").unwrap();
        for path in ["file", "new"] {
            let mut file = tree.open(&name(path), OpenMode::Write).unwrap();
            file.write(Bytes::from_static(b"content")).unwrap();
            assert_eq!(names(&tree, ""), ["file"], "while it is written");
            drop(file);
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        }
        assert_eq!(read(&tree, "file").unwrap(), "old");
    }
}

#[test]
fn an_append_that_is_given_up_takes_back_what_it_wrote() {
    let root = tempfile::tempdir().unwrap();
    for tree in trees(root.path()) {
        write(&tree, "file", OpenMode::Write, "old").unwrap();
        for path in ["file", "new"] {
            let mut file = tree.open(&name(path), OpenMode::Append).unwrap();
            file.write(Bytes::from_static(b"more")).unwrap();
            file.write(Bytes::from_static(b"!")).unwrap();
            assert!(read(&tree, path).unwrap().ends_with(b"more!"));
            drop(file);
        }
        assert_eq!(read(&tree, "file").unwrap(), "old");
        assert_eq!(names(&tree, ""), ["file"]);

        let mut file = tree.open(&name("file"), OpenMode::Append).unwrap();
        file.write(Bytes::from_static(b"mine")).unwrap();
        write(&tree, "file", OpenMode::Append, "theirs").unwrap();
        drop(file);
        assert_eq!(read(&tree, "file").unwrap(), "oldminetheirs");
    }
}

#[test]
fn a_replaced_file_keeps_its_permissions_but_no_set_uid() {
    let root = tempfile::tempdir().unwrap();
    for tree in trees(root.path()) {
        let path = root.path().join("file");
        write(&tree, "file", OpenMode::Write, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o4640)).unwrap();
        write(&tree, "file", OpenMode::Write, "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_stat_has_what_the_system_has() {
    let root = tempfile::tempdir().unwrap();
    for tree in trees(root.path()) {
        write(&tree, "file", OpenMode::Write, "content").unwrap();
        let time = "2001-02-03T04:05:06.789Z".parse().unwrap();
        tree.set_modified(&name("file"), time).unwrap();
        let (stat, real) = (
            tree.stat(&name("file")).unwrap(),
            fs::metadata(root.path().join("file")).unwrap(),
        );
        assert_eq!((stat.modified, stat.size), (time, 7));
        assert_eq!(stat.mode, real.mode());
        assert_eq!(
            (stat.user, stat.group),
            (Some(real.uid()), Some(real.gid()))
        );
        assert_eq!((stat.links, stat.inode), (real.nlink(), Some(real.ino())));
        assert_eq!(stat.changed.as_second(), real.ctime());
        assert!(stat.accessed.is_some());
        let (_, listed) = tree
            .scan(&name(""))
            .unwrap()
            .next_batch()
            .unwrap()
            .remove(0);
        assert_eq!(listed, stat);
    }
}

#[test]
fn a_file_that_grows_while_it_is_read_is_read_on() {
    let root = tempfile::tempdir().unwrap();
    for tree in trees(root.path()) {
        write(&tree, "file", OpenMode::Write, "old").unwrap();
        let mut file = tree.open(&name("file"), OpenMode::Read).unwrap();
        assert_eq!(file.read(100).unwrap(), "old");
        assert_eq!(file.read(100).unwrap(), "");
        write(&tree, "file", OpenMode::Append, "new").unwrap();
        assert_eq!(file.read(100).unwrap(), "new");
        assert_eq!(file.seek(SeekFrom::End(-2)).unwrap(), 4);
        assert_eq!(file.read(100).unwrap(), "ew");
    }
}

#[test]
fn a_pipe_is_listed_and_never_opened() {
    let root = tempfile::tempdir().unwrap();
    let pipe = root.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    for tree in trees(root.path()) {
        assert_eq!(names(&tree, ""), ["pipe"]);
        for mode in [OpenMode::Read, OpenMode::Write, OpenMode::ReadWrite] {
            let refused = kind(tree.open(&name("pipe"), mode));
            assert_eq!(refused, PathIoErrorKind::InvalidArgument, "{mode}");
        }
        let refused = kind(tree.open(&name("pipe"), OpenMode::Append));
        assert_ne!(refused, PathIoErrorKind::NotFound);
    }
}
