//! Digests of what is written, as it passes by: `ext::sync::write`.

use std::io::{self, Read, Write};

use holdall::ext::hash::HashAlgorithm;
use holdall::ext::sync::integrity::checksum;
use holdall::ext::sync::write::{open_atomic_with_hash, write_with_hash};
use holdall::{Capability, Error, ErrorKind, WritableContent, WriteOptions};

use crate::blocking_fixture::BlockingFixture;
use crate::cases::digests::SIZES;
use crate::content::{SOURCE_MESSAGE, noise};
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Family;

const ALGORITHM: HashAlgorithm = HashAlgorithm::Sha256;

pub(super) fn register(family: &mut Family<'_>) {
    family.blocking_case(
        "write_with_hash_tells_what_is_stored",
        "write_with_hash stores bytes and readers whole, and its result has their digest",
        [Capability::Write, Capability::Read],
        written,
    );
    family.blocking_case(
        "open_atomic_with_hash_tells_what_is_stored",
        "a file of open_atomic_with_hash commits what it was given, with the digest of it, or \
         leaves what was there",
        [Capability::AtomicWrite, Capability::Write, Capability::Read],
        committed,
    );
    family.blocking_case(
        "write_with_hash_keeps_the_rules_of_write",
        "write_with_hash refuses what write refuses, and a reader that fails stores nothing",
        [Capability::Write, Capability::Read],
        rules_of_write,
    );
}

fn written(t: &BlockingFixture) -> Checked {
    for size in SIZES {
        let content = noise(size as u64, size);
        let reader = WritableContent::from_reader(content.as_ref());
        for form in [content.clone().into(), reader] {
            let options = WriteOptions::new().overwrite(true);
            let result = write_with_hash(&t.store, "file", form, ALGORITHM, options)?;
            ensure_eq!(result.size, size as u64, "the result's size");
            let stored = checksum(&t.store, "file", ALGORITHM)?;
            ensure_eq!(result.digest, Some(stored), "the result's digest");
            t.expect_content("file", &content)?;
        }
    }
    Ok(())
}

fn committed(t: &BlockingFixture) -> Checked {
    t.put("file", "content")?;
    let open = || {
        let options = WriteOptions::new().overwrite(true);
        open_atomic_with_hash(&t.store, "file", ALGORITHM, options)
    };
    for size in SIZES {
        let mut file = open()?;
        file.write_all(&noise(1, size))?;
        drop(file);
        t.expect_content("file", "content")?;
    }
    for size in SIZES {
        let content = noise(size as u64, size);
        let mut file = open()?;
        io::copy(&mut content.as_ref(), &mut file)?;
        let result = file.commit()?;
        let stored = checksum(&t.store, "file", ALGORITHM)?;
        ensure_eq!(result.digest, Some(stored), "the result's digest");
        t.expect_content("file", &content)?;
    }
    Ok(())
}

/// Fails at its first read.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(Error::new(ErrorKind::ResourceLocked, SOURCE_MESSAGE).into())
    }
}

fn rules_of_write(t: &BlockingFixture) -> Checked {
    t.put("file", "content")?;
    for (path, kind) in [
        ("file", ErrorKind::AlreadyExists),
        ("", ErrorKind::InvalidPath),
        ("..", ErrorKind::InvalidPath),
    ] {
        let result = write_with_hash(&t.store, path, "new", ALGORITHM, WriteOptions::new());
        expect_error(result, kind, format!("write_with_hash({path:?})"))?;
    }
    for before in SIZES {
        let source = io::repeat(b'x').take(before as u64).chain(Failing);
        let source = WritableContent::from_reader(source);
        let result = write_with_hash(&t.store, "new", source, ALGORITHM, WriteOptions::new());
        let error = expect_error(result, ErrorKind::ResourceLocked, "a reader that fails")?;
        ensure_eq!(error.message(), SOURCE_MESSAGE, "the reader's message");
        t.expect_missing("new")?;
    }
    t.expect_content("file", "content")
}
