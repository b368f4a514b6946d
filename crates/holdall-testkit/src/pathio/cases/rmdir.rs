//! Removing folders.

use holdall::pathio::{MkdirOptions, PathIoErrorKind as Kind};

use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("rmdir");
    family.case(
        "removes_an_empty_folder",
        "an empty folder is removed, and nothing beside or above it",
        |t| async move {
            t.folder("a/b").await?;
            t.folder("a/bb").await?;
            t.io.rmdir("a/b").await?;
            t.expect_missing("a/b").await?;
            ensure_eq!(t.names("a").await?, ["a/bb"], "the entries of a");
            t.io.rmdir("a/bb").await?;
            ensure!(t.io.is_dir("a").await?, "the folder above is gone");
            Ok(())
        },
    );
    for (name, path, kind) in [
        ("at_a_free_name", "missing", Kind::NotFound),
        ("in_a_missing_folder", "missing/deep", Kind::NotFound),
        ("at_a_file", "file", Kind::NotADirectory),
        ("below_a_file", "file/below", Kind::NotADirectory),
        ("with_a_file_in_it", "full", Kind::DirectoryNotEmpty),
        (
            "with_an_empty_folder_in_it",
            "nested",
            Kind::DirectoryNotEmpty,
        ),
        ("at_a_full_root", "/", Kind::InvalidArgument),
    ] {
        family.case(
            name,
            format!("rmdir {path} is {kind:?} and changes nothing"),
            move |t| refused(t, path, kind),
        );
    }
    family.case(
        "at_an_empty_root",
        "the root is never removed, also when it is empty",
        |t| async move {
            for root in ["", "/", ".", "//"] {
                expect_kind(t.io.rmdir(root).await, Kind::InvalidArgument, root)?;
            }
            ensure!(t.io.is_dir("/").await?, "the root is gone");
            t.put("file", "x").await
        },
    );
    family.case(
        "twice",
        "a second rmdir is NotFound, and the name is free for a file",
        |t| async move {
            t.folder("name").await?;
            t.io.rmdir("name").await?;
            expect_kind(t.io.rmdir("name").await, Kind::NotFound, "a second rmdir")?;
            t.put("name", "a file").await?;
            t.expect_content("name", "a file").await
        },
    );
    family.case(
        "after_its_content",
        "a folder whose content was removed is empty, and can be made anew",
        |t| async move {
            t.tree(&["folder/file", "folder/sub/file"]).await?;
            t.io.unlink("folder/sub/file").await?;
            t.io.rmdir("folder/sub").await?;
            t.io.unlink("folder/file").await?;
            t.io.rmdir("folder").await?;
            t.expect_missing("folder").await?;
            t.io.mkdir("folder", MkdirOptions::new()).await?;
            ensure_eq!(
                t.names("folder").await?,
                [""; 0],
                "the new folder's entries"
            );
            Ok(())
        },
    );
}

async fn refused(t: Fixture, path: &'static str, kind: Kind) -> Checked {
    t.tree(&["file", "full/file"]).await?;
    t.folder("nested/empty").await?;
    let before = t.snapshot().await?;
    expect_kind(t.io.rmdir(path).await, kind, format!("rmdir {path:?}"))?;
    t.expect_unchanged(&before, "an rmdir that was refused")
        .await
}
