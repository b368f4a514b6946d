//! Dropping a call at each of its await points.

use std::io::SeekFrom;

use bytes::Bytes;
use holdall::pathio::{MkdirOptions, OpenMode, PathIoErrorKind as Kind, PathIoResult};

use crate::content::noise;
use crate::dropping::{MOST_POINTS, endless, poll_then_drop};
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, Tree, expect_tree};
use crate::stop::{Checked, Stop, ensure};

/// So large that a write of it is several steps for any implementation.
const LARGE: usize = 900_000;

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("cancellation");
    family.case(
        "write_at_every_await_point",
        "a wb that is dropped at any point leaves the old content or the new, whole, no trace of \
         itself, and never takes the place of a later write",
        |t| write_everywhere(t, true),
    );
    family.case(
        "write_of_a_new_file_at_every_await_point",
        "a wb at a free name that is dropped at any point leaves nothing or the whole file",
        |t| write_everywhere(t, false),
    );
    family.case(
        "append_at_every_await_point",
        "an ab that is dropped at any point leaves the old content and a beginning of what was \
         appended",
        append_everywhere,
    );
    family.case(
        "read_write_at_every_await_point",
        "an r+b that is dropped at any point leaves at each place the old or the new",
        read_write_everywhere,
    );
    family.case(
        "mkdir_at_every_await_point",
        "a mkdir that is dropped has made its folder or has not, and can be made again",
        mkdir_everywhere,
    );
    family.case(
        "rmdir_at_every_await_point",
        "an rmdir that is dropped has happened or has not, and harms nothing around it",
        |t| remove_everywhere(t, "folder/empty", false),
    );
    family.case(
        "unlink_at_every_await_point",
        "an unlink that is dropped has happened or has not, and harms nothing around it",
        |t| remove_everywhere(t, "folder/file", true),
    );
    family.case(
        "unlink_never_removes_a_later_file",
        "an unlink that is dropped never removes a file that was written later",
        unlink_never_later,
    );
    family.case(
        "rename_of_a_file_at_every_await_point",
        "a rename that is dropped has happened or has not: the content is never lost",
        rename_file_everywhere,
    );
    family.case(
        "rename_of_a_folder_at_every_await_point",
        "a rename of a folder that is dropped loses no file, and can be taken up again",
        rename_folder_everywhere,
    );
    family.case(
        "looks_at_every_await_point",
        "reads, listings and questions that are dropped change nothing",
        look_everywhere,
    );
    family.case(
        "a_file_after_a_dropped_call",
        "a file one of whose calls was dropped can be dropped, and nothing of it shows",
        dropped_then_dropped,
    );
}

async fn write(t: &Fixture, path: &str, mode: OpenMode, content: &Bytes) -> PathIoResult<()> {
    let mut pieces = content.clone();
    let first = pieces.split_to(content.len() / 3);
    t.write(path, mode, [first, pieces]).await
}

async fn write_everywhere(t: Fixture, replaces: bool) -> Checked {
    t.folder("f").await?;
    for points in 0..MOST_POINTS {
        // Content of its own for each round shows one that lands rounds later.
        let round = points as u64 * 2;
        let (old, new) = (noise(round, 2000), noise(round + 1, LARGE));
        if replaces {
            t.put("f/file", old.clone()).await?;
        }
        let ended = poll_then_drop(write(&t, "f/file", OpenMode::Write, &new), points).await;
        let found = match t.content("f/file").await {
            Err(error) if !replaces && error.kind() == Kind::NotFound => None,
            found => Some(found?),
        };
        let old = replaces.then_some(old);
        ensure!(
            found.as_ref() == Some(&new) || (ended.is_none() && found == old),
            "dropped at point {points}: {} bytes are there that are neither old nor new",
            found.unwrap_or_default().len()
        );
        let now = t.names("f").await?;
        ensure!(
            now.len() <= 1,
            "dropped at point {points}: {now:?} are listed"
        );
        settles(&t, points).await?;
        if let Some(result) = ended {
            return Ok(result?);
        }
        if !replaces {
            t.io.unlink("f/file").await?;
        }
    }
    Err(endless())
}

