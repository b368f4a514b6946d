//! Listings of files: what they hold, how deep they go, and when they work.

use std::collections::BTreeSet;

use holdall::driver::ByteRange;
use holdall::{Capability, Depth, ErrorKind, FileInfo, ListOptions, Listing};

use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

pub(crate) const TREE: [&str; 9] = [
    "top.txt",
    ".dot",
    "folder/a.txt",
    "folder/b.csv",
    "folder/sub/c.txt",
    "folder/sub/deep/d.txt",
    "folder/sub/deep/deeper/e.TXT",
    "folder.txt/f",
    "other/[g]",
];

/// The files of the tree within a depth of the root.
const BY_DEPTH: [(usize, &[&str]); 5] = [
    (0, &["top.txt", ".dot"]),
    (
        1,
        &[
            "top.txt",
            ".dot",
            "folder/a.txt",
            "folder/b.csv",
            "folder.txt/f",
            "other/[g]",
        ],
    ),
    (
        2,
        &[
            "top.txt",
            ".dot",
            "folder/a.txt",
            "folder/b.csv",
            "folder.txt/f",
            "other/[g]",
            "folder/sub/c.txt",
        ],
    ),
    (
        3,
        &[
            "top.txt",
            ".dot",
            "folder/a.txt",
            "folder/b.csv",
            "folder.txt/f",
            "other/[g]",
            "folder/sub/c.txt",
            "folder/sub/deep/d.txt",
        ],
    ),
    (100, &TREE),
];

/// Patterns on names, and the files anywhere in the tree that match.
const PATTERNS: [(&str, &str, &[&str]); 9] = [
    (
        "a_suffix",
        "*.txt",
        &[
            "top.txt",
            "folder/a.txt",
            "folder/sub/c.txt",
            "folder/sub/deep/d.txt",
        ],
    ),
    ("a_single_character", "?.csv", &["folder/b.csv"]),
    ("a_set", "[ab].*", &["folder/a.txt", "folder/b.csv"]),
    (
        "a_negated_set",
        "[!a-d].*",
        &["folder/sub/deep/deeper/e.TXT"],
    ),
    ("a_literal", "f", &["folder.txt/f"]),
    ("hidden_names", ".*", &[".dot"]),
    ("an_unterminated_set", "[g", &[]),
    ("an_escaped_bracket", "[[]g]", &["other/[g]"]),
    ("nothing", "", &[]),
];

const NEEDS: [Capability; 2] = [Capability::Write, Capability::List];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("list_files");
    family.case(
        "lists_the_folder_alone",
        "a plain listing holds the folder's own files, hidden ones too, and nothing deeper",
        NEEDS,
        |t| async move {
            t.tree(&TREE).await?;
            expect_files(t.store.list_files("")?, &["top.txt", ".dot"]).await?;
            expect_files(
                t.store.list_files("folder")?,
                &["folder/a.txt", "folder/b.csv"],
            )
            .await?;
            expect_files(
                t.backend.list_files("folder", Depth::CHILDREN),
                &["folder/a.txt", "folder/b.csv"],
            )
            .await
        },
    );
    family.case(
        "lists_all_levels",
        "a recursive listing holds every file below, once",
        NEEDS,
        |t| async move {
            t.tree(&TREE).await?;
            let all = ListOptions::new().recursive(true);
            expect_files(t.store.list_files_with("", all.clone())?, &TREE).await?;
            let sub = t.store.list_files_with("folder/sub/deep", all)?;
            expect_files(
                sub,
                &["folder/sub/deep/d.txt", "folder/sub/deep/deeper/e.TXT"],
            )
            .await
        },
    );
    for (depth, expected) in BY_DEPTH {
        family.case(
            format!("to_depth_{depth}"),
            format!(
                "max_depth {depth} lists files at most {depth} folders below, recursive or not"
            ),
            NEEDS,
            move |t| async move {
                t.tree(&TREE).await?;
                for recursive in [false, true] {
                    let options = ListOptions::new().recursive(recursive).max_depth(depth);
                    expect_files(t.store.list_files_with("", options)?, expected).await?;
                }
                // The store would mend a backend that lists too much.
                expect_files(t.backend.list_files("", Depth::Limit(depth)), expected).await
            },
        );
    }
    family.case(
        "depth_counts_from_the_folder",
        "depth is counted from the listed folder, not from the root",
        NEEDS,
        |t| async move {
            t.tree(&TREE).await?;
            let options = ListOptions::new().max_depth(1);
            let expected = ["folder/a.txt", "folder/b.csv", "folder/sub/c.txt"];
            expect_files(t.store.list_files_with("folder", options)?, &expected).await?;
            expect_files(t.backend.list_files("folder", Depth::Limit(1)), &expected).await
        },
    );
    for (name, pattern, expected) in PATTERNS {
        family.case(
            format!("pattern_with_{name}"),
            format!("the pattern {pattern:?} filters by name, on every level"),
            NEEDS,
            move |t| async move {
                t.tree(&TREE).await?;
                let options = ListOptions::new().recursive(true).pattern(pattern);
                expect_files(t.store.list_files_with("", options)?, expected).await
            },
        );
    }
    family.case(
        "many_entries",
        "a folder of 3000 files is listed whole, each file once",
        NEEDS,
        many_entries,
    );
    family.case(
        "is_lazy",
        "a listing is of the time of its first poll, and its errors are items",
        NEEDS,
        is_lazy,
    );
    family.case(
        "dropping_a_listing_early",
        "a listing that is given up midway leaves the folder usable",
        NEEDS.into_iter().chain([Capability::Delete]),
        dropped_early,
    );
    family.case(
        "files_that_stay_are_listed",
        "beside writers and deleters, every file that stays is listed, once",
        NEEDS.into_iter().chain([Capability::Delete]),
        beside_changes,
    );
    family.case(
        "follows_changes",
        "a listing shows a write and no longer shows a delete that returned before it began",
        NEEDS.into_iter().chain([Capability::Delete]),
        follows_changes,
    );
    family.case(
        "temporary_names_never_show",
        "content that is staged shows in no listing and no sum",
        NEEDS.into_iter().chain([
            Capability::AtomicWrite,
            Capability::Metadata,
            Capability::Read,
        ]),
        staged_is_hidden,
    );
}

