//! Writing at the end: `ab`.

use std::io::SeekFrom;

use holdall::pathio::{DEFAULT_BLOCK_SIZE, OpenMode, PathIoErrorKind as Kind};

use crate::content::noise;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::pathio::instance::Property;
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("append");
    family.case(
        "keeps_what_is_there",
        "ab writes behind what is there",
        |t| async move {
            t.put("file", "old ").await?;
            t.write("file", OpenMode::Append, ["a", "b"]).await?;
            t.expect_content("file", "old ab").await
        },
    );
    family.case(
        "to_a_free_name",
        "ab at a free name makes the file",
        |t| async move {
            t.write("file", OpenMode::Append, ["new"]).await?;
            t.expect_content("file", "new").await
        },
    );
    family.case(
        "again_and_again",
        "each of many appends adds to the one before",
        |t| async move {
            let mut expected = String::new();
            for round in 0..20 {
                let piece = format!("line {round}\n");
                expected.push_str(&piece);
                t.write("file", OpenMode::Append, [piece]).await?;
            }
            t.expect_content("file", expected).await
        },
    );
    family.case(
        "wherever_the_position_is",
        "ab writes at the end wherever the position was moved to",
        |t| async move {
            t.put("file", "old").await?;
            let mut file = t.open("file", OpenMode::Append).await?;
            for to in [SeekFrom::Start(0), SeekFrom::Start(1), SeekFrom::End(50)] {
                file.seek(to).await?;
                file.write("+").await?;
            }
            file.close().await?;
            t.expect_content("file", "old+++").await
        },
    );
    family.case(
        "ends_behind_what_was_written",
        "after a write in ab the position is the end",
        |t| async move {
            t.put("file", "old").await?;
            let mut file = t.open("file", OpenMode::Append).await?;
            file.seek(SeekFrom::Start(0)).await?;
            file.write("new").await?;
            let position = file.seek(SeekFrom::Current(0)).await?;
            ensure_eq!(position, 6, "the position");
            Ok(file.close().await?)
        },
    );
    family.case(
        "much",
        "what is appended may be larger than a block",
        |t| async move {
            let (old, new) = (noise(1, 700_000), noise(2, 900_000));
            t.put("file", old.clone()).await?;
            let mut pieces = new.clone();
            let first = pieces.split_to(3 * DEFAULT_BLOCK_SIZE);
            t.write("file", OpenMode::Append, [first, pieces]).await?;
            t.expect_content("file", [old, new].concat()).await
        },
    );
    family.case(
        "nothing_changes_nothing",
        "a file that is opened as ab and closed is as it was",
        |t| async move {
            t.put("file", "content").await?;
            t.write("file", OpenMode::Append, [""]).await?;
            t.expect_content("file", "content").await
        },
    );
    family.case(
        "dropped_takes_back",
        "an append that is dropped takes back what it wrote; at a free name an empty file may stay",
        dropped,
    );
    family
        .case(
            "two_at_once",
            "what two append in turn is all there, each piece whole, in the order of the writes",
            |t| two_at_once(t, true),
        )
        .needs(Property::ChangesInPlace);
    family
        .case(
            "two_at_once_conflict",
            "of two that append at once the later to close is refused as Conflict",
            |t| two_at_once(t, false),
        )
        .excludes(Property::ChangesInPlace);
    family.case(
        "dropped_beside_another",
        "an append that is dropped takes nothing of what somebody else appended since",
        |t| async move {
            t.put("file", "old").await?;
            let mut dropped = t.open("file", OpenMode::Append).await?;
            dropped.write("A").await?;
            t.write("file", OpenMode::Append, ["B"]).await?;
            drop(dropped);
            let content = t.content("file").await?;
            ensure!(
                content.ends_with(b"B"),
                "what was appended is gone: {content:?}"
            );
            ensure!(
                content.starts_with(b"old"),
                "the old content is gone: {content:?}"
            );
            Ok(())
        },
    );
    family.case(
        "after_the_file_was_replaced",
        "an append never brings back content that was replaced since it began",
        |t| async move {
            t.put("file", "old").await?;
            let mut file = t.open("file", OpenMode::Append).await?;
            file.write("+").await?;
            t.put("file", "new").await?;
            let closed = file.close().await;
            if let Err(error) = &closed {
                ensure_eq!(error.kind(), Kind::Conflict, "the close's error");
            }
            let content = t.content("file").await?;
            let expected: &[&[u8]] = match closed {
                Ok(()) => &[b"new", b"new+"],
                Err(_) => &[b"new"],
            };
            ensure!(expected.contains(&&*content), "found {content:?}");
            Ok(())
        },
    );
}

async fn dropped(t: Fixture) -> Checked {
    t.put("file", "content").await?;
    for pieces in 0..3 {
        for path in ["file", "new"] {
            let mut file = t.open(path, OpenMode::Append).await?;
            for _ in 0..pieces {
                file.write(noise(1, 2 * DEFAULT_BLOCK_SIZE)).await?;
            }
            drop(file);
        }
        t.expect_content("file", "content").await?;
        if t.io.exists("new").await? {
            t.expect_content("new", "").await?;
        }
    }
    Ok(())
}

async fn two_at_once(t: Fixture, in_place: bool) -> Checked {
    t.put("file", "").await?;
    let mut first = t.open("file", OpenMode::Append).await?;
    let mut second = t.open("file", OpenMode::Append).await?;
    first.write("1a").await?;
    second.write("2a").await?;
    second.close().await?;
    first.write("1b").await?;
    let closed = first.close().await;
    if in_place {
        closed?;
        let content = t.content("file").await?;
        ensure_eq!(content.len(), 6, "the length of {content:?}");
        let text = String::from_utf8_lossy(&content);
        let place = |piece| text.find(piece);
        let (a, b, other) = (place("1a"), place("1b"), place("2a"));
        ensure!(a < b && a.is_some() && other.is_some(), "found {text:?}");
        return Ok(());
    }
    expect_kind(closed, Kind::Conflict, "the later close")?;
    t.expect_content("file", "2a").await
}
