//! Stores: roots, children, names, and paths relative to who asked.

use std::any::Any;
use std::sync::Arc;

use holdall::{AsyncStore, Capability, ErrorKind, ListOptions, RemotePath, WriteOptions};

use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Read, Capability::List];
    let mut family = suite.family("store");
    family.case(
        "a_root_scopes_every_path",
        "a store with a root sees what lies below it, and nothing else",
        needs,
        root_scopes,
    );
    family.case(
        "a_root_is_normalised",
        "a root is normalised as a path is; '.', '/', '..' and NUL are InvalidPath",
        [],
        root_is_normalised,
    );
    family.case(
        "children_chain",
        "a child of a child is the store at the joined root, and equals one built there",
        [Capability::Write, Capability::Read],
        children_chain,
    );
    family.case(
        "a_child_needs_a_path",
        "a child at '', '.', '/' or '..' is InvalidPath",
        [],
        child_needs_path,
    );
    family.case(
        "a_root_with_pattern_characters",
        "a root of '[a]*?' is a folder of that name, for listings too",
        needs,
        root_with_pattern_characters,
    );
    family.case(
        "a_prefix_is_not_inside",
        "a store at 'data' does not see 'data-old'",
        needs,
        prefix_is_not_inside,
    );
    family.case(
        "results_are_relative_to_the_store",
        "the paths of records and results are relative to the store that was asked",
        needs.into_iter().chain([Capability::Metadata]),
        results_are_relative,
    );
    family.case(
        "names_round_trip",
        "to_key(native_path(key)) is the key; the root's is ''",
        [],
        names_round_trip,
    );
    family.case(
        "to_key_of_a_path_outside",
        "to_key of a native path outside the store is InvalidPath",
        [],
        key_outside,
    );
    family.case(
        "resolve_tells_without_looking",
        "resolve answers for what is not there, with the key as given and the native path",
        [],
        resolve_tells,
    );
    family.case(
        "unwrap_of_a_foreign_type",
        "unwrap of a type that the backend does not hand out is CapabilityNotSupported",
        [],
        unwrap_refuses,
    );
    family.case(
        "clones_and_stores_of_one_backend_agree",
        "what one store writes, every store over the same backend reads",
        [Capability::Write, Capability::Read],
        stores_agree,
    );
}

async fn root_scopes(t: Fixture) -> Checked {
    t.tree(&["inside/file", "inside/sub/file", "outside/file", "file"])
        .await?;
    let store = AsyncStore::new(t.backend.clone(), "inside")?;
    ensure_eq!(store.root_path(), "inside", "the root");
    let inside = Fixture {
        store: store.clone(),
        ..t.clone()
    };
    ensure_eq!(
        inside.files().await?,
        ["file", "sub/file"].map(str::to_owned).into(),
        "the files"
    );
    inside.expect_content("file", "inside/file").await?;
    for path in ["outside/file", "inside/file"] {
        inside.expect_missing(path).await?;
    }
    let options = WriteOptions::new().overwrite(true);
    store.write_with("file", "changed", options).await?;
    t.expect_content("inside/file", "changed").await?;
    t.expect_content("file", "file").await
}

async fn root_is_normalised(t: Fixture) -> Checked {
    for (root, path) in [
        ("a//b/", "a/b"),
        ("/a/./b", "a/b"),
        ("a\\b", "a/b"),
        ("", ""),
    ] {
        let store = AsyncStore::new(t.backend.clone(), root)?;
        ensure_eq!(store.root_path(), path, "the root {root:?}");
    }
    for root in [".", "/", "./", "..", "a/..", "a/../b", "a\0b"] {
        let result = AsyncStore::new(t.backend.clone(), root);
        expect_error(
            result,
            ErrorKind::InvalidPath,
            format!("a store at {root:?}"),
        )?;
    }
    Ok(())
}

async fn children_chain(t: Fixture) -> Checked {
    let chained = t.store.child("a")?.child("/b/./c/")?;
    let direct = AsyncStore::new(t.backend.clone(), "a/b/c")?;
    ensure_eq!(chained.root_path(), "a/b/c", "the root");
    ensure!(
        chained == direct,
        "the child does not equal the store built at its root"
    );
    ensure!(chained != t.store, "the child equals its parent");
    chained.write("file", "content").await?;
    t.expect_content("a/b/c/file", "content").await?;
    ensure_eq!(
        direct.read_bytes("file").await?,
        "content",
        "what the other store reads"
    );
    Ok(())
}

async fn child_needs_path(t: Fixture) -> Checked {
    for path in ["", ".", "/", "./", "..", "a/..", "\\", "a\0"] {
        expect_error(
            t.store.child(path),
            ErrorKind::InvalidPath,
            format!("child({path:?})"),
        )?;
    }
    Ok(())
}

