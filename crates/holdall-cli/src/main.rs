//! The `holdall` command: copy, list and manage files in any store.

mod address;
mod cli;
mod commands;
mod configuration;
mod entries;
mod exit;
mod failure;
mod home;
mod location;
mod log;
mod output;
mod progress;
mod transfer;

use std::process::ExitCode;

use crate::cli::CommandLine;
use crate::commands::{Command, Session};
use crate::configuration::Configuration;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::Stores;

fn main() -> ExitCode {
    let line = CommandLine::of_process();
    let name = line.command.name();
    let exit = match run(line) {
        Ok(()) => Exit::Done,
        Err(failure) => {
            failure.print(name);
            failure.exit()
        }
    };
    ExitCode::from(exit.code())
}

fn run(line: CommandLine) -> Result<()> {
    let log = line.log.filter(|filter| !filter.is_empty());
    if let Some(filter) = &log
        && !line.command.starts_its_own_log()
    {
        log::start(filter, log::Format::Text)?;
    }
    let configuration = Configuration::new(line.config)?;
    let session = Session {
        stores: Stores::new(configuration),
        quiet: line.quiet,
        #[cfg(feature = "ftp")]
        log,
    };
    drive(line.command, &session)
}

/// Runs the command on a runtime of its own, and leaves behind whatever still
/// waits for input when it is done.
fn drive(command: Command, session: &Session) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Other, format!("no runtime: {error}")))?;
    let done = runtime.block_on(command.run(session));
    runtime.shutdown_background();
    done
}
