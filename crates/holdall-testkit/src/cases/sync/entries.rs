//! Listings as iterators.

use std::collections::BTreeSet;

use holdall::{Capability, Depth, Entries, Error, ErrorKind, ListOptions};

use crate::blocking_fixture::BlockingFixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Family;

const NEEDS: [Capability; 2] = [Capability::Write, Capability::List];

pub(super) fn register(family: &mut Family<'_>) {
    family.blocking_case(
        "listings_check_at_the_call",
        "a listing of a malformed path is InvalidPath at the call",
        [Capability::List],
        check_at_the_call,
    );
    family.blocking_case(
        "listings_begin_with_their_first_step",
        "a listing that is not stepped looks at nothing: it sees what comes after the call",
        NEEDS,
        begin_late,
    );
    family.blocking_case(
        "a_malformed_path_is_the_first_item_of_a_backend",
        "a backend's listing of a malformed path fails with its first item, and ends",
        [Capability::List],
        first_item,
    );
    family.blocking_case(
        "a_listing_that_is_dropped_midway",
        "a listing that is given up midway is no hindrance to what follows",
        [Capability::Write, Capability::List, Capability::Delete],
        dropped_midway,
    );
    family.blocking_case(
        "listings_end_once",
        "after its last entry a listing says None, again and again",
        NEEDS,
        end_once,
    );
    family.blocking_case(
        "listings_beside_changes",
        "files that come and go while a listing is stepped neither repeat nor hide the others",
        [Capability::Write, Capability::List, Capability::Delete],
        beside_changes,
    );
}

fn check_at_the_call(t: &BlockingFixture) -> Checked {
    for path in ["..", "a/../../b", "a\0b", "/"] {
        let store = &t.store;
        let recursive = ListOptions::new().recursive(true);
        let calls = [
            ("list_files", store.list_files(path).map(drop)),
            (
                "list_files_with",
                store.list_files_with(path, recursive).map(drop),
            ),
            ("list_folders", store.list_folders(path).map(drop)),
            ("iter_children", store.iter_children(path).map(drop)),
        ];
        for (call, result) in calls {
            let what = format!("{call}({path:?})");
            let error = expect_error(result, ErrorKind::InvalidPath, what)?;
            ensure_eq!(error.path(), Some(path), "the error's path");
        }
    }
    Ok(())
}

fn begin_late(t: &BlockingFixture) -> Checked {
    let files = t.store.list_files("folder")?;
    let folders = t.store.list_folders("")?;
    let children = t.store.iter_children("folder")?;
    let on_backend = t.backend.list_files("folder", Depth::Unlimited);
    t.put("folder/file", "content")?;
    ensure_eq!(counted(files)?, 1, "the files");
    ensure_eq!(counted(folders)?, 1, "the folders");
    ensure_eq!(counted(children)?, 1, "the children");
    ensure_eq!(counted(on_backend)?, 1, "the backend's files");
    Ok(())
}

fn counted<T>(entries: Entries<T>) -> Result<usize, Error> {
    Ok(entries.collect::<Result<Vec<_>, _>>()?.len())
}

fn first_item(t: &BlockingFixture) -> Checked {
    for path in ["..", "a\0b"] {
        fails_at_once(t.backend.list_files(path, Depth::CHILDREN), path)?;
        fails_at_once(t.backend.list_folders(path), path)?;
        fails_at_once(t.backend.iter_children(path), path)?;
    }
    Ok(())
}

fn fails_at_once<T: std::fmt::Debug>(mut entries: Entries<T>, path: &str) -> Checked {
    let first = entries.next().transpose();
    expect_error(
        first,
        ErrorKind::InvalidPath,
        format!("a listing of {path:?}"),
    )?;
    ensure!(
        entries.next().is_none(),
        "a listing goes on after its error"
    );
    Ok(())
}

fn dropped_midway(t: &BlockingFixture) -> Checked {
    for n in 0..40 {
        t.put(&format!("folder/{n}"), "content")?;
    }
    for taken in [0, 1, 7, 39, 40] {
        let entries = t.store.list_files("folder")?;
        let some = entries.take(taken).collect::<Result<Vec<_>, _>>()?;
        ensure_eq!(some.len(), taken, "the entries that were taken");
    }
    let mut open = t.store.iter_children("folder")?;
    open.next().transpose()?;
    t.store.delete("folder/0")?;
    t.put("folder/more", "content")?;
    drop(open);
    ensure_eq!(
        counted(t.store.list_files("folder")?)?,
        40,
        "the files in the end"
    );
    Ok(())
}

fn end_once(t: &BlockingFixture) -> Checked {
    t.put("folder/file", "content")?;
    let mut entries = t.store.list_files("folder")?;
    ensure!(
        entries.next().transpose()?.is_some(),
        "the listing is empty"
    );
    for _ in 0..3 {
        ensure!(entries.next().is_none(), "an entry after the end");
    }
    ensure_eq!(
        counted(t.store.list_files("absent")?)?,
        0,
        "the files of no folder"
    );
    Ok(())
}

fn beside_changes(t: &BlockingFixture) -> Checked {
    const PASSING: usize = 30;
    // Whatever comes or goes stands ahead of the others, by name and by time.
    for n in 0..PASSING {
        t.put(&format!("folder/a-{n}"), "content")?;
    }
    let lasting: BTreeSet<String> = (0..60).map(|n| format!("folder/lasting-{n}")).collect();
    for path in &lasting {
        t.put(path, "content")?;
    }
    let mut found = BTreeSet::new();
    for (step, file) in t.store.list_files("folder")?.enumerate() {
        let path = file?.path.to_string();
        ensure!(found.insert(path.clone()), "{path:?} is listed twice");
        if step < PASSING {
            t.store.delete(&format!("folder/a-{step}"))?;
        } else if step < 2 * PASSING {
            t.put(&format!("folder/b-{step}"), "content")?;
        }
    }
    let hidden: Vec<_> = lasting.difference(&found).collect();
    ensure!(
        hidden.is_empty(),
        "files that were there all along are not listed: {hidden:?}"
    );
    Ok(())
}
