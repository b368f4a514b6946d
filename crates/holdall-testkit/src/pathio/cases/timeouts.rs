//! Timeouts, which mean the same for every path IO.

use std::io::SeekFrom;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use holdall::pathio::{
    AbstractPathIo, Connection, OpenMode, PathIoErrorKind as Kind, PathIoOperation, PathIoResult,
    TimedPathIo,
};

use super::call::{Call, FREE};
use crate::content::noise;
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::pathio::interposed::{Interposed, Interposer};
use crate::stop::{Checked, ensure, ensure_eq};

/// Long enough for any call that ends at all.
const PLENTY: Duration = Duration::from_secs(600);

/// Soon over.
const SHORT: Duration = Duration::from_millis(1);

/// Never lets one operation begin.
#[derive(Clone, Copy)]
struct Stalls(PathIoOperation);

#[async_trait]
impl Interposer for Stalls {
    async fn before(&self, operation: PathIoOperation) -> PathIoResult<()> {
        if operation == self.0 {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

/// A path IO whose `operation` never ends, and whose other calls may take their
/// time.
fn stalled(t: &Fixture, operation: PathIoOperation) -> TimedPathIo {
    let stalled = Interposed::around(Arc::clone(&t.io), Stalls(operation));
    TimedPathIo::new(Arc::new(stalled), SHORT)
}

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("timeouts");
    for call in Call::all() {
        family.case(
            format!("{}_times_out", call.name()),
            format!(
                "{}: a call that takes too long is TimedOut, with call and path",
                call.name()
            ),
            move |t| async move {
                t.put("file", "content").await?;
                let before = t.snapshot().await?;
                let io = stalled(&t, call.operation());
                let other = if call == Call::RenameTo { "file" } else { FREE };
                let error = expect_kind(
                    call.make(&io, "file", other).await,
                    Kind::TimedOut,
                    call.name(),
                )?;
                ensure_eq!(error.operation(), Some(call.operation()), "the operation");
                ensure!(error.path().is_some(), "the error names no path");
                ensure!(
                    error.is_retryable(),
                    "the error does not ask for another try"
                );
                ensure!(error.reason().is_some(), "the error has no reason");
                t.expect_unchanged(&before, "a call that timed out").await
            },
        );
    }
    for operation in [
        PathIoOperation::Read,
        PathIoOperation::Write,
        PathIoOperation::Seek,
        PathIoOperation::Close,
    ] {
        family.case(
            format!("{operation}_of_a_file_times_out"),
            format!("a {operation} that takes too long is TimedOut, and the file is given up"),
            move |t| file_times_out(t, operation),
        );
    }
    family.case(
        "plenty_of_time_changes_nothing",
        "with time enough every call does what it does without a limit",
        plenty,
    );
    family.case(
        "are_told",
        "a path IO tells its limit, and those made of it for connections have it too",
        |t| async move {
            let timed = TimedPathIo::new(Arc::clone(&t.io), PLENTY);
            ensure_eq!(timed.timeout(), Some(PLENTY), "the limit");
            let connected = timed.for_connection(Connection::new());
            ensure_eq!(
                connected.timeout(),
                Some(PLENTY),
                "the limit of a connection's"
            );
            let inner = stalled(&t, PathIoOperation::Stat).for_connection(Connection::new());
            expect_kind(inner.stat("").await, Kind::TimedOut, "a connection's stat")?;
            Ok(())
        },
    );
    family.case(
        "none_unless_one_is_set",
        "a path IO has no limit of its own",
        |t| async move {
            ensure_eq!(t.io.timeout(), None, "the limit");
            Ok(())
        },
    );
}

async fn file_times_out(t: Fixture, operation: PathIoOperation) -> Checked {
    t.put("file", "old").await?;
    let before = t.snapshot().await?;
    let mode = match operation {
        PathIoOperation::Read => OpenMode::Read,
        _ => OpenMode::Write,
    };
    // The open itself is given as long as it takes.
    let stalls = Interposed::around(Arc::clone(&t.io), Stalls(operation));
    let io = TimedPathIo::new(Arc::new(stalls), Duration::from_millis(100));
    let mut file = loop {
        match io.open("file", mode).await {
            Ok(file) => break file,
            Err(error) => ensure_eq!(error.kind(), Kind::TimedOut, "the open's error"),
        }
    };
    let result = match operation {
        PathIoOperation::Read => file.read(10).await.map(drop),
        PathIoOperation::Write => file.write("new").await.map(drop),
        PathIoOperation::Seek => file.seek(SeekFrom::Start(1)).await.map(drop),
        _ => {
            let error = expect_kind(file.close().await, Kind::TimedOut, "the close")?;
            ensure_eq!(error.operation(), Some(operation), "the operation");
            return t.expect_unchanged(&before, "a close that timed out").await;
        }
    };
    let error = expect_kind(result, Kind::TimedOut, operation)?;
    ensure_eq!(error.operation(), Some(operation), "the operation");
    ensure_eq!(error.path(), Some("file"), "the path");
    let again = file.seek(SeekFrom::Start(0)).await;
    expect_kind(again, Kind::TimedOut, "a call of a file that was given up")?;
    expect_kind(file.close().await, Kind::TimedOut, "its close")?;
    t.expect_unchanged(&before, "a file that was given up")
        .await
}

async fn plenty(t: Fixture) -> Checked {
    let timed = t.with(Arc::new(TimedPathIo::new(Arc::clone(&t.io), PLENTY)));
    let content = noise(1, 700_000);
    timed.tree(&["folder/file", "folder/sub/file"]).await?;
    timed.put("large", content.clone()).await?;
    timed.write("large", OpenMode::Append, ["end"]).await?;
    let mut file = timed.open("large", OpenMode::ReadWrite).await?;
    file.seek(SeekFrom::End(-3)).await?;
    file.write("END").await?;
    file.close().await?;
    timed.io.rename("folder", "renamed").await?;
    timed.io.unlink("renamed/file").await?;
    timed
        .expect_content("large", [&content[..], b"END"].concat())
        .await?;
    ensure_eq!(
        timed.names("renamed").await?,
        ["renamed/sub"],
        "the entries"
    );
    expect_kind(
        timed.io.rmdir("renamed").await,
        Kind::DirectoryNotEmpty,
        "rmdir",
    )?;
    let (with, without) = (timed.snapshot().await?, t.snapshot().await?);
    ensure!(with == without, "the two see different trees");
    Ok(())
}
