//! Dropping a call at each of its await points.

use bytes::Bytes;
use holdall::{AsyncStore, Capability, DeleteFolderOptions, Error, TransferOptions, WriteOptions};

use super::writing::Write;
use crate::content::{hesitant_source, noise, stalling_source};
use crate::dropping::{MOST_POINTS, endless, poll_then_drop};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure};
use crate::suite::{Calls, Suite};

/// A call that is to be dropped.
#[derive(Debug, Clone, Copy)]
enum Dropped {
    Bytes(Write),
    Stream(Write),
    OpenAtomic,
}

impl Dropped {
    async fn call(self, store: AsyncStore, content: Bytes) -> Result<(), Error> {
        let options = WriteOptions::new().overwrite(true);
        match self {
            Self::Bytes(Write::Plain) => store.write_with("f/file", content, options).await?,
            Self::Bytes(Write::Atomic) => {
                store.write_atomic_with("f/file", content, options).await?
            }
            Self::Stream(Write::Plain) => {
                let source = hesitant_source(&content, 400_000);
                store.write_with("f/file", source, options).await?
            }
            Self::Stream(Write::Atomic) => {
                let source = hesitant_source(&content, 400_000);
                store.write_atomic_with("f/file", source, options).await?
            }
            Self::OpenAtomic => {
                let mut writer = store.open_atomic_with("f/file", options).await?;
                writer.write(content).await?;
                writer.commit().await?
            }
        };
        Ok(())
    }

    fn size(self) -> usize {
        match self {
            Self::Bytes(_) => 3000,
            Self::Stream(_) | Self::OpenAtomic => 2_500_000,
        }
    }
}

pub(crate) fn register(suite: &mut Suite) {
    let base = [Capability::Write, Capability::Read];
    let mut family = suite.family("cancellation");
    for (name, dropped, gate) in [
        ("write", Dropped::Bytes(Write::Plain), Capability::Write),
        (
            "write_atomic",
            Dropped::Bytes(Write::Atomic),
            Capability::AtomicWrite,
        ),
        (
            "write_from_a_stream",
            Dropped::Stream(Write::Plain),
            Capability::Write,
        ),
        (
            "write_atomic_from_a_stream",
            Dropped::Stream(Write::Atomic),
            Capability::AtomicWrite,
        ),
        ("open_atomic", Dropped::OpenAtomic, Capability::AtomicWrite),
    ] {
        family
            .case(
                format!("{name}_at_every_await_point"),
                "a write that is dropped at any point leaves the old content or the new, whole, no \
             temporary name, and never overwrites a later write",
                base.into_iter().chain([gate]),
                move |t| drop_everywhere(t, dropped),
            )
            .only_for(Calls::Awaited);
    }
    for write in Write::BOTH {
        family
            .case(
                format!("{}_while_the_source_waits", write.name()),
                "a write that is dropped before its source has ended changes nothing",
                base.into_iter().chain([write.gate()]),
                move |t| source_waits(t, write),
            )
            .only_for(Calls::Awaited);
    }
    family
        .case(
            "rename_at_every_await_point",
            "a rename that is dropped has happened or has not",
            base.into_iter()
                .chain([Capability::Move, Capability::Delete]),
            drop_rename,
        )
        .only_for(Calls::Awaited);
    family
        .case(
            "copy_at_every_await_point",
            "a copy that is dropped leaves no destination or a whole one",
            base.into_iter()
                .chain([Capability::Copy, Capability::Delete]),
            drop_copy,
        )
        .only_for(Calls::Awaited);
    family
        .case(
            "delete_at_every_await_point",
            "a delete that is dropped has happened or has not, and never deletes a later write",
            base.into_iter().chain([Capability::Delete]),
            drop_delete,
        )
        .only_for(Calls::Awaited);
    family
        .case(
            "delete_folder_at_every_await_point",
            "a recursive delete that is dropped can be taken up again, and touches nothing outside",
            base.into_iter()
                .chain([Capability::Delete, Capability::List]),
            drop_delete_folder,
        )
        .only_for(Calls::Awaited);
    family
        .case(
            "reads_and_listings_at_every_await_point",
            "a read or listing that is dropped changes nothing",
            base.into_iter().chain([Capability::List]),
            drop_reads,
        )
        .only_for(Calls::Awaited);
}

async fn drop_everywhere(t: Fixture, dropped: Dropped) -> Checked {
    for points in 0..MOST_POINTS {
        // Content of its own for each round shows one that lands rounds later.
        let round = points as u64 * 2;
        let (old, new) = (noise(round, 2000), noise(round + 1, dropped.size()));
        t.put("f/file", old.clone()).await?;
        let before = t.snapshot().await?;
        let call = dropped.call(t.store.clone(), new.clone());
        let ended = poll_then_drop(call, points).await;
        let found = t.content("f/file").await?;
        ensure!(
            found == old || found == new,
            "dropped at point {points}: {} bytes are there that are neither old nor new",
            found.len()
        );
        let now = t.snapshot().await?;
        ensure!(
            now.files.len() == before.files.len() && now.folders == before.folders,
            "dropped at point {points}: {:?} are listed",
            now.files.keys()
        );
        let later = format!("later than {points}");
        t.put("f/file", later.clone()).await?;
        for _ in 0..5 {
            t.expect_content("f/file", &later).await?;
            tokio::task::yield_now().await;
        }
        if let Some(result) = ended {
            return result.map_err(Into::into);
        }
    }
    Err(endless())
}

