//! The REST client: requests with retries inside, for the blob and the dfs
//! service of one account.

mod app_service;
mod attempt;
mod batch;
mod blob;
mod block_list;
mod body;
mod chain;
mod config;
mod connections;
mod container;
mod dfs;
mod download;
mod error;
mod error_body;
mod listing;
mod path_listing;
mod properties;
mod provided;
mod raw;
mod request;
mod resolver;
mod send;
mod shared_key;
mod signer;
mod xml;

pub(crate) use batch::MAX_BATCH;
pub(crate) use blob::{CopyStatus, PutOptions, Written};
pub(crate) use config::Settings;
pub(super) use config::{ClientConfig, CredentialSource};
pub(crate) use download::Download;
pub(crate) use error::ServiceError;
pub(crate) use listing::BlobItem;
pub(crate) use path_listing::{PathItem, PathList};
pub(crate) use properties::BlobProperties;
pub use request::AzureService;
pub(super) use signer::check_credential;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::signer::Signer;
use crate::error::Result;

/// What the service answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer<T> {
    /// The answer itself.
    pub(crate) value: T,
    /// Whether an earlier attempt failed that may have reached the service: it
    /// may have made the change that this one was to make.
    pub(crate) retried: bool,
}

/// The result of one request with all its attempts.
pub(crate) type Reply<T> = std::result::Result<T, ServiceError>;

/// A client of one container's REST services, which signs and repeats
/// requests.
///
/// It is cheap to clone, and its clones share connections. Keys are given as
/// they are, and encoded here.
#[derive(Clone)]
pub struct AzureClient {
    inner: Arc<Inner>,
}

struct Inner {
    config: ClientConfig,
    signer: Signer,
    http: reqwest::Client,
}

impl AzureClient {
    pub(super) fn new(config: ClientConfig) -> Result<Self> {
        let http = connections::client(&config)?;
        let signer = Signer::new(&config, &http)?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                signer,
                http,
            }),
        })
    }

    /// The container.
    pub fn container(&self) -> &str {
        &self.inner.config.container
    }

    /// The account's name.
    pub fn account(&self) -> &str {
        &self.inner.config.account
    }

    /// The address of the blob service, without any credential.
    pub fn blob_url(&self) -> String {
        self.inner.config.blob.url()
    }

    /// The address of the dfs service, without any credential.
    pub fn dfs_url(&self) -> String {
        self.inner.config.dfs.url()
    }

    /// What the backend was configured to do.
    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.config.settings
    }

    /// How long a request may take with all its attempts.
    pub(crate) fn total_timeout(&self) -> Duration {
        let config = &self.inner.config;
        config.retry.timeout.map_or(config.timeouts.total, |bound| {
            bound.min(config.timeouts.total)
        })
    }

    /// How often a request is tried.
    pub(crate) fn max_attempts(&self) -> u32 {
        self.inner.config.retry.max_attempts
    }
}

impl fmt::Debug for AzureClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureClient")
            .field("account", &self.account())
            .field("container", &self.container())
            .field("blob", &self.blob_url())
            .field("dfs", &self.dfs_url())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
