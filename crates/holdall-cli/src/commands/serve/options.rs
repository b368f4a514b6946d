//! The options of `holdall serve ftp`: from the command line, variables and the
//! table `[serve.ftp]`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;
use holdall::Secret;
use holdall_ftp::ByteRate;
use serde::Deserialize;

use super::values::{Ports, Span};
use crate::address::Address;
use crate::configuration::Configuration;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::log::Format;

/// What can be chosen. Each is named alike on the command line, in its variable and
/// in the file; none has a default here, so that the next source can fill it in.
#[derive(Debug, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    /// The folder to serve
    #[arg(value_name = "ADDR", env = "HOLDALL_FTP_ADDRESS")]
    pub(super) address: Option<String>,
    /// Where to listen; 127.0.0.1:2121 without
    #[arg(long, value_name = "IP:PORT", env = "HOLDALL_FTP_LISTEN")]
    pub(super) listen: Option<SocketAddr>,

    /// The file of users: see 'holdall user'
    #[arg(long, value_name = "FILE", env = "HOLDALL_FTP_USERS_FILE")]
    #[arg(help_heading = "Users")]
    pub(super) users_file: Option<PathBuf>,
    /// The name of a single user, with the password of the variable
    /// HOLDALL_FTP_PASSWORD, or else one that is made up; 'holdall' without
    #[arg(
        long,
        value_name = "NAME",
        env = "HOLDALL_FTP_USER",
        help_heading = "Users"
    )]
    pub(super) user: Option<String>,
    /// The single user's password: never an argument, which all users of the machine
    /// can see.
    #[arg(skip)]
    pub(super) password: Option<Secret>,
    /// Let the single user read alone
    #[arg(
        long,
        value_name = "BOOL",
        env = "HOLDALL_FTP_READ_ONLY",
        help_heading = "Users"
    )]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(super) read_only: Option<bool>,
    /// Let guests read, as 'anonymous' or 'ftp' with any password
    #[arg(
        long,
        value_name = "BOOL",
        env = "HOLDALL_FTP_ANONYMOUS",
        help_heading = "Users"
    )]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(super) anonymous: Option<bool>,
    /// The folder below the served one that guests see; all of it without
    #[arg(long, value_name = "PATH", env = "HOLDALL_FTP_ANONYMOUS_HOME")]
    #[arg(help_heading = "Users")]
    pub(super) anonymous_home: Option<String>,
    /// How many logins of a user from an address may fail; 10 without, 0 for any number
    #[arg(long, value_name = "N", env = "HOLDALL_FTP_LOCKOUT_ATTEMPTS")]
    #[arg(help_heading = "Users")]
    pub(super) lockout_attempts: Option<u32>,
    /// For how long these are locked out then; 15m without
    #[arg(
        long,
        value_name = "TIME",
        env = "HOLDALL_FTP_LOCKOUT_TIME",
        help_heading = "Users"
    )]
    pub(super) lockout_time: Option<Span>,

    /// The certificate, with those that lead to its authority, in PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "HOLDALL_FTP_TLS_CERT",
        help_heading = "TLS"
    )]
    pub(super) tls_cert: Option<PathBuf>,
    /// Its private key, in PEM; in the certificate's file without
    #[arg(
        long,
        value_name = "FILE",
        env = "HOLDALL_FTP_TLS_KEY",
        help_heading = "TLS"
    )]
    pub(super) tls_key: Option<PathBuf>,
    /// Refuse logins and transfers without TLS
    #[arg(
        long,
        value_name = "BOOL",
        env = "HOLDALL_FTP_REQUIRE_TLS",
        help_heading = "TLS"
    )]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(super) require_tls: Option<bool>,

    /// The ports for passive data connections, such as 50000-50100; any without
    #[arg(long, value_name = "PORTS", env = "HOLDALL_FTP_PASSIVE_PORTS")]
    #[arg(help_heading = "Data connections")]
    pub(super) passive_ports: Option<Ports>,
    /// The IPv4 address by which clients reach this machine, where it is not its own
    #[arg(long, value_name = "IP", env = "HOLDALL_FTP_ADVERTISE")]
    #[arg(help_heading = "Data connections")]
    pub(super) advertise: Option<Ipv4Addr>,
    /// Whether to connect to clients that ask for it (PORT, EPRT); true without
    #[arg(long, value_name = "BOOL", env = "HOLDALL_FTP_ACTIVE_MODE")]
    #[arg(help_heading = "Data connections", value_parser = BoolishValueParser::new())]
    pub(super) active_mode: Option<bool>,

    /// The most sessions at a time; 1000 without
    #[arg(
        long,
        value_name = "N",
        env = "HOLDALL_FTP_MAX_SESSIONS",
        help_heading = "Limits"
    )]
    pub(super) max_sessions: Option<usize>,
    /// The most sessions of one user at a time, where the file of users says nothing else
    #[arg(long, value_name = "N", env = "HOLDALL_FTP_MAX_SESSIONS_PER_USER")]
    #[arg(help_heading = "Limits")]
    pub(super) max_sessions_per_user: Option<usize>,
    /// Bytes a second that a session may send, such as '10 MiB', where the file of users
    /// says nothing else
    #[arg(
        long,
        value_name = "RATE",
        env = "HOLDALL_FTP_UPLOAD_RATE",
        help_heading = "Limits"
    )]
    pub(super) upload_rate: Option<ByteRate>,
    /// The same for what it fetches
    #[arg(long, value_name = "RATE", env = "HOLDALL_FTP_DOWNLOAD_RATE")]
    #[arg(help_heading = "Limits")]
    pub(super) download_rate: Option<ByteRate>,
    /// How many logins may fail before a session is ended; 3 without
    #[arg(
        long,
        value_name = "N",
        env = "HOLDALL_FTP_LOGIN_ATTEMPTS",
        help_heading = "Limits"
    )]
    pub(super) login_attempts: Option<u32>,
    /// Keep what came of an upload that was cut, so that it can be resumed
    #[arg(
        long,
        value_name = "BOOL",
        env = "HOLDALL_FTP_KEEP_PARTIAL",
        help_heading = "Limits"
    )]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(super) keep_partial: Option<bool>,

    /// How long a session may wait for a command; 5m without
    #[arg(
        long,
        value_name = "TIME",
        env = "HOLDALL_FTP_IDLE_TIMEOUT",
        help_heading = "Times"
    )]
    pub(super) idle_timeout: Option<Span>,
    /// How long a login may take; 1m without
    #[arg(
        long,
        value_name = "TIME",
        env = "HOLDALL_FTP_LOGIN_TIMEOUT",
        help_heading = "Times"
    )]
    pub(super) login_timeout: Option<Span>,
    /// How long a client may take to open a data connection; 30s without
    #[arg(long, value_name = "TIME", env = "HOLDALL_FTP_DATA_CONNECTION_TIMEOUT")]
    #[arg(help_heading = "Times")]
    pub(super) data_connection_timeout: Option<Span>,
    /// How long a transfer may move nothing; 1m without
    #[arg(long, value_name = "TIME", env = "HOLDALL_FTP_TRANSFER_TIMEOUT")]
    #[arg(help_heading = "Times")]
    pub(super) transfer_timeout: Option<Span>,
    /// How long one call of the storage may take; 10m without
    #[arg(long, value_name = "TIME", env = "HOLDALL_FTP_STORAGE_TIMEOUT")]
    #[arg(help_heading = "Times")]
    pub(super) storage_timeout: Option<Span>,
    /// How long transfers may go on when the server ends; 30s without
    #[arg(long, value_name = "TIME", env = "HOLDALL_FTP_SHUTDOWN_TIMEOUT")]
    #[arg(help_heading = "Times")]
    pub(super) shutdown_timeout: Option<Span>,

    /// Where to tell metrics and health over HTTP; nowhere without
    #[arg(long, value_name = "IP:PORT", env = "HOLDALL_FTP_METRICS_LISTEN")]
    #[arg(help_heading = "Monitoring")]
    pub(super) metrics_listen: Option<SocketAddr>,
    /// How the log on standard error is written; what is in it is for '--log', 'info'
    /// without
    #[arg(long, value_name = "FORMAT", env = "HOLDALL_FTP_LOG_FORMAT")]
    #[arg(help_heading = "Monitoring")]
    pub(super) log_format: Option<Format>,
    /// What the server says of itself to clients
    #[arg(
        long,
        value_name = "TEXT",
        env = "HOLDALL_FTP_BANNER",
        help_heading = "Monitoring"
    )]
    pub(super) banner: Option<String>,
}

