//! Setting the time of the last change.

use holdall::Timestamp;
use holdall::pathio::PathIoErrorKind as Kind;

use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::pathio::instance::Property;
use crate::stop::{Checked, Stop, ensure, ensure_eq};

/// 2001-09-09 01:46:40 UTC.
const LONG_AGO: i64 = 1_000_000_000;

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("set_modified");
    family
        .case(
            "shows",
            "a time that was set is the one that stat and listings tell, to the second",
            |t| async move {
                t.put("file", "content").await?;
                t.io.set_modified("file", long_ago()?).await?;
                let stat = t.io.stat("file").await?;
                ensure_eq!(stat.modified.as_second(), LONG_AGO, "the time by stat");
                for entry in t.listed("").await? {
                    ensure_eq!(entry.stat.modified.as_second(), LONG_AGO, "the listed time");
                }
                t.expect_content("file", "content").await
            },
        )
        .needs(Property::SetModified);
    family
        .case(
            "gives_way_to_a_write",
            "a write after a time was set brings the time of the write",
            gives_way,
        )
        .needs(Property::SetModified);
    family
        .case(
            "at_a_free_name",
            "setting the time of nothing is NotFound, and makes nothing",
            |t| async move {
                let result = t.io.set_modified("missing", long_ago()?).await;
                expect_kind(result, Kind::NotFound, "set_modified")?;
                t.expect_missing("missing").await
            },
        )
        .needs(Property::SetModified);
    family
        .case(
            "moves_with_the_file",
            "a renamed file keeps the time that was set",
            |t| async move {
                t.put("file", "content").await?;
                t.io.set_modified("file", long_ago()?).await?;
                t.io.rename("file", "other").await?;
                let stat = t.io.stat("other").await?;
                ensure_eq!(stat.modified.as_second(), LONG_AGO, "the time");
                Ok(())
            },
        )
        .needs(Property::SetModified);
    family
        .case(
            "is_not_implemented",
            "a path IO that cannot set the time says so, and changes nothing",
            |t| async move {
                t.put("file", "content").await?;
                let before = t.io.stat("file").await?;
                let result = t.io.set_modified("file", long_ago()?).await;
                expect_kind(result, Kind::NotImplemented, "set_modified")?;
                let after = t.io.stat("file").await?;
                ensure_eq!(after.modified, before.modified, "the time");
                Ok(())
            },
        )
        .excludes(Property::SetModified);
}

fn long_ago() -> Checked<Timestamp> {
    Timestamp::from_second(LONG_AGO).map_err(|error| Stop::Failed(error.to_string()))
}

async fn gives_way(t: Fixture) -> Checked {
    use holdall::pathio::OpenMode;
    for mode in [OpenMode::Write, OpenMode::Append, OpenMode::ReadWrite] {
        t.put("file", "content").await?;
        t.io.set_modified("file", long_ago()?).await?;
        t.write("file", mode, ["more"]).await?;
        let modified = t.io.stat("file").await?.modified;
        ensure!(
            modified.as_second() > LONG_AGO,
            "after {mode} it is {modified}"
        );
    }
    Ok(())
}
