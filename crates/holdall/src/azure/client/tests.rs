//! The client against a service that fails as it is told.

mod faults;
mod identity;
mod secrets;
mod server;
mod wire;

use std::time::Duration;

use self::server::Server;
use super::*;
use crate::azure::{AzureBuilder, AzureTimeouts};
use crate::retry::RetryPolicy;

/// In base64, and what no output may show.
const KEY: &str = "aGlkZGVuIGtleQ==";
const SAS: &str = "sv=2020-01-01&sig=hidden%2Bsignature%3D&se=2030";

/// Three attempts without a pause.
fn at_once() -> RetryPolicy {
    RetryPolicy {
        backoff_base: Duration::ZERO,
        jitter: Duration::ZERO,
        ..RetryPolicy::default()
    }
}

fn builder(server: &Server) -> AzureBuilder {
    AzureBuilder::new("box")
        .account_url(format!("http://{}/acct", server.address))
        .retry(at_once())
}

fn client(server: &Server) -> AzureClient {
    builder(server).account_key(KEY).build_client().unwrap()
}

/// Gives up soon where nothing moves.
fn impatient(server: &Server) -> AzureClient {
    let timeouts = AzureTimeouts {
        idle: server::SHORT,
        ..AzureTimeouts::default()
    };
    let builder = builder(server).account_key(KEY).timeouts(timeouts);
    builder.build_client().unwrap()
}
