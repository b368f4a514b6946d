//! The credential of each request. No other module knows how one is had or
//! applied.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::Reply;
use super::chain::DefaultChain;
use super::config::{ClientConfig, CredentialSource};
use super::error::ServiceError;
use super::provided::Provided;
use super::request::Request;
use super::shared_key::SharedKey;
use crate::azure::builder::invalid;
use crate::azure::credential::AzureCredential;
use crate::error::Result;
use crate::secret::Secret;

const DATE: HeaderName = HeaderName::from_static("x-ms-date");

/// Has the credential for each attempt.
pub(super) enum Signer {
    /// The same for ever.
    Fixed(Arc<Credential>),
    /// From a provider.
    Provided(Provided),
}

/// Whether a credential that `config` itself holds is of the right form.
pub(in crate::azure) fn check_credential(config: &ClientConfig) -> Result<()> {
    match config.credential.fixed() {
        Some(fixed) => Credential::new(&config.account, fixed).map(drop),
        None => Ok(()),
    }
}

impl Signer {
    pub(super) fn new(config: &ClientConfig, http: &reqwest::Client) -> Result<Self> {
        let account = config.account.as_str();
        if let Some(fixed) = config.credential.fixed() {
            let fixed = Credential::new(account, fixed)?;
            return Ok(Self::Fixed(Arc::new(fixed)));
        }
        let provider = match &config.credential {
            CredentialSource::Provider(provider) => Arc::clone(&provider.0),
            _ => Arc::new(DefaultChain::of_the_surroundings(http)?),
        };
        Ok(Self::Provided(Provided::new(account, provider)))
    }

    /// The credential for the next attempt.
    pub(super) async fn credential(&self) -> Reply<Arc<Credential>> {
        match self {
            Self::Fixed(credential) => Ok(Arc::clone(credential)),
            Self::Provided(provided) => provided.credential().await,
        }
    }

    /// Has another credential than `refused`: whether there is one.
    pub(super) async fn renew(&self, refused: &Arc<Credential>) -> Reply<bool> {
        match self {
            Self::Fixed(_) => Ok(false),
            Self::Provided(provided) => provided.renew(refused).await,
        }
    }
}

/// A credential, ready to be applied.
pub(super) struct Credential {
    right: Right,
    pub(super) expires_at: Option<Timestamp>,
}

#[derive(PartialEq, Eq)]
enum Right {
    Key(SharedKey),
    /// Without its `?`.
    Sas(Secret),
    /// The value of `Authorization`.
    Bearer(HeaderValue),
}

impl Credential {
    pub(super) fn new(account: &str, credential: AzureCredential) -> Result<Self> {
        let (right, expires_at) = match credential {
            AzureCredential::AccountKey(key) => (Right::Key(SharedKey::new(account, &key)?), None),
            AzureCredential::Sas { token, expires_at } => (Right::Sas(query(&token)?), expires_at),
            AzureCredential::Token { token, expires_at } => (bearer(&token)?, expires_at),
        };
        Ok(Self { right, expires_at })
    }

    pub(super) fn is_the_same_as(&self, other: &Self) -> bool {
        self.right == other.right
    }

    /// The headers of an attempt at `request` with so many bytes of content,
    /// and what its address ends with.
    pub(super) fn sign(
        &self,
        request: &Request<'_>,
        length: u64,
    ) -> Reply<(HeaderMap, Option<&str>)> {
        let mut headers = request.headers.clone();
        headers.insert(DATE, date()?);
        if let Some((name, address)) = &request.source {
            headers.insert(name.clone(), self.source(address)?);
        }
        match &self.right {
            Right::Key(key) => {
                let authorization = key.authorization(request, length, &headers)?;
                headers.insert(AUTHORIZATION, authorization);
                Ok((headers, None))
            }
            Right::Bearer(authorization) => {
                headers.insert(AUTHORIZATION, authorization.clone());
                Ok((headers, None))
            }
            Right::Sas(query) => Ok((headers, Some(query.reveal()))),
        }
    }

    /// The source of a copy or a rename: the service reads it with the right
    /// of the request itself, but a SAS goes with its address.
    fn source(&self, address: &str) -> Reply<HeaderValue> {
        let value = match &self.right {
            Right::Sas(query) => HeaderValue::try_from(format!("{address}?{}", query.reveal())),
            Right::Key(_) | Right::Bearer(_) => HeaderValue::try_from(address),
        };
        let mut value = value
            .map_err(|_| ServiceError::bad_request("the source's address cannot be in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// A SAS as it is appended to addresses, which it must not change otherwise.
fn query(token: &Secret) -> Result<Secret> {
    let query = token.reveal().trim().trim_start_matches('?');
    let fit = query
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'#')
        && query.split('&').any(|pair| pair.starts_with("sig="));
    if !fit {
        return Err(invalid(
            "the shared access signature is not valid: it is a query with a part sig=",
        ));
    }
    Ok(query.into())
}

fn bearer(token: &Secret) -> Result<Right> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.reveal().trim()))
        .map_err(|_| invalid("the token is not valid: it cannot be in a header"))?;
    value.set_sensitive(true);
    Ok(Right::Bearer(value))
}

fn date() -> Reply<HeaderValue> {
    rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&Timestamp::now())
        .ok()
        .and_then(|text| HeaderValue::try_from(text).ok())
        .ok_or_else(|| ServiceError::bad_request("the clock's time cannot be sent"))
}
