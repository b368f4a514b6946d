//! Writing anew: `wb`.

use std::io::SeekFrom;

use holdall::pathio::{DEFAULT_BLOCK_SIZE, OpenMode, PathIoErrorKind as Kind};

use crate::content::{Noise, noise};
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind, rest};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("write");
    family.case(
        "replaces",
        "wb replaces the whole content, also by a shorter one",
        |t| async move {
            t.put("file", "a long content").await?;
            t.put("file", "short").await?;
            t.expect_content("file", "short").await?;
            t.put("file", "").await?;
            t.expect_content("file", "").await
        },
    );
    family.case(
        "in_pieces",
        "pieces of any size make up the content, and each write tells its length",
        in_pieces,
    );
    family.case(
        "nothing",
        "a write of no bytes writes none",
        |t| async move {
            let mut file = t.open("file", OpenMode::Write).await?;
            ensure_eq!(file.write("").await?, 0, "what was written");
            file.write("a").await?;
            file.write("").await?;
            file.close().await?;
            t.expect_content("file", "a").await
        },
    );
    family.case(
        "shows_at_close",
        "a new file shows when it is closed, and nothing of it before, not in a listing either",
        |t| async move {
            let mut file = t.open("file", OpenMode::Write).await?;
            file.write(noise(1, 3 * DEFAULT_BLOCK_SIZE)).await?;
            t.expect_missing("file").await?;
            ensure_eq!(t.names("").await?, [""; 0], "what is listed");
            file.close().await?;
            ensure_eq!(
                t.names("").await?,
                ["file"],
                "what is listed after the close"
            );
            t.expect_content("file", noise(1, 3 * DEFAULT_BLOCK_SIZE))
                .await
        },
    );
    family.case(
        "keeps_the_old_until_close",
        "what stood there stays until the new file is closed",
        |t| async move {
            t.put("file", "old").await?;
            let before = t.snapshot().await?;
            let mut file = t.open("file", OpenMode::Write).await?;
            t.expect_unchanged(&before, "the open").await?;
            file.write(noise(1, 3 * DEFAULT_BLOCK_SIZE)).await?;
            t.expect_unchanged(&before, "the write").await?;
            ensure_eq!(t.io.stat("file").await?.size, 3, "the size");
            file.close().await?;
            t.expect_content("file", noise(1, 3 * DEFAULT_BLOCK_SIZE))
                .await
        },
    );
    family.case(
        "dropped_leaves_the_old",
        "a file that is dropped leaves what stood there, and no trace",
        |t| async move {
            t.put("folder-less", "old").await?;
            dropped(t, "folder-less").await
        },
    );
    family.case(
        "dropped_makes_nothing",
        "a new file that is dropped was never there, and its folder can be removed",
        |t| async move {
            t.folder("folder").await?;
            let inner = t.clone();
            dropped(inner, "folder/file").await?;
            Ok(t.io.rmdir("folder").await?)
        },
    );
    family.case(
        "at_a_position",
        "a write goes where the position is, and moves it",
        |t| async move {
            let mut file = t.open("file", OpenMode::Write).await?;
            file.write("0123456789").await?;
            file.seek(SeekFrom::Start(3)).await?;
            file.write("abc").await?;
            ensure_eq!(file.seek(SeekFrom::Current(0)).await?, 6, "the position");
            file.write("d").await?;
            file.close().await?;
            t.expect_content("file", "012abcd789").await
        },
    );
    family.case(
        "a_hole",
        "what lies between the end and a position beyond it is zeros",
        |t| async move {
            t.put("file", "old content that must not show").await?;
            let mut file = t.open("file", OpenMode::Write).await?;
            file.write("ab").await?;
            file.seek(SeekFrom::Start(5)).await?;
            file.write("c").await?;
            file.close().await?;
            t.expect_content("file", "ab\0\0\0c").await
        },
    );
    family.case(
        "a_large_hole",
        "a hole may be larger than what is gathered before it is stored",
        |t| async move {
            let size = 3 * DEFAULT_BLOCK_SIZE;
            let mut file = t.open("file", OpenMode::Write).await?;
            file.seek(SeekFrom::Start(size as u64)).await?;
            file.write("end").await?;
            file.close().await?;
            let mut expected = vec![0; size];
            expected.extend_from_slice(b"end");
            t.expect_content("file", expected).await
        },
    );
    family.case(
        "here_and_there",
        "writes at random positions make up what a buffer would",
        here_and_there,
    );
    family.case(
        "is_refused_in_rb",
        "writing to a file opened as rb is InvalidArgument, changes nothing, and reading goes on",
        |t| async move {
            t.put("file", "content").await?;
            let mut file = t.open("file", OpenMode::Read).await?;
            expect_kind(file.write("x").await, Kind::InvalidArgument, "the write")?;
            ensure_eq!(rest(&mut file).await?, "content", "what is read");
            file.close().await?;
            t.expect_content("file", "content").await
        },
    );
    family.case(
        "outlives_the_removal_of_its_name",
        "a file that is written while its name is removed shows when it is closed",
        |t| async move {
            t.put("file", "old").await?;
            let mut file = t.open("file", OpenMode::Write).await?;
            file.write("new").await?;
            t.io.unlink("file").await?;
            file.close().await?;
            t.expect_content("file", "new").await
        },
    );
    family.case(
        "where_a_folder_was_made_meanwhile",
        "a file is never shown in place of a folder",
        |t| async move {
            let mut file = t.open("name", OpenMode::Write).await?;
            file.write("new").await?;
            t.tree(&["name/inner"]).await?;
            expect_kind(file.close().await, Kind::IsADirectory, "the close")?;
            t.expect_content("name/inner", "name/inner").await
        },
    );
    family.case(
        "large",
        "a file may be much larger than a block",
        |t| async move {
            let content = noise(9, 20 * DEFAULT_BLOCK_SIZE + 1);
            t.put("file", content.clone()).await?;
            ensure_eq!(
                t.io.stat("file").await?.size,
                content.len() as u64,
                "the size"
            );
            t.expect_content("file", content).await
        },
    );
}

