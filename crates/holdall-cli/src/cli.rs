//! The command line.

use std::ffi::{OsStr, OsString};

use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches, Parser};

use crate::commands::Command;
use crate::exit::Exit;

/// Copy, list and manage files in any store
#[derive(Debug, Parser)]
#[command(name = "holdall", version, max_term_width = 100, after_help = after_help())]
pub(crate) struct CommandLine {
    /// Leave out progress and summaries
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Log to standard error, such as 'debug' or 'holdall=trace'
    #[arg(long, global = true, value_name = "FILTER", env = "HOLDALL_LOG")]
    pub(crate) log: Option<String>,
    /// The file that configures stores, in place of holdall.toml in the current
    /// folder or in the user's configuration folder
    #[arg(long, global = true, value_name = "FILE", env = "HOLDALL_CONFIG")]
    pub(crate) config: Option<OsString>,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl CommandLine {
    /// What this process was called with; ends it where that is no command line.
    pub(crate) fn of_process() -> Self {
        let command = without_empty_variables(Self::command());
        let matches = command.get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// An empty variable is as good as none, as one is often left where a service or a
/// container is described.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|argument| match argument.get_env() {
            Some(name) if is_empty(name) => argument.env(Resettable::Reset),
            _ => argument,
        })
        .mut_subcommands(without_empty_variables)
}

fn after_help() -> String {
    format!("{ADDRESSES}\n\n{}", Exit::table())
}

const ADDRESSES: &str = "\
Addresses:
  PATH, local:PATH  a path on this machine
  file:///PATH      the same, percent-encoded
  default:PATH      in the default store: in HOLDALL_HOME, or else in the user's data folder
  mem:PATH          in the memory of this one run
  NAME:PATH         in a store of the configuration: see 'holdall stores'
  azure://CONTAINER/PATH
                    in a container of Azure Storage, with the account of AZURE_STORAGE_ACCOUNT
                    or AZURE_STORAGE_CONNECTION_STRING";
