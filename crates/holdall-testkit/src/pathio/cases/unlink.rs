//! Removing files.

use holdall::pathio::PathIoErrorKind as Kind;

use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("unlink");
    family.case(
        "removes_the_file_alone",
        "a file is removed, and nothing beside or above it",
        |t| async move {
            t.tree(&["folder/file", "folder/file2", "folder/fil"])
                .await?;
            t.io.unlink("folder/file").await?;
            t.expect_missing("folder/file").await?;
            ensure_eq!(
                t.names("folder").await?,
                ["folder/fil", "folder/file2"],
                "what is left"
            );
            Ok(())
        },
    );
    family.case(
        "leaves_the_folder",
        "the folder of the last file stays",
        |t| async move {
            t.tree(&["a/b/file"]).await?;
            t.io.unlink("a/b/file").await?;
            ensure!(t.io.is_dir("a/b").await?, "the folder is gone");
            ensure_eq!(t.names("a").await?, ["a/b"], "the entries above");
            Ok(())
        },
    );
    for (name, path, kind) in [
        ("at_a_free_name", "missing", Kind::NotFound),
        ("in_a_missing_folder", "missing/deep", Kind::NotFound),
        ("below_a_file", "file/below", Kind::NotADirectory),
        ("at_a_folder", "full", Kind::IsADirectory),
        ("at_an_empty_folder", "empty", Kind::IsADirectory),
        ("at_the_root", "/", Kind::IsADirectory),
    ] {
        family.case(
            name,
            format!("unlink {path} is {kind:?} and changes nothing"),
            move |t| refused(t, path, kind),
        );
    }
    family.case(
        "twice",
        "a second unlink is NotFound, and the name is free for a folder",
        |t| async move {
            t.put("name", "x").await?;
            t.io.unlink("name").await?;
            expect_kind(t.io.unlink("name").await, Kind::NotFound, "a second unlink")?;
            t.tree(&["name/inner"]).await?;
            t.expect_content("name/inner", "name/inner").await
        },
    );
}

async fn refused(t: Fixture, path: &'static str, kind: Kind) -> Checked {
    t.tree(&["file", "full/file"]).await?;
    t.folder("empty").await?;
    let before = t.snapshot().await?;
    expect_kind(t.io.unlink(path).await, kind, format!("unlink {path:?}"))?;
    t.expect_unchanged(&before, "an unlink that was refused")
        .await
}
