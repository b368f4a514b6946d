//! Building a server.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::watch;

use super::{Phase, Server, Shared};
use crate::accounts::Accounts;
use crate::observer::Observer;
use crate::options::ServerOptions;

/// Builds a [`Server`].
pub struct ServerBuilder {
    accounts: Arc<dyn Accounts>,
    options: ServerOptions,
    observer: Option<Arc<dyn Observer>>,
}

impl ServerBuilder {
    pub(super) fn new(accounts: Arc<dyn Accounts>) -> Self {
        Self {
            accounts,
            options: ServerOptions::default(),
            observer: None,
        }
    }

    /// Says how the server works.
    #[must_use]
    pub fn options(mut self, options: ServerOptions) -> Self {
        self.options = options;
        self
    }

    /// Tells `observer` what happens.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Listens at an address. `[::]` takes IPv4, too, where the system does so.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] for TLS that is required and not there, and
    /// for a block size of 0; what the system reports.
    pub async fn bind(self, address: impl ToSocketAddrs) -> io::Result<Server> {
        self.check()?;
        let listener = TcpListener::bind(address).await?;
        Ok(Server {
            listener,
            shared: Arc::new(Shared::new(self.accounts, self.options, self.observer)),
            phase: Arc::new(watch::Sender::new(Phase::Serving)),
        })
    }

    fn check(&self) -> io::Result<()> {
        let refused = |message| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        if self.options.require_tls && self.options.tls.is_none() {
            return refused("TLS is required: give a certificate");
        }
        if self.options.block_size == 0 {
            return refused("the block size is 0: give at least 1");
        }
        Ok(())
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
