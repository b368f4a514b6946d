//! The log: `tracing` events on standard error, silent unless asked for.

use tracing_subscriber::EnvFilter;

use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// Starts the log with a filter such as `debug` or `holdall=trace`.
///
/// Fails with a usage error where the filter is not valid.
pub(crate) fn start(filter: &str) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::new(Exit::Usage, format!("the log filter is not valid: {error}"))
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init()
        .map_err(|error| Failure::new(Exit::Other, format!("the log cannot start: {error}")))
}
