//! Reading.

use futures::{StreamExt, TryStreamExt};
use holdall::pathio::{DEFAULT_BLOCK_SIZE, OpenMode, PathIoErrorKind as Kind};

use crate::content::noise;
use crate::fixture::expect_same;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind, read_exactly, rest};
use crate::stop::{Checked, ensure, ensure_eq};

/// More than any block, read-ahead or part that an implementation asks for.
const LARGE: usize = 5 * DEFAULT_BLOCK_SIZE + 12_345;

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("read");
    family.case("whole", "a file reads as it was written", |t| async move {
        let content = noise(1, LARGE);
        t.put("file", content.clone()).await?;
        t.expect_content("file", content).await
    });
    family.case(
        "in_blocks_of_every_size",
        "a read brings at least one byte and at most as many as were asked for, in order",
        in_blocks,
    );
    family.case(
        "a_whole_block",
        "a block size far beyond the file's costs no more than the file",
        |t| async move {
            t.put("file", "content").await?;
            let mut file = t.open("file", OpenMode::Read).await?;
            let found = read_exactly(&mut file, 7).await?;
            ensure_eq!(found, "content", "the content");
            let mut file = t.open("file", OpenMode::Read).await?;
            ensure!(!file.read(usize::MAX).await?.is_empty(), "nothing was read");
            Ok(())
        },
    );
    family.case(
        "no_bytes",
        "a read of no bytes brings none and does not move",
        |t| async move {
            t.put("file", "content").await?;
            let mut file = t.open("file", OpenMode::Read).await?;
            ensure!(file.read(0).await?.is_empty(), "bytes were read");
            ensure_eq!(rest(&mut file).await?, "content", "what follows");
            Ok(())
        },
    );
    family.case(
        "at_the_end",
        "a read at the end is empty, however often it is asked",
        |t| async move {
            t.put("file", "content").await?;
            let mut file = t.open("file", OpenMode::Read).await?;
            rest(&mut file).await?;
            for _ in 0..3 {
                ensure!(
                    file.read(10).await?.is_empty(),
                    "something lies beyond the end"
                );
            }
            Ok(file.close().await?)
        },
    );
    family.case(
        "an_empty_file",
        "an empty file reads as empty",
        |t| async move {
            t.put("file", "").await?;
            t.expect_content("file", "").await
        },
    );
    family.case(
        "iterates_by_block",
        "blocks come until the end, from the position on, none of them empty or too large",
        iterates,
    );
    family.case(
        "iterates_over_nothing",
        "an empty file has no blocks",
        |t| async move {
            t.put("file", "").await?;
            let mut file = t.open("file", OpenMode::Read).await?;
            let blocks = file.iter_by_block(10).count().await;
            ensure_eq!(blocks, 0, "the number of blocks");
            Ok(())
        },
    );
    family.case(
        "is_refused_in_wb",
        "reading from a file opened as wb is InvalidArgument, and writing goes on",
        |t| refused(t, OpenMode::Write, ""),
    );
    family.case(
        "is_refused_in_ab",
        "reading from a file opened as ab is InvalidArgument, and writing goes on",
        |t| refused(t, OpenMode::Append, "old"),
    );
    family.case(
        "changes_nothing",
        "a file that was read is as it was, and so is its time",
        |t| async move {
            t.put("file", "content").await?;
            let before = t.io.stat("file").await?;
            t.content("file").await?;
            let after = t.io.stat("file").await?;
            ensure_eq!(after.size, before.size, "the size");
            ensure_eq!(after.modified, before.modified, "the time");
            Ok(())
        },
    );
    family.case(
        "goes_on_when_the_file_is_replaced",
        "a reader never sees parts of two contents: it reads the one it opened, or fails",
        replaced_meanwhile,
    );
    family.case(
        "goes_on_when_the_file_is_removed",
        "a reader of a file that is removed reads what it opened, or fails",
        removed_meanwhile,
    );
}

async fn in_blocks(t: Fixture) -> Checked {
    let content = noise(2, 10_000);
    t.put("file", content.clone()).await?;
    for size in [1, 7, 999, 9_999, 10_000, 10_001, 1 << 20] {
        let mut file = t.open("file", OpenMode::Read).await?;
        let mut all = Vec::new();
        // One byte each is enough of a proof for a tenth of the file.
        let limit = if size == 1 { 1_000 } else { content.len() };
        while all.len() < limit {
            let block = file.read(size).await?;
            ensure!(
                !block.is_empty() && block.len() <= size,
                "a read of {size} bytes at {} of 10000 brought {}",
                all.len(),
                block.len()
            );
            all.extend_from_slice(&block);
        }
        let expected = content.slice(..limit);
        expect_same(&all, &expected, &format!("blocks of {size}"))?;
    }
    Ok(())
}

async fn iterates(t: Fixture) -> Checked {
    let content = noise(3, 100_000);
    t.put("file", content.clone()).await?;
    let mut file = t.open("file", OpenMode::Read).await?;
    read_exactly(&mut file, 500).await?;
    let blocks: Vec<_> = file.iter_by_block(8192).try_collect().await?;
    let fits = blocks.iter().all(|b| !b.is_empty() && b.len() <= 8192);
    ensure!(fits, "a block is empty or larger than was asked for");
    expect_same(&blocks.concat(), &content.slice(500..), "the blocks")?;
    Ok(file.close().await?)
}

async fn refused(t: Fixture, mode: OpenMode, kept: &'static str) -> Checked {
    t.put("file", "old").await?;
    let mut file = t.open("file", mode).await?;
    file.write("a").await?;
    expect_kind(file.read(10).await, Kind::InvalidArgument, "the read")?;
    file.write("b").await?;
    file.close().await?;
    t.expect_content("file", format!("{kept}ab")).await
}

async fn replaced_meanwhile(t: Fixture) -> Checked {
    let (old, new) = (noise(4, LARGE), noise(5, LARGE));
    t.put("file", old.clone()).await?;
    let mut file = t.open("file", OpenMode::Read).await?;
    let mut found = read_exactly(&mut file, 1000).await?.to_vec();
    t.put("file", new).await?;
    match rest(&mut file).await {
        Ok(rest) => {
            found.extend_from_slice(&rest);
            expect_same(&found, &old, "what the reader saw")
        }
        Err(error) => {
            ensure!(!t.reads_outlive_names(), "the reader failed: {error}");
            ensure_eq!(error.kind(), Kind::Conflict, "the reader's error");
            Ok(())
        }
    }
}

async fn removed_meanwhile(t: Fixture) -> Checked {
    let content = noise(6, LARGE);
    t.put("file", content.clone()).await?;
    let mut file = t.open("file", OpenMode::Read).await?;
    let mut found = read_exactly(&mut file, 1000).await?.to_vec();
    t.io.unlink("file").await?;
    match rest(&mut file).await {
        Ok(rest) => {
            found.extend_from_slice(&rest);
            expect_same(&found, &content, "what the reader saw")
        }
        Err(error) => {
            ensure!(!t.reads_outlive_names(), "the reader failed: {error}");
            let expected = [Kind::Conflict, Kind::NotFound];
            ensure!(
                expected.contains(&error.kind()),
                "the reader failed: {error}"
            );
            Ok(())
        }
    }
}
