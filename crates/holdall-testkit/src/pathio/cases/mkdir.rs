//! Making folders.

use holdall::pathio::{MkdirOptions, PathIoErrorKind as Kind};

use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

const PLAIN: MkdirOptions = MkdirOptions::new();
const PARENTS: MkdirOptions = MkdirOptions::new().parents(true);
const EXIST_OK: MkdirOptions = MkdirOptions::new().exist_ok(true);
const BOTH: MkdirOptions = MkdirOptions::new().parents(true).exist_ok(true);

/// Each choice of the options, by the name that it has in cases.
const CHOICES: [(&str, MkdirOptions); 4] = [
    ("plain", PLAIN),
    ("parents", PARENTS),
    ("exist_ok", EXIST_OK),
    ("parents_exist_ok", BOTH),
];

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("mkdir");
    for (choice, options) in CHOICES {
        family.case(
            format!("{choice}_at_a_free_name"),
            "a folder that was made is there, is empty, and is listed",
            move |t| async move {
                t.io.mkdir("folder", options).await?;
                ensure!(t.io.is_dir("folder").await?, "there is no folder");
                ensure_eq!(t.names("folder").await?, [""; 0], "its entries");
                ensure_eq!(t.names("").await?, ["folder"], "the root's entries");
                Ok(())
            },
        );
        family.case(
            format!("{choice}_at_a_file"),
            "a folder is never made where a file stands: AlreadyExists",
            move |t| refused(t, options, "file", Kind::AlreadyExists),
        );
        family.case(
            format!("{choice}_below_a_file"),
            "a folder is never made below a file: NotADirectory",
            move |t| refused(t, options, "file/below", Kind::NotADirectory),
        );
        let there = if options.exist_ok {
            "with exist_ok a folder that is there is a success, and stays as it is"
        } else {
            "without exist_ok a folder that is there is AlreadyExists, also with parents"
        };
        for (place, path) in [("a_folder", "folder"), ("the_root", "/")] {
            family.case(format!("{choice}_at_{place}"), there, move |t| {
                at_a_folder(t, options, path)
            });
        }
        let deep = if options.parents {
            "with parents the folders on the way are made"
        } else {
            "without parents the folder's own must be there: NotFound, and nothing is made"
        };
        family.case(format!("{choice}_deep"), deep, move |t| async move {
            if !options.parents {
                return refused(t, options, "folder/new/deep", Kind::NotFound).await;
            }
            t.io.mkdir("a/b/c", options).await?;
            for folder in ["a", "a/b", "a/b/c"] {
                ensure!(t.io.is_dir(folder).await?, "{folder:?} is no folder");
            }
            ensure_eq!(t.names("a").await?, ["a/b"], "the entries of a");
            Ok(())
        });
    }
    family.case(
        "parents_takes_what_is_there",
        "with parents the folders on the way that are there stay as they are",
        |t| async move {
            t.tree(&["a/file"]).await?;
            t.io.mkdir("a/b/c", PARENTS).await?;
            t.expect_content("a/file", "a/file").await?;
            ensure_eq!(t.names("a").await?, ["a/b", "a/file"], "the entries of a");
            Ok(())
        },
    );
    family.case(
        "parents_deep_below_a_file",
        "with parents nothing is made below a file, however deep: NotADirectory",
        |t| refused(t, PARENTS, "file/a/b", Kind::NotADirectory),
    );
    family.case(
        "an_empty_folder_lasts",
        "an empty folder stays until it is removed, also after files came and went",
        |t| async move {
            t.io.mkdir("folder", PLAIN).await?;
            t.put("folder/file", "x").await?;
            t.io.unlink("folder/file").await?;
            ensure!(
                t.io.is_dir("folder").await?,
                "the folder went with its last file"
            );
            t.io.mkdir("folder/sub", PLAIN).await?;
            t.io.rmdir("folder/sub").await?;
            ensure!(
                t.io.is_dir("folder").await?,
                "the folder went with its last folder"
            );
            t.put("folder/file", "x").await?;
            t.io.rename("folder/file", "elsewhere").await?;
            ensure!(
                t.io.is_dir("folder").await?,
                "the folder went with a renamed file"
            );
            Ok(())
        },
    );
    family.case(
        "the_name_of_a_removed_file",
        "a removed file's name can become a folder",
        |t| async move {
            t.put("name", "x").await?;
            t.io.unlink("name").await?;
            t.io.mkdir("name", PLAIN).await?;
            ensure!(t.io.is_dir("name").await?, "there is no folder");
            Ok(())
        },
    );
    family.case("deep", "a tree may be many folders deep", |t| async move {
        let deep = vec!["level"; 40].join("/");
        t.io.mkdir(&deep, PARENTS).await?;
        let file = format!("{deep}/file");
        t.put(&file, "x").await?;
        t.expect_content(&file, "x").await
    });
}

async fn at_a_folder(t: Fixture, options: MkdirOptions, path: &'static str) -> Checked {
    if !options.exist_ok {
        return refused(t, options, path, Kind::AlreadyExists).await;
    }
    t.tree(&["folder/inner"]).await?;
    let before = t.snapshot().await?;
    t.io.mkdir(path, options).await?;
    t.expect_unchanged(&before, "a folder that was there").await
}

async fn refused(t: Fixture, options: MkdirOptions, path: &'static str, kind: Kind) -> Checked {
    t.tree(&["file", "folder/inner"]).await?;
    let before = t.snapshot().await?;
    let result = t.io.mkdir(path, options).await;
    expect_kind(result, kind, format!("mkdir {path:?} with {options:?}"))?;
    t.expect_unchanged(&before, "a mkdir that was refused")
        .await
}
