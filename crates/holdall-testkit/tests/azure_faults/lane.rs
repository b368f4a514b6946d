//! A backend on a peer, twice: as it is, and behind proxies.

use std::any::Any;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use holdall::{
    AsyncAzureBackend, AzureBuilder, AzureCredential, AzureCredentialProvider, Result, RetryPolicy,
};
use holdall_azure_peers::{Azurite, HnsAccount};
use holdall_testkit::fault_proxy::{FaultProxy, Faults};

/// How often a request is tried.
pub(crate) const ATTEMPTS: usize = 3;

/// The size of what goes in one request.
pub(crate) const PART: usize = 1024;

/// A peer with the two ways to it.
pub(crate) struct Lane {
    pub(crate) name: &'static str,
    /// The way without faults, to arrange things and to look at the end.
    pub(crate) plain: AsyncAzureBackend,
    /// The way through the proxies.
    pub(crate) troubled: AsyncAzureBackend,
    pub(crate) faults: Faults,
    /// Whether a refused credential is followed by another.
    pub(crate) renews: bool,
    /// What nobody may see of the troubled way, as far as it was used.
    pub(crate) secrets: Arc<Mutex<Vec<String>>>,
    /// The troubled way's settings and client, as they show themselves.
    pub(crate) shown: Vec<String>,
    /// Temporary files that are there, where the peer can tell.
    pub(crate) leftovers: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    _peer: Box<dyn Any + Send + Sync>,
}

impl Lane {
    /// Azurite, by shared access signatures; `None` where it is not installed.
    pub(crate) async fn by_signature() -> Option<Self> {
        let azurite = Arc::new(Azurite::start_or_skip().unwrap()?);
        let container = azurite.fresh_container_name();
        let peer = azurite.clone();
        let (signed, secrets) = Renewed::new(move |asked| {
            let expiry = format!("{}-01-01T00:00:00Z", 2100 + asked);
            let token = peer.sas(&expiry);
            let (_, signature) = token.split_once("sig=").unwrap();
            let secret = signature.to_owned();
            let expires_at = None;
            (
                AzureCredential::Sas {
                    token: token.into(),
                    expires_at,
                },
                secret,
            )
        });
        let by_signature = |builder: AzureBuilder, address: &str| {
            builder
                .account_name(Azurite::ACCOUNT)
                .blob_endpoint(format!("{address}/{}", Azurite::ACCOUNT))
                .credential(signed)
        };
        let lane = Self::on_azurite(azurite, &container, secrets, by_signature).await;
        Some(Self {
            renews: true,
            ..lane
        })
    }

    /// Azurite, by a connection string with its key; `None` where it is not
    /// installed.
    pub(crate) async fn by_key() -> Option<Self> {
        let azurite = Arc::new(Azurite::start_or_skip().unwrap()?);
        let container = azurite.fresh_container_name();
        let text = azurite.connection_string();
        let secrets = Arc::new(Mutex::new(vec![Azurite::KEY.to_owned()]));
        let direct = azurite.address().to_owned();
        let by_key = |builder: AzureBuilder, address: &str| {
            builder.connection_string(text.replace(&direct, address))
        };
        Some(Self::on_azurite(azurite, &container, secrets, by_key).await)
    }

    async fn on_azurite(
        azurite: Arc<Azurite>,
        container: &str,
        secrets: Arc<Mutex<Vec<String>>>,
        troubled: impl FnOnce(AzureBuilder, &str) -> AzureBuilder,
    ) -> Self {
        let faults = Faults::new();
        let proxy = FaultProxy::start_with(azurite.address(), faults.clone()).unwrap();
        let builder = || settings(AsyncAzureBackend::builder(container)).hns(false);
        let plain = builder().connection_string(azurite.connection_string());
        let client = plain.clone().build_client().unwrap();
        client.create_container().await.unwrap();
        let troubled = troubled(builder(), &proxy.url());
        Self {
            name: "flat",
            plain: plain.build().unwrap(),
            shown: shown(&troubled),
            troubled: troubled.build().unwrap(),
            faults,
            renews: false,
            secrets,
            leftovers: Box::new(Vec::new),
            _peer: Box::new((azurite, proxy)),
        }
    }

    /// The fake account.
    pub(crate) async fn hierarchical() -> Self {
        let account = Arc::new(HnsAccount::start().unwrap());
        let faults = Faults::new();
        let blob = FaultProxy::start_with(&account.blob_endpoint(), faults.clone()).unwrap();
        let dfs = FaultProxy::start_with(&account.dfs_endpoint(), faults.clone()).unwrap();
        let container = account.fresh_container();
        let builder = |blob: String, dfs: String| {
            settings(AsyncAzureBackend::builder(&container))
                .account_name(HnsAccount::ACCOUNT)
                .blob_endpoint(blob)
                .dfs_endpoint(dfs)
                .hns(true)
        };
        let (tokens, secrets) = Renewed::new(|asked| {
            let secret = format!("eyJhbGciOi-{asked}-hush");
            let token = secret.as_str().into();
            let expires_at = None;
            (AzureCredential::Token { token, expires_at }, secret)
        });
        let plain = builder(account.blob_endpoint(), account.dfs_endpoint());
        let plain = plain.account_key(HnsAccount::KEY);
        let troubled = builder(blob.url(), dfs.url()).credential(tokens);
        let (peer, of) = (account.clone(), container.clone());
        Self {
            name: "hierarchical",
            plain: plain.build().unwrap(),
            shown: shown(&troubled),
            troubled: troubled.build().unwrap(),
            faults,
            renews: true,
            secrets,
            leftovers: Box::new(move || {
                let mut paths = peer.paths(&of);
                paths.retain(|path| path.contains(".~holdall."));
                paths
            }),
            _peer: Box::new((account, blob, dfs)),
        }
    }
}

/// Small parts, and no pauses.
fn settings(builder: AzureBuilder) -> AzureBuilder {
    let part = u64::try_from(PART).unwrap();
    builder
        .single_put_size(part)
        .block_size(part)
        .read_part_size(part)
        .max_concurrency(2)
        .retry(RetryPolicy {
            max_attempts: u32::try_from(ATTEMPTS).unwrap(),
            backoff_base: Duration::ZERO,
            jitter: Duration::ZERO,
            ..RetryPolicy::default()
        })
}

fn shown(builder: &AzureBuilder) -> Vec<String> {
    let client = builder.clone().build_client().unwrap();
    vec![format!("{builder:?}"), format!("{client:?}")]
}

/// Gives another credential each time that it is asked, all of them good.
struct Renewed {
    make: Box<dyn Fn(u64) -> (AzureCredential, String) + Send + Sync>,
    asked: AtomicU64,
    given: Arc<Mutex<Vec<String>>>,
}

impl Renewed {
    /// Gives what `make` makes, of which the text is secret; and where all those
    /// texts are kept.
    fn new(
        make: impl Fn(u64) -> (AzureCredential, String) + Send + Sync + 'static,
    ) -> (Self, Arc<Mutex<Vec<String>>>) {
        let given = Arc::new(Mutex::new(Vec::new()));
        let renewed = Self {
            make: Box::new(make),
            asked: AtomicU64::new(0),
            given: given.clone(),
        };
        (renewed, given)
    }
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renewed")
    }
}

#[async_trait::async_trait]
impl AzureCredentialProvider for Renewed {
    async fn credential(&self) -> Result<AzureCredential> {
        let (credential, secret) = (self.make)(self.asked.fetch_add(1, Ordering::Relaxed));
        self.given.lock().unwrap().push(secret);
        Ok(credential)
    }
}
