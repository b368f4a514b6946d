//! Credentials from the surroundings, by reqsign.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use reqsign_azure_storage as azure;
use reqsign_command_execute_tokio::TokioCommandExecute;
use reqsign_core::{Context, HttpSend, OsEnv, ProvideCredentialDyn};
use reqsign_file_read_tokio::TokioFileRead;

use super::app_service::AppServiceIdentity;
use super::error::ServiceError;
use crate::azure::credential::{AzureCredential, AzureCredentialProvider};
use crate::error::{Error, ErrorKind, Result};

type Provider = Box<dyn ProvideCredentialDyn<Credential = azure::Credential>>;

/// Anywhere but on such a machine nobody answers there.
const MACHINE_TIMEOUT: Duration = Duration::from_secs(1);
/// Any other service of credentials.
const SERVICE_TIMEOUT: Duration = Duration::from_secs(30);

/// Asks one after the other, in the order that Azure's own libraries have.
/// <https://learn.microsoft.com/azure/developer/go/sdk/authentication/credential-chains>
pub(super) struct DefaultChain {
    context: Context,
    providers: Vec<(&'static str, Provider)>,
}

impl DefaultChain {
    pub(super) fn of_the_surroundings(http: &reqwest::Client) -> Result<Self> {
        Ok(Self::new(
            Context::new()
                .with_env(OsEnv)
                .with_file_read(TokioFileRead)
                .with_command_execute(TokioCommandExecute)
                .with_http_send(Http::new(http)?),
        ))
    }

