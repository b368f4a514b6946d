//! What is to take the place of nothing: files that are required to be new, and
//! renames to a free name.

use futures::future::try_join_all;
use holdall::pathio::{MkdirOptions, OpenMode, PathIoErrorKind as Kind, PathIoResult};

use super::mode_name;
use crate::content::noise;
use crate::pathio::case::{Family, Suite};
use crate::pathio::fixture::{Fixture, expect_kind, expect_one_of};
use crate::pathio::instance::Property;
use crate::stop::{Checked, ensure_eq};

/// How many do the same thing at once.
const MANY: usize = 8;
/// More than any path IO holds back until the close.
const LARGE: usize = 3 * 1024 * 1024;

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("new");
    files(&mut family);
    renames(&mut family);
}

fn files(family: &mut Family<'_>) {
    let is_new = Property::RequiresNew;
    for (name, size) in [("small", 100), ("large", LARGE)] {
        family
            .case(
                format!("a_{name}_file_at_a_free_name"),
                "a file that is required to be new shows at its close where nothing stands",
                move |t| async move {
                    write_new(&t, "file", size).await?;
                    t.expect_content("file", noise(1, size)).await
                },
            )
            .needs(is_new);
        family
            .case(
                format!("a_{name}_file_where_one_stands"),
                "a file that is required to be new leaves what stands there",
                move |t| async move {
                    t.put("file", "old").await?;
                    let written = write_new(&t, "file", size).await;
                    expect_kind(written, Kind::AlreadyExists, "a new file over another")?;
                    t.expect_content("file", "old").await
                },
            )
            .needs(is_new);
        family
            .case(
                format!("a_{name}_file_where_one_came_to_be"),
                "so it leaves what came to be there while it was written",
                move |t| async move {
                    let mut file = t.open("file", OpenMode::Write).await?;
                    file.require_new()?;
                    let written = file.write(noise(1, size)).await;
                    t.put("file", "theirs").await?;
                    let closed = match written {
                        Ok(_) => file.close().await,
                        Err(error) => Err(error),
                    };
                    expect_kind(closed, Kind::AlreadyExists, "the close")?;
                    t.expect_content("file", "theirs").await
                },
            )
            .needs(is_new);
    }
    family
        .case(
            "a_file_where_a_folder_came_to_be",
            "and a folder as well",
            |t| async move {
                let mut file = t.open("name", OpenMode::Write).await?;
                file.require_new()?;
                file.write("new").await?;
                t.io.mkdir("name", MkdirOptions::new()).await?;
                let kinds = [Kind::AlreadyExists, Kind::IsADirectory];
                expect_one_of(file.close().await, &kinds, "the close")?;
                ensure_eq!(t.io.is_dir("name").await?, true, "whether it is a folder");
                Ok(())
            },
        )
        .needs(is_new);
    family
        .case(
            "one_of_many_files",
            "of many new files for one path exactly one shows, whole",
            one_shows,
        )
        .needs(is_new);
    for mode in super::MODES {
        if mode != OpenMode::Write {
            family.case(
                format!("no_file_in_{}", mode_name(mode)),
                "only a file that is written anew can be required to be new",
                move |t| async move {
                    t.put("file", "old").await?;
                    let mut file = t.open("file", mode).await?;
                    expect_kind(file.require_new(), Kind::InvalidArgument, "the demand")?;
                    Ok(())
                },
            );
        }
    }
}

