//! `holdall cp`: copies a file, or a folder's content, between any two stores.

use std::num::NonZeroU16;
use std::sync::Arc;

use clap::Args;

use super::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Failures, Result, eprintln_quietly};
use crate::location::{Location, Node, Purpose};
use crate::progress::Progress;
use crate::transfer::{
    CopyOptions, Existing, Summary, copy_file, copy_folder, file_target, refuse_same_file,
};

/// Copy a file, or the files of a folder, between any two stores
///
/// A file goes to DST; where DST is a folder or ends in '/', into it under its
/// own name. With -r the content of the folder SRC becomes content of DST,
/// whether DST is there or not: files that are only in DST stay. Folders
/// without files are not copied.
///
/// A file appears at its destination when it is complete, never in part. A
/// crash of the machine can lose files that were just copied, unless --durable
/// is given.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Copy the files of a folder and of all folders below it
    #[arg(short, long)]
    recursive: bool,
    /// Replace files that are already there
    #[arg(long, conflicts_with = "skip_existing")]
    overwrite: bool,
    /// Leave files that are already there as they are, whatever they hold
    #[arg(long)]
    skip_existing: bool,
    /// Read every file back and compare its BLAKE3 hash; a file that is already
    /// there with the same bytes counts as done
    #[arg(long)]
    verify: bool,
    /// Sync each file to the disk before it counts as copied
    #[arg(long)]
    durable: bool,
    /// How many files to copy at a time
    #[arg(short, long, value_name = "N", default_value = "8")]
    jobs: NonZeroU16,
    /// The file or folder to copy
    #[arg(value_name = "SRC")]
    source: String,
    /// Where to
    #[arg(value_name = "DST")]
    target: String,
}

impl Arguments {
    fn options(&self) -> CopyOptions {
        CopyOptions {
            existing: match (self.overwrite, self.skip_existing) {
                (true, _) => Existing::Replace,
                (false, true) => Existing::Skip,
                (false, false) => Existing::Refuse,
            },
            verify: self.verify,
            durable: self.durable,
        }
    }
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let source = session.stores.locate(&arguments.source, Purpose::Source)?;
    let target = session.stores.locate(&arguments.target, Purpose::Target)?;
    match source.look_for_something().await? {
        Node::File(info) => {
            copy_one(&source, target, info.size, arguments.options(), session).await
        }
        _ if !arguments.recursive => {
            Err(Failure::at(source.label(), Exit::Usage, "this is a folder")
                .with_hint("use -r to copy the files in it"))
        }
        _ => copy_many(&source, &target, &arguments, session).await,
    }
}

async fn copy_one(
    source: &Location,
    target: Location,
    size: u64,
    options: CopyOptions,
    session: &Session,
) -> Result<()> {
    let target = file_target(source.name(), target).await?;
    refuse_same_file(source, &target)?;
    let progress = Arc::new(Progress::new(session.quiet, Some(size)));
    let copied = copy_file(source, &target, options, &progress).await;
    progress.finish();
    let mut summary = Summary::default();
    summary.count(copied?);
    tell(&summary.line(options, 0), session);
    Ok(())
}

async fn copy_many(
    source: &Location,
    target: &Location,
    arguments: &Arguments,
    session: &Session,
) -> Result<()> {
    refuse_overlap(source, target)?;
    if let Node::File(_) = target.look().await? {
        return Err(Failure::at(
            target.label(),
            Exit::InvalidPath,
            "a file stands here, so no folder can be copied to it",
        ));
    }
    let progress = Arc::new(Progress::new(session.quiet, None));
    let mut failures = Failures::of("cp");
    let options = arguments.options();
    let jobs = usize::from(arguments.jobs.get());
    let summary = copy_folder(source, target, options, jobs, &mut failures, &progress).await;
    progress.finish();
    tell(&summary.line(options, failures.count()), session);
    failures.finish()
}

/// Refuses a folder as its own destination, and one inside itself.
fn refuse_overlap(source: &Location, target: &Location) -> Result<()> {
    if !target.is_within(source) {
        return Ok(());
    }
    let message = if source.is_within(target) {
        format!("this is the same folder as '{}'", source.label())
    } else {
        format!(
            "this lies inside '{}', which would be copied into itself",
            source.label()
        )
    };
    Err(Failure::at(target.label(), Exit::Usage, message))
}

fn tell(line: &str, session: &Session) {
    if !session.quiet {
        eprintln_quietly(line);
    }
}
