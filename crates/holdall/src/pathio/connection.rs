//! On whose behalf a path IO works.

use std::net::SocketAddr;

/// On whose behalf a path IO works: who, from where, and how safely.
///
/// A server gives it to the path IO of each connection, whose implementation may
/// log it, or decide by it. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Connection {
    /// The name that the user logged in with; `None` before a login.
    pub user: Option<String>,
    /// The client's address.
    pub peer: Option<SocketAddr>,
    /// The address that the client came to.
    pub local: Option<SocketAddr>,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
}

impl Connection {
    /// A connection of which nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the user.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Names the client's address.
    #[must_use]
    pub fn with_peer(mut self, peer: SocketAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    /// Names the address that the client came to.
    #[must_use]
    pub fn with_local(mut self, local: SocketAddr) -> Self {
        self.local = Some(local);
        self
    }

    /// Says whether the connection is encrypted.
    #[must_use]
    pub fn with_encrypted(mut self, encrypted: bool) -> Self {
        self.encrypted = encrypted;
        self
    }
}
