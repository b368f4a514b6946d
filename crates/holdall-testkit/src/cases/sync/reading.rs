//! Reading forward.

use std::io::{BufRead, Read, Seek, SeekFrom};

use holdall::driver::ByteRange;
use holdall::{Capability, ErrorKind, Operation};

use crate::blocking_fixture::BlockingFixture;
use crate::content::noise;
use crate::fixture::expect_same;
use crate::stop::{Checked, Stop, ensure, ensure_eq, expect_error};
use crate::suite::Family;

const NEEDS: [Capability; 2] = [Capability::Write, Capability::Read];

pub(super) fn register(family: &mut Family<'_>) {
    family.blocking_case(
        "read_tells_at_the_call",
        "read and read_range of what is missing, a folder or the root fail at the call",
        NEEDS,
        tells_at_the_call,
    );
    family.blocking_case(
        "a_read_is_open_when_it_is_handed_out",
        "a file that is replaced after the call is read as it was, or the read fails",
        NEEDS,
        open_at_the_call,
    );
    family.blocking_case(
        "read_is_seekable_as_declared",
        "a read stream is seekable where the backend declares SEEKABLE_READ",
        NEEDS,
        seekable_as_declared,
    );
    family.blocking_case(
        "into_seekable_keeps_the_position",
        "into_seekable goes on where the stream was; one that goes forward only comes back unharmed",
        NEEDS,
        keeps_the_position,
    );
    family.blocking_case(
        "a_stream_reads_lines",
        "a read stream is a BufRead, whatever its chunks",
        NEEDS,
        reads_lines,
    );
    family.blocking_case(
        "short_reads_add_up",
        "reads of any length add up to the content, and find the end again and again",
        NEEDS,
        short_reads,
    );
    family.blocking_case(
        "chunks_are_never_empty",
        "next_chunk yields no empty chunk, and none after the end",
        NEEDS,
        chunks_not_empty,
    );
    family.blocking_case(
        "a_range_is_cut_short_at_the_end",
        "a range past the end is short or empty, and no error",
        NEEDS,
        ranges,
    );
}

fn tells_at_the_call(t: &BlockingFixture) -> Checked {
    t.put("folder/file", "content")?;
    let folder = match t.store.is_folder("folder")? && t.store.is_file("folder/file")? {
        true => ErrorKind::InvalidPath,
        false => return Err(Stop::Failed("the folder is not there".to_owned())),
    };
    for (path, kind) in [
        ("absent", ErrorKind::NotFound),
        ("absent/file", ErrorKind::NotFound),
        ("folder", folder),
        ("", ErrorKind::InvalidPath),
        ("../file", ErrorKind::InvalidPath),
        ("a\0b", ErrorKind::InvalidPath),
    ] {
        let range = ByteRange {
            start: 1,
            end: Some(3),
        };
        let on_backend = [
            ("read", t.backend.read(path).map(drop)),
            ("read_range", t.backend.read_range(path, range).map(drop)),
            ("read_seekable", t.backend.read_seekable(path).map(drop)),
        ];
        for (call, result) in on_backend {
            expect_error(result, kind, format!("{call}({path:?}) of the backend"))?;
        }
        let on_store = [
            (Operation::Read, t.store.read(path).map(drop)),
            (
                Operation::ReadRange,
                t.store.read_range(path, 1..3).map(drop),
            ),
            (
                Operation::ReadSeekable,
                t.store.read_seekable(path).map(drop),
            ),
        ];
        for (operation, result) in on_store {
            let error = expect_error(result, kind, format!("{operation}({path:?})"))?;
            ensure_eq!(error.operation(), Some(operation), "the error's operation");
            ensure_eq!(error.path(), Some(path), "the error's path");
        }
    }
    Ok(())
}

fn open_at_the_call(t: &BlockingFixture) -> Checked {
    for size in [10, 300_000, 3_000_000] {
        let (old, new) = (noise(1, size), noise(2, size));
        t.put("file", old.clone())?;
        let stream = t.store.read("file")?;
        t.put("file", new)?;
        if let Ok(found) = stream.bytes() {
            expect_same(&found, &old, "a file that was replaced after the call")?;
        }
    }
    Ok(())
}

fn seekable_as_declared(t: &BlockingFixture) -> Checked {
    t.put("file", "content")?;
    let declared = t.store.supports(Capability::SeekableRead);
    ensure_eq!(
        t.backend.read("file")?.seekable(),
        declared,
        "seekable() of the backend's stream"
    );
    let stream = t.store.read("file")?;
    ensure_eq!(
        stream.seekable(),
        declared,
        "seekable() of the store's stream"
    );
    ensure_eq!(
        stream.into_seekable().is_ok(),
        declared,
        "whether into_seekable succeeds"
    );
    Ok(())
}

