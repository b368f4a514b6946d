//! Configuration of the Azure backend.

mod check;

use std::sync::Arc;
use std::time::Duration;

use super::client::{AzureClient, Settings};
use super::credential::{AzureCredentialProvider, Provider};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::retry::RetryPolicy;
use crate::secret::Secret;

/// The backend's name, as it stands in errors.
pub(crate) const NAME: &str = "async-azure";

/// How long the parts of a request may take.
///
/// Together with [`RetryPolicy`] they bound every call: no request waits for
/// ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AzureTimeouts {
    /// Connecting, the handshake of TLS included; 10 seconds by default.
    pub connect: Duration,
    /// The longest stretch of an attempt in which no byte moves, in either
    /// direction; 30 seconds by default. While a file is read, the time that
    /// the reader takes between two reads does not count. A batch of deletes may
    /// be silent four times as long: the service answers once all are done.
    pub idle: Duration,
    /// A request with all its attempts and pauses, until its answer begins;
    /// 5 minutes by default. [`RetryPolicy::timeout`] can make it shorter. The
    /// body of a download is bounded by `idle` alone.
    pub total: Duration,
}

impl Default for AzureTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(300),
        }
    }
}

/// Configures a backend on a container of an Azure storage account.
///
/// Name the account by exactly one of [`account_name`](Self::account_name),
/// [`account_url`](Self::account_url) and
/// [`connection_string`](Self::connection_string). The credential is the first
/// that was given of [`credential`](Self::credential),
/// [`account_key`](Self::account_key) and [`sas_token`](Self::sas_token), and
/// otherwise what the surroundings offer: environment variables, the Azure CLI,
/// a workload or managed identity.
///
/// Nothing is sent before the first call of the backend.
///
/// What other libraries take as one dictionary of client options are options of
/// their own here: [`block_size`](Self::block_size) (`max_block_size`),
/// [`single_put_size`](Self::single_put_size) (`max_single_put_size`),
/// [`read_part_size`](Self::read_part_size) (`max_chunk_get_size`,
/// `max_single_get_size`), [`timeouts`](Self::timeouts) (`connection_timeout`,
/// `read_timeout`) and [`retry`](Self::retry) (`retry_total` and its kin). The
/// chapter on Azure maps them all.
#[doc(alias = "client_options")]
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct AzureBuilder {
    container: String,
    account_name: Option<String>,
    account_url: Option<Secret>,
    connection_string: Option<Secret>,
    account_key: Option<Secret>,
    sas_token: Option<Secret>,
    credential: Option<Provider>,
    blob_endpoint: Option<String>,
    dfs_endpoint: Option<String>,
    settings: Settings,
    retry: RetryPolicy,
    timeouts: AzureTimeouts,
}

impl AzureBuilder {
    /// Begins with the defaults.
    pub fn new(container: impl Into<String>) -> Self {
        Self {
            container: container.into(),
            account_name: None,
            account_url: None,
            connection_string: None,
            account_key: None,
            sas_token: None,
            credential: None,
            blob_endpoint: None,
            dfs_endpoint: None,
            settings: Settings::default(),
            retry: RetryPolicy::default(),
            timeouts: AzureTimeouts::default(),
        }
    }

    /// The account's name, in the public cloud or with
    /// [`blob_endpoint`](Self::blob_endpoint).
    pub fn account_name(mut self, name: impl Into<String>) -> Self {
        self.account_name = Some(name.into());
        self
    }

    /// The address of the account's blob or dfs service: the other is derived.
    /// An emulator's has the account as its path. A query is a SAS.
    pub fn account_url(mut self, url: impl Into<Secret>) -> Self {
        self.account_url = Some(url.into());
        self
    }

    /// A connection string, also `UseDevelopmentStorage=true`. It says all of
    /// the account, and excludes every other option that names the account or
    /// a key or SAS of it.
    pub fn connection_string(mut self, text: impl Into<Secret>) -> Self {
        self.connection_string = Some(text.into());
        self
    }

    /// The account's key, in base64.
    pub fn account_key(mut self, key: impl Into<Secret>) -> Self {
        self.account_key = Some(key.into());
        self
    }

    /// A shared access signature, with or without its `?`.
    pub fn sas_token(mut self, token: impl Into<Secret>) -> Self {
        self.sas_token = Some(token.into());
        self
    }

    /// Where credentials come from.
    pub fn credential(mut self, provider: impl AzureCredentialProvider) -> Self {
        self.credential = Some(Provider(Arc::new(provider)));
        self
    }

    /// The address of the blob service, where it is not the account's usual
    /// one: an emulator, another cloud, a private endpoint. The dfs service's
    /// is derived where the host tells it, and one with the account as its
    /// path serves as both.
    pub fn blob_endpoint(mut self, url: impl Into<String>) -> Self {
        self.blob_endpoint = Some(url.into());
        self
    }

    /// The address of the dfs service, likewise.
    pub fn dfs_endpoint(mut self, url: impl Into<String>) -> Self {
        self.dfs_endpoint = Some(url.into());
        self
    }

    /// Whether the account has a hierarchical namespace. `None`, the default,
    /// asks the account once, at the first call: one request, or two where the
    /// credential is good for the container alone.
    pub fn hns(mut self, hns: impl Into<Option<bool>>) -> Self {
        self.settings.hns = hns.into();
        self
    }

    /// The size of one block of a long upload in bytes; 4 MiB by default. It
    /// grows with the content, since a blob has at most 50,000 blocks.
    pub fn block_size(mut self, bytes: u64) -> Self {
        self.settings.block_size = bytes;
        self
    }

    /// The most bytes that are written in one request; 4 MiB by default.
    pub fn single_put_size(mut self, bytes: u64) -> Self {
        self.settings.single_put_size = bytes;
        self
    }

    /// Has every download go in parts of this many bytes, several at once.
    ///
    /// By default one request brings all that is read, and parts of 4 MiB go on
    /// beside it once its connection turns out to be slow: below 128 MiB/s.
    pub fn read_part_size(mut self, bytes: u64) -> Self {
        self.settings.read_part_size = bytes;
        self.settings.reads_in_parts = true;
        self
    }

    /// The most blocks or parts in flight of one upload or download; 4 by
    /// default. It holds up to this many in memory, and up to 8 MiB more.
    pub fn max_concurrency(mut self, requests: usize) -> Self {
        self.settings.max_concurrency = requests;
        self
    }

    /// How requests are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long requests may take.
    pub fn timeouts(mut self, timeouts: AzureTimeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Whether a write, rename or copy in a flat namespace looks for a file
    /// among the folders of its destination and refuses to go below one; off
    /// by default. It costs a request per folder.
    pub fn reject_write_under_file_ancestor(mut self, reject: bool) -> Self {
        self.settings.reject_write_under_file_ancestor = reject;
        self
    }

    /// Whether a write without `overwrite` marks the blob with a hidden id, so
    /// that it can be told for certain whether this write made it when the
    /// service's answer was lost; off by default. For files that serve as
    /// locks. Without it, a blob of the same content that was created
    /// meanwhile counts as this write's.
    pub fn exact_create(mut self, exact: bool) -> Self {
        self.settings.exact_create = exact;
        self
    }

    /// The REST client alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] that names the option.
    pub fn build_client(self) -> Result<AzureClient> {
        self.config()
            .map_err(Error::from)
            .and_then(AzureClient::new)
            .map_err(|error| error.with_operation(Operation::Open).with_backend(NAME))
    }
}

/// An option that cannot be.
pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests;
