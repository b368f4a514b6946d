//! `holdall tree`: draws a folder with all that is below it.

use clap::Args;

use super::Session;
use crate::entries::{Entry, EntryKind, SortedWalk, Visit};
use crate::failure::{Failures, Result};
use crate::location::{Location, Node, Purpose};
use crate::output::{Output, Record, counted, human_size, printable};

/// Draw a folder and everything below it, by name
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write one JSON object a line instead
    #[arg(long)]
    json: bool,
    /// The folder, or a file
    #[arg(value_name = "ADDR")]
    address: String,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let location = session.stores.locate(&arguments.address, Purpose::Source)?;
    let mut tree = Tree {
        output: Output::new(),
        json: arguments.json,
        folders: 0,
        files: 0,
        bytes: 0,
    };
    let mut failures = Failures::of("tree");
    match location.look_for_something().await? {
        Node::File(info) => tree.single(&location, &Entry::file(location.name(), &info))?,
        _ => {
            let mut walk = SortedWalk::new(&location, true).await?;
            tree.head(&location)?;
            while let Some(visit) = walk.next(&mut failures).await {
                tree.visit(&location, &visit)?;
            }
        }
    }
    tree.finish()?;
    failures.finish()
}

struct Tree {
    output: Output,
    json: bool,
    folders: u64,
    files: u64,
    bytes: u64,
}

impl Tree {
    fn head(&mut self, location: &Location) -> Result<()> {
        if self.json {
            return Ok(());
        }
        self.output.line(&printable(location.label()))
    }

    fn single(&mut self, location: &Location, entry: &Entry) -> Result<()> {
        self.count(entry);
        if self.json {
            let address = location.label().to_owned();
            return self
                .output
                .json(&Record::new(entry, location.name(), address));
        }
        self.head(location)
    }

    fn visit(&mut self, root: &Location, visit: &Visit) -> Result<()> {
        self.count(&visit.entry);
        if self.json {
            let address = root.label_below(&visit.path);
            return self
                .output
                .json(&Record::new(&visit.entry, &visit.path, address));
        }
        let mark = match visit.entry.kind {
            EntryKind::File => "",
            EntryKind::Folder => "/",
        };
        let line = format!(
            "{}{}{mark}",
            branch(&visit.followed),
            printable(&visit.entry.name)
        );
        self.output.line(&line)
    }

    fn count(&mut self, entry: &Entry) {
        match entry.kind {
            EntryKind::File => {
                self.files += 1;
                self.bytes += entry.size;
            }
            EntryKind::Folder => self.folders += 1,
        }
    }

    fn finish(mut self) -> Result<()> {
        if !self.json {
            self.output.line("")?;
            self.output.line(&format!(
                "{}, {}, {}",
                counted(self.folders, "folder"),
                counted(self.files, "file"),
                human_size(self.bytes)
            ))?;
        }
        self.output.finish()
    }
}

/// The lines that lead to an entry: a rail for every level on which more
/// follows, and a branch at its own.
fn branch(followed: &[bool]) -> String {
    let mut drawing = String::new();
    if let Some((own, above)) = followed.split_last() {
        for follows in above {
            drawing.push_str(if *follows { "│   " } else { "    " });
        }
        drawing.push_str(if *own { "├── " } else { "└── " });
    }
    drawing
}
