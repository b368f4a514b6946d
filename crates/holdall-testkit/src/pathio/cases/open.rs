//! Opening files: what each mode needs, makes and refuses.

use std::sync::Arc;

use holdall::pathio::{OpenMode, PathIoError, PathIoErrorKind as Kind};

use super::{MODES, mode_name};
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("open");
    for mode in MODES {
        let name = mode_name(mode);
        family.case(
            format!("{name}_at_a_folder"),
            format!("opening a folder as {mode} is IsADirectory and changes nothing"),
            move |t| refused_at(t, mode, "folder", Kind::IsADirectory),
        );
        family.case(
            format!("{name}_at_the_root"),
            format!("opening the root as {mode} is IsADirectory"),
            move |t| refused_at(t, mode, "/", Kind::IsADirectory),
        );
        family.case(
            format!("{name}_below_a_file"),
            format!("opening a path below a file as {mode} is NotADirectory"),
            move |t| refused_at(t, mode, "file/below", Kind::NotADirectory),
        );
        family.case(
            format!("{name}_in_a_missing_folder"),
            format!("opening a file as {mode} without its folder is NotFound and makes nothing"),
            move |t| refused_at(t, mode, "missing/file", Kind::NotFound),
        );
        family.case(
            format!("{name}_makes_nothing_before_it_is_awaited"),
            "what open returns does nothing until it is awaited",
            move |t| async move {
                let before = t.snapshot().await?;
                let opening = t.io.open("file", mode);
                t.expect_unchanged(&before, "an open that nobody awaits")
                    .await?;
                drop(opening);
                t.expect_unchanged(&before, "an open that was dropped")
                    .await
            },
        );
        family.case(
            format!("{name}_says_what_was_opened"),
            "an open file tells its path as it was given, and its mode",
            move |t| async move {
                t.tree(&["folder/file"]).await?;
                let file = t.open("/folder//file", mode).await?;
                ensure_eq!(file.path(), "/folder//file", "the path");
                ensure_eq!(file.mode(), mode, "the mode");
                Ok(file.close().await?)
            },
        );
    }
    for mode in [OpenMode::Read, OpenMode::ReadWrite] {
        family.case(
            format!("{}_at_a_free_name", mode_name(mode)),
            format!("opening nothing as {mode} is NotFound and makes nothing"),
            move |t| refused_at(t, mode, "free", Kind::NotFound),
        );
    }
    for mode in [OpenMode::Write, OpenMode::Append] {
        family.case(
            format!("{}_makes_the_file", mode_name(mode)),
            format!("a free name opened as {mode} and closed is an empty file"),
            move |t| async move {
                t.write("file", mode, [""; 0]).await?;
                ensure!(t.io.is_file("file").await?, "there is no file");
                t.expect_content("file", "").await
            },
        );
    }
    family.case(
        "run_closes_after_success",
        "a file that is given to `run` is closed when the work succeeds, and its value returned",
        |t| async move {
            let written =
                t.io.open("file", OpenMode::Write)
                    .run(async |file| file.write("content").await)
                    .await?;
            ensure_eq!(written, 7, "the value of the work");
            t.expect_content("file", "content").await
        },
    );
    family.case(
        "run_gives_up_after_an_error",
        "a file that is given to `run` is given up when the work fails, and the error is returned",
        run_gives_up,
    );
    family.case(
        "outlives_its_path_io",
        "an open file works on when the path IO that opened it was dropped",
        |t| async move {
            t.put("file", "content").await?;
            let other = t.io.for_connection(holdall::pathio::Connection::new());
            let mut file = other.open("file", OpenMode::Read).await?;
            drop(other);
            ensure_eq!(file.read(100).await?, "content", "what was read");
            Ok(file.close().await?)
        },
    );
}

async fn refused_at(t: Fixture, mode: OpenMode, path: &'static str, kind: Kind) -> Checked {
    t.tree(&["file", "folder/inner"]).await?;
    let before = t.snapshot().await?;
    let result = t.open(path, mode).await;
    expect_kind(result, kind, format!("opening {path:?} as {mode}"))?;
    t.expect_unchanged(&before, "an open that was refused")
        .await
}

async fn run_gives_up(t: Fixture) -> Checked {
    t.put("file", "old").await?;
    let before = t.snapshot().await?;
    let io = Arc::clone(&t.io);
    let result = io
        .open("file", OpenMode::Write)
        .run(async |file| {
            file.write("new").await?;
            Err::<(), _>(PathIoError::new(Kind::Locked, "the work failed"))
        })
        .await;
    let error = expect_kind(result, Kind::Locked, "the work")?;
    ensure_eq!(error.message(), "the work failed", "the message");
    t.expect_unchanged(&before, "work that failed").await
}
