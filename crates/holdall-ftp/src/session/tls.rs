//! Protecting connections (RFC 2228, RFC 4217).

use std::sync::Arc;

use rustls::ServerConfig;

use super::Session;
use super::outcome::{Answer, End, Refusal};
use crate::observer::Event;
use crate::protocol::{AuthMechanism, Protection, Reply};
use crate::transfer::Endpoint;

impl Session {
    pub(super) async fn auth(&mut self, mechanism: AuthMechanism) -> Answer {
        if mechanism == AuthMechanism::Other {
            return Err(Refusal::new(504, "AUTH TLS is the only mechanism."));
        }
        let Some(source) = self.shared.options.tls.clone() else {
            return Err(Refusal::new(502, "This server has no TLS."));
        };
        if self.info.connection.encrypted {
            return Err(Refusal::new(503, "The connection is encrypted already."));
        }
        self.send(&Reply::new(234, "Begin with TLS.")).await?;
        // Whoever was logged in may have been somebody in between.
        self.log_out();
        self.handshake(source.config()).await?;
        self.state.data_encrypted = mechanism == AuthMechanism::TlsWithData;
        self.info.connection.encrypted = true;
        self.held.clear();
        self.observe(&Event::Encrypted);
        // The answer was given before the handshake.
        Err(Refusal::Silent)
    }

    async fn handshake(&mut self, config: Arc<ServerConfig>) -> Result<(), End> {
        let deadline = self.login_deadline();
        let handshake = tokio::time::timeout_at(deadline, self.control.encrypt(config));
        match handshake.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the TLS handshake failed");
                Err(End::CLIENT_GONE)
            }
            Err(_) => Err(End::CLIENT_GONE),
        }
    }

    pub(super) fn pbsz(&mut self) -> Answer {
        self.need_tls()?;
        self.state.buffer_size_set = true;
        Ok(Reply::new(200, "PBSZ=0"))
    }

    pub(super) fn prot(&mut self, level: Protection) -> Answer {
        self.need_tls()?;
        if !self.state.buffer_size_set {
            return Err(Refusal::new(503, "Send PBSZ 0 first."));
        }
        match level {
            Protection::Other => Err(Refusal::new(536, "TLS has the levels C and P.")),
            Protection::Clear if self.shared.options.require_tls => {
                Err(Refusal::new(534, "Data must be encrypted."))
            }
            level => {
                let encrypted = level == Protection::Private;
                if self.state.data_encrypted && !encrypted {
                    // What was prepared would be encrypted.
                    self.state.endpoint = Endpoint::None;
                }
                self.state.data_encrypted = encrypted;
                Ok(Reply::new(200, "The level is set."))
            }
        }
    }

    fn need_tls(&self) -> Result<(), Refusal> {
        if self.info.connection.encrypted {
            return Ok(());
        }
        Err(Refusal::new(503, "Send AUTH TLS first."))
    }

    /// The configuration for a data connection, where it is to be encrypted.
    pub(super) fn data_tls(&self) -> Result<Option<Arc<ServerConfig>>, Refusal> {
        let options = &self.shared.options;
        if !self.state.data_encrypted {
            if options.require_tls {
                return Err(Refusal::new(521, "Data must be encrypted: send PROT P."));
            }
            return Ok(None);
        }
        Ok(options
            .tls
            .as_ref()
            .map(|source| without_tickets(&source.config())))
    }
}

/// Data connections hand out no tickets: a client that only sends would leave
/// them unread, and its system would then reset the connection and lose what it
/// sent last. Clients resume with those of the control connection.
fn without_tickets(config: &ServerConfig) -> Arc<ServerConfig> {
    let mut config = config.clone();
    config.send_tls13_tickets = 0;
    Arc::new(config)
}
