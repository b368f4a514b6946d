//! How a server works.

use std::fmt;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use holdall::pathio::DEFAULT_BLOCK_SIZE;

use crate::tls::TlsSource;

/// How a server works. Begin with the default and set what differs.
///
/// ```
/// use holdall_ftp::ServerOptions;
/// use std::time::Duration;
///
/// let mut options = ServerOptions::default();
/// options.idle_timeout = Duration::from_secs(60);
/// options.passive_ports = Some(50_000..=50_100);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct ServerOptions {
    /// How long a session may wait for a command; 5 minutes.
    pub idle_timeout: Duration,
    /// How long a login may take, from the connection on; 1 minute.
    pub login_timeout: Duration,
    /// How long a client may take to open a data connection; 30 seconds.
    pub data_connection_timeout: Duration,
    /// How long a transfer may move no byte; 1 minute.
    pub transfer_timeout: Duration,
    /// How long one call of the storage may take; 10 minutes.
    pub storage_timeout: Duration,
    /// How many logins may fail before the session is ended; 3.
    pub login_attempts: u32,
    /// How many sessions there may be at the same time; 1,000.
    pub max_sessions: usize,
    /// The ports for passive data connections; any free one without.
    pub passive_ports: Option<RangeInclusive<u16>>,
    /// The address that `PASV` tells, where clients reach the server by another
    /// than its own, as behind address translation.
    pub advertised_address: Option<Ipv4Addr>,
    /// Whether the server opens data connections where `PORT` or `EPRT` say; yes.
    pub active_mode: bool,
    /// Whether data connections may go to and come from another address than the
    /// client's; no. Allowing it lets clients aim the server at others (RFC 2577).
    pub allow_foreign_data_connections: bool,
    /// Gives the TLS configuration; without, there is no `AUTH TLS`.
    pub tls: Option<Arc<dyn TlsSource>>,
    /// Whether clients must use TLS to log in, and for data; no.
    pub require_tls: bool,
    /// How many bytes are moved at once; 256 KiB. A transfer holds at most two
    /// blocks, besides what the storage holds.
    pub block_size: usize,
    /// Whether an upload that was cut is kept as far as it came, so that clients
    /// can resume; no: it is given up.
    pub keep_partial: bool,
    /// The text after the first `220`.
    pub banner: String,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(300),
            login_timeout: Duration::from_secs(60),
            data_connection_timeout: Duration::from_secs(30),
            transfer_timeout: Duration::from_secs(60),
            storage_timeout: Duration::from_secs(600),
            login_attempts: 3,
            max_sessions: 1000,
            passive_ports: None,
            advertised_address: None,
            active_mode: true,
            allow_foreign_data_connections: false,
            tls: None,
            require_tls: false,
            block_size: DEFAULT_BLOCK_SIZE,
            keep_partial: false,
            banner: "Holdall".to_owned(),
        }
    }
}

impl fmt::Debug for ServerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerOptions")
            .field("idle_timeout", &self.idle_timeout)
            .field("login_timeout", &self.login_timeout)
            .field("data_connection_timeout", &self.data_connection_timeout)
            .field("transfer_timeout", &self.transfer_timeout)
            .field("storage_timeout", &self.storage_timeout)
            .field("login_attempts", &self.login_attempts)
            .field("max_sessions", &self.max_sessions)
            .field("passive_ports", &self.passive_ports)
            .field("advertised_address", &self.advertised_address)
            .field("active_mode", &self.active_mode)
            .field(
                "allow_foreign_data_connections",
                &self.allow_foreign_data_connections,
            )
            .field("tls", &self.tls.is_some())
            .field("require_tls", &self.require_tls)
            .field("block_size", &self.block_size)
            .field("keep_partial", &self.keep_partial)
            .field("banner", &self.banner)
            .finish()
    }
}
