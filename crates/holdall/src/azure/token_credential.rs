//! Credentials of the official Azure crates.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind as Fault;
use jiff::Timestamp;

use super::credential::{AzureCredential, AzureCredentialProvider};
use crate::error::{Error, ErrorKind, Result};

const SCOPE: &str = "https://storage.azure.com/.default";

/// Any [`TokenCredential`] of the official crates, such as those of
/// [`azure_identity`](https://docs.rs/azure_identity), as a provider of the
/// backend. With the feature `azure-core`.
///
/// ```
/// use std::sync::Arc;
///
/// use azure_core::credentials::TokenCredential;
/// use holdall::{AsyncAzureBackend, AzureCoreCredential};
///
/// fn backend(credential: Arc<dyn TokenCredential>) -> holdall::Result<AsyncAzureBackend> {
///     // Such as `azure_identity::ManagedIdentityCredential::new(None)?`.
///     AsyncAzureBackend::builder("reports")
///         .account_name("acct")
///         .credential(AzureCoreCredential::new(credential))
///         .hns(false)
///         .build()
/// }
/// ```
#[derive(Clone)]
pub struct AzureCoreCredential(Arc<dyn TokenCredential>);

impl AzureCoreCredential {
    /// Asks `credential` for tokens.
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self(credential)
    }
}

#[async_trait]
impl AzureCredentialProvider for AzureCoreCredential {
    /// # Errors
    ///
    /// [`PermissionDenied`](ErrorKind::PermissionDenied), or
    /// [`BackendUnavailable`](ErrorKind::BackendUnavailable) where the service
    /// of tokens is busy or cannot be reached.
    async fn credential(&self) -> Result<AzureCredential> {
        let token = self.0.get_token(&[SCOPE], None).await.map_err(refused)?;
        Ok(AzureCredential::Token {
            token: token.token.secret().into(),
            expires_at: Timestamp::from_second(token.expires_on.unix_timestamp()).ok(),
        })
    }
}

fn refused(error: azure_core::Error) -> Error {
    let is_passing = match error.kind() {
        Fault::Connection | Fault::Io => true,
        Fault::HttpResponse { status, .. } => {
            matches!(u16::from(*status), 408 | 429 | 500 | 502 | 503 | 504)
        }
        _ => false,
    };
    let kind = match is_passing {
        true => ErrorKind::BackendUnavailable,
        false => ErrorKind::PermissionDenied,
    };
    Error::new(kind, format!("the credential gave no token: {error}")).with_source(error)
}

impl fmt::Debug for AzureCoreCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AzureCoreCredential")
    }
}

#[cfg(test)]
mod tests {
    use azure_core::credentials::{AccessToken, TokenRequestOptions};
    use azure_core::http::StatusCode;
    use azure_core::time::OffsetDateTime;
    use parking_lot::Mutex;

    use super::*;

    const EXPIRES: i64 = 4_102_444_800;

    /// Fails as it is told, or gives a token; keeps the scopes.
    #[derive(Debug)]
    struct Fake(Option<Fault>, Mutex<Vec<String>>);

    #[async_trait]
    impl TokenCredential for Fake {
        async fn get_token(
            &self,
            scopes: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            self.1
                .lock()
                .extend(scopes.iter().map(|&scope| scope.into()));
            match &self.0 {
                Some(fault) => Err(azure_core::Error::with_message(fault.clone(), "no luck")),
                None => {
                    let end = OffsetDateTime::from_unix_timestamp(EXPIRES).unwrap();
                    Ok(AccessToken::new("hidden", end))
                }
            }
        }
    }

    fn fake(fault: Option<Fault>) -> Arc<Fake> {
        Arc::new(Fake(fault, Mutex::default()))
    }

    #[tokio::test]
    async fn its_token_is_asked_for_storage_and_lasts_as_long_as_it_says() {
        let credential = fake(None);
        let provider = AzureCoreCredential::new(credential.clone());
        let found = provider.credential().await.unwrap();
        let shown = format!("{found:?} {provider:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        let AzureCredential::Token { token, expires_at } = found else {
            panic!("{shown}")
        };
        assert_eq!(token.reveal(), "hidden");
        assert_eq!(expires_at.unwrap().as_second(), EXPIRES);
        assert_eq!(*credential.1.lock(), [SCOPE]);
    }

    #[tokio::test]
    async fn only_a_passing_fault_is_tried_again() {
        let answer = |status| Fault::HttpResponse {
            status,
            error_code: None,
            raw_response: None,
        };
        for (fault, kind) in [
            (Fault::Credential, ErrorKind::PermissionDenied),
            (
                answer(StatusCode::Unauthorized),
                ErrorKind::PermissionDenied,
            ),
            (
                answer(StatusCode::TooManyRequests),
                ErrorKind::BackendUnavailable,
            ),
            (Fault::Connection, ErrorKind::BackendUnavailable),
            (Fault::Io, ErrorKind::BackendUnavailable),
        ] {
            let provider = AzureCoreCredential::new(fake(Some(fault)));
            let error = provider.credential().await.unwrap_err();
            assert_eq!(error.kind(), kind);
            assert_eq!(error.is_retryable(), kind == ErrorKind::BackendUnavailable);
            assert!(error.message().contains("no luck"), "{error}");
        }
    }
}