fn renames(family: &mut Family<'_>) {
    let renames = Property::RenamesNew;
    family
        .case(
            "a_name_that_is_free",
            "a rename to a free name gives the file that name",
            |t| async move {
                t.tree(&["a", "folder/other"]).await?;
                t.io.rename_new("a", "folder/b").await?;
                t.expect_missing("a").await?;
                t.expect_content("folder/b", "a").await
            },
        )
        .needs(renames);
    for (name, from, to, kind) in [
        ("a_file", "a", "b", Kind::AlreadyExists),
        ("itself", "a", "a", Kind::AlreadyExists),
        ("an_empty_folder", "a", "empty", Kind::AlreadyExists),
        ("a_full_folder", "a", "full", Kind::AlreadyExists),
        ("below_a_file", "a", "b/c", Kind::NotADirectory),
        ("a_missing_folder", "a", "missing/c", Kind::NotFound),
    ] {
        refused(family, &format!("no_name_of_{name}"), from, to, kind);
    }
    refused(
        family,
        "no_name_for_nothing",
        "missing",
        "new",
        Kind::NotFound,
    );
    family
        .case(
            "one_of_many_renames",
            "of many renames to one free name exactly one succeeds, and no file is lost",
            one_is_renamed,
        )
        .needs(renames);
    family
        .case(
            "a_folder_or_not_at_all",
            "a folder gets a free name whole, or the path IO says that it cannot promise it",
            |t| async move {
                t.tree(&["a/file"]).await?;
                let before = t.snapshot().await?;
                match t.io.rename_new("a", "b").await {
                    Ok(()) => t.expect_content("b/file", "a/file").await,
                    Err(error) if error.kind() == Kind::NotImplemented => {
                        t.expect_unchanged(&before, "the refusal").await
                    }
                    Err(error) => Err(error.into()),
                }
            },
        )
        .needs(renames);
}

fn refused(family: &mut Family<'_>, name: &str, from: &'static str, to: &'static str, kind: Kind) {
    family
        .case(
            name,
            "a rename to a name that is not free is refused and changes nothing",
            move |t| async move {
                t.tree(&["a", "b", "full/file"]).await?;
                t.folder("empty").await?;
                let before = t.snapshot().await?;
                expect_kind(t.io.rename_new(from, to).await, kind, "the rename")?;
                t.expect_unchanged(&before, "the rename").await
            },
        )
        .needs(Property::RenamesNew);
}

async fn write_new(t: &Fixture, path: &str, size: usize) -> PathIoResult<()> {
    let mut file = t.open(path, OpenMode::Write).await?;
    file.require_new()?;
    file.write(noise(1, size)).await?;
    file.close().await
}

/// The results of many attempts at once: the one that succeeded, where the others
/// found its work there.
async fn sole_winner<F, Fut>(t: &Fixture, attempt: F) -> Checked<usize>
where
    F: Fn(Fixture, usize) -> Fut,
    Fut: Future<Output = PathIoResult<()>> + Send + 'static,
{
    let tasks = (0..MANY).map(|n| tokio::spawn(attempt(t.clone(), n)));
    let mut winners = Vec::new();
    for (n, result) in try_join_all(tasks).await?.into_iter().enumerate() {
        match result {
            Ok(()) => winners.push(n),
            Err(error) => {
                expect_kind::<()>(Err(error), Kind::AlreadyExists, "one of many")?;
            }
        }
    }
    ensure_eq!(winners.len(), 1, "how many succeeded");
    Ok(winners.pop().unwrap_or_default())
}

async fn one_shows(t: Fixture) -> Checked {
    let content = |n: usize| noise(n as u64, 300_000 + n);
    let winner = sole_winner(&t, move |t, n| async move {
        let mut file = t.open("file", OpenMode::Write).await?;
        file.require_new()?;
        file.write(content(n)).await?;
        file.close().await
    });
    let winner = winner.await?;
    t.expect_content("file", content(winner)).await
}

async fn one_is_renamed(t: Fixture) -> Checked {
    for n in 0..MANY {
        t.put(&format!("source-{n}"), format!("{n}")).await?;
    }
    let winner = sole_winner(&t, |t, n| async move {
        t.io.rename_new(&format!("source-{n}"), "target").await
    });
    let winner = winner.await?;
    t.expect_content("target", format!("{winner}")).await?;
    ensure_eq!(t.names("").await?.len(), MANY, "how many files there are");
    Ok(())
}
