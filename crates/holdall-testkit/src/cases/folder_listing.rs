//! Listings of folders, and of files and folders together.

use std::collections::BTreeSet;

use holdall::{Capability, ListOptions, PathEntry};

use super::listing::{TREE, expect_files};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq};
use crate::suite::Suite;

const NEEDS: [Capability; 2] = [Capability::Write, Capability::List];

pub(crate) fn register(suite: &mut Suite) {
    folders(suite);
    children(suite);
}

fn folders(suite: &mut Suite) {
    let mut family = suite.family("list_folders");
    family.case(
        "lists_immediate_folders",
        "without a depth the immediate subfolders are listed, and no files",
        NEEDS,
        |t| async move {
            t.tree(&TREE).await?;
            for options in [
                ListOptions::new(),
                ListOptions::new().max_depth(0),
                ListOptions::new().recursive(true),
            ] {
                expect_folders(&t, "", options, &["folder", "folder.txt", "other"]).await?;
            }
            expect_folders(&t, "folder", ListOptions::new(), &["folder/sub"]).await
        },
    );
    family.case(
        "to_a_depth",
        "a depth adds that many levels",
        NEEDS,
        |t| async move {
            t.tree(&TREE).await?;
            let first = ["folder", "folder.txt", "other", "folder/sub"];
            expect_folders(&t, "", ListOptions::new().max_depth(1), &first).await?;
            let all = [
                "folder",
                "folder.txt",
                "other",
                "folder/sub",
                "folder/sub/deep",
                "folder/sub/deep/deeper",
            ];
            expect_folders(&t, "", ListOptions::new().max_depth(3), &all).await?;
            expect_folders(&t, "", ListOptions::new().max_depth(99), &all).await?;
            let below = ["folder/sub", "folder/sub/deep"];
            expect_folders(&t, "folder", ListOptions::new().max_depth(1), &below).await
        },
    );
    family.case(
        "comes_breadth_first",
        "folders come level by level",
        NEEDS,
        breadth_first,
    );
    family.case(
        "pattern_does_not_limit_descent",
        "a pattern filters what is listed, never what is entered",
        NEEDS,
        |t| async move {
            t.tree(&TREE).await?;
            let options = ListOptions::new().max_depth(9).pattern("deep*");
            expect_folders(
                &t,
                "",
                options,
                &["folder/sub/deep", "folder/sub/deep/deeper"],
            )
            .await
        },
    );
    family
        .case(
            "empty_folders_are_listed",
            "a folder whose last file was deleted is still there, and is listed",
            NEEDS.into_iter().chain([Capability::Delete]),
            |t| async move {
                t.empty_folder("folder/sub/empty").await?;
                expect_folders(&t, "folder/sub", ListOptions::new(), &["folder/sub/empty"]).await?;
                ensure!(
                    t.store.is_folder("folder/sub/empty").await?,
                    "the empty folder is gone"
                );
                expect_files(t.store.list_files("folder/sub/empty")?, &[]).await
            },
        )
        .hierarchical();
    family
        .case(
            "folders_vanish_with_their_last_file",
            "on a flat namespace a folder is there as long as a file lies below it",
            NEEDS.into_iter().chain([Capability::Delete]),
            |t| async move {
                t.tree(&["folder/sub/file"]).await?;
                t.store.delete("folder/sub/file").await?;
                t.expect_missing("folder").await?;
                expect_folders(&t, "", ListOptions::new(), &[]).await
            },
        )
        .flat();
}

fn children(suite: &mut Suite) {
    let mut family = suite.family("iter_children");
    family.case(
        "yields_files_and_folders",
        "the children of a folder are its files, with their records, and its folders",
        NEEDS,
        yields_both,
    );
    family.case(
        "of_the_root",
        "the root has children too, and an empty store has none",
        NEEDS,
        |t| async move {
            ensure!(
                t.store.iter_children("")?.try_collect().await?.is_empty(),
                "an empty store"
            );
            t.tree(&TREE).await?;
            let children = t.store.iter_children(".")?.try_collect().await?;
            let names: BTreeSet<_> = children.iter().map(PathEntry::name).collect();
            let expected = [".dot", "folder", "folder.txt", "other", "top.txt"].into();
            ensure_eq!(names, expected, "the names");
            ensure_eq!(children.len(), 5, "the number of children");
            Ok(())
        },
    );
    family.case(
        "many_entries",
        "a folder of many files and folders is listed whole",
        NEEDS,
        |t| async move {
            for n in 0..1500 {
                t.put(&format!("wide/file-{n}"), "").await?;
                if n % 3 == 0 {
                    t.put(&format!("wide/folder-{n}/x"), "").await?;
                }
            }
            let children = t.store.iter_children("wide")?.try_collect().await?;
            let paths: BTreeSet<_> = children.iter().map(|c| c.path().to_string()).collect();
            ensure_eq!(children.len(), 2000, "the number of children");
            ensure_eq!(paths.len(), 2000, "the number of different children");
            Ok(())
        },
    );
}

async fn expect_folders(
    t: &Fixture,
    path: &str,
    options: ListOptions,
    expected: &[&str],
) -> Checked {
    let listed = t
        .store
        .list_folders_with(path, options)?
        .try_collect()
        .await?;
    let paths: BTreeSet<_> = listed.iter().map(|folder| folder.path.as_str()).collect();
    ensure_eq!(paths, expected.iter().copied().collect(), "the folders");
    ensure_eq!(listed.len(), expected.len(), "the number of entries");
    for folder in &listed {
        let name = folder.path.as_str().rsplit('/').next();
        ensure_eq!(Some(folder.name()), name, "the name of {}", folder.path);
    }
    Ok(())
}

async fn breadth_first(t: Fixture) -> Checked {
    for path in ["a/b/c/d/file", "a/x/file", "e/f/file", "g/file"] {
        t.put(path, "").await?;
    }
    let options = ListOptions::new().max_depth(9);
    let listed = t
        .store
        .list_folders_with("", options)?
        .try_collect()
        .await?;
    let levels: Vec<_> = listed
        .iter()
        .map(|folder| folder.path.parts().count())
        .collect();
    ensure!(levels.is_sorted(), "the levels come as {levels:?}");
    ensure_eq!(listed.len(), 8, "the number of folders");
    Ok(())
}

async fn yields_both(t: Fixture) -> Checked {
    t.tree(&TREE).await?;
    for on_child in [false, true] {
        let store = if on_child {
            t.store.child("folder")?
        } else {
            t.store.clone()
        };
        let (path, prefix) = if on_child {
            ("", "")
        } else {
            ("folder", "folder/")
        };
        let children = store.iter_children(path)?.try_collect().await?;
        ensure_eq!(children.len(), 3, "the number of children");
        for child in children {
            let expected = format!("{prefix}{}", child.name());
            ensure_eq!(child.path().as_str(), expected, "the path of a child");
            match (child.name(), child.as_file()) {
                ("a.txt" | "b.csv", Some(file)) => ensure_eq!(file.size, 12, "the size of a child"),
                ("sub", None) => {}
                _ => ensure!(false, "{child:?} is not what stands there"),
            }
        }
    }
    Ok(())
}
