//! The contract against a flat account: a real Azurite.

#![allow(clippy::unwrap_used)]

mod azure;

use std::sync::Arc;

use holdall::{AsyncAzureBackend, AsyncBackendSyncAdapter, AzureBuilder};
use holdall_testkit::{Conformance, Instance, conformance};

/// The suite against backends with settings of their own; `None` where
/// Azurite is not installed.
fn suite(
    settings: fn(AzureBuilder) -> AzureBuilder,
    instance: fn(AsyncAzureBackend) -> Instance,
) -> Option<Conformance> {
    let azurites = Arc::new(azure::Azurites::start()?);
    Some(conformance(move || {
        let azurite = azurites.lend();
        async move {
            let builder = azure::made(azure::on_azurite(&azurite)).await;
            instance(settings(builder).build().unwrap()).keeping(azurite)
        }
    }))
}

#[tokio::test]
async fn a_flat_account_keeps_the_contract() {
    if let Some(suite) = suite(|builder| builder, Instance::new) {
        azure::assert_keeps_the_contract("azure-flat", suite).await;
    }
}

#[tokio::test]
async fn a_flat_account_keeps_the_contract_in_small_parts() {
    if let Some(suite) = suite(azure::in_parts, Instance::new) {
        azure::assert_keeps_the_contract("azure-flat-in-parts", suite).await;
    }
}

#[tokio::test]
async fn a_flat_account_keeps_the_contract_for_callers_that_block() {
    let adapted = |backend| Instance::blocking(AsyncBackendSyncAdapter::new(backend).unwrap());
    if let Some(suite) = suite(azure::in_parts, adapted) {
        azure::assert_keeps_the_contract("sync-over-azure-flat", suite).await;
    }
}
