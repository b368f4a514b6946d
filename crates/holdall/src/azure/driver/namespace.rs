//! Whether folders are nodes of the account: told, or asked once.

use super::AzureDriver;
use super::lanes::no_runtime;
use crate::azure::client::ServiceError;
use crate::driver::{Namespace, Outcome, Refusal};
use crate::error::Error;

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
        let asked = self.client.account_is_hierarchical().await;
        asked.map(of).map_err(unknown)
    }
}

/// Not every credential may ask. What keeps any other request from its answer
/// is told as it is.
fn unknown(error: ServiceError) -> Refusal {
    if !error.is_refusal() {
        return Refusal::Failed(error.into());
    }
    let message = format!(
        "{}; it was asked whether the account has a hierarchical namespace, which not every \
         credential may: if this one is valid, say so with the option hns",
        error.message()
    );
    Refusal::Failed(Error::new(error.kind(), message).with_source(Error::from(error)))
}

/// The namespace of an account with or without one that is hierarchical.
pub(super) fn of(hns: bool) -> Namespace {
    match hns {
        true => Namespace::Hierarchical,
        false => Namespace::Flat,
    }
}
