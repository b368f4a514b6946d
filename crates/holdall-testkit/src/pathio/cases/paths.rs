//! Paths: their spellings, their names, and the confinement to the root.

use holdall::pathio::PathIoErrorKind as Kind;

use super::call::{Call, FREE};
use crate::pathio::case::Suite;
use crate::pathio::fixture::{Fixture, expect_kind};
use crate::stop::{Checked, ensure, ensure_eq};

/// Paths that are none.
const REFUSED: [&str; 8] = [
    "..",
    "../outside",
    "/..",
    "folder/..",
    "folder/../file",
    "folder/../../outside",
    "nul\0",
    "folder/nul\0/file",
];

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("paths");
    for call in Call::all() {
        family.case(
            format!("{}_refuses_what_is_no_path", call.name()),
            format!(
                "'..' and NUL are InvalidArgument for {}, which changes nothing",
                call.name()
            ),
            move |t| refuses(t, call),
        );
    }
    family.case(
        "a_leading_slash_means_nothing",
        "a path with a leading slash and the same without one are one",
        |t| spelled(t, "/folder/file"),
    );
    family.case(
        "doubled_slashes_mean_nothing",
        "doubled slashes are one",
        |t| spelled(t, "//folder///file"),
    );
    family.case("dots_mean_nothing", "a name '.' is nothing", |t| {
        spelled(t, "./folder/././file/.")
    });
    family.case(
        "a_trailing_slash_means_nothing",
        "a slash at the end is nothing",
        |t| spelled(t, "folder/file/"),
    );
    for (name, text) in [
        ("a_space", "with a space"),
        ("spaces_at_the_ends", " padded "),
        ("dots_in_it", "a..b"),
        ("three_dots", "..."),
        ("a_dot_before", ".hidden"),
        ("a_dot_behind", "behind."),
        ("a_dash_before", "-rf"),
        ("a_tilde", "~"),
        ("a_percent_sign", "100%25 %2e%2e"),
        ("signs_of_urls", "a?b#c&d=e+f;g@h"),
        ("signs_of_patterns", "[a-c]*{x,y}!"),
        ("signs_of_shells", "$HOME `x` 'y' \"z\" |<>"),
        ("letters_of_the_world", "Żółć-日本語-🦀"),
    ] {
        family.case(
            format!("a_name_with_{name}"),
            format!("{text:?} is a name like any other"),
            move |t| named(t, text),
        );
    }
    family.case(
        "a_long_name",
        "a name may be 255 bytes long",
        |t| async move { named(t, &"n".repeat(255)).await },
    );
    family.case(
        "case_matters",
        "names that differ in case alone are two",
        |t| two_names(t, "name", "NAME"),
    );
    family.case(
        "composition_matters",
        "names that look alike and have other bytes are two",
        |t| two_names(t, "caf\u{e9}", "cafe\u{301}"),
    );
}

async fn refuses(t: Fixture, call: Call) -> Checked {
    t.tree(&["file", "folder/file"]).await?;
    let before = t.snapshot().await?;
    for path in REFUSED {
        let what = format!("{} at {path:?}", call.name());
        // The other path of a rename is one that would do.
        let other = if call == Call::RenameTo { "file" } else { FREE };
        let result = call.make(&*t.io, path, other).await;
        let error = expect_kind(result, Kind::InvalidArgument, &what)?;
        ensure_eq!(error.path(), Some(path), "the path in the error of {what}");
    }
    t.expect_unchanged(&before, "paths that were refused").await
}

async fn spelled(t: Fixture, path: &'static str) -> Checked {
    t.folder("folder").await?;
    t.put(path, "content").await?;
    t.expect_content("folder/file", "content").await?;
    t.expect_content(path, "content").await?;
    ensure_eq!(t.io.stat(path).await?.size, 7, "the size");
    ensure_eq!(t.names("folder").await?, ["folder/file"], "the entries");
    t.io.unlink(path).await?;
    t.expect_missing("folder/file").await?;
    let as_folder = path.replace("file", "sub");
    t.folder(&as_folder).await?;
    t.io.rename(&as_folder, &path.replace("file", "moved"))
        .await?;
    ensure!(
        t.io.is_dir("folder/moved").await?,
        "the renamed folder is not there"
    );
    Ok(t.io.rmdir(&path.replace("file", "moved")).await?)
}

async fn named(t: Fixture, name: &str) -> Checked {
    let (file, sub) = (format!("{name}/{name}"), format!("{name}/sub"));
    t.folder(name).await?;
    t.put(&file, "content").await?;
    t.folder(&sub).await?;
    t.expect_content(&file, "content").await?;
    ensure_eq!(t.names("").await?, [name], "the root's entries");
    let mut expected = [file.clone(), sub];
    expected.sort();
    ensure_eq!(t.names(name).await?, expected, "the folder's entries");
    t.io.rename(&file, "plain").await?;
    t.io.rename("plain", &file).await?;
    Ok(t.io.unlink(&file).await?)
}

async fn two_names(t: Fixture, one: &'static str, other: &'static str) -> Checked {
    t.put(one, "one").await?;
    t.expect_missing(other).await?;
    t.put(other, "other").await?;
    t.expect_content(one, "one").await?;
    ensure_eq!(t.names("").await?.len(), 2, "the number of entries");
    Ok(())
}