pub(crate) async fn expect_files(listing: Listing<FileInfo>, expected: &[&str]) -> Checked {
    let listed = listing.try_collect().await?;
    let paths: BTreeSet<_> = listed.iter().map(|file| file.path.as_str()).collect();
    let expected: BTreeSet<_> = expected.iter().copied().collect();
    ensure_eq!(paths, expected, "the files");
    ensure_eq!(listed.len(), expected.len(), "the number of entries");
    for file in &listed {
        let size = file.path.as_str().len() as u64;
        ensure_eq!(file.size, size, "the size of {}", file.path);
    }
    Ok(())
}

async fn many_entries(t: Fixture) -> Checked {
    for n in 0..3000 {
        t.put(&format!("wide/{n}"), "").await?;
    }
    for recursive in [false, true] {
        let options = ListOptions::new().recursive(recursive);
        let listed = t
            .store
            .list_files_with("wide", options)?
            .try_collect()
            .await?;
        let paths: BTreeSet<_> = listed.iter().map(|file| file.path.to_string()).collect();
        ensure_eq!(listed.len(), 3000, "the number of entries");
        ensure_eq!(paths.len(), 3000, "the number of different entries");
    }
    Ok(())
}

async fn is_lazy(t: Fixture) -> Checked {
    let files = t.store.list_files("late")?;
    let folders = t.store.list_folders("late")?;
    let children = t.store.iter_children("late")?;
    t.tree(&["late/file", "late/folder/file"]).await?;
    ensure_eq!(
        files.try_collect().await?.len(),
        1,
        "files made before the first poll"
    );
    ensure_eq!(
        folders.try_collect().await?.len(),
        1,
        "folders made before the first poll"
    );
    ensure_eq!(
        children.try_collect().await?.len(),
        2,
        "children made before the first poll"
    );
    Ok(())
}

async fn dropped_early(t: Fixture) -> Checked {
    for n in 0..50 {
        t.put(&format!("folder/{n}"), "").await?;
    }
    for _ in 0..20 {
        let mut listing = t.store.list_files("folder")?;
        ensure!(
            listing.next().await.transpose()?.is_some(),
            "the first of 50 entries is missing"
        );
    }
    t.store.delete("folder/0").await?;
    let left = t.store.list_files("folder")?.try_collect().await?;
    ensure_eq!(left.len(), 49, "the number of entries");
    Ok(())
}

async fn beside_changes(t: Fixture) -> Checked {
    for n in 0..200 {
        t.put(&format!("folder/stays-{n}"), "").await?;
    }
    let changes = {
        let t = t.clone();
        tokio::spawn(async move {
            for n in 0..150 {
                t.put(&format!("folder/comes-{n}"), "").await?;
                t.put("folder/stays-7", "changed").await?;
                t.store.delete(&format!("folder/comes-{n}")).await?;
            }
            Ok::<_, crate::stop::Stop>(())
        })
    };
    loop {
        let last = changes.is_finished();
        let listed = t.store.list_files("folder")?.try_collect().await?;
        let stays = listed
            .iter()
            .filter(|file| file.name().starts_with("stays-"));
        let names: BTreeSet<_> = stays.clone().map(FileInfo::name).collect();
        ensure_eq!(names.len(), 200, "the files that stay");
        // A replaced file has one name; where a system lists both its old and
        // its new entry, the second is no other file.
        ensure_eq!(stays.count(), 200, "the entries of files that stay");
        if last {
            return changes.await?;
        }
        tokio::task::yield_now().await;
    }
}

async fn follows_changes(t: Fixture) -> Checked {
    t.tree(&["folder/a", "folder/b"]).await?;
    t.store.delete("folder/a").await?;
    expect_files(t.store.list_files("folder")?, &["folder/b"]).await?;
    t.tree(&["folder/c"]).await?;
    expect_files(t.store.list_files("folder")?, &["folder/b", "folder/c"]).await
}

async fn staged_is_hidden(t: Fixture) -> Checked {
    t.tree(&["folder/file"]).await?;
    let mut writer = t.store.open_atomic("folder/staged").await?;
    writer.write(crate::content::noise(1, 3_000_000)).await?;
    tokio::io::AsyncWriteExt::flush(&mut writer).await?;
    ensure_eq!(
        t.store.iter_children("folder")?.try_collect().await?.len(),
        1,
        "the children"
    );
    ensure_eq!(t.files().await?.len(), 1, "the number of files");
    ensure_eq!(t.folders().await?.len(), 1, "the number of folders");
    let info = t.store.get_folder_info("folder").await?;
    ensure_eq!((info.file_count, info.total_size), (1, 11), "the sums");
    let reserved = "folder/.~holdall.0123456789abcdef.tmp";
    expect_error(
        t.store.read_bytes(reserved).await,
        ErrorKind::InvalidPath,
        "a reserved name",
    )?;
    let all = t.backend.read_range(reserved, ByteRange::ALL).bytes().await;
    expect_error(
        all,
        ErrorKind::InvalidPath,
        "a reserved name on the backend",
    )?;
    drop(writer);
    Ok(())
}
