//! Digests of what is written, as it passes by: `ext::write`.

use holdall::ext::hash::HashAlgorithm;
use holdall::ext::integrity::checksum;
use holdall::ext::write::{open_atomic_with_hash, write_with_hash};
use holdall::{Capability, ErrorKind, WriteOptions};

use crate::content::{SOURCE_MESSAGE, failing_source, in_chunks, noise};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Suite;

const ATOMIC: [Capability; 3] = [Capability::AtomicWrite, Capability::Write, Capability::Read];

/// None, little, and more than is kept of one stream at a time.
pub(crate) const SIZES: [usize; 3] = [0, 1000, 2_500_000];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("digests");
    let needs = [Capability::Write, Capability::Read];
    family.case(
        "write_with_hash_tells_what_is_stored",
        "write_with_hash stores bytes and streams whole, and its result has their digest",
        needs,
        written,
    );
    family.case(
        "open_atomic_with_hash_tells_what_is_stored",
        "a writer of open_atomic_with_hash commits what it was given, with the digest of it",
        ATOMIC,
        committed,
    );
    family.case(
        "write_with_hash_keeps_the_rules_of_write",
        "write_with_hash refuses what write refuses, and a source that fails stores nothing",
        needs,
        rules_of_write,
    );
    family.case(
        "open_atomic_with_hash_keeps_the_rules_of_open_atomic",
        "a writer of open_atomic_with_hash that is dropped leaves what was there, and one at a \
         path that is taken is AlreadyExists",
        ATOMIC,
        rules_of_open_atomic,
    );
}

async fn written(t: Fixture) -> Checked {
    for algorithm in HashAlgorithm::ALL {
        for size in SIZES {
            let content = noise(size as u64, size);
            for form in [content.clone().into(), in_chunks(&content, &[70_001])] {
                let options = WriteOptions::new().overwrite(true);
                let result = write_with_hash(&t.store, "file", form, algorithm, options).await?;
                ensure_eq!(result.size, size as u64, "the result's size");
                let stored = checksum(&t.store, "file", algorithm).await?;
                ensure_eq!(result.digest, Some(stored), "the result's digest");
                t.expect_content("file", &content).await?;
            }
        }
    }
    Ok(())
}

async fn committed(t: Fixture) -> Checked {
    let algorithm = HashAlgorithm::Sha256;
    for size in SIZES {
        let content = noise(size as u64, size);
        let options = WriteOptions::new().overwrite(true);
        let mut file = open_atomic_with_hash(&t.store, "file", algorithm, options).await?;
        for piece in content.chunks(70_001) {
            file.write(piece.to_vec()).await?;
        }
        let result = file.commit().await?;
        let stored = checksum(&t.store, "file", algorithm).await?;
        ensure_eq!(result.digest, Some(stored), "the result's digest");
        t.expect_content("file", &content).await?;
    }
    Ok(())
}

async fn rules_of_write(t: Fixture) -> Checked {
    t.put("file", "content").await?;
    let algorithm = HashAlgorithm::Sha256;
    for (path, kind) in [
        ("file", ErrorKind::AlreadyExists),
        ("", ErrorKind::InvalidPath),
        ("..", ErrorKind::InvalidPath),
    ] {
        let result = write_with_hash(&t.store, path, "new", algorithm, WriteOptions::new()).await;
        expect_error(result, kind, format!("write_with_hash({path:?})"))?;
    }
    for chunks in [0, 1, 5] {
        let source = failing_source(chunks, 400_000);
        let result = write_with_hash(&t.store, "new", source, algorithm, WriteOptions::new()).await;
        let error = expect_error(result, ErrorKind::ResourceLocked, "a source that fails")?;
        ensure_eq!(error.message(), SOURCE_MESSAGE, "the source's message");
        t.expect_missing("new").await?;
    }
    t.expect_content("file", "content").await
}

async fn rules_of_open_atomic(t: Fixture) -> Checked {
    t.put("file", "content").await?;
    let algorithm = HashAlgorithm::Sha256;
    let options = WriteOptions::new;
    // At the opening where it can be known then, or else at the commit.
    let taken = match open_atomic_with_hash(&t.store, "file", algorithm, options()).await {
        Ok(file) => file.commit().await,
        Err(error) => Err(error),
    };
    expect_error(taken, ErrorKind::AlreadyExists, "open_atomic_with_hash")?;
    for size in SIZES {
        let overwrite = options().overwrite(true);
        let mut file = open_atomic_with_hash(&t.store, "file", algorithm, overwrite).await?;
        file.write(noise(1, size)).await?;
        drop(file);
        t.expect_content("file", "content").await?;
    }
    Ok(())
}
