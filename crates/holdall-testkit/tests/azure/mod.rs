//! Backends on the peers of the Azure lanes.

#![allow(clippy::unwrap_used, dead_code)]

use std::sync::Arc;

use holdall::{AsyncAzureBackend, AzureBuilder};
use holdall_azure_peers::{Azurite, HnsAccount};
use holdall_testkit::Conformance;

/// Azurite for as long as somebody holds it; `None` where it is not installed.
pub(crate) fn azurite() -> Option<Arc<Azurite>> {
    Azurite::start_or_skip().unwrap().map(Arc::new)
}

/// A backend's settings, on a container of its own that is yet to be made.
pub(crate) fn on_azurite(azurite: &Azurite) -> AzureBuilder {
    AsyncAzureBackend::builder(azurite.fresh_container_name())
        .connection_string(azurite.connection_string())
        .hns(false)
}

/// A backend's settings, on a container of its own that is there.
pub(crate) fn on_fake(account: &HnsAccount) -> AzureBuilder {
    AsyncAzureBackend::builder(account.fresh_container())
        .account_name(HnsAccount::ACCOUNT)
        .account_key(HnsAccount::KEY)
        .blob_endpoint(account.blob_endpoint())
        .dfs_endpoint(account.dfs_endpoint())
        .hns(true)
}

/// With parts so small that the larger files of the suite have many.
pub(crate) fn in_parts(builder: AzureBuilder) -> AzureBuilder {
    const SMALL: u64 = 128 * 1024;
    builder
        .single_put_size(SMALL)
        .block_size(SMALL)
        .read_part_size(2 * SMALL)
}

/// Makes the container.
pub(crate) async fn made(builder: AzureBuilder) -> AzureBuilder {
    let client = builder.clone().build_client().unwrap();
    client.create_container().await.unwrap();
    builder
}

/// Runs the suite under `name`, whole or as far as `HOLDALL_CASES` says:
/// names, or families with a `/` at their end, with commas between.
pub(crate) async fn assert_keeps_the_contract(name: &str, suite: Conformance) {
    let suite = match std::env::var("HOLDALL_CASES") {
        Ok(cases) => suite.only(cases.split(',')),
        Err(_) => suite,
    };
    let report = suite.name(name).await;
    println!("{report}");
    report.assert_passed();
}