async fn source_waits(t: Fixture, write: Write) -> Checked {
    t.put("f/file", "old content").await?;
    let before = t.snapshot().await?;
    for (chunks, size) in [(0, 1), (3, 100), (2, 700_000), (4, 1_500_000)] {
        for points in [0, 1, 2, 8] {
            let call = write.call(&t, "f/file", stalling_source(chunks, size), true);
            // A source that never ends is waited for: the points are reached
            // only where the backend itself waits.
            let ended = poll_then_drop_stalled(call, points).await;
            ensure!(ended.is_none(), "a write ended before its source did");
            let after = format!("a drop while the source waits after {chunks} chunks of {size}");
            t.expect_unchanged(&before, &after).await?;
        }
    }
    Ok(())
}

/// As [`poll_then_drop`], for a future that may never be woken again: gives up
/// once other tasks have had their turn many times.
async fn poll_then_drop_stalled<T>(future: impl Future<Output = T>, points: usize) -> Option<T> {
    let turns = async {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        None
    };
    tokio::select! {
        biased;
        ended = poll_then_drop(future, points) => ended,
        gave_up = turns => gave_up,
    }
}

async fn drop_rename(t: Fixture) -> Checked {
    let content = noise(1, 2000);
    let options = TransferOptions::new().overwrite(true);
    for points in 0..MOST_POINTS {
        t.put("f/source", content.clone()).await?;
        t.put("f/target", "old").await?;
        let ended =
            poll_then_drop(t.store.rename_with("f/source", "f/target", options), points).await;
        // What is under way may be done between two looks; a later call on
        // either path settles it.
        let source = t.store.exists("f/source").await?;
        let target = t.content("f/target").await?;
        ensure!(
            target == content || (target == "old" && source),
            "dropped at point {points}: the content is lost"
        );
        if let Some(result) = ended {
            ensure!(
                target == content && !source,
                "the rename that ended did not happen"
            );
            return result.map_err(Into::into);
        }
        ensure!(
            t.snapshot().await?.files.len() <= 2,
            "dropped at point {points}: a stray file"
        );
    }
    Err(endless())
}

async fn drop_copy(t: Fixture) -> Checked {
    let content = noise(1, 200_000);
    t.put("f/source", content.clone()).await?;
    for points in 0..MOST_POINTS {
        let target = format!("f/target-{points}");
        let ended = poll_then_drop(t.store.copy("f/source", &target), points).await;
        if t.store.exists(&target).await? {
            t.expect_content(&target, &content).await?;
        }
        t.expect_content("f/source", &content).await?;
        t.snapshot().await?;
        if let Some(result) = ended {
            t.expect_content(&target, &content).await?;
            return result.map_err(Into::into);
        }
    }
    Err(endless())
}

async fn drop_delete(t: Fixture) -> Checked {
    for points in 0..MOST_POINTS {
        t.put("f/file", "old").await?;
        let ended = poll_then_drop(t.store.delete("f/file"), points).await;
        let later = format!("later than {points}");
        t.put("f/file", later.clone()).await?;
        for _ in 0..5 {
            t.expect_content("f/file", &later).await?;
            tokio::task::yield_now().await;
        }
        if let Some(result) = ended {
            return result.map_err(Into::into);
        }
    }
    Err(endless())
}

async fn drop_delete_folder(t: Fixture) -> Checked {
    t.put("outside/file", "outside").await?;
    let options = DeleteFolderOptions::new().recursive(true).missing_ok(true);
    for points in 0..MOST_POINTS {
        t.tree(&["f/a", "f/b", "f/sub/c", "f/sub/deep/d"]).await?;
        let ended = poll_then_drop(t.store.delete_folder_with("f", options), points).await;
        t.expect_content("outside/file", "outside").await?;
        // It may still be under way, so a file that is listed may go before it
        // is read; the listing itself never fails.
        t.files().await?;
        t.store.delete_folder_with("f", options).await?;
        t.expect_missing("f").await?;
        if let Some(result) = ended {
            return result.map_err(Into::into);
        }
    }
    Err(endless())
}

async fn drop_reads(t: Fixture) -> Checked {
    t.put("f/large", noise(1, 600_000)).await?;
    t.tree(&["f/a", "f/b/c", "f/b/d/e"]).await?;
    let before = t.snapshot().await?;
    for points in 0..MOST_POINTS {
        let all = async {
            t.store.read_bytes("f/large").await?;
            t.store.read("f/large")?.bytes().await?;
            t.files().await?;
            t.store.iter_children("f")?.try_collect().await?;
            t.store.exists("f/b/d").await?;
            Ok(())
        };
        if let Some(result) = poll_then_drop(all, points).await {
            t.expect_unchanged(&before, "reads that were dropped")
                .await?;
            return result;
        }
    }
    Err(endless())
}
