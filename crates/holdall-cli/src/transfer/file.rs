//! One file from one place to another.

use std::sync::Arc;

use holdall::{Capability, ErrorKind, WriteOptions};

use super::hashing::{Tally, hash_of, same_content, size_of, tallied};
use crate::exit::Exit;
use crate::failure::{Failure, REPLACE_OR_SKIP, Result};
use crate::location::Location;
use crate::progress::Progress;

/// What to do about a file that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Fail, unless verifying finds the same bytes.
    Refuse,
    /// Replace it.
    Replace,
    /// Leave it.
    Skip,
}

/// How files are copied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CopyOptions {
    /// About files that are already there.
    pub(crate) existing: Existing,
    /// Whether content is read back and compared.
    pub(crate) verify: bool,
    /// Whether each file survives a crash of the machine once it is copied.
    pub(crate) durable: bool,
}

/// What became of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was written: so many bytes.
    Copied(u64),
    /// The same bytes were there.
    Present,
    /// A file was there and was left alone.
    Skipped,
}

/// Copies the file at `source` to `target`, with its user metadata. What is at
/// `target` is replaced whole or not at all.
pub(crate) async fn copy_file(
    source: &Location,
    target: &Location,
    options: CopyOptions,
    progress: &Arc<Progress>,
) -> Result<Outcome> {
    // Only a hint that saves reading the source: the write itself decides.
    if may_be_settled(options) && is_file(target).await? {
        return settle(source, target, options).await;
    }
    let write_options = WriteOptions::new()
        .overwrite(options.existing == Existing::Replace)
        .metadata(user_metadata(source).await?);
    let (content, tally) = tallied(source, options.verify, progress)?;
    let store = target.store();
    let written = if options.durable {
        let write = store.write_atomic_with(target.key(), content, write_options);
        write.await
    } else {
        store.write_with(target.key(), content, write_options).await
    };
    match written {
        Ok(_) => {
            verify(target, &tally).await?;
            Ok(Outcome::Copied(tally.bytes()))
        }
        Err(error) if tally.source_failed() => Err(source.failure(&error)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            settle(source, target, options).await
        }
        Err(error) => Err(target.failure(&error)),
    }
}

/// Whether a file that is already there can be no failure.
fn may_be_settled(options: CopyOptions) -> bool {
    match options.existing {
        Existing::Refuse => options.verify,
        Existing::Replace => false,
        Existing::Skip => true,
    }
}

async fn is_file(location: &Location) -> Result<bool> {
    let there = location.store().is_file(location.key()).await;
    there.map_err(|error| location.failure(&error))
}

/// Decides what a file that is already at `target` means.
async fn settle(source: &Location, target: &Location, options: CopyOptions) -> Result<Outcome> {
    if options.existing == Existing::Skip {
        return Ok(Outcome::Skipped);
    }
    if !options.verify {
        return Err(taken(target, "a file is already there"));
    }
    if same_content(source, target).await? {
        return Ok(Outcome::Present);
    }
    Err(taken(target, "a file with other content is already there"))
}

fn taken(target: &Location, message: &str) -> Failure {
    Failure::at(target.label(), Exit::AlreadyExists, message).with_hint(REPLACE_OR_SKIP)
}

/// The user metadata of `source`; a store that keeps none has none.
async fn user_metadata(source: &Location) -> Result<Vec<(String, String)>> {
    if !source.store().supports(Capability::UserMetadata) {
        return Ok(Vec::new());
    }
    let info = source.store().get_file_info(source.key()).await;
    let info = info.map_err(|error| source.failure(&error))?;
    let pairs = info.metadata.iter().flat_map(|metadata| metadata.iter());
    Ok(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
}

/// Reads `target` back and compares it with what was written, if that was hashed.
async fn verify(target: &Location, tally: &Tally) -> Result<()> {
    let Some(written) = tally.hash() else {
        return Ok(());
    };
    if size_of(target).await? == tally.bytes() && hash_of(target).await? == written {
        return Ok(());
    }
    Err(Failure::at(
        target.label(),
        Exit::VerificationFailed,
        "what was read back is not what was written",
    )
    .with_hint("copy the file again with --overwrite, and check the storage"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{Purpose, Stores};

    #[tokio::test]
    async fn what_is_read_back_has_to_be_what_was_written() {
        let stores = Stores::default();
        let source = stores.locate("mem:source", Purpose::Source).unwrap();
        let target = stores.locate("mem:target", Purpose::Target).unwrap();
        source.store().write("source", "as it was").await.unwrap();
        let progress = Arc::new(Progress::new(true, None));
        let (content, tally) = tallied(&source, true, &progress).unwrap();
        target.store().write("target", content).await.unwrap();
        verify(&target, &tally).await.unwrap();

        for spoilt in ["as it is!", "as it was, and more", ""] {
            let options = WriteOptions::new().overwrite(true);
            let write = target.store().write_with("target", spoilt, options);
            write.await.unwrap();
            let failure = verify(&target, &tally).await.unwrap_err();
            assert_eq!(failure.exit(), Exit::VerificationFailed);
        }
    }

    #[tokio::test]
    async fn user_metadata_goes_with_the_content() {
        let stores = Stores::default();
        let source = stores.locate("mem:source", Purpose::Source).unwrap();
        let target = stores.locate("mem:target", Purpose::Target).unwrap();
        let write_options = WriteOptions::new().metadata([("owner", "finance")]);
        let write = source.store().write_with("source", "x", write_options);
        write.await.unwrap();
        let options = CopyOptions {
            existing: Existing::Refuse,
            verify: true,
            durable: false,
        };
        let progress = Arc::new(Progress::new(true, None));
        let copied = copy_file(&source, &target, options, &progress).await;
        assert_eq!(copied.unwrap(), Outcome::Copied(1));
        let info = target.store().get_file_info("target").await.unwrap();
        assert_eq!(info.metadata.unwrap().get("owner"), Some("finance"));
    }
}
