//! Whether folders are nodes of the account: told, or asked once.

use super::AzureDriver;
use super::lanes::no_runtime;
use crate::driver::{Namespace, Outcome, Refusal};
use crate::error::{Error, ErrorKind};

impl AzureDriver {
    /// What is known so far; a namespace that nobody has asked about counts as
    /// flat.
    pub(super) fn known_namespace(&self) -> Namespace {
        self.namespace.get().copied().unwrap_or(Namespace::Flat)
    }

    /// The first thing that every call does.
    pub(super) async fn ready(&self) -> Outcome<Namespace> {
        // The client would panic.
        tokio::runtime::Handle::try_current().map_err(|_| no_runtime())?;
        let namespace = self.namespace.get_or_try_init(|| self.ask_for_namespace());
        namespace.await.copied()
    }

    pub(super) async fn is_hierarchical(&self) -> Outcome<bool> {
        Ok(self.ready().await? == Namespace::Hierarchical)
    }

    /// <https://learn.microsoft.com/rest/api/storageservices/get-account-information>
    async fn ask_for_namespace(&self) -> Outcome<Namespace> {
        match self.client.account_is_hierarchical().await {
            Ok(hns) => Ok(of(hns)),
            Err(error) => {
                let kind = error.kind();
                let message = match kind {
                    ErrorKind::PermissionDenied => {
                        "whether the account has a hierarchical namespace is not to be known with \
                         this credential; say so with the option hns"
                    }
                    _ => {
                        "the account does not tell whether it has a hierarchical namespace; \
                         try again, or say so with the option hns"
                    }
                };
                let retryable = error.is_retryable();
                Err(Refusal::Failed(
                    Error::new(kind, format!("{message}: {}", error.message()))
                        .with_retryable(retryable)
                        .with_source(Error::from(error)),
                ))
            }
        }
    }
}

/// The namespace of an account with or without one that is hierarchical.
pub(super) fn of(hns: bool) -> Namespace {
    match hns {
        true => Namespace::Hierarchical,
        false => Namespace::Flat,
    }
}
