//! Replacing one version of a file alone.

use holdall::{AsyncStore, Capability, Error, ErrorKind, WriteOptions};

use super::races::{race, sole_winner};
use crate::content::{hesitant_source, noise};
use crate::fixture::Fixture;
use crate::stop::{Checked, Stop, ensure_eq, expect_error};
use crate::suite::Suite;

const RACERS: usize = 16;
const ROUNDS: usize = 6;
/// More than is written in one step.
const LONG: usize = 3 * 1024 * 1024;

/// The ways to replace a file.
#[derive(Debug, Clone, Copy)]
enum Replace {
    Write,
    WriteStream,
    WriteLong,
    WriteAtomic,
    OpenAtomic,
}

impl Replace {
    const ALL: [(Self, &'static str, Capability); 5] = [
        (Self::Write, "write", Capability::Write),
        (Self::WriteStream, "write_from_a_stream", Capability::Write),
        (Self::WriteLong, "write_of_many_pieces", Capability::Write),
        (Self::WriteAtomic, "write_atomic", Capability::AtomicWrite),
        (Self::OpenAtomic, "open_atomic", Capability::AtomicWrite),
    ];

    fn content(self, seed: usize) -> bytes::Bytes {
        match self {
            Self::WriteLong => noise(seed as u64, LONG + seed),
            _ => noise(seed as u64, 500 + seed),
        }
    }

    async fn call(
        self,
        store: &AsyncStore,
        path: &str,
        seed: usize,
        options: WriteOptions,
    ) -> Result<(), Error> {
        let content = self.content(seed);
        match self {
            Self::Write => store.write_with(path, content, options).await.map(drop),
            Self::WriteStream | Self::WriteLong => {
                let content = hesitant_source(&content, content.len() / 3);
                store.write_with(path, content, options).await.map(drop)
            }
            Self::WriteAtomic => {
                let written = store.write_atomic_with(path, content, options).await;
                written.map(drop)
            }
            Self::OpenAtomic => {
                let mut writer = store.open_atomic_with(path, options).await?;
                writer.write(content).await?;
                writer.commit().await.map(drop)
            }
        }
    }
}

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("versions");
    for (replace, name, gate) in Replace::ALL {
        let needs = [
            gate,
            Capability::Write,
            Capability::Read,
            Capability::Metadata,
        ];
        family.case(
            format!("{name}_replaces_the_version_that_it_is_for"),
            "with if_match the file is replaced while it is that version, and its metadata with \
                 it",
            needs,
            move |t| replaces_its_version(t, replace),
        );
        family.case(
            format!("{name}_leaves_another_version"),
            "with if_match a file that was replaced meanwhile is Conflict and stays as it is",
            needs.into_iter().chain([Capability::List]),
            move |t| leaves_another_version(t, replace),
        );
        family.case(
            format!("{name}_makes_nothing_where_the_version_is_gone"),
            "with if_match a file that is gone is Conflict, and nothing is made",
            [
                gate,
                Capability::Write,
                Capability::Metadata,
                Capability::Delete,
            ],
            move |t| makes_nothing(t, replace),
        );
    }
    family.case(
        "one_of_many_replaces_a_version",
        "of concurrent writes for one version exactly one succeeds, its content is there, and \
             the others get Conflict",
        [Capability::Write, Capability::Read, Capability::Metadata],
        one_replaces,
    );
    family.case(
        "what_cannot_be_compared_is_refused",
        "a backend that cannot compare versions says so and writes nothing",
        [Capability::Write, Capability::Read, Capability::Metadata],
        refused_where_not_compared,
    );
}

fn require_comparing(t: &Fixture) -> Checked {
    match t.backend.supports_if_match() {
        true => Ok(()),
        false => Err(Stop::NotApplicable(
            "the backend does not compare versions".to_owned(),
        )),
    }
}

async fn if_seen(t: &Fixture, path: &str) -> Checked<WriteOptions> {
    let seen = t.store.get_file_info(path).await?;
    Ok(WriteOptions::new().if_match(&seen))
}

async fn replaces_its_version(t: Fixture, replace: Replace) -> Checked {
    require_comparing(&t)?;
    t.put("a/file", "first").await?;
    for seed in 1..=2 {
        let options = if_seen(&t, "a/file").await?;
        replace.call(&t.store, "a/file", seed, options).await?;
        t.expect_content("a/file", replace.content(seed)).await?;
    }
    Ok(())
}

async fn leaves_another_version(t: Fixture, replace: Replace) -> Checked {
    require_comparing(&t)?;
    t.put("a/file", "first").await?;
    let options = if_seen(&t, "a/file").await?.overwrite(true);
    t.put("a/file", "second, longer").await?;
    let result = replace.call(&t.store, "a/file", 1, options).await;
    expect_error(result, ErrorKind::Conflict, "a write for another version")?;
    t.expect_content("a/file", "second, longer").await?;
    ensure_eq!(t.files().await?.len(), 1, "something else was left behind");
    Ok(())
}

async fn makes_nothing(t: Fixture, replace: Replace) -> Checked {
    require_comparing(&t)?;
    t.put("a/file", "first").await?;
    let options = if_seen(&t, "a/file").await?;
    t.store.delete("a/file").await?;
    let result = replace.call(&t.store, "a/file", 1, options).await;
    expect_error(result, ErrorKind::Conflict, "a write for another version")?;
    t.expect_missing("a/file").await
}

async fn one_replaces(t: Fixture) -> Checked {
    require_comparing(&t)?;
    for round in 0..ROUNDS {
        let path = format!("round-{round}");
        t.put(&path, "first").await?;
        let options = if_seen(&t, &path).await?;
        let results = race(RACERS, |racer| {
            let (store, path, options) = (t.store.clone(), path.clone(), options.clone());
            let replace = if racer % 2 == 0 {
                Replace::Write
            } else {
                Replace::WriteStream
            };
            async move { replace.call(&store, &path, racer, options).await }
        });
        let winner = sole_winner(results.await?, ErrorKind::Conflict)?;
        t.expect_content(&path, Replace::Write.content(winner))
            .await?;
    }
    Ok(())
}

async fn refused_where_not_compared(t: Fixture) -> Checked {
    if t.backend.supports_if_match() {
        return Err(Stop::NotApplicable(
            "the backend compares versions".to_owned(),
        ));
    }
    t.put("file", "first").await?;
    let options = if_seen(&t, "file").await?;
    let result = t.store.write_with("file", "second", options).await;
    expect_error(result, ErrorKind::CapabilityNotSupported, "if_match")?;
    t.expect_content("file", "first").await
}
