//! The contract against an account with a hierarchical namespace: the fake that
//! recordings of a live account hold to the truth.

#![allow(clippy::unwrap_used)]

mod azure;

use std::sync::Arc;

use holdall::{AsyncAzureBackend, AsyncBackendSyncAdapter, AzureBuilder};
use holdall_azure_peers::HnsAccount;
use holdall_testkit::{Conformance, Instance, conformance};

/// The suite against backends with settings of their own.
fn suite(
    account: HnsAccount,
    settings: fn(AzureBuilder) -> AzureBuilder,
    instance: fn(AsyncAzureBackend) -> Instance,
) -> Conformance {
    let account = Arc::new(account);
    conformance(move || {
        let account = Arc::clone(&account);
        async move {
            let builder = settings(azure::on_fake(&account));
            instance(builder.build().unwrap()).keeping(account)
        }
    })
}

#[tokio::test]
async fn a_hierarchical_account_keeps_the_contract() {
    let account = HnsAccount::start().unwrap();
    let suite = suite(account, |builder| builder, Instance::new);
    azure::assert_keeps_the_contract("azure-hns", suite).await;
}

#[tokio::test]
async fn a_hierarchical_account_keeps_the_contract_in_small_parts() {
    let account = HnsAccount::start().unwrap();
    account.behave(|behaviour| {
        behaviour.page_size = 7;
        behaviour.deletes_per_call = 2;
        behaviour.pending_copy_polls = 1;
    });
    let suite = suite(account, azure::in_parts, Instance::new);
    azure::assert_keeps_the_contract("azure-hns-in-parts", suite).await;
}

#[tokio::test]
async fn a_hierarchical_account_keeps_the_contract_for_callers_that_block() {
    let account = HnsAccount::start().unwrap();
    let adapted = |backend| Instance::blocking(AsyncBackendSyncAdapter::new(backend).unwrap());
    let suite = suite(account, azure::in_parts, adapted);
    azure::assert_keeps_the_contract("sync-over-azure-hns", suite).await;
}
