//! Reading parts of files.

use std::ops::Bound;

use holdall::driver::ByteRange;
use holdall::{Capability, ErrorKind};

use crate::content::{Noise, noise};
use crate::fixture::{Fixture, expect_same};
use crate::stop::{Checked, ensure, expect_error};
use crate::suite::Suite;

/// Ranges of the content `0123456789`, and what they hold.
const RANGES: [(&str, Bound<u64>, Bound<u64>, &str); 14] = [
    (
        "the_first_byte",
        Bound::Included(0),
        Bound::Excluded(1),
        "0",
    ),
    (
        "the_last_byte",
        Bound::Included(9),
        Bound::Excluded(10),
        "9",
    ),
    ("the_middle", Bound::Included(3), Bound::Excluded(7), "3456"),
    (
        "an_inclusive_end",
        Bound::Included(3),
        Bound::Included(7),
        "34567",
    ),
    (
        "an_exclusive_start",
        Bound::Excluded(3),
        Bound::Excluded(7),
        "456",
    ),
    ("no_start", Bound::Unbounded, Bound::Excluded(4), "0123"),
    ("no_end", Bound::Included(6), Bound::Unbounded, "6789"),
    (
        "everything",
        Bound::Unbounded,
        Bound::Unbounded,
        "0123456789",
    ),
    ("nothing", Bound::Included(4), Bound::Excluded(4), ""),
    (
        "nothing_at_the_start",
        Bound::Included(0),
        Bound::Excluded(0),
        "",
    ),
    (
        "an_end_past_the_end",
        Bound::Included(8),
        Bound::Excluded(100),
        "89",
    ),
    (
        "a_start_at_the_end",
        Bound::Included(10),
        Bound::Unbounded,
        "",
    ),
    (
        "a_start_past_the_end",
        Bound::Included(11),
        Bound::Excluded(20),
        "",
    ),
    (
        "the_largest_numbers",
        Bound::Included(5),
        Bound::Included(u64::MAX),
        "56789",
    ),
];

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Read];
    let mut family = suite.family("read_range");
    for (name, start, end, expected) in RANGES {
        family.case(
            name,
            format!("the range {start:?} to {end:?} of '0123456789' is {expected:?}"),
            needs,
            move |t| async move {
                t.put("digits", "0123456789").await?;
                let found = t.store.read_range("digits", (start, end))?.bytes().await?;
                expect_same(&found, expected.as_bytes(), "the range")
            },
        );
    }
    family.case(
        "of_an_empty_file",
        "every range of an empty file is empty",
        needs,
        of_an_empty_file,
    );
    family.case(
        "random_ranges",
        "ranges anywhere in a large file are exactly the bytes asked for",
        needs,
        random_ranges,
    );
    family.case(
        "yields_no_empty_chunk",
        "a range yields no empty chunk",
        needs,
        no_empty_chunk,
    );
    family.case(
        "errors_come_with_the_first_item",
        "read_range of a missing file returns at once, also for an empty range; its first item is \
         NotFound",
        [Capability::Read],
        errors_are_lazy,
    );
}

async fn of_an_empty_file(t: Fixture) -> Checked {
    t.put("empty", "").await?;
    for (start, end) in [(0, 0), (0, 1), (1, 2), (0, u64::MAX)] {
        let found = t.store.read_range("empty", start..end)?.bytes().await?;
        ensure!(
            found.is_empty(),
            "{start}..{end} of an empty file holds {found:?}"
        );
    }
    Ok(())
}

async fn random_ranges(t: Fixture) -> Checked {
    const SIZE: usize = 2_500_000;
    let content = noise(9, SIZE);
    t.put("file", content.clone()).await?;
    let mut random = Noise::new(1);
    for _ in 0..40 {
        let start = random.below(SIZE as u64) as usize;
        let end = (start + random.below(700_000) as usize).min(SIZE);
        let what = format!("{start}..{end}");
        let expected = content.slice(start..end);
        let found = t
            .store
            .read_range("file", start as u64..end as u64)?
            .bytes()
            .await?;
        expect_same(&found, &expected, &what)?;
        let range = ByteRange {
            start: start as u64,
            end: Some(end as u64),
        };
        let found = t.backend.read_range("file", range).bytes().await?;
        expect_same(&found, &expected, &format!("{what} on the backend"))?;
    }
    Ok(())
}

async fn no_empty_chunk(t: Fixture) -> Checked {
    t.put("file", noise(1, 1_000_000)).await?;
    for (start, end) in [(0, 0), (10, 999_990), (1_000_000, 1_000_001)] {
        let mut chunks = t.store.read_range("file", start..end)?;
        while let Some(chunk) = chunks.next().await.transpose()? {
            ensure!(!chunk.is_empty(), "{start}..{end} yields an empty chunk");
        }
    }
    Ok(())
}

async fn errors_are_lazy(t: Fixture) -> Checked {
    for end in [0, 5] {
        let chunks = t.store.read_range("absent", 0..end)?;
        let what = format!("0..{end} of a missing file");
        expect_error(chunks.bytes().await, ErrorKind::NotFound, what)?;
    }
    Ok(())
}
