//! What a write tells of itself.

use holdall::{Capability, RemotePath, WriteResult, WriteSource};

use super::writing::Write;
use crate::content::{in_chunks, noise};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq};
use crate::suite::Suite;

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("write_result");
    for write in Write::BOTH {
        family.case(
            format!("path_and_size_of_{}", write.name()),
            "a result names the normalised path, relative to the store, and the size",
            [write.gate()],
            move |t| path_and_size(t, write),
        );
        family.case(
            format!("source_of_{}", write.name()),
            "a result is native where the backend declares 'write_result_native', else basic with \
             path and size alone",
            [write.gate()],
            move |t| async move {
                let written = write.call(&t, "file", "content", false).await?;
                expect_source(&t, &written)
            },
        );
        family.case(
            format!("{}_agrees_with_the_record", write.name()),
            "what a native result tells is what get_file_info tells",
            [
                write.gate(),
                Capability::Metadata,
                Capability::WriteResultNative,
            ],
            move |t| agrees_with_the_record(t, write),
        );
    }
    family.case(
        "of_open_atomic",
        "a commit's result is like that of a write",
        [Capability::AtomicWrite],
        |t| async move {
            let mut writer = t.store.open_atomic("folder//file").await?;
            writer.write("content").await?;
            let written = writer.commit().await?;
            ensure_eq!(written.path, RemotePath::new("folder/file")?, "the path");
            ensure_eq!(written.size, 7, "the size");
            expect_source(&t, &written)
        },
    );
    family.case(
        "head_is_a_sidecar",
        "head tells what get_file_info tells, as a sidecar result without a version",
        [Capability::Write, Capability::Metadata],
        head_is_a_sidecar,
    );
    family.case(
        "etags_are_bare",
        "an etag carries no quotes and changes with the content",
        [Capability::Write, Capability::Metadata],
        etags_are_bare,
    );
}

fn expect_source(t: &Fixture, written: &WriteResult) -> Checked {
    if t.supports(Capability::WriteResultNative) {
        ensure_eq!(written.source, WriteSource::Native, "the source");
        return Ok(());
    }
    let plain = WriteResult::new(written.path.clone(), written.size);
    ensure_eq!(*written, plain, "a basic result");
    Ok(())
}

async fn path_and_size(t: Fixture, write: Write) -> Checked {
    let child = t.store.child("folder")?;
    for size in [0, 7, 70_000] {
        let written = write
            .call(&t, "/folder/./file", noise(1, size), true)
            .await?;
        ensure_eq!(written.path, RemotePath::new("folder/file")?, "the path");
        ensure_eq!(written.size, size as u64, "the size");
        let streamed = in_chunks(&noise(1, size), &[999]);
        let written = write.call(&t, "folder/file", streamed, true).await?;
        ensure_eq!(written.size, size as u64, "the size of a stream");
    }
    let on_child = Fixture {
        store: child,
        ..t.clone()
    };
    let written = write.call(&on_child, "file", "x", true).await?;
    ensure_eq!(
        written.path,
        RemotePath::new("file")?,
        "the path on a child store"
    );
    Ok(())
}

async fn agrees_with_the_record(t: Fixture, write: Write) -> Checked {
    for overwrite in [false, true] {
        let written = write.call(&t, "file", "content", overwrite).await?;
        let info = t.store.get_file_info("file").await?;
        ensure_eq!(info.size, written.size, "the size");
        if written.last_modified.is_some() {
            ensure_eq!(info.modified_at, written.last_modified, "the time");
        }
        if written.etag.is_some() {
            ensure_eq!(info.etag, written.etag, "the etag");
        }
        if written.digest.is_some() && info.digest.is_some() {
            ensure_eq!(info.digest, written.digest, "the digest");
        }
    }
    Ok(())
}

async fn head_is_a_sidecar(t: Fixture) -> Checked {
    t.put("folder/file", "content").await?;
    for store in [t.store.clone(), t.store.child("folder")?] {
        let path = if store.root_path().is_empty() {
            "folder/file"
        } else {
            "file"
        };
        let head = store.head(path).await?;
        let info = store.get_file_info(path).await?;
        ensure_eq!(head.source, WriteSource::Sidecar, "the source");
        ensure_eq!(head.path, RemotePath::new(path)?, "the path");
        ensure_eq!(head.size, 7, "the size");
        ensure_eq!(head.version_id, None, "the version");
        ensure_eq!(head.etag, info.etag, "the etag");
        ensure_eq!(head.digest, info.digest, "the digest");
        ensure_eq!(head.last_modified, info.modified_at, "the time");
        ensure_eq!(head.metadata, info.metadata, "the metadata");
    }
    Ok(())
}

async fn etags_are_bare(t: Fixture) -> Checked {
    t.put("file", "one").await?;
    let one = t.store.get_file_info("file").await?.etag;
    t.put("file", "another").await?;
    let two = t.store.get_file_info("file").await?.etag;
    for etag in one.iter().chain(&two) {
        ensure!(
            !etag.contains('"') && !etag.is_empty(),
            "the etag {etag:?} is not bare"
        );
    }
    ensure!(
        one.is_none() || one != two,
        "the etag {one:?} outlives its content"
    );
    Ok(())
}
