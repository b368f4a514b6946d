//! `holdall ls`: lists a folder.

use clap::Args;

use super::Session;
use crate::entries::{Entry, EntryKind, SortedWalk};
use crate::failure::{Failures, Result};
use crate::location::{Location, Node, Purpose};
use crate::output::{Output, Record, human_size, human_time, printable};

/// List a folder, by name
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Show sizes and times
    #[arg(short, long)]
    long: bool,
    /// List the folders below, too
    #[arg(short = 'R', long)]
    recursive: bool,
    /// Write one JSON object a line
    #[arg(long, conflicts_with = "long")]
    json: bool,
    /// The folder, or a file
    #[arg(value_name = "ADDR")]
    address: String,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let location = session.stores.locate(&arguments.address, Purpose::Source)?;
    let mut output = Output::new();
    let mut failures = Failures::of("ls");
    match location.look_for_something().await? {
        Node::File(info) => {
            let entry = Entry::file(location.name(), &info);
            let address = location.label().to_owned();
            show(&mut output, &arguments, &entry, location.name(), address)?;
        }
        _ => list(&location, &arguments, &mut output, &mut failures).await?,
    }
    output.finish()?;
    failures.finish()
}

async fn list(
    folder: &Location,
    arguments: &Arguments,
    output: &mut Output,
    failures: &mut Failures,
) -> Result<()> {
    let mut walk = SortedWalk::new(folder, arguments.recursive).await?;
    while let Some(visit) = walk.next(failures).await {
        let address = folder.label_below(&visit.path);
        show(output, arguments, &visit.entry, &visit.path, address)?;
    }
    Ok(())
}

fn show(
    output: &mut Output,
    arguments: &Arguments,
    entry: &Entry,
    path: &str,
    address: String,
) -> Result<()> {
    if arguments.json {
        return output.json(&Record::new(entry, path, address));
    }
    let (size, mark) = match entry.kind {
        EntryKind::File => (human_size(entry.size), ""),
        EntryKind::Folder => ("-".to_owned(), "/"),
    };
    let name = printable(path);
    if arguments.long {
        let time = human_time(entry.modified_at);
        output.line(&format!("{size:>11}  {time:<20}  {name}{mark}"))
    } else {
        output.line(&format!("{name}{mark}"))
    }
}
