//! Reading at any position.

use std::io::{BufRead, Read, Seek, SeekFrom};

use holdall::Capability;

use crate::blocking_fixture::BlockingFixture;
use crate::content::{Noise, noise};
use crate::fixture::expect_same;
use crate::stop::{Checked, Stop, ensure_eq};
use crate::suite::Family;

const NEEDS: [Capability; 2] = [Capability::Write, Capability::Read];
const DIGITS: &str = "0123456789";

pub(super) fn register(family: &mut Family<'_>) {
    family.blocking_case(
        "read_seekable_from_each_whence",
        "read_seekable works on every backend: from the start, the end and the position, past \
         the end, too",
        NEEDS,
        each_whence,
    );
    family.blocking_case(
        "a_seek_before_the_start_moves_nothing",
        "a seek before the start is InvalidInput, and the position stays",
        NEEDS,
        before_the_start,
    );
    family.blocking_case(
        "seeks_and_reads_interleave",
        "whatever is sought and read in whatever order, the bytes are those of the file",
        NEEDS,
        interleaved,
    );
}

fn each_whence(t: &BlockingFixture) -> Checked {
    t.put("digits", DIGITS)?;
    for (to, position, rest) in [
        (SeekFrom::Start(0), 0, DIGITS),
        (SeekFrom::Start(7), 7, "789"),
        (SeekFrom::Start(10), 10, ""),
        (SeekFrom::Start(11), 11, ""),
        (SeekFrom::Start(u64::MAX), u64::MAX, ""),
        (SeekFrom::Current(0), 2, "23456789"),
        (SeekFrom::Current(3), 5, "56789"),
        (SeekFrom::Current(-2), 0, DIGITS),
        (SeekFrom::Current(100), 102, ""),
        (SeekFrom::End(0), 10, ""),
        (SeekFrom::End(-4), 6, "6789"),
        (SeekFrom::End(-10), 0, DIGITS),
        (SeekFrom::End(5), 15, ""),
    ] {
        let mut read_before = t.store.read_seekable("digits")?;
        read_before.read_exact(&mut [0; 2])?;
        let mut unread = t.backend.read_seekable("digits")?;
        unread.seek(SeekFrom::Start(2))?;
        for mut stream in [read_before, unread] {
            ensure_eq!(stream.size(), 10, "the size");
            ensure_eq!(stream.seek(to)?, position, "the position after {to:?}");
            ensure_eq!(
                stream.stream_position()?,
                position,
                "the position that is told"
            );
            let mut found = Vec::new();
            stream.read_to_end(&mut found)?;
            expect_same(&found, rest.as_bytes(), &format!("the rest after {to:?}"))?;
            stream.rewind()?;
            let mut first = [0; 1];
            stream.read_exact(&mut first)?;
            ensure_eq!(&first, b"0", "the first byte after {to:?} and back");
        }
    }
    Ok(())
}

fn before_the_start(t: &BlockingFixture) -> Checked {
    t.put("digits", DIGITS)?;
    let mut stream = t.store.read_seekable("digits")?;
    stream.seek(SeekFrom::Start(4))?;
    for to in [SeekFrom::Current(-5), SeekFrom::End(-11)] {
        let kind = stream.seek(to).err().map(|error| error.kind());
        ensure_eq!(
            kind,
            Some(std::io::ErrorKind::InvalidInput),
            "a seek by {to:?}"
        );
        ensure_eq!(stream.stream_position()?, 4, "the position after it");
    }
    let mut rest = String::new();
    stream.read_to_string(&mut rest)?;
    ensure_eq!(rest, "456789", "the rest");
    Ok(())
}

fn interleaved(t: &BlockingFixture) -> Checked {
    const SIZE: u64 = 1_000_000;
    let content = noise(5, SIZE as usize);
    t.put("file", content.clone())?;
    let mut stream = t.store.read_seekable("file")?;
    let (mut random, mut at) = (Noise::new(6), 0_u64);
    for _ in 0..400 {
        let target = random.below(SIZE);
        let to = match random.below(3) {
            0 => SeekFrom::Start(target),
            1 => SeekFrom::Current(signed(target) - signed(at)),
            _ => SeekFrom::End(signed(target) - signed(SIZE)),
        };
        ensure_eq!(stream.seek(to)?, target, "the position after {to:?}");
        let wanted = random.below(5000).min(SIZE - target);
        let mut found = vec![0; wanted as usize];
        stream.read_exact(&mut found)?;
        at = target + wanted;
        let expected = content.get(target as usize..at as usize);
        let expected = expected.ok_or_else(|| Stop::Failed("a range out of bounds".into()))?;
        expect_same(&found, expected, &format!("{wanted} bytes at {target}"))?;
        let ahead = stream.fill_buf()?;
        ensure_eq!(ahead.is_empty(), at == SIZE, "whether the end is at {at}");
    }
    Ok(())
}

fn signed(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
