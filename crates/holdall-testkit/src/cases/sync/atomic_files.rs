//! The streaming writer with a commit.

use std::io::Write;

use holdall::{Capability, ErrorKind, WriteOptions};

use crate::blocking_fixture::BlockingFixture;
use crate::content::noise;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Family;

const NEEDS: [Capability; 3] = [Capability::AtomicWrite, Capability::Write, Capability::Read];

pub(super) fn register(family: &mut Family<'_>) {
    family.blocking_case(
        "an_atomic_file_shows_at_its_commit",
        "what is written and flushed shows nowhere before the commit, and all of it after",
        NEEDS,
        shows_at_commit,
    );
    family.blocking_case(
        "an_atomic_file_that_is_dropped_leaves_nothing",
        "an atomic file that is dropped leaves what was there",
        NEEDS,
        drop_leaves_nothing,
    );
    family.blocking_case(
        "an_atomic_file_loses_to_one_that_came_meanwhile",
        "without overwrite a file that is created before the commit makes it AlreadyExists",
        NEEDS,
        late_file_wins,
    );
    family.blocking_case(
        "open_atomic_tells_at_the_call",
        "open_atomic refuses a malformed path and a path that is taken at the call",
        NEEDS,
        tells_at_the_call,
    );
}

fn shows_at_commit(t: &BlockingFixture) -> Checked {
    t.put("folder/old", "old content")?;
    for (path, size) in [
        ("folder/old", 10),
        ("folder/new", 0),
        ("folder/large", 3_000_000),
    ] {
        let (before, content) = (t.files()?, noise(1, size));
        let options = WriteOptions::new().overwrite(true);
        let mut file = t.store.open_atomic_with(path, options)?;
        std::io::copy(&mut content.as_ref(), &mut file)?;
        file.flush()?;
        ensure_eq!(file.written(), size as u64, "written()");
        ensure_eq!(t.files()?, before, "the files before the commit");
        if before.contains(path) {
            t.expect_content(path, "old content")?;
        }
        ensure_eq!(file.commit()?.size, size as u64, "the result's size");
        t.expect_content(path, &content)?;
    }
    Ok(())
}

fn drop_leaves_nothing(t: &BlockingFixture) -> Checked {
    t.put("folder/old", "old content")?;
    let before = t.files()?;
    for size in [0, 10, 3_000_000] {
        for path in ["folder/old", "folder/new"] {
            let options = WriteOptions::new().overwrite(true);
            let mut file = t.store.open_atomic_with(path, options)?;
            file.write_all(&noise(1, size))?;
            drop(file);
            t.expect_content("folder/old", "old content")?;
            t.expect_missing("folder/new")?;
            ensure_eq!(t.files()?, before, "the files afterwards");
        }
    }
    Ok(())
}

fn late_file_wins(t: &BlockingFixture) -> Checked {
    let mut file = t.store.open_atomic("file")?;
    file.write_all(b"too late")?;
    t.store.write("file", "first")?;
    expect_error(file.commit(), ErrorKind::AlreadyExists, "the commit")?;
    t.expect_content("file", "first")
}

fn tells_at_the_call(t: &BlockingFixture) -> Checked {
    t.put("file", "content")?;
    for (path, kind) in [
        ("file", ErrorKind::AlreadyExists),
        ("", ErrorKind::InvalidPath),
        ("..", ErrorKind::InvalidPath),
        ("a\0b", ErrorKind::InvalidPath),
    ] {
        let result = t.store.open_atomic(path);
        expect_error(result, kind, format!("open_atomic({path:?})"))?;
    }
    t.expect_content("file", "content")
}
