//! `holdall cat`: writes files to standard output.

use clap::Args;

use super::{Session, for_each};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::{Location, Node, Purpose};
use crate::output::Output;

/// Write files to standard output, one after the other
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The files
    #[arg(value_name = "ADDR", required = true)]
    addresses: Vec<String>,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let mut output = Output::new();
    let done = for_each("cat", &arguments.addresses, async |address| {
        let file = session.stores.locate(address, Purpose::Source)?;
        write_out(&file, &mut output).await
    })
    .await;
    output.finish()?;
    done
}

async fn write_out(file: &Location, output: &mut Output) -> Result<()> {
    if let Node::Folder = file.look_for_something().await? {
        return Err(
            Failure::at(file.label(), Exit::InvalidPath, "this is a folder")
                .with_hint("use ls or tree to see what is in it"),
        );
    }
    let failed = |error| file.failure(&error);
    let mut chunks = file.store().read(file.key()).map_err(failed)?;
    while let Some(chunk) = chunks.next().await {
        output.bytes(&chunk.map_err(failed)?)?;
    }
    Ok(())
}
