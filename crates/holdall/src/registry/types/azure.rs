//! `azure`: a container of Azure Storage.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::unusable;
use crate::azure::{AzureBuilder, AzureTimeouts};
use crate::error::Result;
use crate::registry::backend_config::BackendConfig;
use crate::registry::environment::Environment;
use crate::registry::factory::{BackendFactory, OpenedBackend, UrlTarget};
use crate::registry::url::BackendUrl;
use crate::registry::value::ConfigTable;

pub(super) struct Azure;

/// Those of [`AzureBuilder`]. An empty text is as good as none, so that a
/// variable that is empty leaves its option out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    container: String,
    #[serde(default, deserialize_with = "given")]
    account_name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    account_url: Option<String>,
    #[serde(default, deserialize_with = "given")]
    account_key: Option<String>,
    #[serde(default, deserialize_with = "given")]
    sas_token: Option<String>,
    #[serde(default, deserialize_with = "given")]
    connection_string: Option<String>,
    #[serde(default, deserialize_with = "given")]
    blob_endpoint: Option<String>,
    #[serde(default, deserialize_with = "given")]
    dfs_endpoint: Option<String>,
    hns: Option<bool>,
    block_size: Option<u64>,
    single_put_size: Option<u64>,
    read_part_size: Option<u64>,
    max_concurrency: Option<u32>,
    reject_write_under_file_ancestor: Option<bool>,
    exact_create: Option<bool>,
    #[serde(default)]
    timeouts: Timeouts,
}

/// In seconds.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Timeouts {
    #[serde(default, deserialize_with = "seconds")]
    connect: Option<Duration>,
    #[serde(default, deserialize_with = "seconds")]
    idle: Option<Duration>,
    #[serde(default, deserialize_with = "seconds")]
    total: Option<Duration>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let Some(seconds) = Option::<f64>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let time = Duration::try_from_secs_f64(seconds);
    time.map(Some).map_err(|_| {
        serde::de::Error::custom("this value is not possible: it must be seconds from 0")
    })
}

impl From<Timeouts> for AzureTimeouts {
    fn from(timeouts: Timeouts) -> Self {
        let default = Self::default();
        Self {
            connect: timeouts.connect.unwrap_or(default.connect),
            idle: timeouts.idle.unwrap_or(default.idle),
            total: timeouts.total.unwrap_or(default.total),
        }
    }
}

/// `builder` with `value`, where there is one.
fn with<T>(
    builder: AzureBuilder,
    value: Option<T>,
    set: impl FnOnce(AzureBuilder, T) -> AzureBuilder,
) -> AzureBuilder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

impl Options {
    fn builder(self) -> AzureBuilder {
        let new = AzureBuilder::new(self.container).timeouts(self.timeouts.into());
        let new = with(new, self.account_name, AzureBuilder::account_name);
        let new = with(new, self.account_url, AzureBuilder::account_url);
        let new = with(new, self.account_key, AzureBuilder::account_key);
        let new = with(new, self.sas_token, AzureBuilder::sas_token);
        let new = with(new, self.connection_string, AzureBuilder::connection_string);
        let new = with(new, self.blob_endpoint, AzureBuilder::blob_endpoint);
        let new = with(new, self.dfs_endpoint, AzureBuilder::dfs_endpoint);
        let new = with(new, self.hns, AzureBuilder::hns);
        let new = with(new, self.block_size, AzureBuilder::block_size);
        let new = with(new, self.single_put_size, AzureBuilder::single_put_size);
        let new = with(new, self.read_part_size, AzureBuilder::read_part_size);
        let new = with(new, self.max_concurrency, |new, requests| {
            new.max_concurrency(usize::try_from(requests).unwrap_or(usize::MAX))
        });
        let new = with(
            new,
            self.reject_write_under_file_ancestor,
            AzureBuilder::reject_write_under_file_ancestor,
        );
        with(new, self.exact_create, AzureBuilder::exact_create)
    }
}

/// A builder of what `config` says.
fn builder(config: &BackendConfig) -> Result<AzureBuilder> {
    let builder = config.read_options::<Options>()?.builder();
    Ok(with(builder, config.retry().copied(), AzureBuilder::retry))
}

impl BackendFactory for Azure {
    fn check(&self, config: &BackendConfig) -> Result<()> {
        let checked = builder(config)?.check();
        checked.map_err(|fault| match fault.option {
            Some(option) => config.invalid_option(option, fault.error.message()),
            None => config.located(fault.error),
        })
    }

    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        Ok(OpenedBackend::new(builder(config)?.build()?))
    }

    /// The variables are those of the Azure CLI, with its precedence
    /// (<https://learn.microsoft.com/cli/azure/storage/blob#az-storage-blob-list>):
    /// a connection string says all; else there are a name, an address or both,
    /// with a key or a SAS unless the mode is `login`.
    fn locate(&self, url: &BackendUrl, environment: &Environment) -> Result<UrlTarget> {
        if url.host().is_empty() {
            return Err(unusable(
                "an azure URL needs a container; write azure://CONTAINER/PATH",
            ));
        }
        let mut options = ConfigTable::from([("container", url.host())]);
        for (option, value) in account(environment)? {
            options.insert(option, value);
        }
        Ok(UrlTarget {
            config: BackendConfig::new("azure").with_options(options),
            path: url.path().to_owned(),
        })
    }
}

/// The options that name the account and its credential.
fn account(environment: &Environment) -> Result<Vec<(&'static str, String)>> {
    let variable = |name: &str| -> Result<Option<String>> {
        Ok(environment.get(name)?.filter(|value| !value.is_empty()))
    };
    if let Some(text) = variable("AZURE_STORAGE_CONNECTION_STRING")? {
        return Ok(vec![("connection_string", text)]);
    }
    let name = variable("AZURE_STORAGE_ACCOUNT")?;
    let endpoint = variable("AZURE_STORAGE_SERVICE_ENDPOINT")?;
    let mut options = match (name, endpoint) {
        (Some(name), Some(endpoint)) => {
            vec![("account_name", name), ("blob_endpoint", endpoint)]
        }
        (Some(name), None) => vec![("account_name", name)],
        (None, Some(endpoint)) => vec![("account_url", endpoint)],
        (None, None) => {
            return Err(unusable(
                "an azure URL does not name the account; set AZURE_STORAGE_ACCOUNT or \
                 AZURE_STORAGE_CONNECTION_STRING, or give the store a name in a configuration",
            ));
        }
    };
    if variable("AZURE_STORAGE_AUTH_MODE")?.as_deref() == Some("login") {
        return Ok(options);
    }
    if let Some(key) = variable("AZURE_STORAGE_KEY")? {
        options.push(("account_key", key));
    } else if let Some(token) = variable("AZURE_STORAGE_SAS_TOKEN")? {
        options.push(("sas_token", token));
    }
    Ok(options)
}
