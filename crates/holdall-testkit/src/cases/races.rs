//! Concurrent calls on one path.

use std::sync::Arc;

use bytes::Bytes;
use holdall::{AsyncStore, Capability, Error, ErrorKind, TransferOptions};
use tokio::sync::Barrier;

use super::writing::Write;
use crate::content::{hesitant_source, noise};
use crate::fixture::Fixture;
use crate::stop::{Checked, Stop, ensure, ensure_eq};
use crate::suite::Suite;

const RACERS: usize = 32;
const ROUNDS: usize = 12;

/// The ways to make a file that must not be there yet.
#[derive(Debug, Clone, Copy)]
enum Create {
    Write,
    WriteStream,
    WriteAtomic,
    OpenAtomic,
    Rename,
    Copy,
}

impl Create {
    const ALL: [(Self, &'static str, Capability); 6] = [
        (Self::Write, "write", Capability::Write),
        (Self::WriteStream, "write_from_a_stream", Capability::Write),
        (Self::WriteAtomic, "write_atomic", Capability::AtomicWrite),
        (Self::OpenAtomic, "open_atomic", Capability::AtomicWrite),
        (Self::Rename, "rename", Capability::Move),
        (Self::Copy, "copy", Capability::Copy),
    ];

    async fn call(
        self,
        store: &AsyncStore,
        path: &str,
        source: &str,
        racer: usize,
    ) -> Result<(), Error> {
        let content = content_of(racer);
        match self {
            Self::Write => store.write(path, content).await.map(drop),
            Self::WriteStream => {
                let content = hesitant_source(&content, 100);
                store.write(path, content).await.map(drop)
            }
            Self::WriteAtomic => store.write_atomic(path, content).await.map(drop),
            Self::OpenAtomic => {
                let mut writer = store.open_atomic(path).await?;
                writer.write(content).await?;
                writer.commit().await.map(drop)
            }
            Self::Rename => store.rename(source, path).await,
            Self::Copy => store.copy(source, path).await,
        }
    }

    fn has_source(self) -> bool {
        matches!(self, Self::Rename | Self::Copy)
    }
}

fn content_of(racer: usize) -> Bytes {
    noise(racer as u64, 500 + racer)
}

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("races");
    for (create, name, gate) in Create::ALL {
        family.case(
            format!("one_creator_wins_by_{name}"),
            "of 32 concurrent creators of one path exactly one succeeds, its content is there, and \
             the others get AlreadyExists",
            [gate, Capability::Write, Capability::Read],
            move |t| one_creator_wins(t, create),
        );
    }
    family.case(
        "one_creator_wins_among_all_kinds",
        "that holds for different calls on one path too",
        [Capability::Write, Capability::AtomicWrite, Capability::Read],
        mixed_creators,
    );
    for write in Write::BOTH {
        family.case(
            format!("{}_replaces_in_one_step", write.name()),
            "a reader beside a writer that replaces finds one version or the other, never a mix \
             and never nothing",
            [write.gate(), Capability::Write, Capability::Read],
            move |t| replaces_in_one_step(t, write),
        );
    }
    family.case(
        "concurrent_overwrites_leave_one_of_them",
        "of concurrent overwrites of one path one is there in the end, whole",
        [Capability::Write, Capability::Read],
        concurrent_overwrites,
    );
    family.case(
        "an_atomic_rename_never_hides_the_file",
        "where renames are atomic, a replaced destination is there at any moment",
        [
            Capability::Write,
            Capability::Read,
            Capability::Move,
            Capability::AtomicMove,
        ],
        rename_never_hides,
    );
    family.case(
        "one_rename_of_a_source_wins",
        "of concurrent renames of one source exactly one succeeds; the others find it missing",
        [
            Capability::Write,
            Capability::Read,
            Capability::Move,
            Capability::AtomicMove,
        ],
        one_rename_wins,
    );
    family.case(
        "one_delete_wins",
        "of concurrent deletes of one file at least one succeeds; the others find it missing",
        [Capability::Write, Capability::Delete],
        one_delete_wins,
    );
    family.case(
        "creators_beside_folder_deletes",
        "a write beside the deletion of its parent succeeds or fails, and tells the truth",
        [Capability::Write, Capability::Read, Capability::Delete],
        beside_folder_deletes,
    );
}

