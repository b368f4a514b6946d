//! Names that are odd and legal: stored and listed byte for byte.

use holdall::{Capability, DeleteOptions, ErrorKind, ListOptions, RemotePath};

use crate::fixture::Fixture;
use crate::stop::{Checked, Stop, ensure, ensure_eq};
use crate::suite::Suite;

const ODD_NAMES: [(&str, &str); 25] = [
    ("a_leading_space", " file"),
    ("a_trailing_space", "file "),
    ("spaces_at_both_ends", "  file  "),
    ("a_single_space", " "),
    ("a_newline", "first\nsecond"),
    ("a_trailing_newline", "file\n"),
    ("a_carriage_return", "a\rb"),
    ("a_tab", "a\tb"),
    ("a_control_character", "a\u{1}b"),
    ("a_delete_character", "a\u{7f}b"),
    ("a_leading_dot", ".hidden"),
    ("a_trailing_dot", "file."),
    ("three_dots", "..."),
    ("two_leading_dots", "..file"),
    ("a_percent_sign", "100%"),
    ("a_percent_escape", "a%2Fb%20c"),
    ("glob_characters", "a*b?c[d]{e}!"),
    ("shell_characters", "$(x) `y` ~ & | ; ' \" < >"),
    ("url_characters", "a+b=c&d#e?f"),
    ("a_colon", "C:file"),
    ("a_leading_hyphen", "-rf"),
    ("wide_characters", "日本語のファイル"),
    ("an_emoji", "👩‍👩‍👧‍👦.txt"),
    ("right_to_left_text", "ملف\u{202e}txt"),
    ("a_byte_order_mark", "\u{feff}file"),
];

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Read, Capability::List];
    let mut family = suite.family("names");
    for (name, text) in ODD_NAMES {
        family.case(
            name,
            format!("the name {text:?} is kept byte for byte"),
            needs,
            move |t| is_kept(t, text),
        );
    }
    family.case(
        "of_255_bytes",
        "a name of 255 bytes is kept, or refused with InvalidPath",
        needs,
        |t| async move { is_kept(t, &"n".repeat(255)).await },
    );
    family.case(
        "of_4000_bytes",
        "a name that is too long for the backend is InvalidPath, and nothing is created",
        needs,
        too_long,
    );
    family.case(
        "nested_64_deep",
        "a path of many segments is kept",
        needs,
        |t| async move { is_kept(t, &format!("{}file", "level/".repeat(64))).await },
    );
    family.case(
        "composed_and_decomposed_differ",
        "names are never Unicode-normalised: NFC and NFD are two files",
        needs,
        |t| are_two_files(t, "caf\u{e9}.txt", "cafe\u{301}.txt"),
    );
    family.case("case_differs", "names are never case-folded", needs, |t| {
        are_two_files(t, "Report.TXT", "report.txt")
    });
    family.case(
        "spaces_are_not_trimmed",
        "a name with a space at its end is another file than one without",
        needs,
        |t| are_two_files(t, "file", "file "),
    );
    family.case(
        "a_prefix_is_not_a_parent",
        "a folder holds what lies below it, not what begins like it",
        needs,
        prefix_is_no_parent,
    );
    family.case(
        "odd_folder_names",
        "folder names are kept byte for byte too",
        needs,
        odd_folders,
    );
}

/// Whether the backend takes the name at all; the contract lets it refuse only
/// with `InvalidPath`.
async fn stores(t: &Fixture, path: &str) -> Checked {
    match t.store.write(path, path.to_owned()).await {
        Ok(written) => {
            ensure_eq!(written.path, RemotePath::new(path)?, "the result's path");
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::InvalidPath => {
            t.expect_missing_or_refused(path).await?;
            Err(Stop::NotApplicable(format!(
                "the backend refuses the name: {error}"
            )))
        }
        Err(error) => Err(error.into()),
    }
}

async fn is_kept(t: Fixture, path: &str) -> Checked {
    stores(&t, path).await?;
    t.expect_content(path, path).await?;
    ensure!(t.store.is_file(path).await?, "is_file({path:?}) is false");
    let expected = [path.to_owned()].into_iter().collect();
    ensure_eq!(t.files().await?, expected, "the listing");
    let options = ListOptions::new().recursive(true);
    for file in t.store.list_files_with("", options)?.try_collect().await? {
        let name = path.rsplit('/').next().unwrap_or(path);
        ensure_eq!(file.name(), name, "the listed name");
    }
    if t.supports(Capability::Delete) {
        t.store.delete_with(path, DeleteOptions::new()).await?;
        t.expect_missing(path).await?;
    }
    Ok(())
}

async fn too_long(t: Fixture) -> Checked {
    let path = format!("folder/{}", "n".repeat(4000));
    let before = t.snapshot().await?;
    match t.store.write(&path, "content").await {
        Ok(_) => t.expect_content(&path, "content").await,
        Err(error) => {
            ensure_eq!(
                error.kind(),
                ErrorKind::InvalidPath,
                "a write of a long name"
            );
            ensure!(
                !t.store.exists(&path).await?,
                "a name that was refused is there"
            );
            ensure_eq!(
                t.files().await?,
                before.files.into_keys().collect(),
                "the listing"
            );
            Ok(())
        }
    }
}

async fn are_two_files(t: Fixture, one: &'static str, other: &'static str) -> Checked {
    stores(&t, one).await?;
    t.expect_missing(other).await?;
    stores(&t, other).await?;
    t.expect_content(one, one).await?;
    t.expect_content(other, other).await?;
    ensure_eq!(t.files().await?.len(), 2, "the number of files");
    Ok(())
}

async fn prefix_is_no_parent(t: Fixture) -> Checked {
    t.tree(&["data/a", "data-old/b", "data.txt", "dat/c"])
        .await?;
    let listed = t
        .store
        .list_files_with("data", ListOptions::new().recursive(true))?;
    let paths: Vec<_> = listed
        .try_collect()
        .await?
        .iter()
        .map(|f| f.path.to_string())
        .collect();
    ensure_eq!(paths, ["data/a"], "the files below 'data'");
    let folders = t.store.list_folders("dat")?.try_collect().await?;
    ensure!(folders.is_empty(), "'dat' holds {folders:?}");
    ensure!(!t.store.exists("da").await?, "a prefix of a name exists");
    Ok(())
}

async fn odd_folders(t: Fixture) -> Checked {
    let names = [
        " lead",
        "trail ",
        "new\nline",
        "100%",
        "é",
        "e\u{301}",
        "[x]",
        "...",
    ];
    for name in names {
        stores(&t, &format!("{name}/file")).await?;
    }
    let expected = names.iter().map(|name| (*name).to_owned()).collect();
    ensure_eq!(t.folders().await?, expected, "the folders");
    for name in names {
        ensure!(
            t.store.is_folder(name).await?,
            "is_folder({name:?}) is false"
        );
        let files = t.store.list_files(name)?.try_collect().await?;
        ensure_eq!(files.len(), 1, "the files in {name:?}");
    }
    Ok(())
}