/// The variable with the single user's password.
const PASSWORD: &str = "HOLDALL_FTP_PASSWORD";

/// Each of the fields from `$first`, or else from `$second`.
macro_rules! first_of {
    ($first:ident, $second:ident, $($field:ident)*) => {
        Options { $($field: $first.$field.or($second.$field)),* }
    };
}

impl Options {
    /// What the command line and the variables leave open, from the variable with
    /// the password and the file.
    pub(super) fn filled_in(mut self, configuration: &Configuration) -> Result<Self> {
        if let Some(password) = std::env::var_os(PASSWORD).filter(|value| !value.is_empty()) {
            let password = password.into_string().map_err(|_| {
                Failure::new(Exit::Usage, format!("the variable {PASSWORD} is not UTF-8"))
            })?;
            self.password = Some(Secret::new(password));
        }
        let file = configured(configuration)?;
        Ok(first_of!(self, file,
            address listen
            users_file user password read_only anonymous anonymous_home
            lockout_attempts lockout_time
            tls_cert tls_key require_tls
            passive_ports advertise active_mode
            max_sessions max_sessions_per_user upload_rate download_rate login_attempts
            keep_partial
            idle_timeout login_timeout data_connection_timeout transfer_timeout
            storage_timeout shutdown_timeout
            metrics_listen log_format banner
        ))
    }
}

