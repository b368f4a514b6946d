//! What a client is made of, checked.

use crate::azure::account::Endpoint;
use crate::azure::builder::AzureTimeouts;
use crate::azure::credential::{AzureCredential, Provider};
use crate::retry::RetryPolicy;
use crate::secret::Secret;

/// A checked configuration.
pub(in crate::azure) struct ClientConfig {
    pub(in crate::azure) container: String,
    pub(in crate::azure) account: String,
    pub(in crate::azure) blob: Endpoint,
    pub(in crate::azure) dfs: Endpoint,
    pub(in crate::azure) credential: CredentialSource,
    pub(in crate::azure) settings: Settings,
    pub(in crate::azure) retry: RetryPolicy,
    pub(in crate::azure) timeouts: AzureTimeouts,
}

/// Where credentials come from.
#[derive(Debug, Clone)]
pub(in crate::azure) enum CredentialSource {
    /// The caller's own provider.
    Provider(Provider),
    /// The account's key, in base64.
    AccountKey(Secret),
    /// A shared access signature.
    Sas(Secret),
    /// Whatever the surroundings offer.
    Default,
}

impl CredentialSource {
    /// The credential that the configuration itself holds, if it does.
    pub(super) fn fixed(&self) -> Option<AzureCredential> {
        match self {
            Self::AccountKey(key) => Some(AzureCredential::AccountKey(key.clone())),
            Self::Sas(token) => Some(AzureCredential::Sas {
                token: token.clone(),
                expires_at: None,
            }),
            Self::Provider(_) | Self::Default => None,
        }
    }
}

impl ClientConfig {
    pub(super) fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        [&self.blob, &self.dfs].into_iter()
    }

    /// Whether credentials come from services of their own.
    pub(super) fn asks_elsewhere(&self) -> bool {
        matches!(self.credential, CredentialSource::Default)
    }
}

/// What concerns the driver alone.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Whether the namespace is hierarchical; `None`: ask the account.
    pub(crate) hns: Option<bool>,
    /// Bytes of one block of an upload.
    pub(crate) block_size: u64,
    /// The most bytes of an upload in one request.
    pub(crate) single_put_size: u64,
    /// Bytes of one part of a download.
    pub(crate) read_part_size: u64,
    /// Whether a download goes in parts from its start on.
    pub(crate) reads_in_parts: bool,
    /// Requests in flight for one call.
    pub(crate) max_concurrency: usize,
    /// Whether a flat write looks at its ancestors.
    pub(crate) reject_write_under_file_ancestor: bool,
    /// Whether a create marks the blob.
    pub(crate) exact_create: bool,
}

impl Default for Settings {
    fn default() -> Self {
        const SIZE: u64 = 4 * 1024 * 1024;
        Self {
            hns: None,
            block_size: SIZE,
            single_put_size: SIZE,
            read_part_size: SIZE,
            reads_in_parts: false,
            max_concurrency: 4,
            reject_write_under_file_ancestor: false,
            exact_create: false,
        }
    }
}
