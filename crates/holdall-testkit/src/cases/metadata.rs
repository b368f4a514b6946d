//! User metadata.

use holdall::{
    AsyncStore, Capability, CapabilitySet, ErrorKind, FileInfo, MAX_METADATA_BYTES,
    TransferOptions, WriteOptions,
};

use crate::fixture::Fixture;
use crate::masked::Masked;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

const NEEDS: [Capability; 3] = [
    Capability::Write,
    Capability::UserMetadata,
    Capability::Metadata,
];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("metadata");
    family.case(
        "comes_back",
        "the metadata of a write comes back from the write, from get_file_info and from head",
        NEEDS,
        comes_back,
    );
    family.case(
        "comes_back_from_write_atomic",
        "write_atomic stores metadata as write does",
        [
            Capability::AtomicWrite,
            Capability::UserMetadata,
            Capability::Metadata,
        ],
        comes_back_from_write_atomic,
    );
    family.case(
        "of_a_streamed_write",
        "metadata is stored with streamed content too",
        NEEDS,
        of_a_stream,
    );
    family.case(
        "an_overwrite_clears_it",
        "an overwrite without metadata leaves none",
        NEEDS,
        overwrite_clears,
    );
    family.case(
        "an_overwrite_replaces_all_of_it",
        "an overwrite with metadata leaves no key of the old map",
        NEEDS,
        overwrite_replaces,
    );
    family.case(
        "a_refused_write_keeps_it",
        "a write that is refused leaves the metadata of the file that stands there",
        NEEDS,
        refused_keeps,
    );
    family.case(
        "copy_keeps_it",
        "a copy carries the metadata, also onto a file with its own",
        NEEDS.into_iter().chain([Capability::Copy]),
        |t| transfer_keeps(t, false),
    );
    family.case(
        "rename_keeps_it",
        "a rename carries the metadata, also onto a file with its own",
        NEEDS.into_iter().chain([Capability::Move]),
        |t| transfer_keeps(t, true),
    );
    family.case(
        "a_file_without_any",
        "a file written without metadata, or with an empty map, has none",
        [Capability::Write, Capability::Metadata],
        without_any,
    );
    family.case(
        "of_the_largest_size",
        "a map of exactly 2048 bytes comes back, unless the backend declares a lower limit",
        NEEDS,
        largest,
    );
    family.case(
        "odd_values",
        "values are kept character for character, or refused with InvalidArgument",
        NEEDS,
        odd_values,
    );
    for (name, key, value) in [
        ("an_empty_key", String::new(), "v".to_owned()),
        ("a_reserved_key", "_owner".to_owned(), "v".to_owned()),
        ("a_key_beyond_ascii", "größe".to_owned(), "v".to_owned()),
        ("too_much", "k".to_owned(), "v".repeat(MAX_METADATA_BYTES)),
        (
            "too_many_bytes",
            "k".to_owned(),
            "é".repeat(MAX_METADATA_BYTES / 2),
        ),
    ] {
        family.case(
            format!("{name}_is_refused"),
            "a bad map is InvalidArgument before every gate and path, and nothing is created",
            [],
            move |t| is_refused(t, key.clone(), value.clone()),
        );
    }
}

