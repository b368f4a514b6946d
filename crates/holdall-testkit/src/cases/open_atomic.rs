//! The streaming writer with a commit.

use holdall::{Capability, ErrorKind, WriteOptions};
use tokio::io::AsyncWriteExt;

use crate::content::noise;
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

const NEEDS: [Capability; 3] = [Capability::AtomicWrite, Capability::Write, Capability::Read];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("open_atomic");
    family.case(
        "shows_nothing_before_the_commit",
        "what is written shows nowhere before the commit, whatever its size",
        NEEDS,
        shows_nothing_early,
    );
    family.case(
        "a_drop_leaves_nothing",
        "a writer that is dropped leaves what was there, and nothing where there was nothing",
        NEEDS,
        drop_leaves_nothing,
    );
    family.case(
        "the_commit_replaces_at_once",
        "with overwrite the old content is there until the commit, and the new one after it",
        NEEDS,
        commit_replaces,
    );
    family.case(
        "a_file_that_came_meanwhile_wins",
        "without overwrite a file that is created before the commit makes it AlreadyExists",
        NEEDS,
        late_file_wins,
    );
    family.case(
        "an_empty_commit_makes_an_empty_file",
        "a commit without a write makes an empty file",
        NEEDS,
        |t| async move {
            let writer = t.store.open_atomic("file").await?;
            ensure_eq!(writer.commit().await?.size, 0, "the size");
            t.expect_content("file", "").await
        },
    );
    family.case(
        "chunks_of_every_size",
        "chunks of any size arrive in order",
        NEEDS,
        chunks_of_every_size,
    );
    family.case(
        "is_an_async_write",
        "the writer is an AsyncWrite; flush and shutdown publish nothing",
        NEEDS,
        is_an_async_write,
    );
    family.case(
        "two_writers_of_one_path",
        "of two writers without overwrite the first to commit wins",
        NEEDS,
        two_writers,
    );
    family.case(
        "carries_metadata",
        "the metadata of a writer is stored with its file",
        [
            Capability::AtomicWrite,
            Capability::UserMetadata,
            Capability::Metadata,
        ],
        carries_metadata,
    );
    family.case(
        "counts_what_was_written",
        "written() counts the bytes so far",
        [Capability::AtomicWrite],
        |t| async move {
            let mut writer = t.store.open_atomic("file").await?;
            ensure_eq!(writer.written(), 0, "written() at first");
            writer.write("12345").await?;
            writer.write(noise(1, 2_000_000)).await?;
            ensure_eq!(writer.written(), 2_000_005, "written() in the end");
            ensure_eq!(writer.commit().await?.size, 2_000_005, "the size");
            Ok(())
        },
    );
}

async fn shows_nothing_early(t: Fixture) -> Checked {
    for size in [1, 300_000, 3_000_000] {
        let path = format!("folder/{size}");
        let before = t.snapshot().await?;
        let mut writer = t.store.open_atomic(&path).await?;
        writer.write(noise(1, size)).await?;
        writer.flush().await?;
        t.expect_missing(&path).await?;
        let now = t.snapshot().await?;
        ensure_eq!(
            now.files.len(),
            before.files.len(),
            "the files before the commit"
        );
        writer.commit().await?;
        t.expect_content(&path, noise(1, size)).await?;
    }
    Ok(())
}

async fn drop_leaves_nothing(t: Fixture) -> Checked {
    t.put("folder/old", "old content").await?;
    let before = t.snapshot().await?;
    for size in [0, 10, 3_000_000] {
        for path in ["folder/old", "folder/new"] {
            let options = WriteOptions::new().overwrite(true);
            let mut writer = t.store.open_atomic_with(path, options).await?;
            writer.write(noise(1, size)).await?;
            drop(writer);
            t.expect_unchanged(&before, &format!("a writer of {size} bytes was dropped"))
                .await?;
        }
    }
    t.expect_missing("folder/new").await
}

async fn commit_replaces(t: Fixture) -> Checked {
    t.put("file", "old content").await?;
    let options = WriteOptions::new().overwrite(true);
    let mut writer = t.store.open_atomic_with("file", options).await?;
    writer.write("new").await?;
    writer.flush().await?;
    t.expect_content("file", "old content").await?;
    writer.commit().await?;
    t.expect_content("file", "new").await
}

async fn late_file_wins(t: Fixture) -> Checked {
    let mut writer = t.store.open_atomic("file").await?;
    writer.write("too late").await?;
    t.store.write("file", "first").await?;
    expect_error(
        writer.commit().await,
        ErrorKind::AlreadyExists,
        "the commit",
    )?;
    t.expect_content("file", "first").await
}

async fn chunks_of_every_size(t: Fixture) -> Checked {
    let mut expected = Vec::new();
    let mut writer = t.store.open_atomic("file").await?;
    for size in [0, 1, 1000, 1_048_575, 2, 1_048_577, 0, 70_000] {
        let chunk = noise(size as u64, size);
        expected.extend_from_slice(&chunk);
        writer.write(chunk).await?;
    }
    writer.commit().await?;
    t.expect_content("file", expected).await
}

async fn is_an_async_write(t: Fixture) -> Checked {
    let content = noise(6, 2_300_000);
    let mut writer = t.store.open_atomic("file").await?;
    tokio::io::copy(&mut content.as_ref(), &mut writer).await?;
    writer.flush().await?;
    writer.shutdown().await?;
    t.expect_missing("file").await?;
    writer.commit().await?;
    t.expect_content("file", &content).await
}

async fn two_writers(t: Fixture) -> Checked {
    let mut one = t.store.open_atomic("file").await?;
    let mut two = t.store.open_atomic("file").await?;
    one.write("one").await?;
    two.write("two").await?;
    two.commit().await?;
    expect_error(
        one.commit().await,
        ErrorKind::AlreadyExists,
        "the second commit",
    )?;
    t.expect_content("file", "two").await
}

async fn carries_metadata(t: Fixture) -> Checked {
    let options = WriteOptions::new().metadata([("owner", "finance")]);
    let mut writer = t.store.open_atomic_with("file", options).await?;
    writer.write("content").await?;
    let written = writer.commit().await?;
    for metadata in [
        written.metadata,
        t.store.get_file_info("file").await?.metadata,
    ] {
        let owner = metadata.as_ref().and_then(|metadata| metadata.get("owner"));
        ensure!(owner == Some("finance"), "the metadata is {metadata:?}");
    }
    Ok(())
}
