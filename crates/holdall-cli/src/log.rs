//! The log: `tracing` events on standard error, silent unless asked for.

use clap::ValueEnum;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// How events are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// A line for people
    #[default]
    Text,
    /// A JSON object a line, for machines
    Json,
}

/// Starts the log with a filter such as `debug` or `holdall=trace`.
///
/// Fails with a usage error where the filter is not valid.
pub(crate) fn start(filter: &str, format: Format) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::new(Exit::Usage, format!("the log filter is not valid: {error}"))
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let started = match format {
        Format::Text => log.try_init(),
        Format::Json => log
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    started.map_err(|error| Failure::new(Exit::Other, format!("the log cannot start: {error}")))
}
