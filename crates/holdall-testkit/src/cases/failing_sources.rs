//! All or nothing: a source that fails, wherever it fails.

use std::error::Error as _;

use bytes::Bytes;
use futures::stream;
use holdall::{AsyncWritableContent, Capability, Error, ErrorKind};

use super::writing::Write;
use crate::content::{SOURCE_MESSAGE, failing_source};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

/// Chunk sizes: far below, around and above what is gathered before a write
/// begins.
const SIZES: [(&str, usize, usize); 3] = [
    ("small_chunks", 100, 8),
    ("chunks_of_400_kib", 400 * 1024, 6),
    ("chunks_of_1_mib", 1024 * 1024, 4),
];

pub(crate) fn register(suite: &mut Suite) {
    for write in Write::BOTH {
        let mut family = suite.family(write.name());
        let needs = [write.gate(), Capability::Write, Capability::Read];
        for (name, size, most) in SIZES {
            family.case(
                format!("create_from_{name}_that_fail"),
                "a source that fails at any chunk leaves nothing behind, and its error comes back",
                needs,
                move |t| fails_at_every_chunk(t, write, size, most, false),
            );
            family.case(
                format!("overwrite_from_{name}_that_fail"),
                "a source that fails at any chunk leaves the old content, and its error comes back",
                needs,
                move |t| fails_at_every_chunk(t, write, size, most, true),
            );
        }
        family.case(
            "a_source_error_beats_the_path",
            "the error of a source that fails at its beginning beats what stands at the path",
            needs,
            move |t| source_beats_path(t, write),
        );
        family.case(
            "a_foreign_source_error_is_kept",
            "an error of another type is the source of an Other",
            [write.gate()],
            move |t| foreign_error(t, write),
        );
        family.case(
            "works_after_a_source_failed",
            "a failed write does not stand in the way of the next",
            needs,
            move |t| async move {
                for _ in 0..3 {
                    let failed = write.call(&t, "file", failing_source(2, 10), false).await;
                    expect_source_error(failed)?;
                }
                write.call(&t, "file", "content", false).await?;
                t.expect_content("file", "content").await
            },
        );
    }
}

fn expect_source_error<T: std::fmt::Debug>(result: Result<T, Error>) -> Checked<Error> {
    let error = expect_error(
        result,
        ErrorKind::ResourceLocked,
        "a write whose source fails",
    )?;
    ensure_eq!(
        error.message(),
        SOURCE_MESSAGE,
        "the message of the source's error"
    );
    Ok(error)
}

async fn fails_at_every_chunk(
    t: Fixture,
    write: Write,
    size: usize,
    most: usize,
    overwrite: bool,
) -> Checked {
    if overwrite {
        t.put("folder/file", "old content").await?;
    }
    t.put("folder/neighbour", "neighbour").await?;
    let before = t.snapshot().await?;
    for chunks in 0..=most {
        let source = failing_source(chunks, size);
        expect_source_error(write.call(&t, "folder/file", source, overwrite).await)?;
        let after = format!("a source that failed after {chunks} chunks");
        t.expect_unchanged(&before, &after).await?;
        ensure_eq!(
            t.store.exists("folder/file").await?,
            overwrite,
            "exists after {after}"
        );
    }
    Ok(())
}

async fn source_beats_path(t: Fixture, write: Write) -> Checked {
    t.tree(&["file", "folder/inner"]).await?;
    for path in ["file", "folder", "file/below"] {
        for chunks in [0, 3] {
            let source = failing_source(chunks, 10);
            expect_source_error(write.call(&t, path, source, false).await)?;
        }
    }
    t.expect_content("file", "file").await
}

async fn foreign_error(t: Fixture, write: Write) -> Checked {
    let chunks = [
        Ok(Bytes::from("x")),
        Err(std::io::Error::other("the disk said no")),
    ];
    let source = AsyncWritableContent::from_stream(stream::iter(chunks));
    let result = write.call(&t, "file", source, false).await;
    let error = expect_error(result, ErrorKind::Other, "a write whose source fails")?;
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    ensure!(
        cause.contains("the disk said no"),
        "the cause is lost: {error:?}"
    );
    t.expect_missing("file").await
}