    /// Finds nothing but what `context` leads to.
    pub(super) fn new(context: Context) -> Self {
        let providers: Vec<(&'static str, Provider)> = vec![
            ("environment", Box::new(azure::EnvCredentialProvider::new())),
            (
                "client secret",
                Box::new(azure::ClientSecretCredentialProvider::new()),
            ),
            (
                "client certificate",
                Box::new(azure::ClientCertificateCredentialProvider::new()),
            ),
            (
                "workload identity",
                Box::new(azure::WorkloadIdentityCredentialProvider::new()),
            ),
            (
                "Azure Pipelines",
                Box::new(azure::AzurePipelinesCredentialProvider::new()),
            ),
            ("App Service", Box::new(AppServiceIdentity)),
            (
                "managed identity",
                Box::new(azure::ImdsCredentialProvider::new()),
            ),
            (
                "Azure CLI",
                Box::new(azure::AzureCliCredentialProvider::new()),
            ),
        ];
        Self { context, providers }
    }
}

#[async_trait]
impl AzureCredentialProvider for DefaultChain {
    async fn credential(&self) -> Result<AzureCredential> {
        let mut tried = Vec::new();
        for (name, provider) in &self.providers {
            match provider.provide_credential_dyn(&self.context).await {
                Ok(Some(credential)) => {
                    tracing::debug!(from = name, "a credential was found");
                    return Ok(ours(credential));
                }
                Ok(None) => tried.push(format!("{name}: not configured")),
                Err(error) => tried.push(format!("{name}: {}", reason(&error))),
            }
        }
        Err(Error::new(
            ErrorKind::PermissionDenied,
            format!(
                "no credential was found: give an account key, a SAS or a credential, set the \
                 environment's variables, or log in with the Azure CLI ({})",
                tried.join("; ")
            ),
        ))
    }
}

fn ours(credential: azure::Credential) -> AzureCredential {
    let at = |time: reqsign_core::time::Timestamp| Timestamp::from_second(time.as_second()).ok();
    match credential {
        azure::Credential::SharedKey { account_key, .. } => {
            AzureCredential::AccountKey(account_key.into())
        }
        azure::Credential::SasToken { token, expires_at } => AzureCredential::Sas {
            token: token.into(),
            expires_at: expires_at.and_then(at),
        },
        azure::Credential::BearerToken { token, expires_in } => AzureCredential::Token {
            token: token.into(),
            expires_at: expires_in.and_then(at),
        },
    }
}

/// In one line, without what was answered.
fn reason(error: &reqsign_core::Error) -> String {
    let mut text = error.to_string();
    for part in error.context() {
        text.push_str(", ");
        text.push_str(part);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How reqsign reaches the services that give tokens.
#[derive(Debug)]
pub(super) struct Http {
    http: reqwest::Client,
    /// Asks the machine's own services: never by a proxy.
    machine: reqwest::Client,
}

impl Http {
    pub(super) fn new(http: &reqwest::Client) -> Result<Self> {
        let machine = reqwest::Client::builder()
            .tls_backend_preconfigured(super::connections::no_tls()?)
            .no_proxy()
            .connect_timeout(MACHINE_TIMEOUT)
            .build()
            .map_err(|error| super::connections::unusable("the HTTP client", error))?;
        let http = http.clone();
        Ok(Self { http, machine })
    }
}

impl HttpSend for Http {
    async fn http_send(
        &self,
        request: http::Request<Bytes>,
    ) -> reqsign_core::Result<http::Response<Bytes>> {
        let client = if is_of_the_machine(request.uri()) {
            &self.machine
        } else {
            &self.http
        };
        let mut request = reqwest::Request::try_from(request).map_err(failed)?;
        *request.timeout_mut() = Some(SERVICE_TIMEOUT);
        let response = client.execute(request).await.map_err(failed)?;
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        *answer.body_mut() = response.bytes().await.map_err(failed)?;
        Ok(answer)
    }
}

/// Virtual machines are told who they are at a link-local address, and apps
/// there or at a loopback one; never by TLS.
/// <https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service>
fn is_of_the_machine(address: &http::Uri) -> bool {
    let host = address.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_local = match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    };
    is_local && address.scheme_str() == Some("http")
}

fn failed(error: reqwest::Error) -> reqsign_core::Error {
    let error = super::attempt::broken(error);
    reqsign_core::Error::unexpected(ServiceError::message(&error)).set_retryable(true)
}

#[cfg(test)]
mod tests {
    use reqsign_core::StaticEnv;

    use super::*;

    /// Nothing but these variables.
    fn chain(variables: &[(&str, &str)]) -> DefaultChain {
        let envs = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let env = StaticEnv {
            home_dir: None,
            envs,
        };
        DefaultChain::new(Context::new().with_env(env))
    }

    #[test]
    fn no_proxy_stands_before_the_machines_own_services() {
        for (address, own) in [
            (
                "http://169.254.169.254/metadata/identity/oauth2/token",
                true,
            ),
            ("http://169.254.129.2:8081/msi/token", true),
            ("http://127.0.0.1:41741/msi/token", true),
            ("http://[::1]:41741/msi/token", true),
            ("http://localhost:42356/msi/token", true),
            ("https://localhost:42356/msi/token", false),
            (
                "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
                false,
            ),
            ("http://10.0.0.1/token", false),
        ] {
            assert_eq!(
                is_of_the_machine(&address.parse().unwrap()),
                own,
                "{address}"
            );
        }
    }

    #[tokio::test]
    async fn the_environment_comes_first() {
        let key = [
            ("AZURE_STORAGE_ACCOUNT_NAME", "acct"),
            ("AZURE_STORAGE_ACCOUNT_KEY", "hidden"),
        ];
        let found = chain(&key).credential().await.unwrap();
        assert!(matches!(&found, AzureCredential::AccountKey(key) if key.reveal() == "hidden"));
        assert!(!format!("{found:?}").contains("hidden"));
        let sas = [("AZURE_STORAGE_SAS_TOKEN", "sig=s")];
        let found = chain(&sas).credential().await.unwrap();
        assert!(matches!(found, AzureCredential::Sas { token, .. } if token.reveal() == "sig=s"));
    }

    #[tokio::test]
    async fn without_any_credential_the_error_says_where_it_was_looked_for() {
        let secret = [
            ("AZURE_TENANT_ID", "tenant"),
            ("AZURE_CLIENT_ID", "client"),
            ("AZURE_CLIENT_SECRET", "hidden"),
        ];
        let error = chain(&secret).credential().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        for place in [
            "environment: not configured",
            "client secret: HTTP",
            "managed identity",
            "Azure CLI",
        ] {
            assert!(error.message().contains(place), "{error}");
        }
        assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
    }
}