async fn root_with_pattern_characters(t: Fixture) -> Checked {
    t.tree(&["a/trap", "[a]/trap"]).await?;
    let root = "[a]*?";
    if t.store
        .write(&format!("{root}/sub/file"), "content")
        .await
        .is_err()
    {
        return Err(crate::stop::Stop::NotApplicable(
            "the backend refuses the name".into(),
        ));
    }
    let store = t.store.child(root)?;
    let options = ListOptions::new().recursive(true);
    let files = store.list_files_with("", options)?.try_collect().await?;
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    ensure_eq!(paths, ["sub/file"], "the files");
    ensure_eq!(
        store.read_bytes("sub/file").await?,
        "content",
        "the content"
    );
    Ok(())
}

async fn prefix_is_not_inside(t: Fixture) -> Checked {
    t.tree(&["data/file", "data-old/file", "dat"]).await?;
    let store = Fixture {
        store: t.store.child("data")?,
        ..t.clone()
    };
    ensure_eq!(
        store.files().await?,
        ["file".to_owned()].into(),
        "the files"
    );
    ensure!(store.folders().await?.is_empty(), "there are folders");
    Ok(())
}

async fn results_are_relative(t: Fixture) -> Checked {
    let store = t.store.child("a")?.child("b")?;
    let written = store.write("c/file", "content").await?;
    let path = RemotePath::new("c/file")?;
    ensure_eq!(written.path, path, "the path of a result");
    ensure_eq!(
        store.get_file_info("c/file").await?.path,
        path,
        "the path of a record"
    );
    ensure_eq!(store.head("c/file").await?.path, path, "the path of head");
    let folder = RemotePath::new("c")?;
    ensure_eq!(
        store.get_folder_info("c").await?.path,
        folder,
        "the path of a folder"
    );
    ensure_eq!(
        store.get_folder_info("").await?.path,
        RemotePath::root(),
        "the path of the root"
    );
    for file in store.list_files("c")?.try_collect().await? {
        ensure_eq!(file.path, path, "the path in a listing");
    }
    for entry in store.list_folders("")?.try_collect().await? {
        ensure_eq!(entry.path, folder, "the path of a listed folder");
    }
    for child in store.iter_children("")?.try_collect().await? {
        ensure_eq!(*child.path(), folder, "the path of a child");
    }
    Ok(())
}

async fn names_round_trip(t: Fixture) -> Checked {
    for store in [t.store.clone(), t.store.child("a/b")?] {
        for key in ["file", "folder/file", "ünï/ç ø dé", "a b/c%20d", "[x]*?"] {
            let native = store.native_path(key)?;
            ensure_eq!(store.to_key(&native)?, key, "the key of {native:?}");
            let native = store.native_path(&format!("//{key}/."))?;
            ensure_eq!(store.to_key(&native)?, key, "the key of a sloppy spelling");
        }
        for root in ["", "."] {
            let native = store.native_path(root)?;
            ensure_eq!(store.to_key(&native)?, "", "the key of the root");
        }
    }
    for root in ["", ".", "/"] {
        let native = t.backend.native_path(root)?;
        ensure_eq!(
            t.backend.to_key(&native)?,
            "",
            "the key of the backend's root"
        );
    }
    Ok(())
}

async fn key_outside(t: Fixture) -> Checked {
    let inside = t.store.child("inside")?;
    for path in ["outside/file", "inside-out/file", "file"] {
        let native = t.store.native_path(path)?;
        let error = expect_error(inside.to_key(&native), ErrorKind::InvalidPath, "to_key")?;
        ensure_eq!(error.path(), Some(native.as_str()), "the error's path");
    }
    Ok(())
}

async fn resolve_tells(t: Fixture) -> Checked {
    let before = t.supports(Capability::List).then_some(());
    for store in [t.store.clone(), t.store.child("a")?] {
        for key in ["absent/file", "//absent/./file", "absent\\file"] {
            let plan = store.resolve(key)?;
            ensure_eq!(plan.key, key, "the plan's key");
            ensure_eq!(
                plan.native_path,
                store.native_path(key)?,
                "the plan's native path"
            );
            ensure_eq!(plan.backend, t.backend.name(), "the plan's backend");
        }
        ensure_eq!(
            store.resolve("")?.native_path,
            store.native_path("")?,
            "the plan of the root"
        );
    }
    if before.is_some() {
        ensure!(t.files().await?.is_empty(), "resolve created something");
    }
    t.expect_missing("absent").await
}

/// A type that no backend can know.
struct Foreign;

async fn unwrap_refuses(t: Fixture) -> Checked {
    let kind = ErrorKind::CapabilityNotSupported;
    let result = t.store.unwrap::<Foreign>().map(|_: Arc<Foreign>| ());
    let error = expect_error(result, kind, "unwrap")?;
    ensure_eq!(
        error.backend(),
        Some(t.backend.name()),
        "the error's backend"
    );
    let handle = t.backend.native_handle(Foreign.type_id());
    ensure!(handle.is_none(), "a handle of a foreign type");
    Ok(())
}

async fn stores_agree(t: Fixture) -> Checked {
    let clone = t.store.clone();
    let other = AsyncStore::new(t.backend.clone(), "")?;
    ensure!(
        clone == t.store && other == t.store,
        "stores over one backend are not equal"
    );
    clone.write("file", "content").await?;
    ensure_eq!(
        other.read_bytes("file").await?,
        "content",
        "what the other store reads"
    );
    Ok(())
}
