//! TLS: where the configuration comes from.

mod pem;

use std::fmt;
use std::sync::Arc;

use rustls::ServerConfig;

pub use pem::PemFiles;

/// Gives the TLS configuration of the moment, so that a certificate can be
/// changed without a restart: each handshake asks anew.
pub trait TlsSource: Send + Sync + 'static {
    /// The configuration for the next handshake.
    ///
    /// Clients resume sessions on data connections only if configurations keep
    /// their tickets: give one with a `ticketer`.
    fn config(&self) -> Arc<ServerConfig>;
}

/// One TLS configuration for good.
#[derive(Clone)]
pub struct FixedTls(Arc<ServerConfig>);

impl FixedTls {
    /// Always gives `config`.
    pub fn new(config: ServerConfig) -> Self {
        Self(Arc::new(config))
    }
}

impl TlsSource for FixedTls {
    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for FixedTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FixedTls").finish_non_exhaustive()
    }
}
