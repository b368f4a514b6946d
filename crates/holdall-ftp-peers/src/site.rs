//! Where a client goes.

use std::path::PathBuf;

/// A server, and who may enter it.
#[derive(Debug, Clone)]
pub struct Site {
    /// The server's port on 127.0.0.1.
    pub port: u16,
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: String,
    /// The certificate that the server's TLS is trusted by, for `localhost`.
    pub certificate: PathBuf,
}

impl Site {
    /// The host in an address that TLS can check.
    pub(crate) const HOST: &str = "localhost";

    /// The address of a path, with what must be escaped in it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("ftp://{}:{}/{path}", Self::HOST, self.port)
    }
}
