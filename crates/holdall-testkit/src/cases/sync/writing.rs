//! Writing from readers.

use std::io::{self, Cursor, Read};

use holdall::{Capability, Error, ErrorKind, WritableContent, WriteOptions, WriteResult};

use crate::blocking_fixture::BlockingFixture;
use crate::cases::writing::Write;
use crate::content::{SOURCE_MESSAGE, noise};
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Family;

pub(super) fn register(family: &mut Family<'_>) {
    for write in Write::BOTH {
        let needs = [write.gate(), Capability::Write, Capability::Read];
        let name = write.name();
        family.blocking_case(
            format!("{name}_from_readers"),
            "content comes from any reader, lent or given away, in pieces of any length",
            needs,
            move |t| from_readers(t, write),
        );
        family.blocking_case(
            format!("{name}_from_a_reader_that_fails"),
            "a reader that fails at any of its reads leaves what was there, and its error comes back",
            needs,
            move |t| failing_reader(t, write),
        );
        family.blocking_case(
            format!("{name}_reads_again_when_interrupted"),
            "a reader that is interrupted is read again",
            needs,
            move |t| interrupted(t, write),
        );
        family.blocking_case(
            format!("{name}_refuses_before_it_reads"),
            "a write whose path or options are refused at the call takes nothing from its reader",
            needs,
            move |t| refuses_first(t, write),
        );
    }
    family.blocking_case(
        "one_file_into_another",
        "a read stream is content, also of another path of the same store",
        [Capability::Write, Capability::Read],
        |t| {
            let content = noise(2, 2_500_000);
            t.put("from", content.clone())?;
            t.store.write("to", t.store.read("from")?)?;
            t.expect_content("to", &content)
        },
    );
}

fn call<'a>(
    t: &BlockingFixture,
    write: Write,
    path: &str,
    content: impl Into<WritableContent<'a>>,
    overwrite: bool,
) -> Result<WriteResult, Error> {
    let options = WriteOptions::new().overwrite(overwrite);
    match write {
        Write::Plain => t.store.write_with(path, content, options),
        Write::Atomic => t.store.write_atomic_with(path, content, options),
    }
}

/// A reader that hands out at most `step` bytes at a time, and what `trouble`
/// makes of each read before it.
struct Hesitant<R, F> {
    inner: R,
    step: usize,
    reads: usize,
    trouble: F,
}

impl<R: Read, F: FnMut(usize) -> io::Result<()>> Read for Hesitant<R, F> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        (self.trouble)(self.reads)?;
        let amount = self.step.min(target.len());
        self.inner
            .read(target.get_mut(..amount).unwrap_or_default())
    }
}

fn from_readers(t: &BlockingFixture, write: Write) -> Checked {
    for (size, step) in [
        (0, 1),
        (10_000, 1),
        (262_144, 262_144),
        (300_001, 4096),
        (1_048_577, 70_000),
        (3_000_000, usize::MAX),
    ] {
        let content = noise(size as u64, size);
        let mut reader = Hesitant {
            inner: Cursor::new(content.clone()),
            step,
            reads: 0,
            trouble: |_| Ok(()),
        };
        // Lent, not given away: it is at its end afterwards.
        let lent = WritableContent::from_reader(&mut reader);
        let written = call(t, write, "file", lent, true)?;
        ensure_eq!(written.size, size as u64, "the result's size");
        ensure_eq!(
            reader.read(&mut [0; 1])?,
            0,
            "what the write left in the reader"
        );
        t.expect_content("file", &content)?;
    }
    let part = WritableContent::from_reader(Cursor::new(noise(9, 1000)).take(10));
    call(t, write, "file", part, true)?;
    t.expect_content("file", noise(9, 1000).slice(..10))
}

fn failing_reader(t: &BlockingFixture, write: Write) -> Checked {
    t.put("folder/old", "old content")?;
    let before = t.files()?;
    for step in [100, 400_000] {
        for fails_at in 1..=8 {
            for (path, overwrite) in [("folder/old", true), ("folder/new", false)] {
                let mut reader = Hesitant {
                    inner: io::repeat(b'x'),
                    step,
                    reads: 0,
                    trouble: |read| match read == fails_at {
                        true => Err(Error::new(ErrorKind::ResourceLocked, SOURCE_MESSAGE).into()),
                        false => Ok(()),
                    },
                };
                let content = WritableContent::from_reader(&mut reader);
                let result = call(t, write, path, content, overwrite);
                let what = format!("a write whose reader fails at read {fails_at}");
                let error = expect_error(result, ErrorKind::ResourceLocked, what)?;
                ensure_eq!(error.message(), SOURCE_MESSAGE, "the reader's message");
                t.expect_content("folder/old", "old content")?;
                t.expect_missing("folder/new")?;
                ensure_eq!(t.files()?, before, "the files afterwards");
            }
        }
    }
    let foreign = Hesitant {
        inner: io::empty(),
        step: 1,
        reads: 0,
        trouble: |_| Err(io::Error::other("the disk said no")),
    };
    let result = call(
        t,
        write,
        "new",
        WritableContent::from_reader(foreign),
        false,
    );
    let error = expect_error(result, ErrorKind::Other, "a write whose reader fails")?;
    let text = format!("{error:?}");
    ensure!(
        text.contains("the disk said no"),
        "the cause is lost: {text}"
    );
    t.expect_missing("new")
}

fn interrupted(t: &BlockingFixture, write: Write) -> Checked {
    for size in [0, 1000, 2_500_000] {
        let content = noise(4, size);
        let reader = Hesitant {
            inner: Cursor::new(content.clone()),
            step: 300_000,
            reads: 0,
            trouble: |read| match read % 2 {
                0 => Ok(()),
                _ => Err(io::ErrorKind::Interrupted.into()),
            },
        };
        call(t, write, "file", WritableContent::from_reader(reader), true)?;
        t.expect_content("file", &content)?;
    }
    Ok(())
}

fn refuses_first(t: &BlockingFixture, write: Write) -> Checked {
    for path in ["", ".", "..", "a/../../b", "a\0b"] {
        let mut reader = Hesitant {
            inner: io::repeat(b'x').take(100),
            step: 10,
            reads: 0,
            trouble: |_| Ok(()),
        };
        let content = WritableContent::from_reader(&mut reader);
        let result = call(t, write, path, content, false);
        expect_error(
            result,
            ErrorKind::InvalidPath,
            format!("a write at {path:?}"),
        )?;
        ensure_eq!(reader.reads, 0, "the reads of a write at {path:?}");
    }
    Ok(())
}
