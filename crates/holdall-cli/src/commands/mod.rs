//! The commands, one file each.

mod caps;
mod cat;
mod cp;
mod ls;
mod mv;
mod ping;
mod put;
mod rm;
mod stat;
mod stores;
mod tree;

use clap::Subcommand;

use crate::failure::{Failure, Failures, Result};
use crate::location::Stores;

/// What `holdall` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Cp(cp::Arguments),
    Ls(ls::Arguments),
    Tree(tree::Arguments),
    Cat(cat::Arguments),
    Put(put::Arguments),
    Stat(stat::Arguments),
    Rm(rm::Arguments),
    Mv(mv::Arguments),
    Stores(stores::Arguments),
    Caps(caps::Arguments),
    Ping(ping::Arguments),
}

/// What every command works with.
pub(crate) struct Session {
    /// The stores of this process.
    pub(crate) stores: Stores,
    /// Whether progress and summaries are left out.
    pub(crate) quiet: bool,
}

impl Command {
    /// The name, as it stands in messages.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Cp(_) => "cp",
            Self::Ls(_) => "ls",
            Self::Tree(_) => "tree",
            Self::Cat(_) => "cat",
            Self::Put(_) => "put",
            Self::Stat(_) => "stat",
            Self::Rm(_) => "rm",
            Self::Mv(_) => "mv",
            Self::Stores(_) => "stores",
            Self::Caps(_) => "caps",
            Self::Ping(_) => "ping",
        }
    }

    /// Does it.
    pub(crate) async fn run(self, session: &Session) -> Result<()> {
        match self {
            Self::Cp(arguments) => cp::run(arguments, session).await,
            Self::Ls(arguments) => ls::run(arguments, session).await,
            Self::Tree(arguments) => tree::run(arguments, session).await,
            Self::Cat(arguments) => cat::run(arguments, session).await,
            Self::Put(arguments) => put::run(arguments, session).await,
            Self::Stat(arguments) => stat::run(arguments, session).await,
            Self::Rm(arguments) => rm::run(arguments, session).await,
            Self::Mv(arguments) => mv::run(arguments, session).await,
            Self::Stores(arguments) => stores::run(&arguments, session),
            Self::Caps(arguments) => caps::run(&arguments, session).await,
            Self::Ping(arguments) => ping::run(arguments, session).await,
        }
    }
}

/// Does `act` for each address. With a single one its failure is the
/// command's; of several, each failure is told and the rest goes on.
async fn for_each(
    command: &'static str,
    addresses: &[String],
    mut act: impl AsyncFnMut(&str) -> Result<()>,
) -> Result<()> {
    if let [only] = addresses {
        return act(only).await;
    }
    let mut failures = Failures::of(command);
    for address in addresses {
        match act(address).await {
            Err(Failure::OutputClosed) => return Err(Failure::OutputClosed),
            Err(failure) => failures.add(&failure),
            Ok(()) => {}
        }
    }
    failures.finish()
}
