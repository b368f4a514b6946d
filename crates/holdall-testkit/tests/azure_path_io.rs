//! The rules of the path-IO layer against path IO over Azure, flat on Azurite and
//! hierarchical on the fake account.

#![allow(clippy::unwrap_used)]

mod azure;

use std::sync::Arc;

use azure::{Azurites, made, on_azurite, on_fake};
use holdall::pathio::StorePathIo;
use holdall::{AsyncStore, AzureBuilder};
use holdall_azure_peers::HnsAccount;
use holdall_testkit::Conformance;
use holdall_testkit::pathio::{Case, Instance, Property, conformance};

async fn over(builder: AzureBuilder) -> Instance {
    let backend = made(builder).await.build().unwrap();
    let store = AsyncStore::new(backend, "home").unwrap();
    Instance::new(Arc::new(StorePathIo::new(store))).lacking([
        Property::SetModified,
        Property::AtomicRename,
        Property::ChangesInPlace,
        Property::ReadsOutliveNames,
    ])
}

async fn assert_keeps_the_rules(name: &str, suite: Conformance<Case>) {
    let suite = match std::env::var("HOLDALL_CASES") {
        Ok(cases) => suite.only(cases.split(',')),
        Err(_) => suite,
    };
    // Azurite shares the machine with other tests.
    let suite = suite.watchdog(std::time::Duration::from_secs(600));
    let report = suite.name(name).await;
    println!("{report}");
    report.assert_passed();
}

#[tokio::test]
async fn a_flat_account_keeps_the_rules() {
    let Some(azurites) = Azurites::start() else {
        return;
    };
    let azurites = Arc::new(azurites);
    let suite = conformance(move || {
        let azurite = azurites.lend();
        async move { over(on_azurite(&azurite)).await.keeping(azurite) }
    });
    assert_keeps_the_rules("store-azure-flat", suite).await;
}

#[tokio::test]
async fn a_hierarchical_account_keeps_the_rules() {
    let account = Arc::new(HnsAccount::start().unwrap());
    let suite = conformance(move || {
        let account = Arc::clone(&account);
        async move { over(on_fake(&account)).await.keeping(account) }
    });
    assert_keeps_the_rules("store-azure-hns", suite).await;
}
