//! Reading at any position.

use std::io::SeekFrom;

use holdall::{Capability, SeekableReader};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::content::{Noise, noise};
use crate::fixture::{Fixture, expect_same};
use crate::stop::{Checked, ensure, ensure_eq};
use crate::suite::Suite;

const DIGITS: &str = "0123456789";

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Read];
    let mut family = suite.family("read_seekable");
    for (name, to, expected) in [
        ("from_the_start", SeekFrom::Start(7), "789"),
        ("from_the_end", SeekFrom::End(-3), "789"),
        ("to_the_start", SeekFrom::Start(0), DIGITS),
        ("to_the_end", SeekFrom::End(0), ""),
        ("past_the_end", SeekFrom::Start(1_000), ""),
        ("far_past_the_end", SeekFrom::Start(u64::MAX), ""),
        ("past_the_end_from_the_end", SeekFrom::End(5), ""),
    ] {
        family.case(
            format!("seek_{name}"),
            format!("after a seek {name}, a read of '{DIGITS}' finds {expected:?}"),
            needs,
            move |t| async move {
                t.put("digits", DIGITS).await?;
                let mut reader = t.store.read_seekable("digits").await?;
                reader.seek(to).await?;
                expect_rest(reader, expected).await
            },
        );
    }
    family.case(
        "seek_from_the_current_position",
        "a relative seek counts from what was read, not from what was fetched",
        needs,
        relative,
    );
    family.case(
        "seek_before_the_start",
        "a seek before the start is an error and moves nothing",
        needs,
        before_the_start,
    );
    family.case(
        "random_positions",
        "reads at random positions of a large file are exactly the bytes there",
        needs,
        random_positions,
    );
    family.case(
        "stays_on_its_version",
        "a reader of a file that is replaced sees one version or fails; it never mixes two",
        needs,
        stays_on_its_version,
    );
    family.case(
        "of_an_empty_file",
        "a seekable reader of an empty file has size zero and finds the end everywhere",
        needs,
        |t| async move {
            t.put("empty", "").await?;
            let mut reader = t.store.read_seekable("empty").await?;
            ensure_eq!(reader.size(), 0, "the size");
            reader.seek(SeekFrom::Start(10)).await?;
            expect_rest(reader, "").await
        },
    );
}

async fn expect_rest(mut reader: SeekableReader, expected: &str) -> Checked {
    let mut found = Vec::new();
    reader.read_to_end(&mut found).await?;
    expect_same(&found, expected.as_bytes(), "the rest of the file")
}

async fn relative(t: Fixture) -> Checked {
    t.put("digits", DIGITS).await?;
    let mut reader = t.store.read_seekable("digits").await?;
    let mut two = [0; 2];
    reader.read_exact(&mut two).await?;
    ensure_eq!(reader.seek(SeekFrom::Current(3)).await?, 5, "the position");
    reader.read_exact(&mut two).await?;
    ensure_eq!(&two, b"56", "the bytes ahead");
    ensure_eq!(reader.seek(SeekFrom::Current(-6)).await?, 1, "the position");
    ensure_eq!(
        reader.stream_position().await?,
        1,
        "the position that is told"
    );
    expect_rest(reader, "123456789").await
}

async fn before_the_start(t: Fixture) -> Checked {
    t.put("digits", DIGITS).await?;
    let mut reader = t.store.read_seekable("digits").await?;
    reader.seek(SeekFrom::Start(4)).await?;
    for to in [SeekFrom::Current(-5), SeekFrom::End(-11)] {
        let error = reader.seek(to).await.err();
        let kind = error.map(|error| error.kind());
        ensure_eq!(
            kind,
            Some(std::io::ErrorKind::InvalidInput),
            "a seek by {to:?}"
        );
    }
    expect_rest(reader, "456789").await
}

async fn random_positions(t: Fixture) -> Checked {
    const SIZE: usize = 1_500_000;
    let content = noise(3, SIZE);
    t.put("file", content.clone()).await?;
    let mut reader = t.store.read_seekable("file").await?;
    let mut random = Noise::new(4);
    for _ in 0..60 {
        let start = random.below(SIZE as u64) as usize;
        let length = (random.below(90_000) as usize).min(SIZE - start);
        let mut found = vec![0; length];
        reader.seek(SeekFrom::Start(start as u64)).await?;
        reader.read_exact(&mut found).await?;
        let expected = content.slice(start..start + length);
        expect_same(&found, &expected, &format!("{length} bytes at {start}"))?;
    }
    Ok(())
}

async fn stays_on_its_version(t: Fixture) -> Checked {
    const SIZE: usize = 2_000_000;
    let old = noise(1, SIZE);
    t.put("file", old.clone()).await?;
    let mut reader = t.store.read_seekable("file").await?;
    let mut found = vec![0; 1000];
    reader.read_exact(&mut found).await?;
    t.put("file", noise(2, SIZE / 2)).await?;
    let mut rest = Vec::new();
    // A backend that cannot keep the old version says so.
    if reader.read_to_end(&mut rest).await.is_ok() {
        found.extend_from_slice(&rest);
        expect_same(&found, &old, "a file that was replaced midway")?;
    }
    ensure!(
        t.content("file").await?.len() == SIZE / 2,
        "the replacement is not there"
    );
    Ok(())
}
