//! What a configuration must say.

use super::{AzureBuilder, invalid};
use crate::azure::account::{self, Account};
use crate::azure::client::{ClientConfig, CredentialSource, check_credential};
use crate::error::{Error, Result};

const MIB: u64 = 1024 * 1024;
/// The most that one Put Block takes, and the most of one Put Blob.
/// <https://learn.microsoft.com/rest/api/storageservices/understanding-block-blobs--append-blobs--and-page-blobs>
pub(super) const MAX_BLOCK_SIZE: u64 = 4000 * MIB;
const MAX_PUT_SIZE: u64 = 5000 * MIB;

/// What is wrong with a configuration, and in which option: of several that
/// cannot be together, one that is too many.
#[derive(Debug)]
pub(crate) struct OptionFault {
    /// Dots lead into tables; `None` where an option is missing.
    #[cfg_attr(not(feature = "registry"), allow(dead_code))]
    pub(crate) option: Option<&'static str>,
    pub(crate) error: Error,
}

impl From<Error> for OptionFault {
    fn from(error: Error) -> Self {
        Self {
            option: None,
            error,
        }
    }
}

impl From<OptionFault> for Error {
    fn from(fault: OptionFault) -> Self {
        fault.error
    }
}

/// Names the option that an error is about.
fn of(option: &'static str) -> impl FnOnce(Error) -> OptionFault {
    move |error| OptionFault {
        option: Some(option),
        error,
    }
}

fn refuse<T>(option: &'static str, message: impl Into<String>) -> Result<T, OptionFault> {
    Err(of(option)(invalid(message)))
}

impl AzureBuilder {
    /// Whether [`build_client`](Self::build_client) would take it.
    #[cfg(feature = "registry")]
    pub(crate) fn check(self) -> Result<(), OptionFault> {
        self.config().map(drop)
    }

    pub(super) fn config(self) -> Result<ClientConfig, OptionFault> {
        check_container(&self.container).map_err(of("container"))?;
        self.check_numbers()?;
        self.retry.validate()?;
        let mut account = self.account()?;
        if let Some(url) = &self.blob_endpoint {
            let (blob, dfs) =
                account::services("blob_endpoint", url).map_err(of("blob_endpoint"))?;
            if dfs != blob || !blob.base.is_empty() {
                account.dfs = dfs;
            }
            account.blob = blob;
        }
        if let Some(url) = &self.dfs_endpoint {
            account.dfs = account::endpoint("dfs_endpoint", url).map_err(of("dfs_endpoint"))?;
        }
        let stands_in = self.place_of_credential(&account);
        let credential = match (self.credential, account.key, account.sas) {
            (Some(provider), ..) => CredentialSource::Provider(provider),
            (_, Some(key), _) => CredentialSource::AccountKey(key),
            (_, _, Some(sas)) => CredentialSource::Sas(sas),
            _ => CredentialSource::Default,
        };
        let config = ClientConfig {
            container: self.container,
            account: account.name,
            blob: account.blob,
            dfs: account.dfs,
            credential,
            settings: self.settings,
            retry: self.retry,
            timeouts: self.timeouts,
        };
        check_credential(&config).map_err(of(stands_in))?;
        Ok(config)
    }

    /// The account, with the key and the SAS to use.
    fn account(&self) -> Result<Account, OptionFault> {
        let named = (
            &self.account_name,
            &self.account_url,
            &self.connection_string,
        );
        let mut account = match named {
            (Some(name), None, None) => Account::named(name).map_err(of("account_name"))?,
            (None, Some(url), None) => Account::at(url.reveal()).map_err(of("account_url"))?,
            (None, None, Some(text)) => {
                self.refuse_beside_connection_string()?;
                return Account::of_connection_string(text).map_err(of("connection_string"));
            }
            (None, None, None) => {
                return Err(invalid(
                    "the account is missing: give one of account_name, account_url and connection_string",
                )
                .into());
            }
            (.., second) => {
                let second = second
                    .as_ref()
                    .map_or("account_url", |_| "connection_string");
                return refuse(
                    second,
                    "give only one of account_name, account_url and connection_string",
                );
            }
        };
        if account.sas.is_some() && self.sas_token.is_some() {
            return refuse(
                "sas_token",
                "account_url has a SAS, and sas_token is another",
            );
        }
        account.key = self.account_key.clone().filter(|key| !key.is_empty());
        account.sas = account
            .sas
            .or_else(|| self.sas_token.clone())
            .filter(|sas| !sas.is_empty());
        Ok(account)
    }

    fn refuse_beside_connection_string(&self) -> Result<(), OptionFault> {
        let beside = match (&self.account_key, &self.sas_token) {
            (Some(_), _) => "account_key",
            (None, Some(_)) => "sas_token",
            (None, None) => return Ok(()),
        };
        refuse(
            beside,
            "connection_string cannot be given together with account_key or sas_token",
        )
    }

    /// The option that holds the key or the SAS of `account`.
    fn place_of_credential(&self, account: &Account) -> &'static str {
        match (&self.connection_string, &account.key, &self.sas_token) {
            (Some(_), ..) => "connection_string",
            (None, Some(_), _) => "account_key",
            (None, None, Some(_)) => "sas_token",
            (None, None, None) => "account_url",
        }
    }

    fn check_numbers(&self) -> Result<(), OptionFault> {
        let settings = &self.settings;
        if settings.max_concurrency == 0 {
            return refuse("max_concurrency", "max_concurrency must be at least 1");
        }
        for (name, value, most) in [
            ("block_size", settings.block_size, MAX_BLOCK_SIZE),
            ("single_put_size", settings.single_put_size, MAX_PUT_SIZE),
            ("read_part_size", settings.read_part_size, MAX_PUT_SIZE),
        ] {
            if value == 0 || value > most {
                return refuse(
                    name,
                    format!("{name} must be between 1 and {most} bytes, not {value}"),
                );
            }
        }
        for (option, name, time) in [
            ("timeouts.connect", "connect", self.timeouts.connect),
            ("timeouts.idle", "idle", self.timeouts.idle),
            ("timeouts.total", "total", self.timeouts.total),
        ] {
            if time.is_zero() {
                return refuse(option, format!("the timeout {name} must be more than 0"));
            }
        }
        Ok(())
    }
}

/// <https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names>
fn check_container(name: &str) -> Result<()> {
    if matches!(name, "$root" | "$web" | "$logs") {
        return Ok(());
    }
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fit = (3..=63).contains(&name.len())
        && name.bytes().all(|byte| edge(byte) || byte == b'-')
        && name.bytes().next().is_some_and(edge)
        && name.bytes().last().is_some_and(edge)
        && !name.contains("--");
    if fit {
        return Ok(());
    }
    Err(invalid(format!(
        "the container name {name:?} is not valid: it has 3 to 63 lower-case letters, digits \
         and single hyphens, which neither begin nor end it"
    )))
}
