//! Copying files, and what copying has in common with renaming.

use holdall::{AsyncStore, Capability, Error, ErrorKind, TransferOptions};

use crate::content::noise;
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

/// The two calls with a source and a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    Rename,
    Copy,
}

impl Transfer {
    fn name(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Copy => "copy",
        }
    }

    fn gate(self) -> Capability {
        match self {
            Self::Rename => Capability::Move,
            Self::Copy => Capability::Copy,
        }
    }

    async fn call(
        self,
        store: &AsyncStore,
        from: &str,
        to: &str,
        overwrite: bool,
    ) -> Result<(), Error> {
        let options = TransferOptions::new().overwrite(overwrite);
        match self {
            Self::Rename => store.rename_with(from, to, options).await,
            Self::Copy => store.copy_with(from, to, options).await,
        }
    }
}

pub(crate) fn register(suite: &mut Suite) {
    common(suite, Transfer::Copy);
    let mut family = suite.family("copy");
    let needs = [Capability::Write, Capability::Read, Capability::Copy];
    family.case(
        "the_source_stays",
        "after a copy both files are there, with the same content",
        needs,
        |t| async move {
            t.put("a/from", noise(1, 5000)).await?;
            t.store.copy("a/from", "b/c/to").await?;
            t.expect_content("a/from", noise(1, 5000)).await?;
            t.expect_content("b/c/to", noise(1, 5000)).await
        },
    );
    family.case(
        "copies_are_independent",
        "a later write to one of them does not show in the other",
        needs,
        |t| async move {
            t.put("one", "content").await?;
            t.store.copy("one", "two").await?;
            t.put("one", "changed").await?;
            t.expect_content("two", "content").await?;
            t.put("two", "also changed").await?;
            t.expect_content("one", "changed").await
        },
    );
    family.case(
        "large_files",
        "a large file is copied whole",
        needs,
        |t| async move {
            let content = noise(4, 5_000_001);
            t.put("from", content.clone()).await?;
            t.store.copy("from", "to").await?;
            t.expect_content("to", &content).await
        },
    );
}

/// The cases that both calls share.
pub(crate) fn common(suite: &mut Suite, transfer: Transfer) {
    let mut family = suite.family(transfer.name());
    let needs = [Capability::Write, Capability::Read, transfer.gate()];
    family.case(
        "onto_itself",
        "the same normalised path twice does nothing to a file, with and without overwrite",
        needs.into_iter().chain([Capability::List]),
        move |t| onto_itself(t, transfer),
    );
    family.case(
        "onto_itself_where_there_is_no_file",
        "the same path twice is InvalidPath for a folder and NotFound where nothing stands",
        needs,
        move |t| onto_itself_without_a_file(t, transfer),
    );
    family.case(
        "replaces_the_whole_content",
        "an overwrite leaves nothing of a longer destination",
        needs,
        move |t| async move {
            t.put("from", "short").await?;
            t.put("to", noise(1, 100_000)).await?;
            transfer.call(&t.store, "from", "to", true).await?;
            t.expect_content("to", "short").await
        },
    );
    family.case(
        "a_refusal_changes_neither_end",
        "without overwrite a file at the destination is AlreadyExists, and both keep their content",
        needs,
        move |t| async move {
            t.tree(&["from", "to"]).await?;
            let result = transfer.call(&t.store, "from", "to", false).await;
            let error = expect_error(result, ErrorKind::AlreadyExists, transfer.name())?;
            ensure_eq!(error.path(), Some("to"), "the error's path");
            t.expect_content("from", "from").await?;
            t.expect_content("to", "to").await
        },
    );
    family.case(
        "faults_of_the_source_come_first",
        "a missing source, or a folder as the source, beats whatever stands at the destination",
        needs,
        move |t| source_first(t, transfer),
    );
    family.case(
        "creates_parents_of_the_destination",
        "the folders above the destination are made",
        needs,
        move |t| async move {
            t.put("from", "content").await?;
            transfer.call(&t.store, "from", "a/b/c/to", false).await?;
            t.expect_content("a/b/c/to", "content").await?;
            ensure!(t.store.is_folder("a/b").await?, "'a/b' is no folder");
            Ok(())
        },
    );
    family.case(
        "an_empty_file",
        "an empty file goes like any other",
        needs,
        move |t| async move {
            t.put("from", "").await?;
            transfer.call(&t.store, "from", "to", false).await?;
            t.expect_content("to", "").await
        },
    );
    family.case(
        "on_a_child_store",
        "both paths are relative to the store",
        needs,
        move |t| async move {
            t.put("folder/from", "content").await?;
            let child = t.store.child("folder")?;
            transfer.call(&child, "from", "to", false).await?;
            t.expect_content("folder/to", "content").await?;
            t.expect_missing("to").await
        },
    );
    family
        .case(
            "never_replaces_a_folder",
            "no overwrite replaces a folder, not even an empty one",
            needs.into_iter().chain([Capability::Delete]),
            move |t| async move {
                t.empty_folder("folder").await?;
                t.put("from", "content").await?;
                let result = transfer.call(&t.store, "from", "folder", true).await;
                expect_error(result, ErrorKind::InvalidPath, transfer.name())?;
                ensure!(t.store.is_folder("folder").await?, "the folder is gone");
                t.expect_content("from", "content").await
            },
        )
        .hierarchical();
    family
        .case(
            "into_itself",
            "a destination below the source is InvalidPath: the source is a file",
            needs,
            move |t| async move {
                t.put("from", "content").await?;
                let result = transfer.call(&t.store, "from", "from/below", true).await;
                expect_error(result, ErrorKind::InvalidPath, transfer.name())?;
                t.expect_content("from", "content").await
            },
        )
        .hierarchical();
}

async fn onto_itself(t: Fixture, transfer: Transfer) -> Checked {
    t.put("folder/file", "content").await?;
    let before = t.snapshot().await?;
    for overwrite in [false, true] {
        for spelling in ["folder/file", "/folder//./file", "folder\\file"] {
            transfer
                .call(&t.store, "folder/file", spelling, overwrite)
                .await?;
            transfer
                .call(&t.store, spelling, "folder/file", overwrite)
                .await?;
            t.expect_unchanged(&before, spelling).await?;
        }
    }
    Ok(())
}

async fn onto_itself_without_a_file(t: Fixture, transfer: Transfer) -> Checked {
    t.put("folder/file", "content").await?;
    for overwrite in [false, true] {
        for (path, kind) in [
            ("folder", ErrorKind::InvalidPath),
            ("absent", ErrorKind::NotFound),
            ("folder/file/below", ErrorKind::NotFound),
        ] {
            let result = transfer.call(&t.store, path, path, overwrite).await;
            let error = expect_error(result, kind, format!("{path:?} onto itself"))?;
            ensure_eq!(error.path(), Some(path), "the error's path");
        }
    }
    Ok(())
}

async fn source_first(t: Fixture, transfer: Transfer) -> Checked {
    t.tree(&["file", "folder/inner"]).await?;
    for (from, kind) in [
        ("absent", ErrorKind::NotFound),
        ("folder", ErrorKind::InvalidPath),
    ] {
        for to in ["file", "folder", "file/below", "free"] {
            if from == to {
                continue;
            }
            for overwrite in [false, true] {
                let result = transfer.call(&t.store, from, to, overwrite).await;
                let error = expect_error(result, kind, format!("{from:?} to {to:?}"))?;
                ensure_eq!(error.path(), Some(from), "the error's path");
            }
        }
    }
    t.expect_content("file", "file").await
}
