//! `holdall user`: the users of a server, in their file.

mod file;
mod password;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use holdall_ftp::ByteRate;

use self::file::{Row, UsersDocument};
use super::Session;
use super::serve;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::output::{Output, printable};

/// Add, list and remove the users of 'serve ftp'
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file of users; that of [serve.ftp] in holdall.toml without
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "HOLDALL_FTP_USERS_FILE"
    )]
    users_file: Option<PathBuf>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a user, with a password from the terminal or standard input
    Add(Box<User>),
    /// Give a user another password, from the terminal or standard input
    Password {
        /// The name that the user logs in with
        name: String,
    },
    /// Remove a user
    Remove {
        /// The name that the user logs in with
        name: String,
    },
    /// List all users
    List {
        /// Write a JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// A user, as the file has it.
#[derive(Debug, Args)]
struct User {
    /// The name that the user logs in with
    name: String,
    /// The folder below the served one that the user sees; all of it without
    #[arg(long, value_name = "PATH")]
    home: Option<String>,
    /// What the user may do
    #[arg(long, value_name = "ACCESS", conflicts_with = "read_only")]
    access: Option<Access>,
    /// The same as '--access read-only'
    #[arg(long)]
    read_only: bool,
    /// What the user may do below a path of the home, such as '/in=write-only'
    #[arg(long = "permission", value_name = "PATH=ACCESS", value_parser = permission)]
    permissions: Vec<(String, Access)>,
    /// An address or a range, such as 192.0.2.0/24, that the user may come from; any
    /// without
    #[arg(long = "allow", value_name = "ADDRESS")]
    allowed_addresses: Vec<String>,
    /// Refuse the user without TLS
    #[arg(long)]
    require_tls: bool,
    /// The most sessions of the user at a time
    #[arg(long, value_name = "N")]
    max_sessions: Option<u32>,
    /// Bytes a second that a session may send, such as '10 MiB'
    #[arg(long, value_name = "RATE")]
    upload_rate: Option<ByteRate>,
    /// The same for what it fetches
    #[arg(long, value_name = "RATE")]
    download_rate: Option<ByteRate>,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Access {
    /// Nothing
    None,
    /// Fetch and list
    ReadOnly,
    /// Store, rename and remove, but neither fetch nor list
    WriteOnly,
    /// Everything
    ReadWrite,
}

impl Access {
    const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ReadOnly => "read-only",
            Self::WriteOnly => "write-only",
            Self::ReadWrite => "read-write",
        }
    }
}

fn permission(text: &str) -> Result<(String, Access), String> {
    let (path, access) = text
        .rsplit_once('=')
        .ok_or("this must be a path, '=' and an access, such as '/in=write-only'")?;
    Ok((path.to_owned(), Access::from_str(access, false)?))
}

pub(super) fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let path = match arguments.users_file {
        Some(path) => path,
        None => configured_file(session)?,
    };
    match arguments.action {
        Action::Add(user) => {
            let mut file = UsersDocument::open_or_new(&path)?;
            // Before the password is asked for.
            file.check_absent(&user.name)?;
            let hash = password::read(&user.name)?;
            file.add(&user, &hash)?;
            file.save()
        }
        Action::Password { name } => {
            let mut file = UsersDocument::open(&path)?;
            file.check_present(&name)?;
            let hash = password::read(&name)?;
            file.set_password(&name, &hash)?;
            file.save()
        }
        Action::Remove { name } => {
            let mut file = UsersDocument::open(&path)?;
            file.remove(&name)?;
            file.save()
        }
        Action::List { json } => list(&UsersDocument::open(&path)?.rows(), json),
    }
}

fn configured_file(session: &Session) -> Result<PathBuf> {
    let options = serve::configured(session.stores.configuration())?;
    options.users_file().ok_or_else(|| {
        Failure::new(Exit::Usage, "no file of users is named")
            .with_hint("name it with --users-file, or as users_file in [serve.ftp] of holdall.toml")
    })
}

fn list(rows: &[Row], json: bool) -> Result<()> {
    let mut output = Output::new();
    for row in rows {
        if json {
            output.json(row)?;
        } else {
            output.line(&format!(
                "{}  {}  {}",
                printable(&row.name),
                printable(&row.home),
                row.access
            ))?;
        }
    }
    output.finish()
}
