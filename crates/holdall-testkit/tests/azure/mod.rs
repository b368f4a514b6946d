//! Backends on the peers of the Azure lanes.

#![allow(clippy::unwrap_used, dead_code)]

use std::sync::{Arc, Mutex};

use holdall::{AsyncAzureBackend, AzureBuilder};
use holdall_azure_peers::{Azurite, HnsAccount};
use holdall_testkit::Conformance;

/// Azurite for as long as somebody holds it; `None` where it is not installed.
pub(crate) fn azurite() -> Option<Arc<Azurite>> {
    Azurite::start_or_skip().unwrap().map(Arc::new)
}

/// An Azurite for every so many cases.
///
/// One that has run for ten minutes begins to collect its garbage, and where
/// that is much it answers nothing for minutes.
pub(crate) struct Azurites(Mutex<(Arc<Azurite>, usize)>);

impl Azurites {
    const CASES: usize = 80;

    /// `None` where Azurite is not installed.
    pub(crate) fn start() -> Option<Self> {
        Some(Self(Mutex::new((azurite()?, 0))))
    }

    pub(crate) fn lend(&self) -> Arc<Azurite> {
        let mut current = self.0.lock().unwrap();
        let (azurite, cases) = &mut *current;
        if *cases == Self::CASES {
            *azurite = Arc::new(Azurite::start().unwrap());
            *cases = 0;
        }
        *cases += 1;
        Arc::clone(azurite)
    }
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
    match client.create_container().await {
        Ok(()) => {}
        // An earlier attempt has made it, and its answer was lost.
        Err(error) => assert_eq!(error.kind(), holdall::ErrorKind::AlreadyExists, "{error}"),
    }
    builder
}

/// Runs the suite under `name`, whole or as far as `HOLDALL_CASES` says:
/// names, or families with a `/` at their end, with commas between.
pub(crate) async fn assert_keeps_the_contract(name: &str, suite: Conformance) {
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

/// What a request is, in a word.
#[cfg(feature = "fault-proxy")]
pub(crate) fn kind(exchange: &holdall_testkit::fault_proxy::Exchange) -> &'static str {
    let has = |part: &str| exchange.query.split('&').any(|pair| pair == part);
    match exchange.method.as_str() {
        "PUT" if has("comp=block") => "block",
        "PUT" if has("comp=blocklist") => "commit",
        "PUT" if has("mode=legacy") => "rename",
        "PUT" if has("resource=directory") => "folder",
        "PUT" => "put",
        "POST" if has("comp=batch") => "batch",
        "GET" if has("comp=list") || has("resource=filesystem") => "list",
        "GET" if has("restype=account") => "account",
        "GET" => "get",
        "HEAD" if has("restype=container") => "container",
        "HEAD" => "head",
        "DELETE" => "delete",
        _ => "other",
    }
}

/// An account with a hierarchical namespace behind proxies that share their
/// faults and their log.
#[cfg(feature = "fault-proxy")]
pub(crate) struct Proxied {
    pub(crate) account: HnsAccount,
    pub(crate) container: String,
    blob: holdall_testkit::fault_proxy::FaultProxy,
    dfs: holdall_testkit::fault_proxy::FaultProxy,
}

#[cfg(feature = "fault-proxy")]
impl Proxied {
    pub(crate) fn start() -> Self {
        use holdall_testkit::fault_proxy::FaultProxy;
        let account = HnsAccount::start().unwrap();
        let container = account.fresh_container();
        let blob = FaultProxy::start(&account.blob_endpoint()).unwrap();
        let dfs = FaultProxy::start_with(&account.dfs_endpoint(), blob.faults().clone()).unwrap();
        Self {
            account,
            container,
            blob,
            dfs,
        }
    }

    pub(crate) fn faults(&self) -> &holdall_testkit::fault_proxy::Faults {
        self.blob.faults()
    }

    /// The account takes blobs as a flat one does, too: `hns` says as what the
    /// backend sees it.
    pub(crate) fn builder(&self, hns: impl Into<Option<bool>>) -> AzureBuilder {
        AsyncAzureBackend::builder(&self.container)
            .account_name(HnsAccount::ACCOUNT)
            .account_key(HnsAccount::KEY)
            .blob_endpoint(self.blob.url())
            .dfs_endpoint(self.dfs.url())
            .retry(quick())
            .hns(hns)
    }

    /// Every path in the container, temporary ones included.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.account.paths(&self.container)
    }
}

/// Retries without pauses.
pub(crate) fn quick() -> holdall::RetryPolicy {
    holdall::RetryPolicy {
        backoff_base: std::time::Duration::ZERO,
        jitter: std::time::Duration::ZERO,
        ..holdall::RetryPolicy::default()
    }
}
