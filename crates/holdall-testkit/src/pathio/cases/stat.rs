//! What is known of files and folders.

use holdall::Timestamp;
use holdall::pathio::{OpenMode, PathIoErrorKind as Kind};

use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::pathio::instance::Property;
use crate::stop::{Checked, Stop, ensure, ensure_eq};

/// More writes than fit into the coarsest tick of a clock.
const MOST_WRITES: usize = 20_000;

/// In seconds: the clocks of two machines are never so far apart.
const HOUR: i64 = 3600;

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("stat");
    family.case(
        "a_file",
        "a file's stat has its size, kind, permissions and at least one link",
        |t| async move {
            t.put("file", vec![0; 12_345]).await?;
            let stat = t.io.stat("file").await?;
            ensure_eq!(stat.size, 12_345, "the size");
            ensure!(
                stat.is_file() && !stat.is_dir() && !stat.is_link(),
                "the kind: {stat:?}"
            );
            ensure_eq!(stat.mode & 0o170_000, 0o100_000, "the bits of the kind");
            ensure!(
                stat.permissions() & 0o400 != 0,
                "nobody may read it: {stat:?}"
            );
            ensure!(stat.links >= 1, "the links: {stat:?}");
            Ok(())
        },
    );
    family.case(
        "a_folder",
        "a folder's stat has its kind and permissions",
        |t| async move {
            t.folder("folder").await?;
            let stat = t.io.stat("folder").await?;
            ensure!(
                stat.is_dir() && !stat.is_file() && !stat.is_link(),
                "the kind: {stat:?}"
            );
            ensure_eq!(stat.mode & 0o170_000, 0o040_000, "the bits of the kind");
            ensure!(
                stat.permissions() & 0o500 == 0o500,
                "nobody may enter it: {stat:?}"
            );
            ensure!(stat.links >= 1, "the links: {stat:?}");
            Ok(())
        },
    );
    family.case("the_root", "the root is a folder", |t| async move {
        for root in ["", "/", ".", "//", "/."] {
            ensure!(t.io.stat(root).await?.is_dir(), "{root:?} is no folder");
        }
        Ok(())
    });
    family.case(
        "a_free_name",
        "where nothing stands, stat is NotFound",
        |t| async move {
            for path in ["missing", "missing/deep"] {
                expect_kind(t.io.stat(path).await, Kind::NotFound, path)?;
            }
            Ok(())
        },
    );
    family.case(
        "below_a_file",
        "below a file, stat is NotADirectory",
        |t| async move {
            t.put("file", "").await?;
            for path in ["file/below", "file/below/deep"] {
                expect_kind(t.io.stat(path).await, Kind::NotADirectory, path)?;
            }
            Ok(())
        },
    );
    for mode in [OpenMode::Write, OpenMode::Append, OpenMode::ReadWrite] {
        family.case(
            format!("follows_a_write_in_{}", super::mode_name(mode)),
            "after a write the size is the new one, and the time of the last change goes on",
            move |t| follows(t, mode),
        );
    }
    family.case(
        "a_time_of_now",
        "the time of a new file is that of its making, as far as its clock tells",
        |t| async move {
            let before = Timestamp::now();
            t.put("file", "x").await?;
            let stat = t.io.stat("file").await?;
            let apart = (stat.modified.as_second() - before.as_second()).abs();
            ensure!(apart < HOUR, "the time is {}, {apart} s off", stat.modified);
            let apart = (stat.changed.as_second() - before.as_second()).abs();
            ensure!(apart < HOUR, "the time of the change is {}", stat.changed);
            Ok(())
        },
    );
    family.case(
        "a_written_file_keeps_its_time",
        "looking does not change the time",
        |t| async move {
            t.put("file", "x").await?;
            let before = t.io.stat("file").await?;
            t.names("").await?;
            t.io.exists("file").await?;
            ensure_eq!(
                t.io.stat("file").await?.modified,
                before.modified,
                "the time"
            );
            Ok(())
        },
    );
    family
        .case(
            "two_names_are_two_files",
            "files that have a number have one of their own, and keep it when they are renamed",
            |t| async move {
                t.tree(&["a", "b"]).await?;
                let (a, b) = (t.io.stat("a").await?, t.io.stat("b").await?);
                let (Some(a), Some(b)) = (a.inode, b.inode) else {
                    return Err(Stop::NotApplicable("files have no numbers".to_owned()));
                };
                ensure!(a != b, "both have the number {a}");
                t.io.rename("a", "c").await?;
                ensure_eq!(
                    t.io.stat("c").await?.inode,
                    Some(a),
                    "the number of a renamed file"
                );
                Ok(())
            },
        )
        .needs(Property::AtomicRename);
}

/// Writes until the clock has ticked.
async fn follows(t: Fixture, mode: OpenMode) -> Checked {
    t.put("file", "").await?;
    let first = t.io.stat("file").await?;
    for round in 1..MOST_WRITES {
        let content = "x".repeat(round % 1000 + 1);
        let old = t.io.stat("file").await?.size;
        let length = content.len() as u64;
        t.write("file", mode, [content]).await?;
        let stat = t.io.stat("file").await?;
        let expected = match mode {
            OpenMode::Append => old + length,
            OpenMode::ReadWrite => old.max(length),
            _ => length,
        };
        ensure_eq!(stat.size, expected, "the size after write {round}");
        ensure!(stat.modified >= first.modified, "the time went back");
        ensure!(
            stat.changed >= first.changed,
            "the time of the change went back"
        );
        if stat.modified > first.modified {
            return Ok(());
        }
    }
    Err(Stop::Failed(
        "the time of the last change stands still".to_owned(),
    ))
}