fn keeps_the_position(t: &BlockingFixture) -> Checked {
    let content = noise(3, 700_000);
    t.put("file", content.clone())?;
    for position in [0, 1, 300_000, 700_000] {
        let mut stream = t.store.read("file")?;
        std::io::copy(
            &mut (&mut stream).take(position as u64),
            &mut std::io::sink(),
        )?;
        let mut rest = Vec::new();
        match stream.into_seekable() {
            Ok(mut seekable) => {
                ensure_eq!(seekable.stream_position()?, position as u64, "the position");
                seekable.read_to_end(&mut rest)?;
                ensure_eq!(
                    seekable.seek(SeekFrom::Start(0))?,
                    0,
                    "the position after a seek"
                );
                let mut all = Vec::new();
                seekable.read_to_end(&mut all)?;
                expect_same(&all, &content, "the content from the start")?;
            }
            Err(mut forward) => {
                forward.read_to_end(&mut rest)?;
            }
        }
        expect_same(&rest, &content.slice(position..), "the rest")?;
    }
    Ok(())
}

fn reads_lines(t: &BlockingFixture) -> Checked {
    let lines: Vec<String> = (0..60_000).map(|n| format!("line {n}")).collect();
    t.put("lines", lines.join("\n"))?;
    let found = t
        .store
        .read("lines")?
        .lines()
        .collect::<Result<Vec<_>, _>>()?;
    ensure_eq!(found.len(), lines.len(), "the number of lines");
    ensure!(found == lines, "the lines differ");
    let mut first = String::new();
    let mut stream = t.store.read("lines")?;
    stream.read_line(&mut first)?;
    ensure_eq!(first, "line 0\n", "the first line");
    t.put("empty", "")?;
    ensure_eq!(
        t.store.read("empty")?.lines().count(),
        0,
        "the lines of an empty file"
    );
    Ok(())
}

fn short_reads(t: &BlockingFixture) -> Checked {
    for size in [0, 1, 100, 262_144, 600_001] {
        let content = noise(size as u64, size);
        t.put("file", content.clone())?;
        for step in [1, 7, 4096, 300_000] {
            if size / step > 100_000 {
                continue;
            }
            let mut stream = t.store.read("file")?;
            let (mut found, mut piece) = (Vec::new(), vec![0; step]);
            loop {
                let read = stream.read(&mut piece)?;
                let bytes = piece.get(..read);
                let bytes = bytes.ok_or_else(|| Stop::Failed("a read claims too much".into()))?;
                found.extend_from_slice(bytes);
                if read == 0 {
                    break;
                }
            }
            expect_same(&found, &content, &format!("reads of {step} bytes"))?;
            ensure_eq!(stream.read(&mut piece)?, 0, "a read after the end");
        }
        let mut stream = t.store.read("file")?;
        ensure_eq!(stream.read(&mut [])?, 0, "a read of nothing");
        expect_same(&stream.bytes()?, &content, "what is left after it")?;
    }
    Ok(())
}

fn chunks_not_empty(t: &BlockingFixture) -> Checked {
    for size in [0, 1, 3_000_000] {
        let content = noise(1, size);
        t.put("file", content.clone())?;
        let (mut found, mut stream) = (Vec::new(), t.store.read("file")?);
        while let Some(chunk) = stream.next_chunk()? {
            ensure!(
                !chunk.is_empty(),
                "an empty chunk after {} bytes",
                found.len()
            );
            found.extend_from_slice(&chunk);
        }
        expect_same(&found, &content, "the chunks")?;
        for _ in 0..3 {
            ensure!(stream.next_chunk()?.is_none(), "a chunk after the end");
        }
    }
    Ok(())
}

fn ranges(t: &BlockingFixture) -> Checked {
    t.put("digits", "0123456789")?;
    for (start, end, expected) in [
        (0, Some(3), "012"),
        (7, Some(100), "789"),
        (7, None, "789"),
        (4, Some(4), ""),
        (10, None, ""),
        (u64::MAX, None, ""),
    ] {
        let content = t.backend.read_range("digits", ByteRange { start, end })?;
        expect_same(
            &content.bytes()?,
            expected.as_bytes(),
            &format!("{start}..{end:?}"),
        )?;
    }
    let (start, end) = (5, 3);
    let result = t.store.read_range("digits", start..end);
    expect_error(
        result,
        ErrorKind::InvalidArgument,
        "a range that ends before it starts",
    )?;
    Ok(())
}
