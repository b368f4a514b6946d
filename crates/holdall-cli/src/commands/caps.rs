//! `holdall caps`: tells what a store can do.

use clap::Args;
use holdall::Capability;
use serde::Serialize;

use super::Session;
use crate::failure::Result;
use crate::location::Purpose;
use crate::output::Output;

/// Tell what the store of an address can do
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write one JSON object
    #[arg(long)]
    json: bool,
    /// An address in the store
    #[arg(value_name = "ADDR")]
    address: String,
}

#[derive(Debug, Serialize)]
struct Record<'a> {
    /// As it was asked for.
    address: &'a str,
    /// The kind of backend.
    backend: &'a str,
    /// What it can do.
    capabilities: Vec<&'static str>,
    /// What it cannot.
    missing: Vec<&'static str>,
}

pub(super) async fn run(arguments: &Arguments, session: &Session) -> Result<()> {
    let location = session.stores.locate(&arguments.address, Purpose::Source)?;
    // Some stores know all they can do once they were asked anything. Of one
    // that does not answer, what is known without that is told.
    let _ = location.store().ping().await;
    let capabilities = location.store().capabilities();
    let mut output = Output::new();
    if arguments.json {
        let named = |wanted: bool| {
            let all = Capability::ALL.into_iter();
            let chosen = all.filter(|capability| capabilities.supports(*capability) == wanted);
            chosen.map(Capability::as_str).collect()
        };
        output.json(&Record {
            address: location.label(),
            backend: location.store().backend().name(),
            capabilities: named(true),
            missing: named(false),
        })?;
        return output.finish();
    }
    for capability in Capability::ALL {
        let answer = match capabilities.supports(capability) {
            true => "yes",
            false => "no",
        };
        output.line(&format!("{:<20} {answer}", capability.as_str()))?;
    }
    output.finish()
}
