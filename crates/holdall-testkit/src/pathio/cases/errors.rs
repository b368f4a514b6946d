//! What an error tells.

use std::io::SeekFrom;

use holdall::pathio::{OpenMode, PathIoError, PathIoErrorKind as Kind, PathIoOperation};

use super::call::{Call, FREE};
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

/// A path whose spelling an error keeps.
const BELOW_A_FILE: &str = "/file//below";

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("errors");
    for call in Call::all() {
        // They tell of a file on the way that nothing stands there.
        if matches!(call, Call::List | Call::Exists | Call::IsDir | Call::IsFile) {
            continue;
        }
        family.case(
            format!("{}_names_the_call_and_the_path", call.name()),
            format!(
                "an error of {} names its operation and the path as it was given, and says what is wrong",
                call.name()
            ),
            move |t| async move {
                t.put("file", "content").await?;
                // Of the two paths of a rename it is the source's.
                let (other, named) = match call {
                    Call::RenameTo => ("/./file", "/./file"),
                    _ => (FREE, BELOW_A_FILE),
                };
                let result = call.make(&*t.io, BELOW_A_FILE, other).await;
                let error = expect_kind(result, Kind::NotADirectory, call.name())?;
                tells(&error, call.operation(), named)
            },
        );
    }
    family.case(
        "a_missing_source_is_the_path_of_a_rename",
        "a rename whose source is missing names the source",
        |t| async move {
            let result = t.io.rename("missing", "new").await;
            let error = expect_kind(result, Kind::NotFound, "the rename")?;
            tells(&error, PathIoOperation::Rename, "missing")
        },
    );
    family.case(
        "files_name_the_call_and_the_path",
        "errors of an open file name its path and the operation",
        of_files,
    );
    family.case(
        "are_not_retryable_where_nothing_would_change",
        "an error that the same call would meet again does not ask for another try",
        |t| async move {
            t.folder("folder").await?;
            for result in [
                t.io.stat("missing").await.map(drop),
                t.io.unlink("folder").await,
                t.io.rmdir("/").await,
                t.io.stat("..").await.map(drop),
            ] {
                let Err(error) = result else { continue };
                ensure!(!error.is_retryable(), "{error} asks for another try");
            }
            Ok(())
        },
    );
    family.case(
        "keep_secrets",
        "no error tells where the root lies",
        |t| async move {
            let result = t.io.stat("missing").await;
            let error = expect_kind(result, Kind::NotFound, "stat")?;
            let (shown, debugged) = (error.to_string(), format!("{error:?}"));
            // Where the roots of tests lie.
            let outside = std::env::temp_dir().display().to_string();
            for text in [shown, debugged] {
                ensure!(!text.contains(&outside), "the error tells the root: {text}");
            }
            Ok(())
        },
    );
}

/// What every error tells.
fn tells(error: &PathIoError, operation: PathIoOperation, path: &str) -> Checked {
    ensure_eq!(
        error.operation(),
        Some(operation),
        "the operation of '{error}'"
    );
    ensure_eq!(error.path(), Some(path), "the path of '{error}'");
    ensure!(!error.message().is_empty(), "the message is empty");
    let text = error.to_string();
    ensure!(
        text.contains(error.message()) && text.contains(operation.as_str()) && text.contains(path),
        "it displays as {text:?}"
    );
    Ok(())
}

async fn of_files(t: Fixture) -> Checked {
    const PATH: &str = "/./file";
    t.put("file", "content").await?;
    let mut file = t.open(PATH, OpenMode::Read).await?;
    let error = expect_kind(file.write("x").await, Kind::InvalidArgument, "the write")?;
    tells(&error, PathIoOperation::Write, PATH)?;
    let sought = file.seek(SeekFrom::Current(-1)).await;
    let error = expect_kind(sought, Kind::InvalidArgument, "the seek")?;
    tells(&error, PathIoOperation::Seek, PATH)?;
    let mut file = t.open(PATH, OpenMode::Append).await?;
    let error = expect_kind(file.read(1).await, Kind::InvalidArgument, "the read")?;
    tells(&error, PathIoOperation::Read, PATH)?;
    let mut file = t.open("/./name", OpenMode::Write).await?;
    file.write("x").await?;
    t.folder("name").await?;
    let error = expect_kind(file.close().await, Kind::IsADirectory, "the close")?;
    tells(&error, PathIoOperation::Close, "/./name")
}