/// Fails where what was dropped still changes `f/file` after a later write.
async fn settles(t: &Fixture, points: usize) -> Checked {
    let later = format!("later than {points}");
    t.put("f/file", later.clone()).await?;
    for _ in 0..5 {
        t.expect_content("f/file", &later).await?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn append_everywhere(t: Fixture) -> Checked {
    t.folder("f").await?;
    let (old, new) = (noise(1, 2000), noise(2, LARGE));
    let whole = Bytes::from([&old[..], &new[..]].concat());
    for points in 0..MOST_POINTS {
        t.put("f/file", old.clone()).await?;
        let ended = poll_then_drop(write(&t, "f/file", OpenMode::Append, &new), points).await;
        let found = t.content("f/file").await?;
        let whole_or_dropped = ended.is_none() || found.len() == whole.len();
        ensure!(
            found.len() >= old.len() && whole.starts_with(&found) && whole_or_dropped,
            "dropped at point {points}: {} bytes are there that were not appended",
            found.len()
        );
        ensure!(
            t.changes_in_place() || found == old || found == whole,
            "dropped at point {points}: a part of the append shows"
        );
        settles(&t, points).await?;
        if let Some(result) = ended {
            return Ok(result?);
        }
    }
    Err(endless())
}

async fn read_write_everywhere(t: Fixture) -> Checked {
    t.folder("f").await?;
    let (old, new) = (vec![b'o'; LARGE], Bytes::from(vec![b'n'; LARGE - 1]));
    for points in 0..MOST_POINTS {
        t.put("f/file", old.clone()).await?;
        let ended = poll_then_drop(write(&t, "f/file", OpenMode::ReadWrite, &new), points).await;
        let found = t.content("f/file").await?;
        let changed = found.iter().filter(|&&byte| byte == b'n').count();
        let kept = found.iter().filter(|&&byte| byte == b'o').count();
        ensure!(
            found.len() == old.len() && changed + kept == old.len(),
            "dropped at point {points}: the content is neither old nor new"
        );
        let whole = changed == 0 || changed == new.len();
        ensure!(
            t.changes_in_place() || whole,
            "dropped at point {points}: a part of the change shows"
        );
        settles(&t, points).await?;
        if let Some(result) = ended {
            ensure!(changed == new.len(), "the change that ended did not happen");
            return Ok(result?);
        }
    }
    Err(endless())
}

async fn mkdir_everywhere(t: Fixture) -> Checked {
    t.tree(&["f/file"]).await?;
    let (parents, both) = (
        MkdirOptions::new().parents(true),
        MkdirOptions::new().parents(true).exist_ok(true),
    );
    for points in 0..MOST_POINTS {
        let path = format!("f/{points}/deep/deeper");
        let ended = poll_then_drop(t.io.mkdir(&path, parents), points).await;
        t.io.mkdir(&path, both).await?;
        ensure!(
            t.io.is_dir(&path).await?,
            "dropped at point {points}: no folder"
        );
        t.expect_content("f/file", "f/file").await?;
        if let Some(result) = ended {
            return Ok(result?);
        }
    }
    Err(endless())
}

/// Drops the removal of a file or a folder; each round has a path of its own, so
/// that one that is still under way harms no later round.
async fn remove_everywhere(t: Fixture, below: &'static str, is_file: bool) -> Checked {
    for points in 0..MOST_POINTS {
        let (path, beside) = (
            format!("{points}/{below}"),
            format!("{points}/folder/beside"),
        );
        t.tree(&[&beside]).await?;
        if is_file {
            t.put(&path, "content").await?;
        } else {
            t.folder(&path).await?;
        }
        let call = async {
            if is_file {
                t.io.unlink(&path).await
            } else {
                t.io.rmdir(&path).await
            }
        };
        let ended = poll_then_drop(call, points).await;
        t.expect_content(&beside, &beside).await?;
        if is_file && t.io.exists(&path).await? {
            match t.content(&path).await {
                Ok(content) => ensure!(content == "content", "point {points}: {content:?}"),
                Err(error) => ensure!(error.kind() == Kind::NotFound, "point {points}: {error}"),
            }
        }
        if let Some(result) = ended {
            t.expect_missing(&path).await?;
            return Ok(result?);
        }
    }
    Err(endless())
}

async fn unlink_never_later(t: Fixture) -> Checked {
    t.folder("f").await?;
    for points in 0..MOST_POINTS {
        t.put("f/file", "old").await?;
        let ended = poll_then_drop(t.io.unlink("f/file"), points).await;
        settles(&t, points).await?;
        if let Some(result) = ended {
            return Ok(result?);
        }
    }
    Err(endless())
}

async fn rename_file_everywhere(t: Fixture) -> Checked {
    let content = noise(1, 2000);
    for points in 0..MOST_POINTS {
        let (source, target) = (format!("{points}/source"), format!("{points}/target"));
        t.folder(&points.to_string()).await?;
        t.put(&source, content.clone()).await?;
        t.put(&target, "old").await?;
        let ended = poll_then_drop(t.io.rename(&source, &target), points).await;
        let there = t.io.exists(&source).await?;
        let found = t.content(&target).await?;
        ensure!(
            found == content || (found == "old" && there),
            "dropped at point {points}: the content is lost"
        );
        let names = t.names(&points.to_string()).await?;
        ensure!(
            names.len() <= 2,
            "dropped at point {points}: {names:?} are listed"
        );
        if let Some(result) = ended {
            ensure!(
                found == content && !there,
                "the rename that ended did not happen"
            );
            return Ok(result?);
        }
    }
    Err(endless())
}

async fn rename_folder_everywhere(t: Fixture) -> Checked {
    const FILES: [&str; 4] = ["a", "b", "sub/c", "sub/deep/d"];
    for points in 0..MOST_POINTS {
        let (source, target) = (format!("{points}/source"), format!("{points}/target"));
        for file in FILES {
            let (path, content) = (format!("{source}/{file}"), file.to_owned());
            if let Some((folder, _)) = path.rsplit_once('/') {
                t.folder(folder).await?;
            }
            t.put(&path, content).await?;
        }
        let ended = poll_then_drop(t.io.rename(&source, &target), points).await;
        for file in FILES {
            found_in_either(&t, file, [&source, &target], points).await?;
        }
        if let Some(result) = ended {
            t.expect_missing(&source).await?;
            for file in FILES {
                t.expect_content(&format!("{target}/{file}"), file).await?;
            }
            return Ok(result?);
        }
    }
    Err(endless())
}

/// A rename that is still under way may move a file between two looks; at the
/// target it stays.
async fn found_in_either(t: &Fixture, file: &str, folders: [&String; 2], points: usize) -> Checked {
    for folder in folders {
        if let Ok(content) = t.content(&format!("{folder}/{file}")).await {
            ensure!(
                content == file,
                "dropped at point {points}: {file} has {content:?}"
            );
            return Ok(());
        }
    }
    Err(Stop::Failed(format!(
        "dropped at point {points}: {file} is lost"
    )))
}

async fn look_everywhere(t: Fixture) -> Checked {
    t.tree(&["f/a", "f/b/c", "f/b/d/e"]).await?;
    t.put("f/large", noise(1, LARGE)).await?;
    let before: Tree = t.snapshot().await?;
    for points in 0..MOST_POINTS {
        let all = async {
            t.content("f/large").await?;
            t.listed("f").await?;
            t.io.stat("f/b/d").await?;
            t.io.is_dir("f/b").await?;
            let mut file = t.open("f/large", OpenMode::Read).await?;
            file.seek(SeekFrom::End(-5)).await?;
            file.read(10).await?;
            file.close().await
        };
        if let Some(result) = poll_then_drop(all, points).await {
            expect_tree(&t.snapshot().await?, &before, "looks that were dropped")?;
            return Ok(result?);
        }
    }
    Err(endless())
}

async fn dropped_then_dropped(t: Fixture) -> Checked {
    t.put("file", "old").await?;
    let before = t.snapshot().await?;
    for points in 0..MOST_POINTS {
        let mut file = t.open("file", OpenMode::Write).await?;
        let ended = poll_then_drop(file.write(noise(1, LARGE)), points).await;
        drop(file);
        t.expect_unchanged(&before, format!("a drop at point {points}"))
            .await?;
        if let Some(result) = ended {
            result?;
            return Ok(());
        }
    }
    Err(endless())
}
