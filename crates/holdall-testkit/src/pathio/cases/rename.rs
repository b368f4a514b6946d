//! Renaming, as `rename(2)` does it.

use holdall::pathio::PathIoErrorKind as Kind;

use crate::content::noise;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_one_of};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("rename");
    family.case(
        "a_file_to_a_free_name",
        "a renamed file is at its new path, whole, and no longer at the old one",
        |t| async move {
            let content = noise(1, 700_000);
            t.put("a", content.clone()).await?;
            t.folder("folder").await?;
            t.io.rename("a", "folder/b").await?;
            t.expect_missing("a").await?;
            t.expect_content("folder/b", content).await?;
            ensure_eq!(t.names("").await?, ["folder"], "what is left");
            Ok(())
        },
    );
    family.case(
        "a_file_onto_a_file",
        "a renamed file takes the place of a file",
        |t| async move {
            t.put("a", "new").await?;
            t.put("b", "an old and longer content").await?;
            t.io.rename("a", "b").await?;
            t.expect_missing("a").await?;
            t.expect_content("b", "new").await
        },
    );
    family.case(
        "a_folder_to_a_free_name",
        "a renamed folder brings everything below it, empty folders too",
        |t| async move {
            t.tree(&["a/file", "a/sub/deep/file", "ab/file"]).await?;
            t.folder("a/empty").await?;
            t.folder("target").await?;
            t.io.rename("a", "target/b").await?;
            t.expect_missing("a").await?;
            t.expect_content("target/b/file", "a/file").await?;
            t.expect_content("target/b/sub/deep/file", "a/sub/deep/file")
                .await?;
            ensure!(
                t.io.is_dir("target/b/empty").await?,
                "the empty folder is gone"
            );
            t.expect_content("ab/file", "ab/file").await
        },
    );
    family.case(
        "an_empty_folder",
        "an empty folder can be renamed",
        |t| async move {
            t.folder("a").await?;
            t.io.rename("a", "b").await?;
            t.expect_missing("a").await?;
            ensure!(t.io.is_dir("b").await?, "there is no folder");
            Ok(())
        },
    );
    family.case(
        "a_folder_onto_an_empty_folder",
        "a renamed folder takes the place of an empty folder",
        |t| async move {
            t.tree(&["a/file"]).await?;
            t.folder("b").await?;
            t.io.rename("a", "b").await?;
            t.expect_missing("a").await?;
            t.expect_content("b/file", "a/file").await
        },
    );
    for (name, from, to, kind) in [
        ("nothing", "missing", "new", Kind::NotFound),
        ("nothing_onto_a_file", "missing", "file", Kind::NotFound),
        ("nothing_onto_a_folder", "missing", "full", Kind::NotFound),
        ("nothing_onto_itself", "missing", "missing", Kind::NotFound),
        (
            "from_below_a_file",
            "file/below",
            "new",
            Kind::NotADirectory,
        ),
        ("to_below_a_file", "full", "file/below", Kind::NotADirectory),
        (
            "a_file_to_below_itself",
            "file",
            "file/below",
            Kind::NotADirectory,
        ),
        (
            "a_file_to_a_missing_folder",
            "file",
            "missing/new",
            Kind::NotFound,
        ),
        (
            "a_folder_to_a_missing_folder",
            "full",
            "missing/new",
            Kind::NotFound,
        ),
        ("a_file_onto_a_folder", "file", "full", Kind::IsADirectory),
        (
            "a_file_onto_an_empty_folder",
            "file",
            "empty",
            Kind::IsADirectory,
        ),
        ("a_folder_onto_a_file", "full", "file", Kind::NotADirectory),
        (
            "an_empty_folder_onto_a_file",
            "empty",
            "file",
            Kind::NotADirectory,
        ),
        (
            "a_folder_onto_a_full_one",
            "full",
            "other",
            Kind::DirectoryNotEmpty,
        ),
        (
            "an_empty_folder_onto_a_full_one",
            "empty",
            "full",
            Kind::DirectoryNotEmpty,
        ),
        (
            "a_folder_into_itself",
            "full",
            "full/new",
            Kind::InvalidArgument,
        ),
        (
            "a_folder_deep_into_itself",
            "full",
            "full/sub/new",
            Kind::InvalidArgument,
        ),
        (
            "a_folder_onto_its_own_child",
            "full",
            "full/sub",
            Kind::InvalidArgument,
        ),
        (
            "an_empty_folder_into_itself",
            "empty",
            "empty/new",
            Kind::InvalidArgument,
        ),
        (
            "a_folder_onto_the_one_it_lies_in",
            "full/sub",
            "full",
            Kind::DirectoryNotEmpty,
        ),
        ("the_root", "/", "new", Kind::InvalidArgument),
        (
            "the_root_into_itself",
            "/",
            "full/new",
            Kind::InvalidArgument,
        ),
        ("a_folder_onto_the_root", "full", "/", Kind::InvalidArgument),
        ("a_file_onto_the_root", "file", "", Kind::InvalidArgument),
    ] {
        family.case(
            name,
            format!("renaming {from:?} to {to:?} is {kind:?} and changes nothing"),
            move |t| refused(t, from, to, [kind]),
        );
    }
    // Linux answers ENOTEMPTY before it looks at what is renamed.
    family.case(
        "a_file_onto_the_folder_it_lies_in",
        "a file never takes the place of the folder that it lies in",
        |t| {
            refused(
                t,
                "full/file",
                "full",
                [Kind::IsADirectory, Kind::DirectoryNotEmpty],
            )
        },
    );
    for (name, path) in [("a_file", "file"), ("a_folder", "full")] {
        family.case(
            format!("{name}_onto_itself"),
            "a rename to the same path is a success and changes nothing",
            move |t| async move {
                prepare(&t).await?;
                let before = t.snapshot().await?;
                t.io.rename(path, path).await?;
                let spelled = format!("/./{path}");
                t.io.rename(path, &spelled).await?;
                t.expect_unchanged(&before, "a rename to the same path")
                    .await
            },
        );
    }
    family.case(
        "there_and_back",
        "a folder that is renamed there and back is as it was",
        |t| async move {
            prepare(&t).await?;
            let before = t.snapshot().await?;
            t.io.rename("full", "away").await?;
            t.io.rename("away", "full").await?;
            t.expect_unchanged(&before, "a rename there and back").await
        },
    );
    family.case(
        "leaves_a_name_that_is_free",
        "the old name of a folder is free, for a file too",
        |t| async move {
            t.tree(&["name/file"]).await?;
            t.io.rename("name", "away").await?;
            t.put("name", "a file").await?;
            t.expect_content("name", "a file").await?;
            t.expect_content("away/file", "name/file").await
        },
    );
    family.case(
        "a_name_with_the_same_beginning",
        "a folder can be renamed to a path that only begins like its own",
        |t| async move {
            t.tree(&["a/file"]).await?;
            t.io.rename("a", "ab").await?;
            t.expect_content("ab/file", "a/file").await
        },
    );
}

async fn prepare(t: &Fixture) -> Checked {
    t.tree(&["file", "full/file", "full/sub/file", "other/file"])
        .await?;
    t.folder("empty").await
}

async fn refused(
    t: Fixture,
    from: &'static str,
    to: &'static str,
    kinds: impl AsRef<[Kind]>,
) -> Checked {
    prepare(&t).await?;
    let before = t.snapshot().await?;
    let what = format!("renaming {from:?} to {to:?}");
    let result = t.io.rename(from, to).await;
    expect_one_of(result, kinds.as_ref(), what)?;
    t.expect_unchanged(&before, "a rename that was refused")
        .await
}
