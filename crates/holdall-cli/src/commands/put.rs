//! `holdall put`: stores standard input.

use std::fs::File;
use std::io;

use clap::Args;
use futures::StreamExt;
use holdall::{AsyncWritableContent, Bytes, ErrorKind, WriteOptions};

use super::Session;
use crate::exit::Exit;
use crate::failure::{Failure, REPLACE, Result};
use crate::location::Purpose;

/// Store standard input as a file
///
/// The file appears when the input has ended, never in part. A producer that
/// dies looks like one that has ended: give --size where that matters.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Replace a file that is already there
    #[arg(long)]
    overwrite: bool,
    /// Sync the file to the disk before it counts as stored
    #[arg(long)]
    durable: bool,
    /// Store nothing unless exactly this many bytes come
    #[arg(long, value_name = "BYTES")]
    size: Option<u64>,
    /// The file to store
    #[arg(value_name = "ADDR")]
    address: String,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let target = session.stores.locate(&arguments.address, Purpose::Target)?;
    if target.is_root() || target.names_a_folder() {
        return Err(
            Failure::at(target.label(), Exit::InvalidPath, "this names a folder")
                .with_hint("add the name of the file to store"),
        );
    }
    let content = content(arguments.size)?;
    let options = WriteOptions::new().overwrite(arguments.overwrite);
    let store = target.store();
    let written = if arguments.durable {
        store
            .write_atomic_with(target.key(), content, options)
            .await
    } else {
        store.write_with(target.key(), content, options).await
    };
    match written {
        Ok(_) => Ok(()),
        Err(error) => Err(target.failure(&error).with_hint_if_taken(REPLACE)),
    }
}

/// Standard input as content, checked against the length that is expected.
fn content(size: Option<u64>) -> Result<AsyncWritableContent> {
    let input = standard_input().map_err(|error| {
        let message = format!("standard input cannot be read: {error}");
        Failure::new(Exit::Other, message)
    })?;
    let content = AsyncWritableContent::from_reader(tokio::fs::File::from_std(input));
    Ok(match size {
        Some(size) => sized(content, size),
        None => content,
    })
}

/// Standard input itself: the standard library's own handle takes one that
/// cannot be read for an empty one.
fn standard_input() -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle;
        Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
    }
}

/// `content`, with an error at its end unless it has `size` bytes.
fn sized(content: AsyncWritableContent, size: u64) -> AsyncWritableContent {
    let state = (content.into_stream(), 0_u64, false);
    let checked = futures::stream::unfold(state, move |(mut chunks, seen, ended)| async move {
        if ended {
            return None;
        }
        match chunks.next().await {
            Some(Ok(chunk)) => {
                let seen = seen + chunk.len() as u64;
                let item = if seen > size {
                    Err(wrong_size(size, "more"))
                } else {
                    Ok(chunk)
                };
                Some((item, (chunks, seen, seen > size)))
            }
            Some(Err(error)) => Some((Err(error), (chunks, seen, true))),
            None if seen < size => {
                let error = wrong_size(size, &format!("only {seen}"));
                Some((Err::<Bytes, _>(error), (chunks, seen, true)))
            }
            None => None,
        }
    });
    AsyncWritableContent::from_stream(checked)
}

fn wrong_size(size: u64, seen: &str) -> holdall::Error {
    let message = format!("{size} bytes were announced and {seen} came; nothing is stored");
    holdall::Error::new(ErrorKind::InvalidArgument, message)
}
