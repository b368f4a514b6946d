//! Reading and writing in place: `r+b`.

use std::io::SeekFrom;

use holdall::pathio::{DEFAULT_BLOCK_SIZE, OpenMode, PathIoErrorKind as Kind};

use crate::content::{Noise, noise};
use crate::fixture::expect_same;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind, read_exactly, rest};
use crate::pathio::instance::Property;
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("read_write");
    family.case(
        "keeps_the_tail",
        "r+b writes from the beginning, and what is not written over stays",
        |t| changed(t, 0, "abc", "abc3456789"),
    );
    family.case("in_the_middle", "r+b writes where the position is", |t| {
        changed(t, 4, "abc", "0123abc789")
    });
    family.case(
        "across_the_end",
        "a write in r+b may make the file longer",
        |t| changed(t, 8, "abcd", "01234567abcd"),
    );
    family.case(
        "beyond_the_end",
        "what lies between the old end and a write beyond it is zeros",
        |t| changed(t, 12, "ab", "0123456789\0\0ab"),
    );
    family.case(
        "reads_what_it_wrote",
        "what was written is read back before the file is closed",
        |t| async move {
            t.put("file", "0123456789").await?;
            let mut file = t.open("file", OpenMode::ReadWrite).await?;
            ensure_eq!(read_exactly(&mut file, 2).await?, "01", "the beginning");
            file.write("ab").await?;
            ensure_eq!(read_exactly(&mut file, 2).await?, "45", "what follows");
            file.seek(SeekFrom::Start(0)).await?;
            ensure_eq!(rest(&mut file).await?, "01ab456789", "all of it");
            file.close().await?;
            t.expect_content("file", "01ab456789").await
        },
    );
    family.case(
        "nothing_changes_nothing",
        "a file that is opened as r+b and closed is as it was",
        |t| async move {
            t.put("file", "content").await?;
            t.write("file", OpenMode::ReadWrite, [""]).await?;
            t.expect_content("file", "content").await
        },
    );
    family.case(
        "never_shorter",
        "r+b does not make a file shorter",
        |t| async move {
            t.put("file", noise(1, 300_000)).await?;
            t.write("file", OpenMode::ReadWrite, ["x"]).await?;
            ensure_eq!(t.io.stat("file").await?.size, 300_000, "the size");
            Ok(())
        },
    );
    family.case(
        "here_and_there",
        "random reads and writes do what they do to a buffer",
        here_and_there,
    );
    family.case(
        "dropped_is_old_or_new",
        "a file in r+b that is dropped has at each place what it had or what was written there",
        dropped,
    );
    family
        .case(
            "two_at_once",
            "two that write to different places of one file both find their way into it",
            |t| two_at_once(t, true),
        )
        .needs(Property::ChangesInPlace);
    family
        .case(
            "two_at_once_conflict",
            "of two that change one file the later to close is refused as Conflict",
            |t| two_at_once(t, false),
        )
        .excludes(Property::ChangesInPlace);
    family.case(
        "after_the_file_was_replaced",
        "a change never brings back content that was replaced since it began",
        |t| async move {
            t.put("file", "old").await?;
            let mut file = t.open("file", OpenMode::ReadWrite).await?;
            file.write("+").await?;
            t.put("file", "new").await?;
            if let Err(error) = file.close().await {
                ensure_eq!(error.kind(), Kind::Conflict, "the close's error");
            }
            t.expect_content("file", "new").await
        },
    );
}

async fn changed(
    t: Fixture,
    position: u64,
    piece: &'static str,
    expected: &'static str,
) -> Checked {
    t.put("file", "0123456789").await?;
    let mut file = t.open("file", OpenMode::ReadWrite).await?;
    ensure_eq!(
        file.seek(SeekFrom::Start(position)).await?,
        position,
        "the position"
    );
    ensure_eq!(file.write(piece).await?, piece.len(), "what was written");
    file.close().await?;
    t.expect_content("file", expected).await
}

async fn here_and_there(t: Fixture) -> Checked {
    let mut expected = noise(1, 2 * DEFAULT_BLOCK_SIZE).to_vec();
    t.put("file", expected.clone()).await?;
    let mut random = Noise::new(13);
    let mut file = t.open("file", OpenMode::ReadWrite).await?;
    for _ in 0..60 {
        let position = random.below(expected.len() as u64 + 1000) as usize;
        let length = random.below(20_000) as usize + 1;
        let end = position + length;
        file.seek(SeekFrom::Start(position as u64)).await?;
        if random.below(2) == 0 {
            let found = read_exactly(&mut file, length).await?;
            let wanted = expected.get(position..end.min(expected.len()));
            expect_same(
                &found,
                wanted.unwrap_or_default(),
                &format!("{position}..{end}"),
            )?;
            continue;
        }
        let piece = random.bytes(length);
        file.write(piece.clone()).await?;
        if expected.len() < end {
            expected.resize(end, 0);
        }
        if let Some(place) = expected.get_mut(position..end) {
            place.copy_from_slice(&piece);
        }
    }
    file.close().await?;
    t.expect_content("file", expected).await
}

async fn dropped(t: Fixture) -> Checked {
    let (old, new) = (vec![b'o'; 700_000], vec![b'n'; 900_000]);
    t.put("file", old.clone()).await?;
    let mut file = t.open("file", OpenMode::ReadWrite).await?;
    file.write(new.clone()).await?;
    drop(file);
    let content = t.content("file").await?;
    if !t.changes_in_place() {
        return expect_same(&content, &old, "the content");
    }
    let either = content.iter().all(|byte| b"on".contains(byte));
    ensure!(either, "the content is neither old nor new");
    ensure!(
        (old.len()..=new.len()).contains(&content.len()),
        "{} bytes are left",
        content.len()
    );
    Ok(())
}

async fn two_at_once(t: Fixture, in_place: bool) -> Checked {
    t.put("file", "0123456789").await?;
    let mut first = t.open("file", OpenMode::ReadWrite).await?;
    let mut second = t.open("file", OpenMode::ReadWrite).await?;
    first.write("ab").await?;
    second.seek(SeekFrom::End(-2)).await?;
    second.write("yz").await?;
    second.close().await?;
    let closed = first.close().await;
    if in_place {
        closed?;
        return t.expect_content("file", "ab234567yz").await;
    }
    expect_kind(closed, Kind::Conflict, "the later close")?;
    t.expect_content("file", "01234567yz").await
}
