//! What is told when a server has started.

use std::net::SocketAddr;

use holdall::Secret;

use crate::failure::Result;
use crate::output::{Output, printable};

/// What has started.
pub(super) struct Started<'a> {
    /// What is served.
    pub(super) label: &'a str,
    pub(super) address: SocketAddr,
    pub(super) metrics: Option<SocketAddr>,
    /// A user whose password was made up: it stands nowhere else.
    pub(super) invented: Option<&'a (String, Secret)>,
}

impl Started<'_> {
    /// Writes to standard output, one fact a line.
    pub(super) fn announce(&self) -> Result<()> {
        let mut output = Output::new();
        let label = printable(self.label);
        output.line(&format!("serving {label} at ftp://{}", self.address))?;
        if let Some((user, password)) = self.invented {
            output.line(&format!("user {}", printable(user)))?;
            output.line(&format!("password {}", password.reveal()))?;
        }
        if let Some(metrics) = self.metrics {
            output.line(&format!("metrics at http://{metrics}/metrics"))?;
        }
        output.finish()
    }
}
