//! Moving in a file.

use std::io::SeekFrom;

use holdall::pathio::{DEFAULT_BLOCK_SIZE, OpenMode, PathIoErrorKind as Kind};

use super::{MODES, mode_name};
use crate::content::{Noise, noise};
use crate::fixture::expect_same;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind, read_exactly, rest};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("seek");
    family.case(
        "from_each_side",
        "a position counts from the beginning, the end or the present one, and is told from the \
         beginning",
        from_each_side,
    );
    family.case(
        "back_and_forth",
        "after any seek a read brings what lies there",
        back_and_forth,
    );
    family.case(
        "beyond_the_end_reads_nothing",
        "a position beyond the end is no error; a read there is empty",
        |t| async move {
            t.put("file", "content").await?;
            let mut file = t.open("file", OpenMode::Read).await?;
            ensure_eq!(file.seek(SeekFrom::End(100)).await?, 107, "the position");
            ensure!(file.read(10).await?.is_empty(), "something lies there");
            file.seek(SeekFrom::Start(3)).await?;
            ensure_eq!(rest(&mut file).await?, "tent", "what lies at 3");
            Ok(file.close().await?)
        },
    );
    for (name, target) in [
        ("current", SeekFrom::Current(-1)),
        ("end", SeekFrom::End(-8)),
        ("far", SeekFrom::Current(i64::MIN)),
    ] {
        family.case(
            format!("before_the_beginning_from_{name}"),
            "a position before the beginning is InvalidArgument, and the file does not move",
            move |t| before_the_beginning(t, target),
        );
    }
    for mode in MODES {
        family.case(
            format!("{}_to_the_ends_of_numbers", mode_name(mode)),
            "no position is so large that a seek does more than refuse it",
            move |t| to_extremes(t, mode),
        );
        family.case(
            format!("{}_begins_and_ends", mode_name(mode)),
            format!("in {mode}, too, a seek to the end tells the length as it is now"),
            move |t| tells_the_length(t, mode),
        );
    }
    family.case(
        "beyond_the_end_makes_nothing",
        "a seek beyond the end does not make a file longer",
        |t| async move {
            t.put("file", "content").await?;
            for mode in [OpenMode::ReadWrite, OpenMode::Append] {
                let mut file = t.open("file", mode).await?;
                file.seek(SeekFrom::Start(100)).await?;
                file.close().await?;
                t.expect_content("file", "content").await?;
            }
            let mut file = t.open("new", OpenMode::Write).await?;
            file.seek(SeekFrom::Start(100)).await?;
            file.close().await?;
            t.expect_content("new", "").await
        },
    );
}

async fn from_each_side(t: Fixture) -> Checked {
    t.put("file", "0123456789").await?;
    let mut file = t.open("file", OpenMode::Read).await?;
    for (to, expected) in [
        (SeekFrom::Start(4), 4),
        (SeekFrom::Current(3), 7),
        (SeekFrom::Current(-2), 5),
        (SeekFrom::Current(0), 5),
        (SeekFrom::End(-1), 9),
        (SeekFrom::End(0), 10),
        (SeekFrom::Start(0), 0),
    ] {
        ensure_eq!(file.seek(to).await?, expected, "the position after {to:?}");
    }
    read_exactly(&mut file, 3).await?;
    ensure_eq!(
        file.seek(SeekFrom::Current(0)).await?,
        3,
        "after a read of 3"
    );
    ensure_eq!(rest(&mut file).await?, "3456789", "what lies at 3");
    Ok(file.close().await?)
}

async fn back_and_forth(t: Fixture) -> Checked {
    let content = noise(1, 3 * DEFAULT_BLOCK_SIZE + 777);
    t.put("file", content.clone()).await?;
    let mut file = t.open("file", OpenMode::Read).await?;
    let mut random = Noise::new(7);
    for _ in 0..60 {
        let start = random.below(content.len() as u64) as usize;
        let length = random.below(5_000) as usize;
        let end = content.len().min(start + length);
        file.seek(SeekFrom::Start(start as u64)).await?;
        let found = read_exactly(&mut file, end - start).await?;
        expect_same(
            &found,
            &content.slice(start..end),
            &format!("{start}..{end}"),
        )?;
        let position = file.seek(SeekFrom::Current(0)).await?;
        ensure_eq!(position, end as u64, "the position after a read");
    }
    Ok(file.close().await?)
}

async fn before_the_beginning(t: Fixture, target: SeekFrom) -> Checked {
    t.put("file", "content").await?;
    let mut file = t.open("file", OpenMode::Read).await?;
    expect_kind(file.seek(target).await, Kind::InvalidArgument, "the seek")?;
    ensure_eq!(
        rest(&mut file).await?,
        "content",
        "what lies where it stands"
    );
    expect_kind(
        file.seek(SeekFrom::Current(-8)).await,
        Kind::InvalidArgument,
        "a seek to one before the beginning",
    )?;
    ensure_eq!(file.seek(SeekFrom::Current(0)).await?, 7, "the position");
    Ok(file.close().await?)
}

async fn to_extremes(t: Fixture, mode: OpenMode) -> Checked {
    t.put("file", "content").await?;
    for to in [
        SeekFrom::Start(u64::MAX),
        SeekFrom::Start(i64::MAX as u64),
        SeekFrom::End(i64::MAX),
        SeekFrom::Current(i64::MAX),
        SeekFrom::End(i64::MIN),
    ] {
        let mut file = t.open("file", mode).await?;
        file.seek(SeekFrom::Start(5)).await?;
        let position = match file.seek(to).await {
            Ok(_) => continue,
            Err(error) => {
                ensure_eq!(error.kind(), Kind::InvalidArgument, "the kind for {to:?}");
                file.seek(SeekFrom::Current(0)).await?
            }
        };
        ensure_eq!(position, 5, "the position after {to:?} was refused");
    }
    Ok(())
}

async fn tells_the_length(t: Fixture, mode: OpenMode) -> Checked {
    t.put("file", "content").await?;
    let mut file = t.open("file", mode).await?;
    let old: u64 = if mode == OpenMode::Write { 0 } else { 7 };
    ensure_eq!(
        file.seek(SeekFrom::End(0)).await?,
        old,
        "the length at first"
    );
    if mode.can_write() {
        file.write("more").await?;
        ensure_eq!(
            file.seek(SeekFrom::Current(0)).await?,
            old + 4,
            "the position"
        );
        file.seek(SeekFrom::Start(0)).await?;
        ensure_eq!(file.seek(SeekFrom::End(0)).await?, old + 4, "the length");
    }
    Ok(file.close().await?)
}
