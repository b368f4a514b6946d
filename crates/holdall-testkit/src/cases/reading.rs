//! Reading whole files.

use futures::stream::StreamExt;
use holdall::{Capability, ErrorKind};
use tokio::io::{AsyncBufReadExt, AsyncReadExt};

use crate::content::{in_chunks, noise};
use crate::fixture::{Fixture, expect_same};
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

/// Sizes around the ones at which implementations change their ways.
const SIZES: [usize; 11] = [
    0, 1, 2, 4095, 4096, 65_535, 65_536, 65_537, 262_144, 1_048_576, 1_048_577,
];

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Read];
    let mut family = suite.family("read");
    family.case(
        "every_read_agrees",
        "read, read_bytes, read_range and read_seekable see the same bytes, whatever the size",
        needs,
        every_read_agrees,
    );
    family.case(
        "chunks_are_never_empty",
        "a stream yields no empty chunk, and none at all for an empty file",
        needs,
        chunks_are_never_empty,
    );
    family.case(
        "a_missing_file_fails_with_the_first_item",
        "read returns at once; the backend's error is the first item, and then the stream ends",
        [Capability::Read],
        error_is_first_item,
    );
    family.case(
        "nothing_is_fetched_before_the_first_poll",
        "a stream that is never polled never notices that its file is missing",
        needs,
        lazy_until_polled,
    );
    family.case(
        "the_stream_ends_once",
        "after the last chunk the stream says None, again and again",
        needs,
        ends_once,
    );
    family.case(
        "dropping_a_stream_midway",
        "a read that is given up midway leaves the file readable, replaceable and deletable",
        [Capability::Write, Capability::Read, Capability::Delete],
        dropped_midway,
    );
    family.case(
        "a_replaced_file_is_never_mixed",
        "a read under way sees one version or fails; it never mixes two",
        needs,
        |t| never_mixed(t, Change::Replace),
    );
    family.case(
        "a_deleted_file_is_never_cut",
        "a read under way of a file that is deleted sees all of it or fails",
        [Capability::Write, Capability::Read, Capability::Delete],
        |t| never_mixed(t, Change::Delete),
    );
    family.case(
        "a_shorter_replacement_never_cuts",
        "a read under way of a file that is replaced by a shorter one is never cut short",
        needs,
        |t| never_mixed(t, Change::Shorten),
    );
    family.case(
        "a_stream_is_a_reader",
        "the stream of a read is an AsyncRead and an AsyncBufRead",
        needs,
        is_a_reader,
    );
    family.case(
        "concurrent_reads_agree",
        "many concurrent reads of one file see the same bytes",
        needs,
        concurrent_reads,
    );
    family.case(
        "sees_the_latest_write",
        "a read that begins after a write has returned sees that write",
        needs,
        sees_latest,
    );
}

async fn every_read_agrees(t: Fixture) -> Checked {
    for size in SIZES {
        let path = format!("{size}.bin");
        let content = noise(size as u64, size);
        t.put(&path, content.clone()).await?;
        let streamed = t.store.read(&path)?.bytes().await?;
        expect_same(&streamed, &content, &format!("read of {size} bytes"))?;
        t.expect_content(&path, &content).await?;
        let ranged = t.store.read_range(&path, ..)?.bytes().await?;
        expect_same(&ranged, &content, &format!("read_range of {size} bytes"))?;
        let mut sought = Vec::new();
        let mut reader = t.store.read_seekable(&path).await?;
        ensure_eq!(reader.size(), size as u64, "the size of a seekable reader");
        reader.read_to_end(&mut sought).await?;
        expect_same(&sought, &content, &format!("read_seekable of {size} bytes"))?;
    }
    Ok(())
}

async fn chunks_are_never_empty(t: Fixture) -> Checked {
    for size in [0, 1, 3_000_000] {
        t.put("file", noise(1, size)).await?;
        let mut total = 0;
        let mut chunks = t.store.read("file")?;
        while let Some(chunk) = chunks.next().await.transpose()? {
            ensure!(
                !chunk.is_empty(),
                "an empty chunk after {total} of {size} bytes"
            );
            total += chunk.len();
        }
        ensure_eq!(total, size, "the bytes of all chunks");
    }
    Ok(())
}

