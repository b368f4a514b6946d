//! Several at once.

use std::io::SeekFrom;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::{join, try_join_all};
use holdall::pathio::{
    DEFAULT_BLOCK_SIZE, MkdirOptions, OpenMode, PathIoErrorKind as Kind, PathIoResult,
};

use crate::content::noise;
use crate::fixture::expect_same;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, read_exactly, rest};
use crate::pathio::instance::Property;
use crate::stop::{Checked, Stop, ensure, ensure_eq};

/// How many do the same thing at once.
const MANY: usize = 8;

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("concurrency");
    family.case(
        "two_readers",
        "two readers of one file have a position each",
        two_readers,
    );
    family.case(
        "many_readers",
        "many readers of one file each read all of it",
        |t| async move {
            let content = noise(1, 3 * DEFAULT_BLOCK_SIZE + 5);
            t.put("file", content.clone()).await?;
            each(&t, move |t, _| {
                let content = content.clone();
                async move { t.expect_content("file", content).await }
            })
            .await
        },
    );
    family.case(
        "a_reader_beside_a_writer",
        "a reader that opened before a write closed reads the old, one that opens after the new",
        reader_beside_writer,
    );
    family.case(
        "readers_while_it_is_replaced",
        "whoever reads a file that is replaced again and again sees one content, whole",
        readers_beside_replacing,
    );
    family.case(
        "two_writers",
        "of two that write a file anew the later to close wins, whole",
        |t| async move {
            let (one, other) = (noise(1, 700_000), noise(2, 400_000));
            let mut first = t.open("file", OpenMode::Write).await?;
            let mut second = t.open("file", OpenMode::Write).await?;
            first.write(one.clone()).await?;
            second.write(other.clone()).await?;
            second.close().await?;
            t.expect_content("file", other).await?;
            first.close().await?;
            t.expect_content("file", one).await
        },
    );
    family.case(
        "many_writers",
        "of many that write a file anew at once one wins, whole",
        |t| async move {
            each(
                &t,
                |t, n| async move { t.put("file", noise(n, 300_000)).await },
            )
            .await?;
            let found = t.content("file").await?;
            let won = (0..MANY as u64).any(|n| noise(n, 300_000) == found);
            ensure!(won, "the content is nobody's");
            ensure_eq!(t.names("").await?, ["file"], "what is there");
            Ok(())
        },
    );
    family.case(
        "many_files",
        "many can write files of their own in one folder at once",
        |t| async move {
            t.folder("folder").await?;
            each(&t, |t, n| async move {
                for round in 0..5 {
                    let path = format!("folder/{n}-{round}");
                    t.put(&path, path.clone()).await?;
                    t.expect_content(&path, path.clone()).await?;
                }
                Ok(())
            })
            .await?;
            ensure_eq!(
                t.names("folder").await?.len(),
                5 * MANY,
                "the number of files"
            );
            Ok(())
        },
    );
    family
        .case(
            "many_append",
            "what many append at once is all there, each piece whole",
            many_append,
        )
        .needs(Property::ChangesInPlace);
    family
        .case(
            "many_append_until_they_succeed",
            "of many that append at once and try again after a conflict, each line is there once",
            append_until_done,
        )
        .needs(Property::ComparesVersions);
    family.case(
        "one_makes_the_folder",
        "of many that make one folder at once one succeeds, and the others find it there",
        |t| {
            one_wins(
                t,
                |t| async move { t.io.mkdir("new", MkdirOptions::new()).await }.boxed(),
                Kind::AlreadyExists,
            )
        },
    );
    family.case(
        "all_make_the_tree",
        "many can make the same folders at once, with parents and exist_ok",
        |t| async move {
            each(&t, |t, n| async move {
                t.folder("a/b/c/d").await?;
                t.put(&format!("a/b/c/d/{n}"), "x").await
            })
            .await?;
            ensure_eq!(t.names("a/b/c/d").await?.len(), MANY, "the number of files");
            Ok(())
        },
    );
    family
        .case(
            "one_removes_the_file",
            "of many that remove one file at once one succeeds",
            |t| {
                one_wins(
                    t,
                    |t| async move { t.io.unlink("file").await }.boxed(),
                    Kind::NotFound,
                )
            },
        )
        .needs(Property::AtomicRename);
    family
        .case(
            "one_removes_the_folder",
            "of many that remove one folder at once one succeeds",
            |t| {
                one_wins(
                    t,
                    |t| async move { t.io.rmdir("empty").await }.boxed(),
                    Kind::NotFound,
                )
            },
        )
        .needs(Property::AtomicRename);
    family
        .case(
            "one_renames_the_file",
            "of many that rename one file at once one succeeds, and there is one file",
            one_renames,
        )
        .needs(Property::AtomicRename);
    family
        .case(
            "renames_make_no_circle",
            "two folders that are renamed into each other at once do not both go",
            no_circle,
        )
        .needs(Property::AtomicRename);
    family
        .case(
            "a_renamed_file_is_never_gone",
            "who looks while a file is renamed onto another always finds a file there",
            never_gone,
        )
        .needs(Property::AtomicRename);
    family.case(
        "listings_beside_changes",
        "a listing while files come and go does not fail, and has every file that stays",
        listings_beside_changes,
    );
    family
        .case(
            "no_file_in_a_removed_folder",
            "a folder is not removed from around a file that is made in it at the same time",
            no_orphans,
        )
        .needs(Property::AtomicRename);
}

