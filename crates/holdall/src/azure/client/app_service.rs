//! The managed identity of App Service, Functions and Container Apps, which
//! reqsign does not know.
//!
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference>

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqsign_azure_storage::Credential;
use reqsign_core::time::Timestamp;
use reqsign_core::{Context, Error, ProvideCredential, Result};
use serde::Deserialize;

const QUERY: &str = "api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com%2F";
/// Where both are set, an identity of the user's own is asked for by the first
/// of these variables, and otherwise the app's.
const IDENTITIES: [(&str, &str); 4] = [
    ("AZURE_OBJECT_ID", "principal_id"),
    ("AZURE_CLIENT_ID", "client_id"),
    ("AZURE_MSI_RESOURCE_ID", "mi_res_id"),
    ("AZURE_MSI_RES_ID", "mi_res_id"),
];

/// Asks the service that `IDENTITY_ENDPOINT` names, with the secret that
/// `IDENTITY_HEADER` holds.
#[derive(Debug)]
pub(super) struct AppServiceIdentity;

impl ProvideCredential for AppServiceIdentity {
    type Credential = Credential;

    async fn provide_credential(&self, context: &Context) -> Result<Option<Credential>> {
        let Some(request) = request(context)? else {
            return Ok(None);
        };
        let answer = context.http_send(request).await?;
        if !answer.status().is_success() {
            return Err(Error::credential_invalid("the identity endpoint refused")
                .with_context(format!("http_status: {}", answer.status())));
        }
        token(answer.body()).map(Some)
    }
}

/// `None` where this is no such app. Service Fabric has these variables too,
/// and a certificate of its own to be checked against the third.
fn request(context: &Context) -> Result<Option<http::Request<Bytes>>> {
    let variable = |name: &str| context.env_var(name).filter(|value| !value.is_empty());
    let (Some(endpoint), Some(secret), None) = (
        variable("IDENTITY_ENDPOINT"),
        variable("IDENTITY_HEADER"),
        variable("IDENTITY_SERVER_THUMBPRINT"),
    ) else {
        return Ok(None);
    };
    let mut secret = http::HeaderValue::try_from(secret)
        .map_err(|_| Error::config_invalid("IDENTITY_HEADER cannot be in a header"))?;
    secret.set_sensitive(true);
    let mut address = format!("{endpoint}?{QUERY}");
    let identity = IDENTITIES
        .iter()
        .find_map(|(name, parameter)| Some((parameter, variable(name)?)));
    if let Some((parameter, value)) = identity {
        let value = utf8_percent_encode(&value, NON_ALPHANUMERIC);
        address.push_str(&format!("&{parameter}={value}"));
    }
    http::Request::get(address)
        .header("x-identity-header", secret)
        .body(Bytes::new())
        .map(Some)
        .map_err(|_| Error::config_invalid("IDENTITY_ENDPOINT is no address"))
}

/// What is answered: the time in seconds since 1970, as text.
#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_on: String,
}

/// The answer is in no error: it may hold the token.
fn token(answer: &[u8]) -> Result<Credential> {
    let token: Token = serde_json::from_slice(answer)
        .map_err(|_| Error::credential_invalid("the identity endpoint's answer is no token"))?;
    let expires = token.expires_on.parse().map_err(|_| {
        Error::credential_invalid("the identity endpoint does not say when its token expires")
    })?;
    let expires = Timestamp::from_second(expires)?;
    Ok(Credential::with_bearer_token(
        &token.access_token,
        Some(expires),
    ))
}
