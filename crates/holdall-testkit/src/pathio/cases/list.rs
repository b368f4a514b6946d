//! Listings.

use std::collections::BTreeSet;

use futures::TryStreamExt;
use holdall::pathio::{OpenMode, PathIoErrorKind as Kind};

use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("list");
    family.case(
        "children_only",
        "a listing has the files and folders of one level, and nothing of those below",
        |t| async move {
            t.tree(&["a/file", "a/sub/deep/file", "ab/file", "top"])
                .await?;
            t.folder("a/empty").await?;
            ensure_eq!(t.names("a").await?, ["a/empty", "a/file", "a/sub"], "a");
            ensure_eq!(t.names("a/sub").await?, ["a/sub/deep"], "a/sub");
            ensure_eq!(t.names("").await?, ["a", "ab", "top"], "the root");
            Ok(())
        },
    );
    family.case(
        "relative_stays_relative",
        "an entry's path is the listed path, a slash, and the name",
        |t| async move {
            t.tree(&["a/b/file"]).await?;
            for (listed, expected) in [
                ("", "a"),
                ("/", "/a"),
                ("a", "a/b"),
                ("/a", "/a/b"),
                ("a/b", "a/b/file"),
                ("/a/b", "/a/b/file"),
            ] {
                ensure_eq!(
                    t.names(listed).await?,
                    [expected],
                    "the paths in {listed:?}"
                );
                let listing = t.io.list(listed);
                ensure_eq!(listing.path(), listed, "the listing's path");
            }
            Ok(())
        },
    );
    family.case(
        "names_what_can_be_asked",
        "every path of a listing is one that the path IO takes",
        |t| async move {
            t.tree(&["a/file", "a/sub/file", "b"]).await?;
            for listed in ["", "/", ".", "a", "/a/", "./a", "a//", "a/."] {
                let entries = t.listed(listed).await?;
                ensure_eq!(entries.len(), 2, "the entries of {listed:?}");
                for entry in entries {
                    let stat = t.io.stat(&entry.path).await?;
                    ensure_eq!(stat.is_dir(), entry.stat.is_dir(), "{}", entry.path);
                    ensure!(!entry.name().is_empty(), "{:?} has no name", entry.path);
                }
            }
            Ok(())
        },
    );
    family.case(
        "brings_the_stat",
        "an entry says of its file or folder what stat says",
        brings_the_stat,
    );
    for (name, path) in [
        ("a_missing_path", "missing"),
        ("below_a_missing_path", "missing/deep"),
        ("a_file", "file"),
        ("below_a_file", "file/below"),
    ] {
        family.case(
            format!("{name}_is_empty"),
            "a path where no folder stands lists as empty",
            move |t| async move {
                t.put("file", "content").await?;
                ensure_eq!(t.names(path).await?, [""; 0], "the entries of {path:?}");
                Ok(())
            },
        );
    }
    family.case(
        "an_empty_folder",
        "an empty folder has no entries",
        |t| async move {
            t.folder("folder/empty").await?;
            ensure_eq!(t.names("folder/empty").await?, [""; 0], "the entries");
            Ok(())
        },
    );
    family.case(
        "an_empty_root",
        "an empty root has no entries",
        |t| async move {
            for root in ["", "/"] {
                ensure_eq!(t.names(root).await?, [""; 0], "the entries of {root:?}");
            }
            Ok(())
        },
    );
    family.case(
        "is_spent_after_the_end",
        "after the last entry a listing brings nothing more",
        |t| async move {
            t.tree(&["a", "b"]).await?;
            let mut listing = t.io.list("");
            let mut count = 0;
            while listing.try_next().await?.is_some() {
                count += 1;
            }
            ensure_eq!(count, 2, "the entries");
            for _ in 0..3 {
                ensure!(
                    listing.try_next().await?.is_none(),
                    "an entry after the end"
                );
            }
            Ok(())
        },
    );
    family.case(
        "begins_with_the_first_entry",
        "a listing looks when its first entry is asked for",
        |t| async move {
            let listing = t.io.list("folder");
            t.tree(&["folder/late"]).await?;
            ensure_eq!(
                listing.collect_paths().await?,
                ["folder/late"],
                "the entries"
            );
            Ok(())
        },
    );
    family.case(
        "is_spent_after_an_error",
        "a listing of a path that is none fails once, and then ends",
        |t| async move {
            let mut listing = t.io.list("a/../b");
            expect_kind(
                listing.try_next().await,
                Kind::InvalidArgument,
                "the listing",
            )?;
            ensure!(
                listing.try_next().await?.is_none(),
                "an entry after the error"
            );
            Ok(())
        },
    );
    family.case(
        "many_entries",
        "a folder may have more entries than come at once, and each is listed once",
        many_entries,
    );
    family.case(
        "hides_what_is_being_written",
        "a listing shows no trace of files that are being written",
        |t| async move {
            t.tree(&["folder/file"]).await?;
            let mut files = Vec::new();
            for (path, mode) in [
                ("folder/new", OpenMode::Write),
                ("folder/file", OpenMode::Write),
                ("folder/file", OpenMode::ReadWrite),
                ("folder/file", OpenMode::Append),
            ] {
                let mut file = t.open(path, mode).await?;
                file.write(vec![b'x'; 600_000]).await?;
                files.push(file);
            }
            ensure_eq!(t.names("folder").await?, ["folder/file"], "the folder");
            ensure_eq!(t.names("").await?, ["folder"], "the root");
            Ok(())
        },
    );
    family.case(
        "outlives_its_path_io",
        "a listing goes on when the path IO that made it was dropped",
        |t| async move {
            t.tree(&["a", "b"]).await?;
            let other = t.io.for_connection(holdall::pathio::Connection::new());
            let listing = other.list("");
            drop(other);
            ensure_eq!(listing.collect_paths().await?.len(), 2, "the entries");
            Ok(())
        },
    );
}

async fn brings_the_stat(t: Fixture) -> Checked {
    t.put("file", "content").await?;
    t.folder("folder").await?;
    for entry in t.listed("").await? {
        let stat = t.io.stat(&entry.path).await?;
        ensure_eq!(entry.stat.size, stat.size, "the size of {}", entry.path);
        ensure_eq!(
            entry.stat.modified,
            stat.modified,
            "the time of {}",
            entry.path
        );
        ensure_eq!(entry.stat.mode, stat.mode, "the mode of {}", entry.path);
        ensure_eq!(entry.stat.links, stat.links, "the links of {}", entry.path);
    }
    Ok(())
}

async fn many_entries(t: Fixture) -> Checked {
    t.folder("folder").await?;
    let mut expected = BTreeSet::new();
    for n in 0..150 {
        let path = format!("folder/file {n}");
        t.put(&path, "").await?;
        expected.insert(path);
    }
    let found = t.names("folder").await?;
    ensure_eq!(found.len(), expected.len(), "the number of entries");
    ensure_eq!(
        found.into_iter().collect::<BTreeSet<_>>(),
        expected,
        "the entries"
    );
    Ok(())
}