async fn error_is_first_item(t: Fixture) -> Checked {
    let mut chunks = t.store.read("absent.txt")?;
    let Some(first) = chunks.next().await else {
        return Err(crate::stop::Stop::Failed(
            "the stream of a missing file is empty".into(),
        ));
    };
    expect_error(first, ErrorKind::NotFound, "the first item")?;
    ensure!(
        chunks.next().await.is_none(),
        "the stream goes on after its error"
    );
    Ok(())
}

async fn lazy_until_polled(t: Fixture) -> Checked {
    drop(t.store.read("late.txt")?);
    let chunks = t.store.read("late.txt")?;
    t.put("late.txt", "just in time").await?;
    let content = chunks.bytes().await?;
    ensure_eq!(
        content,
        "just in time",
        "the content of a file made before the first poll"
    );
    Ok(())
}

async fn ends_once(t: Fixture) -> Checked {
    t.put("file", "abc").await?;
    let mut chunks = t.store.read("file")?;
    while let Some(chunk) = chunks.next().await {
        chunk?;
    }
    for _ in 0..3 {
        ensure!(
            chunks.next().await.is_none(),
            "a stream yields again after its end"
        );
    }
    Ok(())
}

async fn dropped_midway(t: Fixture) -> Checked {
    t.put("file", noise(1, 3_000_000)).await?;
    let mut chunks = t.store.read("file")?;
    chunks.next().await.transpose()?;
    drop(chunks);
    t.expect_content("file", noise(1, 3_000_000)).await?;
    t.put("file", "replaced").await?;
    t.expect_content("file", "replaced").await?;
    t.store.delete("file").await?;
    t.expect_missing("file").await
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Replace,
    Shorten,
    Delete,
}

async fn never_mixed(t: Fixture, change: Change) -> Checked {
    for size in [200_000, 3_000_000] {
        let old = noise(1, size);
        t.put("file", old.clone()).await?;
        let mut chunks = t.store.read("file")?;
        let mut found = Vec::new();
        if let Some(first) = chunks.next().await.transpose()? {
            found.extend_from_slice(&first);
        }
        match change {
            Change::Replace => t.put("file", noise(2, size)).await?,
            Change::Shorten => t.put("file", "short").await?,
            Change::Delete => t.store.delete("file").await?,
        }
        loop {
            match chunks.next().await {
                Some(Ok(chunk)) => found.extend_from_slice(&chunk),
                // A backend that cannot keep the old version says so.
                Some(Err(_)) => break,
                None => {
                    expect_same(&found, &old, &format!("a read during {change:?}"))?;
                    break;
                }
            }
        }
    }
    Ok(())
}

async fn is_a_reader(t: Fixture) -> Checked {
    t.put("lines", in_chunks(&"one\ntwo\nthree".into(), &[2]))
        .await?;
    let mut lines = t.store.read("lines")?.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next_line().await? {
        found.push(line);
    }
    ensure_eq!(found, ["one", "two", "three"], "the lines");
    let mut text = String::new();
    t.store.read("lines")?.read_to_string(&mut text).await?;
    ensure_eq!(text, "one\ntwo\nthree", "the text");
    let mut absent = t.store.read("absent")?;
    let error = absent.read_to_string(&mut text).await.err();
    let kind = error.map(|error| error.kind());
    ensure_eq!(
        kind,
        Some(std::io::ErrorKind::NotFound),
        "the error of a missing file"
    );
    Ok(())
}

async fn concurrent_reads(t: Fixture) -> Checked {
    let content = noise(5, 300_000);
    t.put("file", content.clone()).await?;
    let reads = (0..32).map(|_| {
        let store = t.store.clone();
        tokio::spawn(async move { store.read_bytes("file").await })
    });
    for read in futures::stream::iter(reads)
        .buffer_unordered(32)
        .collect::<Vec<_>>()
        .await
    {
        expect_same(&read??, &content, "one of many reads")?;
    }
    Ok(())
}

async fn sees_latest(t: Fixture) -> Checked {
    for round in 0..20 {
        let content = format!("round {round}");
        t.put("file", content.clone()).await?;
        t.expect_content("file", &content).await?;
    }
    Ok(())
}