async fn in_pieces(t: Fixture) -> Checked {
    let content = noise(3, 600_000);
    let mut file = t.open("file", OpenMode::Write).await?;
    let mut rest = content.clone();
    for size in [1, 2, 1000, 65_536, 262_144, 100_000].into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let piece = rest.split_to(size.min(rest.len()));
        let length = piece.len();
        ensure_eq!(file.write(piece).await?, length, "what was written");
    }
    file.close().await?;
    t.expect_content("file", content).await
}

async fn dropped(t: Fixture, path: &str) -> Checked {
    let before = t.snapshot().await?;
    for pieces in 0..3 {
        let mut file = t.open(path, OpenMode::Write).await?;
        for _ in 0..pieces {
            file.write(noise(1, 2 * DEFAULT_BLOCK_SIZE)).await?;
        }
        drop(file);
        let after = format!("{pieces} pieces and a drop");
        t.expect_unchanged(&before, after).await?;
    }
    Ok(())
}

async fn here_and_there(t: Fixture) -> Checked {
    let mut random = Noise::new(11);
    let mut expected = Vec::new();
    let mut file = t.open("file", OpenMode::Write).await?;
    for _ in 0..40 {
        let position = random.below(200_000) as usize;
        let length = random.below(30_000) as usize + 1;
        let piece = random.bytes(length);
        file.seek(SeekFrom::Start(position as u64)).await?;
        file.write(piece.clone()).await?;
        let end = position + piece.len();
        if expected.len() < end {
            expected.resize(end, 0);
        }
        if let Some(place) = expected.get_mut(position..end) {
            place.copy_from_slice(&piece);
        }
    }
    file.close().await?;
    ensure!(!t.io.is_dir("file").await?, "it is a folder");
    t.expect_content("file", expected).await
}
