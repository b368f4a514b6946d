//! Paths: which spellings mean the same, and which mean nothing.

use holdall::{Capability, ErrorKind, RemotePath};

use crate::call::{Call, Partner};
use crate::fixture::Fixture;
use crate::stop::{Checked, Stop, ensure_eq, expect_error};
use crate::suite::Suite;

/// What a caller writes, and the path that it means.
const SPELLINGS: [(&str, &str, &str); 8] = [
    ("leading_slash", "/folder/file.txt", "folder/file.txt"),
    ("trailing_slash", "folder/file.txt/", "folder/file.txt"),
    (
        "doubled_slashes",
        "//folder///file.txt//",
        "folder/file.txt",
    ),
    ("dot_segments", "./folder/././file.txt/.", "folder/file.txt"),
    ("backslashes", "folder\\file.txt", "folder/file.txt"),
    (
        "mixed_separators",
        "\\folder/.\\file.txt",
        "folder/file.txt",
    ),
    ("drive_letter", "C:\\folder\\file.txt", "C:/folder/file.txt"),
    ("trailing_backslash", "folder/file.txt\\", "folder/file.txt"),
];

/// What no path may hold.
const MALFORMED: [(&str, &str); 8] = [
    ("parent_segment", ".."),
    ("parent_segment_inside", "folder/../file.txt"),
    ("parent_segment_at_the_end", "folder/.."),
    ("parent_segment_at_the_start", "../file.txt"),
    ("parent_segment_behind_backslashes", "folder\\..\\file.txt"),
    ("nul", "fi\0le.txt"),
    ("temporary_name", "folder/.~holdall.0123456789abcdef.tmp"),
    (
        "temporary_name_inside",
        ".~holdall.0123456789abcdef.tmp/file.txt",
    ),
];

/// Names that only look like temporary ones.
const NEARLY_TEMPORARY: [&str; 6] = [
    ".~holdall.0123456789abcde.tmp",
    ".~holdall.0123456789abcdef0.tmp",
    ".~holdall.0123456789ABCDEF.tmp",
    ".~holdall.0123456789abcdeg.tmp",
    "x.~holdall.0123456789abcdef.tmp",
    ".~holdall.0123456789abcdef.tmp.txt",
];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("paths");
    for (name, spelling, path) in SPELLINGS {
        family.case(
            format!("{name}_is_normalised"),
            format!("{spelling:?} means {path:?} in every call"),
            [Capability::Write, Capability::Read, Capability::Metadata],
            move |t| means(t, spelling, path),
        );
    }
    for (name, path) in MALFORMED {
        family.case(
            format!("{name}_is_refused"),
            format!("{path:?} is InvalidPath in every call, and nothing is created"),
            [Capability::Write],
            move |t| is_refused(t, path),
        );
    }
    family.case(
        "nearly_temporary_names_are_ordinary",
        "only names of exactly the temporary form are reserved",
        [Capability::Write, Capability::Read, Capability::List],
        nearly_temporary,
    );
    family.case(
        "malformed_paths_fail_at_the_call",
        "read, the listings and iter_children refuse a malformed path before the first poll",
        [Capability::Read, Capability::List],
        fail_at_the_call,
    );
    family.case(
        "segments_of_dots_are_ordinary",
        "'...', '..a' and 'a..' are ordinary names",
        [Capability::Write, Capability::Read],
        dots_are_ordinary,
    );
}

async fn means(t: Fixture, spelling: &'static str, path: &'static str) -> Checked {
    let written = t.store.write(spelling, "content").await?;
    ensure_eq!(written.path, RemotePath::new(path)?, "the result's path");
    t.expect_content(path, "content").await?;
    t.expect_content(spelling, "content").await?;
    let info = t.store.get_file_info(spelling).await?;
    ensure_eq!(info.path, RemotePath::new(path)?, "the record's path");
    let result = t.store.write(path, "again").await;
    expect_error(
        result,
        ErrorKind::AlreadyExists,
        "a create by the plain spelling",
    )?;
    let on_backend = t.backend.read_bytes(spelling).await?;
    ensure_eq!(on_backend, "content", "what the backend reads");
    Ok(())
}

fn partner() -> Partner {
    Partner {
        file: "source.txt".to_owned(),
        free: "free.txt".to_owned(),
    }
}

async fn is_refused(t: Fixture, path: &'static str) -> Checked {
    t.tree(&["source.txt", "folder/file.txt"]).await?;
    let before = t.snapshot().await?;
    let supported = |call: &Call| call.gate().is_none_or(|gate| t.supports(gate));
    for call in Call::all().into_iter().filter(supported) {
        let what = format!("{}({path:?})", call.operation());
        let result = call.on_store(&t.store, path, &partner()).await;
        let error = expect_error(
            result,
            ErrorKind::InvalidPath,
            format!("{what} on the store"),
        )?;
        ensure_eq!(error.path(), Some(path), "the error's path of {what}");
        if call.is_on_backends() {
            let result = call.on_backend(&t.backend, path, &partner()).await;
            expect_error(
                result,
                ErrorKind::InvalidPath,
                format!("{what} on the backend"),
            )?;
        }
    }
    for result in [
        t.store.child(path).map(drop),
        t.store.resolve(path).map(drop),
        t.store.native_path(path).map(drop),
    ] {
        expect_error(
            result,
            ErrorKind::InvalidPath,
            format!("a name for {path:?}"),
        )?;
    }
    t.expect_unchanged(&before, "malformed paths").await
}

async fn nearly_temporary(t: Fixture) -> Checked {
    for name in NEARLY_TEMPORARY {
        t.put(name, name).await?;
        t.expect_content(name, name).await?;
    }
    let expected = NEARLY_TEMPORARY
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    ensure_eq!(t.files().await?, expected, "the listing");
    Ok(())
}

async fn fail_at_the_call(t: Fixture) -> Checked {
    let path = "a/../b";
    expect_error(t.store.read(path), ErrorKind::InvalidPath, "read")?;
    expect_error(
        t.store.read_range(path, ..),
        ErrorKind::InvalidPath,
        "read_range",
    )?;
    expect_error(
        t.store.list_files(path),
        ErrorKind::InvalidPath,
        "list_files",
    )?;
    expect_error(
        t.store.list_folders(path),
        ErrorKind::InvalidPath,
        "list_folders",
    )?;
    expect_error(
        t.store.iter_children(path),
        ErrorKind::InvalidPath,
        "iter_children",
    )?;
    Ok(())
}

async fn dots_are_ordinary(t: Fixture) -> Checked {
    for path in ["...", "..a", "a..", "..foo/x", ".../..."] {
        // "..." is a folder in the last one and a file in the first.
        let path = format!("in-{}/{path}", path.len());
        match t.store.write(&path, "dots").await {
            Ok(_) => t.expect_content(&path, "dots").await?,
            Err(error) => {
                return Err(Stop::Failed(format!("{path:?} is refused: {error}")));
            }
        }
    }
    Ok(())
}