fn pairs(info: &FileInfo) -> Vec<(String, String)> {
    let pairs = info.metadata.iter().flat_map(|metadata| metadata.iter());
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// The metadata of the file at `path` must be exactly `expected`.
async fn expect_pairs(store: &AsyncStore, path: &str, expected: &[(&str, &str)]) -> Checked {
    let found = pairs(&store.get_file_info(path).await?);
    let expected: Vec<_> = expected
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    ensure_eq!(found, expected, "the metadata of {path:?}");
    Ok(())
}

fn options(pairs: &[(&str, &str)]) -> WriteOptions {
    WriteOptions::new()
        .overwrite(true)
        .metadata(pairs.iter().copied())
}

async fn comes_back(t: Fixture) -> Checked {
    let map = [("owner", "finance"), ("run", "42")];
    let written = t.store.write_with("file", "x", options(&map)).await?;
    let echoed = written.metadata.as_ref().map(|metadata| metadata.len());
    ensure_eq!(echoed, Some(2), "the result's metadata");
    expect_pairs(&t.store, "file", &map).await?;
    let head = t.store.head("file").await?;
    ensure_eq!(head.metadata, written.metadata, "the metadata of head");
    Ok(())
}

async fn comes_back_from_write_atomic(t: Fixture) -> Checked {
    let map = [("owner", "finance")];
    t.store
        .write_atomic_with("file", "x", options(&map))
        .await?;
    expect_pairs(&t.store, "file", &map).await?;
    t.store.write_atomic_with("file", "y", options(&[])).await?;
    expect_pairs(&t.store, "file", &[]).await
}

async fn of_a_stream(t: Fixture) -> Checked {
    let map = [("owner", "finance")];
    let content = crate::content::noise(1, 2_500_000);
    let source = crate::content::hesitant_source(&content, 300_000);
    t.store.write_with("file", source, options(&map)).await?;
    expect_pairs(&t.store, "file", &map).await
}

async fn overwrite_clears(t: Fixture) -> Checked {
    t.store
        .write_with("file", "x", options(&[("owner", "finance")]))
        .await?;
    t.put("file", "y").await?;
    expect_pairs(&t.store, "file", &[]).await
}

async fn overwrite_replaces(t: Fixture) -> Checked {
    t.store
        .write_with("file", "x", options(&[("owner", "finance"), ("run", "1")]))
        .await?;
    t.store
        .write_with("file", "y", options(&[("run", "2")]))
        .await?;
    expect_pairs(&t.store, "file", &[("run", "2")]).await
}

async fn refused_keeps(t: Fixture) -> Checked {
    t.store
        .write_with("file", "x", options(&[("owner", "finance")]))
        .await?;
    let create = WriteOptions::new().metadata([("owner", "thief")]);
    let result = t.store.write_with("file", "y", create).await;
    expect_error(result, ErrorKind::AlreadyExists, "a second write")?;
    expect_pairs(&t.store, "file", &[("owner", "finance")]).await
}

async fn transfer_keeps(t: Fixture, rename: bool) -> Checked {
    let map = [("owner", "finance")];
    t.store
        .write_with("taken", "x", options(&[("owner", "other"), ("run", "1")]))
        .await?;
    for target in ["free", "taken"] {
        t.store
            .write_with("source", "content", options(&map))
            .await?;
        let overwriting = TransferOptions::new().overwrite(true);
        if rename {
            t.store.rename_with("source", target, overwriting).await?;
        } else {
            t.store.copy_with("source", target, overwriting).await?;
            expect_pairs(&t.store, "source", &map).await?;
        }
        expect_pairs(&t.store, target, &map).await?;
    }
    Ok(())
}

async fn without_any(t: Fixture) -> Checked {
    t.put("plain", "x").await?;
    t.store.write_with("empty", "x", options(&[])).await?;
    expect_pairs(&t.store, "plain", &[]).await?;
    expect_pairs(&t.store, "empty", &[]).await
}

async fn largest(t: Fixture) -> Checked {
    let value = "v".repeat(MAX_METADATA_BYTES - 1);
    let map = [("k", value.as_str())];
    match t.store.write_with("file", "x", options(&map)).await {
        Ok(_) => expect_pairs(&t.store, "file", &map).await,
        Err(error) => {
            ensure_eq!(
                error.kind(),
                ErrorKind::InvalidArgument,
                "a limit of the backend's own"
            );
            t.expect_missing("file").await
        }
    }
}

async fn odd_values(t: Fixture) -> Checked {
    for (n, value) in [
        "",
        " both ends ",
        "two\nlines",
        "é€😀",
        "a=b;c",
        "\"quoted\"",
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("file-{n}");
        let map = [("key", value)];
        match t.store.write_with(&path, "x", options(&map)).await {
            Ok(_) => expect_pairs(&t.store, &path, &map).await?,
            Err(error) => {
                ensure_eq!(
                    error.kind(),
                    ErrorKind::InvalidArgument,
                    "the value {value:?}"
                );
                t.expect_missing(&path).await?;
            }
        }
    }
    Ok(())
}

async fn is_refused(t: Fixture, key: String, value: String) -> Checked {
    let nothing = AsyncStore::new(Masked::new(t.backend.clone(), CapabilitySet::default()), "")?;
    for store in [&t.store, &nothing] {
        for path in ["file", "", "a/../b"] {
            let bad = || WriteOptions::new().metadata([(key.clone(), value.clone())]);
            let kind = ErrorKind::InvalidArgument;
            expect_error(store.write_with(path, "x", bad()).await, kind, "write")?;
            expect_error(
                store.write_atomic_with(path, "x", bad()).await,
                kind,
                "write_atomic",
            )?;
            expect_error(
                store.open_atomic_with(path, bad()).await,
                kind,
                "open_atomic",
            )?;
        }
    }
    ensure!(
        !t.store.exists("file").await?,
        "a refused write created its file"
    );
    Ok(())
}
