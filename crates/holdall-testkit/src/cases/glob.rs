//! The one glob language, by the backend's own glob and by the helper that
//! works on every backend that lists.

use std::collections::BTreeSet;

use holdall::ext::glob::glob_files;
use holdall::{AsyncStore, Capability, ErrorKind, FileInfo, Listing, Result};

use crate::fixture::Fixture;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Suite;

const TREE: [&str; 10] = [
    "a.csv",
    ".hidden.csv",
    "data/b.csv",
    "data/b.CSV",
    "data/notes.txt",
    "data/2026/c.csv",
    "data/2026/q1/d.csv",
    "data-old/e.csv",
    "odd/[f].csv",
    "odd/g*.csv",
];

const EVERYTHING: &[&str] = &TREE;

const PATTERNS: [(&str, &str, &[&str]); 20] = [
    ("star_in_the_root", "*.csv", &["a.csv", ".hidden.csv"]),
    ("star_in_a_folder", "data/*.csv", &["data/b.csv"]),
    ("star_never_crosses_a_slash", "d*b.csv", &[]),
    (
        "star_for_a_folder",
        "*/*.csv",
        &["data/b.csv", "data-old/e.csv", "odd/[f].csv", "odd/g*.csv"],
    ),
    ("question_mark", "data/?.csv", &["data/b.csv"]),
    (
        "set",
        "data/[a-c].[cC][sS][vV]",
        &["data/b.csv", "data/b.CSV"],
    ),
    ("negated_set", "data/[!b]*", &["data/notes.txt"]),
    ("set_never_matches_a_slash", "data[!x]b.csv", &[]),
    (
        "double_star_in_front",
        "**/*.csv",
        &[
            "a.csv",
            ".hidden.csv",
            "data/b.csv",
            "data/2026/c.csv",
            "data/2026/q1/d.csv",
            "data-old/e.csv",
            "odd/[f].csv",
            "odd/g*.csv",
        ],
    ),
    (
        "double_star_in_the_middle",
        "data/**/*.csv",
        &["data/b.csv", "data/2026/c.csv", "data/2026/q1/d.csv"],
    ),
    (
        "double_star_at_the_end",
        "data/**",
        &[
            "data/b.csv",
            "data/b.CSV",
            "data/notes.txt",
            "data/2026/c.csv",
            "data/2026/q1/d.csv",
        ],
    ),
    ("double_star_alone", "**", EVERYTHING),
    (
        "double_star_before_a_name",
        "**/d.csv",
        &["data/2026/q1/d.csv"],
    ),
    ("literal", "data/2026/c.csv", &["data/2026/c.csv"]),
    ("literal_folder", "data/2026", &[]),
    ("unterminated_set", "odd/[f*", &["odd/[f].csv"]),
    ("escaped_star", "odd/g[*].csv", &["odd/g*.csv"]),
    ("case_is_kept", "data/*.CSV", &["data/b.CSV"]),
    (
        "normalised_like_a_path",
        "/.//data/./*.csv",
        &["data/b.csv"],
    ),
    ("no_match", "absent/**/*.csv", &[]),
];

#[derive(Debug, Clone, Copy)]
enum Glob {
    Native,
    Everywhere,
}

impl Glob {
    fn call(self, store: &AsyncStore, pattern: &str) -> Result<Listing<FileInfo>> {
        match self {
            Self::Native => store.glob(pattern),
            Self::Everywhere => glob_files(store, pattern),
        }
    }
}

pub(crate) fn register(suite: &mut Suite) {
    for (glob, name, gate) in [
        (Glob::Native, "glob", Capability::Glob),
        (Glob::Everywhere, "glob_files", Capability::List),
    ] {
        let mut family = suite.family(name);
        let needs = [Capability::Write, gate];
        for (name, pattern, expected) in PATTERNS {
            family.case(
                name,
                format!("the pattern {pattern:?} finds exactly the files that the language says"),
                needs,
                move |t| finds(t, glob, pattern, expected),
            );
        }
        family.case(
            "a_bad_pattern_fails_at_the_call",
            "'..' is InvalidPath; an empty pattern and a '**' beside text are InvalidArgument",
            [gate],
            move |t| bad_patterns(t, glob),
        );
        family.case(
            "roots_are_literal",
            "the root of a store is no pattern, whatever characters it holds",
            needs,
            move |t| roots_are_literal(t, glob),
        );
        family.case(
            "paths_are_relative_to_the_store",
            "matches come with paths relative to the store that was asked",
            needs,
            move |t| relative_paths(t, glob),
        );
    }
}

async fn expect_paths(listing: Listing<FileInfo>, expected: &[&str], what: &str) -> Checked {
    let found = listing.try_collect().await?;
    let paths: BTreeSet<_> = found.iter().map(|file| file.path.as_str()).collect();
    ensure_eq!(paths, expected.iter().copied().collect(), "{what}");
    ensure_eq!(
        found.len(),
        expected.len(),
        "the number of matches of {what}"
    );
    Ok(())
}

async fn finds(
    t: Fixture,
    glob: Glob,
    pattern: &'static str,
    expected: &'static [&'static str],
) -> Checked {
    t.tree(&TREE).await?;
    expect_paths(glob.call(&t.store, pattern)?, expected, pattern).await
}

async fn bad_patterns(t: Fixture, glob: Glob) -> Checked {
    for (pattern, kind) in [
        ("../*", ErrorKind::InvalidPath),
        ("data/../*.csv", ErrorKind::InvalidPath),
        ("a\0b", ErrorKind::InvalidPath),
        ("", ErrorKind::InvalidArgument),
        ("/", ErrorKind::InvalidArgument),
        ("a**", ErrorKind::InvalidArgument),
        ("**a", ErrorKind::InvalidArgument),
        ("data/**.csv", ErrorKind::InvalidArgument),
    ] {
        let error = expect_error(glob.call(&t.store, pattern), kind, format!("{pattern:?}"))?;
        ensure_eq!(error.path(), Some(pattern), "the error's path");
    }
    Ok(())
}

async fn roots_are_literal(t: Fixture, glob: Glob) -> Checked {
    for root in ["d[1]", "d*", "d?"] {
        t.put("d1/trap.csv", "").await?;
        if t.store
            .write(&format!("{root}/file.csv"), "")
            .await
            .is_err()
        {
            continue;
        }
        let store = t.store.child(root)?;
        expect_paths(glob.call(&store, "*.csv")?, &["file.csv"], root).await?;
        expect_paths(glob.call(&store, "**")?, &["file.csv"], root).await?;
    }
    Ok(())
}

async fn relative_paths(t: Fixture, glob: Glob) -> Checked {
    t.tree(&TREE).await?;
    let store = t.store.child("data")?;
    let expected = ["b.csv", "2026/c.csv", "2026/q1/d.csv"];
    expect_paths(glob.call(&store, "**/*.csv")?, &expected, "**/*.csv").await?;
    let store = store.child("2026")?;
    expect_paths(glob.call(&store, "q?/*")?, &["q1/d.csv"], "q?/*").await
}
