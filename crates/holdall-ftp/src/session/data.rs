//! Preparing data connections.

use std::io;
use std::net::{IpAddr, SocketAddr};

use super::Session;
use super::outcome::{Answer, Refusal};
use crate::protocol::{DataAddress, EpsvRequest, Reply};
use crate::transfer::{Connector, Endpoint, listen};

/// Ports below are those of a system's services, at which no client listens
/// (RFC 2577, 3).
const FIRST_CLIENT_PORT: u16 = 1024;

impl Session {
    pub(super) fn pasv(&mut self) -> Answer {
        self.need_more_than_epsv()?;
        let options = &self.shared.options;
        let IpAddr::V4(local) = self.local_ip()? else {
            return Err(Refusal::new(425, "PASV is for IPv4; use EPSV."));
        };
        let address = options.advertised_address.unwrap_or(local);
        let [a, b, c, d] = address.octets();
        let [high, low] = self.begin_to_listen()?.to_be_bytes();
        let text = format!("Entering Passive Mode ({a},{b},{c},{d},{high},{low}).");
        Ok(Reply::new(227, text))
    }

    pub(super) fn epsv(&mut self, request: EpsvRequest) -> Answer {
        let is_ipv4 = self.local_ip()?.is_ipv4();
        let possible = match request {
            EpsvRequest::Same => true,
            EpsvRequest::V4 => is_ipv4,
            EpsvRequest::V6 => !is_ipv4,
            EpsvRequest::OtherProtocol => false,
            EpsvRequest::All => {
                self.state.epsv_alone = true;
                return Ok(Reply::new(200, "EPSV alone from now on."));
            }
        };
        if !possible {
            let own = if is_ipv4 { 1 } else { 2 };
            let text = format!("That network protocol is not supported, use ({own})");
            return Err(Refusal::new(522, text));
        }
        let port = self.begin_to_listen()?;
        let text = format!("Entering Extended Passive Mode (|||{port}|)");
        Ok(Reply::new(229, text))
    }

    /// `PORT` and `EPRT`.
    pub(super) fn port(&mut self, address: DataAddress) -> Answer {
        self.need_more_than_epsv()?;
        let options = &self.shared.options;
        if !options.active_mode {
            return Err(Refusal::new(502, "This server does not connect; use EPSV."));
        }
        let DataAddress::Known(address) = address else {
            return Err(Refusal::new(
                522,
                "That network protocol is not supported, use (1,2)",
            ));
        };
        let foreign = Some(address.ip().to_canonical()) != self.client_ip();
        if foreign && !options.allow_foreign_data_connections {
            tracing::warn!(%address, "a data connection to another address was refused");
            return Err(Refusal::new(504, "Data goes to your own address alone."));
        }
        if address.port() < FIRST_CLIENT_PORT {
            return Err(Refusal::new(504, "Data goes to ports from 1024 on alone."));
        }
        self.state.endpoint = Endpoint::Active(address);
        Ok(Reply::new(200, "The server will connect there."))
    }

    /// Uses up what `PASV` and its kin prepared.
    pub(super) fn connector(&mut self) -> Result<Connector, Refusal> {
        let tls = self.data_tls()?;
        let local = self.local_ip()?;
        let options = &self.shared.options;
        let endpoint = std::mem::take(&mut self.state.endpoint);
        if matches!(endpoint, Endpoint::None) {
            return Err(Refusal::new(425, "Send EPSV, PASV, EPRT or PORT first."));
        }
        Ok(Connector {
            endpoint,
            local,
            only_from: self.welcome(),
            tls,
            timeout: options.data_connection_timeout,
        })
    }

    fn need_more_than_epsv(&self) -> Result<(), Refusal> {
        if self.state.epsv_alone {
            return Err(Refusal::new(503, "You said EPSV ALL."));
        }
        Ok(())
    }

    fn begin_to_listen(&mut self) -> Result<u16, Refusal> {
        // The port of an earlier request is free again before another is sought.
        self.state.endpoint = Endpoint::None;
        let ports = self.shared.options.passive_ports.as_ref();
        let listening = listen(self.local_ip()?, ports);
        let listening = listening.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = listening.map_err(no_port)?;
        // Where data must be encrypted and is not yet, the transfer is refused.
        self.state.endpoint = match self.data_tls() {
            Ok(Some(tls)) => Endpoint::encrypting(listener, self.welcome(), tls),
            _ => Endpoint::Passive(listener),
        };
        Ok(address.port())
    }

    fn local_ip(&self) -> Result<IpAddr, Refusal> {
        let local = self.info.connection.local.as_ref().map(SocketAddr::ip);
        local.ok_or_else(|| Refusal::new(425, "There is no address to listen at."))
    }

    /// Who alone may open a data connection, unless anybody may.
    fn welcome(&self) -> Option<IpAddr> {
        let anybody = self.shared.options.allow_foreign_data_connections;
        self.client_ip().filter(|_| !anybody)
    }

    fn client_ip(&self) -> Option<IpAddr> {
        self.info.connection.peer.as_ref().map(SocketAddr::ip)
    }
}

fn no_port(error: io::Error) -> Refusal {
    tracing::warn!(%error, "no port for a data connection");
    Refusal::new(425, "There is no free port; try again later.")
}
