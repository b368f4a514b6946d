//! `holdall serve`: serves a folder of any store by a protocol.

mod accounts;
mod announce;
mod ftp;
mod homes;
mod options;
mod signals;
mod values;

use clap::{Args, Subcommand};

use super::Session;
use crate::failure::Result;

pub(super) use options::configured;

/// Serve a store to machines that speak another protocol
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    protocol: Protocol,
}

#[derive(Debug, Subcommand)]
enum Protocol {
    /// Serve a folder by FTP, with TLS where there is a certificate
    ///
    /// Every option can also be set by the variable that is named with it, and by its
    /// key, in snake case, in the table [serve.ftp] of holdall.toml. The option counts
    /// before the variable, and that before the file.
    ///
    /// Without users and guests there is one user, whose password is made up and
    /// written to standard output.
    Ftp(Box<options::Options>),
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    match arguments.protocol {
        Protocol::Ftp(options) => ftp::run(*options, session).await,
    }
}