/// What stands in the table `[serve.ftp]`, with paths from the file's folder.
pub(crate) fn configured(configuration: &Configuration) -> Result<Options> {
    let Some(table) = configuration.serve_ftp()? else {
        return Ok(Options::default());
    };
    let mut options: Options = table.read().map_err(|error| Failure::from(&error))?;
    let paths = [
        &mut options.users_file,
        &mut options.tls_cert,
        &mut options.tls_key,
    ];
    for path in paths.into_iter().flatten() {
        *path = table.resolve_path(&*path);
    }
    if let Some(address) = &mut options.address
        && let Ok(Address::Local(path)) = Address::parse(address)
        && let Some(path) = table.resolve_path(path).to_str()
    {
        *address = Address::Local(path.to_owned()).label();
    }
    Ok(options)
}

impl Options {
    /// The file of users.
    pub(crate) fn users_file(self) -> Option<PathBuf> {
        self.users_file
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, FromArgMatches};
    use holdall::registry::ConfigDocument;

    use super::*;

    fn command() -> clap::Command {
        Options::augment_args(clap::Command::new("ftp").no_binary_name(true))
    }

    fn from_line(words: &[&str]) -> Options {
        let matches = command().try_get_matches_from(words).unwrap();
        Options::from_arg_matches(&matches).unwrap()
    }

    fn from_file(text: &str) -> Options {
        ConfigDocument::from_toml(text).unwrap().read().unwrap()
    }

    /// A value that the option can have, as it stands in a variable.
    fn value_of(option: &Arg) -> &'static str {
        match option.get_value_names().unwrap()[0].as_str() {
            "IP:PORT" => "192.0.2.7:7",
            "IP" => "192.0.2.7",
            "PORTS" => "7-8",
            "BOOL" => "true",
            "N" => "7",
            "TIME" => "7m",
            "RATE" => "7 MiB",
            "FORMAT" => "json",
            _ => "text",
        }
    }

    #[test]
    fn every_option_is_a_variable_and_a_key_of_the_same_name() {
        let chapter = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/serving-ftp.md");
        let chapter = std::fs::read_to_string(chapter).unwrap();
        let without = format!("{:?}", Options::default());
        for option in command().get_arguments() {
            let (key, value) = (option.get_id().as_str(), value_of(option));
            let variable = format!("HOLDALL_FTP_{}", key.to_uppercase());
            assert_eq!(option.get_env(), Some(variable.as_ref()));

            let by_line = match option.get_long() {
                Some(name) => {
                    assert_eq!(name, key.replace('_', "-"));
                    assert!(chapter.contains(&format!("`--{name}")), "{name} is told");
                    from_line(&[&format!("--{name}={value}")])
                }
                None => from_line(&[value]),
            };
            let literal = match value {
                "true" | "7" => value.to_owned(),
                text => format!("'{text}'"),
            };
            let by_key = from_file(&format!("{key} = {literal}\n"));
            let by_line = format!("{by_line:?}");
            assert_eq!(format!("{by_key:?}"), by_line, "{key}");
            assert_ne!(by_line, without, "{key}");
        }
    }
}
