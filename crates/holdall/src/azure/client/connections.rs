//! The HTTP client beneath: one pool of connections, TLS by rustls with the
//! platform's certificates.

use std::sync::Arc;

use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::{ClientConfig as TlsConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;

use super::config::ClientConfig;
use super::resolver::Resolver;
use crate::azure::account::Endpoint;
use crate::error::{Error, ErrorKind, Result};

/// Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`), but none
/// for this machine's own services. Nothing here repeats a request or follows a redirection: retries have one place.
pub(super) fn client(config: &ClientConfig) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls(config)?)
        .user_agent(concat!("holdall/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(Resolver))
        .connect_timeout(config.timeouts.connect)
        .http1_only()
        .tcp_nodelay(true)
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never());
    let builder = if config.endpoints().all(Endpoint::is_local) && !config.asks_elsewhere() {
        builder.no_proxy()
    } else {
        builder
    };
    builder
        .build()
        .map_err(|error| unusable("the HTTP client", error))
}

/// Reading the platform's certificates takes time, so only where one is needed.
fn tls(config: &ClientConfig) -> Result<TlsConfig> {
    let plain = config
        .endpoints()
        .all(|endpoint| endpoint.origin.starts_with("http://"));
    if plain && !config.asks_elsewhere() {
        return no_tls();
    }
    let builder = tls_builder()?
        .with_platform_verifier()
        .map_err(|error| unusable("the platform's certificates", error))?;
    Ok(builder.with_no_client_auth())
}

/// For services that are reached without TLS: nobody is trusted.
pub(super) fn no_tls() -> Result<TlsConfig> {
    let nobody = RootCertStore::empty();
    Ok(tls_builder()?
        .with_root_certificates(nobody)
        .with_no_client_auth())
}

fn tls_builder() -> Result<ConfigBuilder<TlsConfig, WantsVerifier>> {
    TlsConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable("TLS", error))
}

pub(super) fn unusable(what: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Other, format!("{what} cannot be used: {error}")).with_source(error)
}