/// Does the same thing many times at once, each on a task of its own.
async fn each<F, Fut>(t: &Fixture, work: F) -> Checked
where
    F: Fn(Fixture, u64) -> Fut,
    Fut: Future<Output = Checked> + Send + 'static,
{
    let tasks = (0..MANY as u64).map(|n| tokio::spawn(work(t.clone(), n)));
    for checked in try_join_all(tasks).await? {
        checked?;
    }
    Ok(())
}

async fn two_readers(t: Fixture) -> Checked {
    let content = noise(1, 100_000);
    t.put("file", content.clone()).await?;
    let mut first = t.open("file", OpenMode::Read).await?;
    let mut second = t.open("file", OpenMode::Read).await?;
    let mut all = (Vec::new(), Vec::new());
    for round in 0..10 {
        all.0.extend(read_exactly(&mut first, 5_000).await?);
        if round == 5 {
            first.seek(SeekFrom::Current(0)).await?;
        }
        all.1.extend(read_exactly(&mut second, 7_000).await?);
    }
    expect_same(&all.0, &content.slice(..50_000), "the first")?;
    expect_same(&all.1, &content.slice(..70_000), "the second")?;
    first.close().await?;
    second.seek(SeekFrom::Start(1)).await?;
    let found = rest(&mut second).await?;
    expect_same(
        &found,
        &content.slice(1..),
        "the second after the first was closed",
    )
}

