//! Stores whose calls block.

use std::collections::HashSet;

use holdall::{
    Capability, Error, ErrorKind, Operation, Store, TextOptions, WritableContent, WriteOptions,
};

use crate::blocking_fixture::BlockingFixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Family;

pub(super) fn register(family: &mut Family<'_>) {
    family.blocking_case(
        "children_and_equality",
        "a child equals the store built at its root, and no other; equal stores hash alike",
        [Capability::Write, Capability::Read],
        children_and_equality,
    );
    family.blocking_case(
        "debug_tells_backend_and_root",
        "a store's Debug tells its backend and root, and a stream's no content",
        [Capability::Write, Capability::Read],
        debug,
    );
    family.blocking_case(
        "a_root_must_be_a_path",
        "a store at '.', '/', '..' or NUL, and a child at '' too, is InvalidPath",
        [],
        roots,
    );
    family.blocking_case(
        "gates_are_checked_at_the_call",
        "a call whose capability the backend does not declare is CapabilityNotSupported at the \
         call, ahead of its path",
        [],
        gates,
    );
    family.blocking_case(
        "options_are_checked_at_the_call",
        "bad metadata and an unknown encoding are InvalidArgument at the call, and create nothing",
        [Capability::Write, Capability::Read],
        options,
    );
    family.blocking_case(
        "closing_a_child_closes_nothing",
        "close is repeatable, and does nothing on a child",
        [Capability::Write, Capability::Read],
        |t| {
            let child = t.store.child("folder")?;
            child.close()?;
            t.put("file", "content")?;
            t.expect_content("file", "content")?;
            t.store.ping()?;
            t.store.close()?;
            Ok(t.store.close()?)
        },
    );
}

fn children_and_equality(t: &BlockingFixture) -> Checked {
    let chained = t.store.child("a")?.child("/b/./c/")?;
    let direct = Store::new(t.backend.clone(), "a/b/c")?;
    ensure_eq!(chained.root_path(), "a/b/c", "the root of a child");
    ensure!(
        chained == direct,
        "a child does not equal the store built at its root"
    );
    ensure!(chained != t.store, "a child equals its parent");
    ensure!(
        t.store.clone() == t.store,
        "a clone does not equal its original"
    );
    let different: HashSet<Store> = [chained.clone(), direct.clone(), t.store.clone()].into();
    ensure_eq!(different.len(), 2, "the stores that differ");
    chained.write("file", "content")?;
    t.expect_content("a/b/c/file", "content")?;
    ensure_eq!(
        direct.read_text("file")?,
        "content",
        "what the other store reads"
    );
    let error = expect_error(direct.read("absent"), ErrorKind::NotFound, "a read")?;
    ensure_eq!(error.path(), Some("absent"), "the path of a child's error");
    Ok(())
}

fn debug(t: &BlockingFixture) -> Checked {
    t.put("folder/file", "confidential")?;
    let child = t.store.child("folder")?;
    let text = format!("{child:?}");
    for part in ["Store", t.backend.name(), "folder"] {
        ensure!(text.contains(part), "{part:?} is not in {text}");
    }
    for text in [
        format!("{:?}", child.read("file")?),
        format!("{:?}", child.read_seekable("file")?),
        format!("{:?}", WritableContent::from("confidential")),
    ] {
        ensure!(!text.contains("confidential"), "the content is in {text}");
    }
    Ok(())
}

fn roots(t: &BlockingFixture) -> Checked {
    for root in [".", "/", "./", "..", "a/..", "a/../b", "a\0b"] {
        let at = Store::new(t.backend.clone(), root);
        expect_error(at, ErrorKind::InvalidPath, format!("a store at {root:?}"))?;
        let child = t.store.child(root);
        expect_error(
            child,
            ErrorKind::InvalidPath,
            format!("a child at {root:?}"),
        )?;
    }
    expect_error(t.store.child(""), ErrorKind::InvalidPath, "a child at ''")?;
    Ok(())
}

/// The calls by their gates, each with a path that is malformed.
fn gated(store: &Store) -> [(Operation, Result<(), Error>); 15] {
    let path = "..";
    [
        (Operation::Read, store.read(path).map(drop)),
        (Operation::ReadRange, store.read_range(path, ..).map(drop)),
        (Operation::ReadSeekable, store.read_seekable(path).map(drop)),
        (Operation::Write, store.write(path, "x").map(drop)),
        (
            Operation::WriteAtomic,
            store.write_atomic(path, "x").map(drop),
        ),
        (Operation::OpenAtomic, store.open_atomic(path).map(drop)),
        (Operation::Delete, store.delete(path)),
        (Operation::ListFiles, store.list_files(path).map(drop)),
        (Operation::ListFolders, store.list_folders(path).map(drop)),
        (Operation::IterChildren, store.iter_children(path).map(drop)),
        (Operation::Glob, store.glob(path).map(drop)),
        (Operation::Rename, store.rename(path, path)),
        (Operation::Copy, store.copy(path, path)),
        (Operation::GetFileInfo, store.get_file_info(path).map(drop)),
        (
            Operation::GetFolderInfo,
            store.get_folder_info(path).map(drop),
        ),
    ]
}

fn gates(t: &BlockingFixture) -> Checked {
    for (operation, result) in gated(&t.store) {
        let gate = Capability::required_by(operation);
        let kind = match gate.is_none_or(|gate| t.store.supports(gate)) {
            true => ErrorKind::InvalidPath,
            false => ErrorKind::CapabilityNotSupported,
        };
        let error = expect_error(result, kind, operation)?;
        ensure_eq!(error.operation(), Some(operation), "the error's operation");
    }
    Ok(())
}

fn options(t: &BlockingFixture) -> Checked {
    let bad = WriteOptions::new().metadata([("", "value")]);
    let kind = ErrorKind::InvalidArgument;
    let written = t.store.write_with("file", "content", bad);
    expect_error(written, kind, "a write with bad metadata")?;
    let unknown = TextOptions::new().encoding("no-such-encoding");
    let text = t
        .store
        .write_text_with("file", "text", unknown.clone(), WriteOptions::new());
    expect_error(text, kind, "a write of text in an unknown encoding")?;
    expect_error(
        t.store.read_text_with("file", unknown),
        kind,
        "a read of text in an unknown encoding",
    )?;
    t.expect_missing("file")
}
