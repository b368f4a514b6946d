//! The credential of each request. No other module knows how one is had or
//! applied.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::config::{ClientConfig, CredentialSource};
use super::error::ServiceError;
use super::request::{Request, Service};
use super::shared_key::SharedKey;
use super::{AzureClient, Reply};
use crate::error::Result;
use crate::secret::Secret;

const DATE: HeaderName = HeaderName::from_static("x-ms-date");

/// Applies credentials.
pub(super) enum Signer {
    Fixed(Credential),
}

/// A credential, ready to be applied.
pub(super) enum Credential {
    Key(SharedKey),
    /// Without its `?`.
    Sas(Secret),
}

impl Signer {
    pub(super) fn new(config: &ClientConfig, _http: &reqwest::Client) -> Result<Self> {
        Ok(match &config.credential {
            CredentialSource::AccountKey(key) => {
                Self::Fixed(Credential::Key(SharedKey::new(&config.account, key)?))
            }
            CredentialSource::Sas(sas) => Self::Fixed(Credential::Sas(
                sas.reveal().trim().trim_start_matches('?').into(),
            )),
            CredentialSource::Provider(_) | CredentialSource::Default => {
                return Err(crate::azure::builder::invalid("not yet"));
            }
        })
    }

    /// Fetches a new credential in place of one that was refused: whether
    /// there is a new one.
    pub(super) async fn refresh(&self) -> Reply<bool> {
        Ok(false)
    }

    /// The address of the blob at `key` as the source of a copy: the service
    /// reads it with this request's own right, but a SAS goes with its address.
    pub(super) async fn source_url(&self, client: &AzureClient, key: &str) -> Reply<String> {
        let path = client.path(Service::Blob, key);
        let url = format!("{}{path}", client.origin(Service::Blob));
        Ok(self.with_sas(url))
    }

    /// The path of the file at `key` as the source of a rename.
    pub(super) async fn rename_source(&self, client: &AzureClient, key: &str) -> Reply<String> {
        Ok(self.with_sas(client.rename_path_of(key)))
    }

    fn with_sas(&self, url: String) -> String {
        let Self::Fixed(credential) = self;
        match credential {
            Credential::Sas(sas) => format!("{url}?{}", sas.reveal()),
            Credential::Key(_) => url,
        }
    }

    /// The headers of the next attempt, and what its address ends with.
    pub(super) async fn sign(
        &self,
        request: &Request<'_>,
    ) -> Reply<(HeaderMap, Option<Cow<'_, str>>)> {
        let Self::Fixed(credential) = self;
        let mut headers = request.headers.clone();
        headers.insert(DATE, date()?);
        match credential {
            Credential::Key(key) => {
                let authorization = key.authorization(request, &headers)?;
                headers.insert(AUTHORIZATION, authorization);
                Ok((headers, None))
            }
            Credential::Sas(sas) => Ok((headers, Some(sas.reveal().into()))),
        }
    }
}

fn date() -> Reply<HeaderValue> {
    rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&Timestamp::now())
        .ok()
        .and_then(|text| HeaderValue::try_from(text).ok())
        .ok_or_else(|| ServiceError::bad_request("the clock's time cannot be sent"))
}