async fn reader_beside_writer(t: Fixture) -> Checked {
    let (old, new) = (noise(1, 700_000), noise(2, 900_000));
    t.put("file", old.clone()).await?;
    let mut writer = t.open("file", OpenMode::Write).await?;
    let mut early = t.open("file", OpenMode::Read).await?;
    let begun = read_exactly(&mut early, 1000).await?;
    writer.write(new.clone()).await?;
    t.expect_content("file", &old).await?;
    writer.close().await?;
    t.expect_content("file", &new).await?;
    match rest(&mut early).await {
        Ok(rest) => expect_same(&[begun, rest].concat(), &old, "the early reader"),
        Err(error) if !t.reads_outlive_names() && error.kind() == Kind::Conflict => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn readers_beside_replacing(t: Fixture) -> Checked {
    let content = |n: u64| Bytes::from(vec![b'a' + (n % 26) as u8; 100_000 + n as usize]);
    t.put("file", content(0)).await?;
    let writer = async {
        for n in 1..20 {
            t.put("file", content(n)).await?;
        }
        Ok::<_, Stop>(())
    };
    let readers = async {
        for _ in 0..20 {
            let found = match t.content("file").await {
                Err(error) if !t.reads_outlive_names() && error.kind() == Kind::Conflict => {
                    continue;
                }
                found => found?,
            };
            let whole = (0..20).any(|n| content(n) == found);
            ensure!(whole, "{} bytes were read that nobody wrote", found.len());
        }
        Ok::<_, Stop>(())
    };
    let (written, read) = join(writer, readers).await;
    written.and(read)
}

async fn many_append(t: Fixture) -> Checked {
    const ROUNDS: usize = 10;
    const PIECE: usize = 1000;
    t.put("file", "").await?;
    each(&t, |t, n| async move {
        for _ in 0..ROUNDS {
            let piece = vec![b'a' + n as u8; PIECE];
            t.write("file", OpenMode::Append, [piece]).await?;
        }
        Ok(())
    })
    .await?;
    let found = t.content("file").await?;
    ensure_eq!(found.len(), MANY * ROUNDS * PIECE, "the length");
    for piece in found.chunks(PIECE) {
        let whole = piece.iter().all(|byte| Some(byte) == piece.first());
        ensure!(whole, "a piece is torn");
    }
    Ok(())
}

type Attempt = fn(Fixture) -> futures::future::BoxFuture<'static, PathIoResult<()>>;

async fn append_until_done(t: Fixture) -> Checked {
    const LINES: usize = 4;
    t.put("file", "").await?;
    each(&t, |t, n| async move {
        for line in 0..LINES {
            let line = format!("{n} {line}\n");
            while let Err(error) = t.write("file", OpenMode::Append, [line.clone()]).await {
                match error.kind() {
                    Kind::Conflict => tokio::task::yield_now().await,
                    _ => return Err(error.into()),
                }
            }
        }
        Ok(())
    })
    .await?;
    let content = t.content("file").await?;
    let content = String::from_utf8_lossy(&content);
    let mut found: Vec<_> = content.lines().collect();
    found.sort_unstable();
    let lines = (0..MANY).flat_map(|n| (0..LINES).map(move |line| format!("{n} {line}")));
    ensure_eq!(found, lines.collect::<Vec<_>>(), "the lines");
    Ok(())
}

/// Makes the same call many times at once: one succeeds, the rest fail with
/// `kind`.
async fn one_wins(t: Fixture, attempt: Attempt, kind: Kind) -> Checked {
    t.put("file", "content").await?;
    t.folder("empty").await?;
    let tasks = (0..MANY).map(|_| tokio::spawn(attempt(t.clone())));
    let results = try_join_all(tasks).await?;
    let won = results.iter().filter(|result| result.is_ok()).count();
    ensure_eq!(won, 1, "how many succeeded");
    for error in results.into_iter().filter_map(Result::err) {
        ensure_eq!(error.kind(), kind, "the kind of '{error}'");
    }
    Ok(())
}

async fn one_renames(t: Fixture) -> Checked {
    t.put("file", "content").await?;
    let tasks = (0..MANY).map(|n| {
        let io = t.io.clone();
        tokio::spawn(async move { io.rename("file", &format!("new-{n}")).await })
    });
    let results = try_join_all(tasks).await?;
    let won = results.iter().filter(|result| result.is_ok()).count();
    ensure_eq!(won, 1, "how many succeeded");
    ensure_eq!(t.names("").await?.len(), 1, "the number of files");
    Ok(())
}

async fn no_circle(t: Fixture) -> Checked {
    for _ in 0..20 {
        t.folder("a").await?;
        t.folder("b").await?;
        let (one, other) = (t.io.clone(), t.io.clone());
        let one = tokio::spawn(async move { one.rename("a", "b/a").await });
        let other = tokio::spawn(async move { other.rename("b", "a/b").await });
        let (one, other) = (one.await?, other.await?);
        ensure!(
            one.is_ok() != other.is_ok(),
            "both or neither: {one:?}, {other:?}"
        );
        let (outer, inner) = if one.is_ok() {
            ("b", "b/a")
        } else {
            ("a", "a/b")
        };
        t.io.rmdir(inner).await?;
        t.io.rmdir(outer).await?;
        ensure_eq!(t.names("").await?, [""; 0], "what is left");
    }
    Ok(())
}

async fn never_gone(t: Fixture) -> Checked {
    t.put("file", "0").await?;
    let renaming = t.clone();
    let renaming = tokio::spawn(async move {
        for n in 1..40 {
            renaming.put("next", n.to_string()).await?;
            renaming.io.rename("next", "file").await?;
        }
        Ok::<_, Stop>(())
    });
    while !renaming.is_finished() {
        let found = t.content("file").await?;
        ensure!(!found.is_empty(), "an empty file was read");
        ensure!(t.io.exists("file").await?, "the file was gone");
        tokio::task::yield_now().await;
    }
    renaming.await?
}

async fn listings_beside_changes(t: Fixture) -> Checked {
    t.tree(&["folder/stays-1", "folder/stays-2"]).await?;
    let changing = t.clone();
    let changing = tokio::spawn(async move {
        for round in 0..20 {
            let path = format!("folder/passing-{}", round % 3);
            changing.put(&path, "x").await?;
            changing.io.unlink(&path).await?;
        }
        Ok::<_, Stop>(())
    });
    let mut over = false;
    while !over {
        over = changing.is_finished();
        let names = t.names("folder").await?;
        for stays in ["folder/stays-1", "folder/stays-2"] {
            let times = names.iter().filter(|name| *name == stays).count();
            ensure_eq!(times, 1, "how often {stays} is listed");
        }
        tokio::task::yield_now().await;
    }
    changing.await?
}

async fn no_orphans(t: Fixture) -> Checked {
    for _ in 0..20 {
        t.folder("folder").await?;
        let (making, removing) = (t.clone(), t.clone());
        let making = tokio::spawn(async move {
            making
                .write("folder/file", OpenMode::Write, ["content"])
                .await
        });
        let removing = tokio::spawn(async move { removing.io.rmdir("folder").await });
        let (made, removed) = (making.await?, removing.await?);
        ensure!(
            made.is_ok() != removed.is_ok(),
            "both or neither: {made:?}, {removed:?}"
        );
        if made.is_ok() {
            t.expect_content("folder/file", "content").await?;
            t.io.unlink("folder/file").await?;
            t.io.rmdir("folder").await?;
        }
        t.expect_missing("folder").await?;
    }
    Ok(())
}
