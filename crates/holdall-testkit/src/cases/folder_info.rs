//! Sums over folders.

use holdall::{Capability, ErrorKind, FolderInfo, FolderInfoOptions, RemotePath};

use crate::fixture::Fixture;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Suite;

/// Files of one to four bytes on three levels.
const TREE: [(&str, &str); 6] = [
    ("top", "1"),
    ("folder/a", "22"),
    ("folder/.hidden", "22"),
    ("folder/sub/b", "333"),
    ("folder/sub/deep/c", "4444"),
    ("folder-too/d", "333"),
];

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Metadata];
    let mut family = suite.family("get_folder_info");
    family.case(
        "sums_all_levels",
        "the sums are over all files below, on every level, and over no others",
        needs,
        sums_all_levels,
    );
    family.case(
        "of_the_root",
        "the root sums the whole store, under the path '.'",
        needs,
        of_the_root,
    );
    family.case(
        "of_an_empty_store",
        "an empty root counts nothing and is no error",
        [Capability::Metadata],
        of_an_empty_store,
    );
    family
        .case(
            "of_an_empty_folder",
            "an empty folder counts nothing and is no error",
            needs.into_iter().chain([Capability::Delete]),
            of_an_empty_folder,
        )
        .hierarchical();
    for (depth, count, size) in [(0, 2, 4), (1, 3, 7), (2, 4, 11), (9, 4, 11)] {
        family.case(
            format!("to_depth_{depth}"),
            format!("to depth {depth} a folder sums {depth} levels of folders below it"),
            [Capability::Write, Capability::List],
            move |t| to_depth(t, depth, count, size),
        );
    }
    family.case(
        "of_the_root_with_depth",
        "with a depth the root sums that many levels",
        [Capability::Write, Capability::List],
        of_the_root_with_depth,
    );
    family.case(
        "time_is_the_latest",
        "the time of a folder is the latest among its files",
        needs,
        time_is_the_latest,
    );
    family.case(
        "follows_changes",
        "the sums follow writes and deletes",
        needs.into_iter().chain([Capability::Delete]),
        follows_changes,
    );
    family.case(
        "of_a_missing_root_of_a_child",
        "the root of a child store never fails, also where its folder is not there",
        [Capability::List, Capability::Metadata],
        child_without_folder,
    );
}

async fn seed(t: &Fixture) -> Checked {
    for (path, content) in TREE {
        t.put(path, content).await?;
    }
    Ok(())
}

fn expect_sums(info: &FolderInfo, path: &str, count: u64, size: u64) -> Checked {
    ensure_eq!(info.path, RemotePath::from_backend_path(path)?, "the path");
    ensure_eq!(info.file_count, count, "the number of files in {path:?}");
    ensure_eq!(info.total_size, size, "the bytes in {path:?}");
    Ok(())
}

async fn sums_all_levels(t: Fixture) -> Checked {
    seed(&t).await?;
    for (path, count, size) in [
        ("folder", 4, 11),
        ("folder/sub", 2, 7),
        ("folder/sub/deep", 1, 4),
        ("folder-too", 1, 3),
    ] {
        expect_sums(&t.store.get_folder_info(path).await?, path, count, size)?;
        expect_sums(&t.backend.get_folder_info(path).await?, path, count, size)?;
    }
    let child = t.store.child("folder")?;
    expect_sums(&child.get_folder_info("sub").await?, "sub", 2, 7)?;
    expect_sums(&child.get_folder_info("").await?, "", 4, 11)
}

async fn of_the_root(t: Fixture) -> Checked {
    seed(&t).await?;
    for root in ["", "."] {
        expect_sums(&t.store.get_folder_info(root).await?, "", 6, 15)?;
    }
    Ok(())
}

async fn of_an_empty_store(t: Fixture) -> Checked {
    let info = t.store.get_folder_info("").await?;
    ensure_eq!(info.modified_at, None, "the time");
    expect_sums(&info, "", 0, 0)
}

async fn of_an_empty_folder(t: Fixture) -> Checked {
    t.empty_folder("folder").await?;
    expect_sums(&t.store.get_folder_info("folder").await?, "folder", 0, 0)
}

async fn to_depth(t: Fixture, depth: usize, count: u64, size: u64) -> Checked {
    seed(&t).await?;
    let options = FolderInfoOptions::new().max_depth(depth);
    expect_sums(
        &t.store.get_folder_info_with("folder", options).await?,
        "folder",
        count,
        size,
    )?;
    let child = t.store.child("folder")?;
    expect_sums(
        &child.get_folder_info_with("", options).await?,
        "",
        count,
        size,
    )
}

async fn of_the_root_with_depth(t: Fixture) -> Checked {
    seed(&t).await?;
    for (depth, count, size) in [(0, 1, 1), (1, 4, 8), (2, 5, 11), (3, 6, 15)] {
        let options = FolderInfoOptions::new().max_depth(depth);
        expect_sums(
            &t.store.get_folder_info_with("", options).await?,
            "",
            count,
            size,
        )?;
    }
    Ok(())
}

async fn time_is_the_latest(t: Fixture) -> Checked {
    seed(&t).await?;
    let mut latest = None;
    for path in [
        "folder/a",
        "folder/.hidden",
        "folder/sub/b",
        "folder/sub/deep/c",
    ] {
        latest = latest.max(t.store.get_file_info(path).await?.modified_at);
    }
    let info = t.store.get_folder_info("folder").await?;
    ensure_eq!(info.modified_at, latest, "the time");
    Ok(())
}

async fn follows_changes(t: Fixture) -> Checked {
    seed(&t).await?;
    t.put("folder/a", "7777777").await?;
    t.store.delete("folder/sub/b").await?;
    expect_sums(&t.store.get_folder_info("folder").await?, "folder", 3, 13)?;
    t.store.delete("folder-too/d").await?;
    match t.store.get_folder_info("folder-too").await {
        Ok(info) => expect_sums(&info, "folder-too", 0, 0),
        gone => expect_error(gone, ErrorKind::NotFound, "a folder without files").map(drop),
    }
}

async fn child_without_folder(t: Fixture) -> Checked {
    let child = t.store.child("absent")?;
    expect_sums(&child.get_folder_info("").await?, "", 0, 0)?;
    let options = FolderInfoOptions::new().max_depth(0);
    expect_sums(&child.get_folder_info_with("", options).await?, "", 0, 0)
}
