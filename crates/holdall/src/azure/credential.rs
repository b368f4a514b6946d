//! Who asks: account keys, shared access signatures, tokens.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::error::Result;
use crate::secret::Secret;

/// What authorises requests.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AzureCredential {
    /// The account's key, in base64: every request is signed with it.
    AccountKey(Secret),
    /// A shared access signature: a query, with or without its `?`.
    Sas {
        /// The query.
        token: Secret,
        /// When to ask the provider for another; `None` is never.
        expires_at: Option<Timestamp>,
    },
    /// A token of Microsoft Entra ID for `https://storage.azure.com/.default`.
    Token {
        /// The token, without `Bearer`.
        token: Secret,
        /// When to ask the provider for another; `None` is never.
        expires_at: Option<Timestamp>,
    },
}

/// Provides credentials: implement it to bring tokens from elsewhere.
///
/// It is asked before the first request, when a credential is about to expire,
/// and once more when the service refuses one. Calls never overlap.
///
/// ```
/// use holdall::{AzureCredential, AzureCredentialProvider, Result};
///
/// struct Vault;
///
/// #[async_trait::async_trait]
/// impl AzureCredentialProvider for Vault {
///     async fn credential(&self) -> Result<AzureCredential> {
///         let token = "…".into(); // from wherever tokens come
///         Ok(AzureCredential::Token { token, expires_at: None })
///     }
/// }
/// ```
#[async_trait]
pub trait AzureCredentialProvider: Send + Sync + 'static {
    /// A credential that is valid now.
    ///
    /// # Errors
    ///
    /// Any: the request fails with it. Only an error that
    /// [is retryable](crate::Error::is_retryable) is tried again.
    async fn credential(&self) -> Result<AzureCredential>;
}

/// A provider of the caller's, of which nothing is shown.
#[derive(Clone)]
pub(super) struct Provider(pub(super) Arc<dyn AzureCredentialProvider>);

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AzureCredentialProvider")
    }
}