/// Lets all racers go at once, and hands back their results in order.
pub(super) async fn race<T, F, Fut>(racers: usize, run: F) -> Checked<Vec<T>>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let barrier = Arc::new(Barrier::new(racers));
    let tasks: Vec<_> = (0..racers)
        .map(|racer| {
            let barrier = Arc::clone(&barrier);
            let run = run(racer);
            tokio::spawn(async move {
                barrier.wait().await;
                run.await
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await?);
    }
    Ok(results)
}

/// The one that succeeded; the others must have failed with `kind`.
pub(super) fn sole_winner<T>(results: Vec<Result<T, Error>>, kind: ErrorKind) -> Checked<usize> {
    let mut winners = Vec::new();
    for (racer, result) in results.into_iter().enumerate() {
        match result {
            Ok(_) => winners.push(racer),
            Err(error) if error.kind() == kind => {}
            Err(error) => return Err(error.into()),
        }
    }
    match winners.as_slice() {
        [winner] => Ok(*winner),
        _ => Err(Stop::Failed(format!(
            "the winners are {winners:?}, and not just one"
        ))),
    }
}

async fn one_creator_wins(t: Fixture, create: Create) -> Checked {
    for round in 0..ROUNDS {
        let path = format!("round-{round}/target");
        if create.has_source() {
            for racer in 0..RACERS {
                t.put(&format!("round-{round}/{racer}"), content_of(racer))
                    .await?;
            }
        }
        let results = race(RACERS, |racer| {
            let (store, path) = (t.store.clone(), path.clone());
            let source = format!("round-{round}/{racer}");
            async move { create.call(&store, &path, &source, racer).await }
        });
        let winner = sole_winner(results.await?, ErrorKind::AlreadyExists)?;
        t.expect_content(&path, content_of(winner)).await?;
        if create.has_source() {
            for racer in (0..RACERS).filter(|&racer| racer != winner) {
                t.expect_content(&format!("round-{round}/{racer}"), content_of(racer))
                    .await?;
            }
        }
    }
    Ok(())
}

async fn mixed_creators(t: Fixture) -> Checked {
    let usable: Vec<_> = Create::ALL
        .into_iter()
        .filter(|(_, _, gate)| t.supports(*gate))
        .collect();
    for round in 0..ROUNDS {
        let path = format!("round-{round}/target");
        for racer in 0..RACERS {
            t.put(&format!("round-{round}/{racer}"), content_of(racer))
                .await?;
        }
        let results = race(RACERS, |racer| {
            let (store, path) = (t.store.clone(), path.clone());
            let source = format!("round-{round}/{racer}");
            let create = usable
                .get(racer % usable.len().max(1))
                .map(|(create, ..)| *create);
            let create = create.unwrap_or(Create::Write);
            async move { create.call(&store, &path, &source, racer).await }
        });
        let winner = sole_winner(results.await?, ErrorKind::AlreadyExists)?;
        t.expect_content(&path, content_of(winner)).await?;
    }
    Ok(())
}

async fn replaces_in_one_step(t: Fixture, write: Write) -> Checked {
    const SIZE: usize = 200_000;
    let versions = [
        Bytes::from(vec![b'a'; SIZE]),
        Bytes::from(vec![b'b'; SIZE / 2]),
    ];
    let [first, _] = &versions;
    t.put("file", first.clone()).await?;
    let writer = {
        let (t, versions) = (t.clone(), versions.clone());
        tokio::spawn(async move {
            for version in versions.iter().cycle().take(60) {
                write.call(&t, "file", version.clone(), true).await?;
            }
            Ok::<_, Error>(())
        })
    };
    loop {
        let last = writer.is_finished();
        let found = t.content("file").await?;
        let whole = versions.contains(&found);
        ensure!(
            whole,
            "a reader found {} bytes that are no version",
            found.len()
        );
        ensure!(
            t.store.exists("file").await?,
            "the file is gone for a moment"
        );
        if last {
            writer.await??;
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

async fn concurrent_overwrites(t: Fixture) -> Checked {
    for _ in 0..ROUNDS {
        let results = race(RACERS, |racer| {
            let t = t.clone();
            let write = if racer % 2 == 0 {
                Write::Plain
            } else {
                Write::Atomic
            };
            let write = if t.supports(write.gate()) {
                write
            } else {
                Write::Plain
            };
            async move { write.call(&t, "file", content_of(racer), true).await }
        });
        for result in results.await? {
            result?;
        }
        let found = t.content("file").await?;
        let whole = (0..RACERS).any(|racer| content_of(racer) == found);
        ensure!(whole, "what is there is the content of no writer");
    }
    Ok(())
}

async fn rename_never_hides(t: Fixture) -> Checked {
    t.put("target", "version").await?;
    let renamer = {
        let t = t.clone();
        tokio::spawn(async move {
            let options = TransferOptions::new().overwrite(true);
            for _ in 0..60 {
                t.store.write("source", "version").await?;
                t.store.rename_with("source", "target", options).await?;
            }
            Ok::<_, Error>(())
        })
    };
    loop {
        let last = renamer.is_finished();
        t.expect_content("target", "version").await?;
        if last {
            renamer.await??;
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

async fn one_rename_wins(t: Fixture) -> Checked {
    for round in 0..ROUNDS {
        let source = format!("round-{round}/source");
        t.put(&source, "content").await?;
        let results = race(RACERS, |racer| {
            let (store, source) = (t.store.clone(), source.clone());
            async move {
                store
                    .rename(&source, &format!("round-{round}/{racer}"))
                    .await
            }
        });
        let winner = sole_winner(results.await?, ErrorKind::NotFound)?;
        t.expect_missing(&source).await?;
        for racer in 0..RACERS {
            let there = t.store.exists(&format!("round-{round}/{racer}")).await?;
            ensure_eq!(
                there,
                racer == winner,
                "whether the destination of {racer} is there"
            );
        }
    }
    Ok(())
}

async fn one_delete_wins(t: Fixture) -> Checked {
    for _ in 0..ROUNDS {
        t.put("file", "content").await?;
        let results = race(RACERS, |_| {
            let store = t.store.clone();
            async move { store.delete("file").await }
        });
        let mut winners = 0;
        for result in results.await? {
            match result {
                Ok(()) => winners += 1,
                Err(error) => ensure_eq!(error.kind(), ErrorKind::NotFound, "a late delete"),
            }
        }
        ensure!(winners > 0, "every delete failed");
        t.expect_missing("file").await?;
    }
    Ok(())
}

async fn beside_folder_deletes(t: Fixture) -> Checked {
    for round in 0..ROUNDS * 4 {
        t.put("folder/first", "x").await?;
        let path = format!("folder/{round}");
        let (written, deleted) = tokio::join!(t.store.write(&path, "content"), async {
            let options = holdall::DeleteFolderOptions::new()
                .recursive(true)
                .missing_ok(true);
            t.store.delete_folder_with("folder", options).await
        });
        if let Err(error) = deleted {
            // The write was there first, done or still under way.
            ensure!(
                matches!(
                    error.kind(),
                    ErrorKind::DirectoryNotEmpty | ErrorKind::ResourceLocked
                ),
                "a delete beside a write fails with {error:?}"
            );
        }
        match written {
            // The delete may have come last.
            Ok(_) if t.store.exists(&path).await? => t.expect_content(&path, "content").await?,
            Ok(_) => {}
            Err(error) => {
                let excused = matches!(error.kind(), ErrorKind::NotFound);
                ensure!(excused, "a write beside a delete failed with {error}");
                t.expect_missing(&path).await?;
            }
        }
    }
    Ok(())
}
