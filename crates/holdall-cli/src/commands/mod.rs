//! The commands, one file each.

mod caps;
mod cat;
mod cp;
mod ls;
mod mv;
mod ping;
mod put;
mod rm;
#[cfg(feature = "ftp")]
mod serve;
mod stat;
mod stores;
mod tree;
#[cfg(feature = "ftp")]
mod user;

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
    #[cfg(feature = "ftp")]
    Serve(serve::Arguments),
    #[cfg(feature = "ftp")]
    User(user::Arguments),
}

/// What every command works with.
pub(crate) struct Session {
    /// The stores of this process.
    pub(crate) stores: Stores,
    /// Whether progress and summaries are left out.
    pub(crate) quiet: bool,
    /// What the log is to hold, where that was said.
    #[cfg(feature = "ftp")]
    pub(crate) log: Option<String>,
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
            #[cfg(feature = "ftp")]
            Self::Serve(_) => "serve",
            #[cfg(feature = "ftp")]
            Self::User(_) => "user",
        }
    }

    /// Whether it has a log even where none is asked for, in a format of its own.
    pub(crate) const fn starts_its_own_log(&self) -> bool {
        match self {
            #[cfg(feature = "ftp")]
            Self::Serve(_) => true,
            _ => false,
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
            #[cfg(feature = "ftp")]
            Self::Serve(arguments) => serve::run(arguments, session).await,
            #[cfg(feature = "ftp")]
            Self::User(arguments) => user::run(arguments, session),
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
