//! Credentials that a provider gives, kept until they are about to expire.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;
use tokio::sync::Mutex;

use super::Reply;
use super::error::ServiceError;
use super::signer::Credential;
use crate::azure::credential::AzureCredentialProvider;

/// A credential is replaced this long before it expires, so that no request
/// that has begun is refused.
const MARGIN: SignedDuration = SignedDuration::from_secs(120);

pub(super) struct Provided {
    account: String,
    provider: Arc<dyn AzureCredentialProvider>,
    kept: RwLock<Option<Arc<Credential>>>,
    /// Held while the provider is asked.
    asking: Mutex<()>,
}

impl Provided {
    pub(super) fn new(account: &str, provider: Arc<dyn AzureCredentialProvider>) -> Self {
        Self {
            account: account.to_owned(),
            provider,
            kept: RwLock::new(None),
            asking: Mutex::new(()),
        }
    }

    /// One that will last for a while, where the provider has such.
    pub(super) async fn credential(&self) -> Reply<Arc<Credential>> {
        if let Some(kept) = self.kept(MARGIN) {
            return Ok(kept);
        }
        let _asking = self.asking.lock().await;
        if let Some(kept) = self.kept(MARGIN) {
            return Ok(kept);
        }
        match self.ask().await {
            Ok(credential) => Ok(credential),
            Err(error) => self.kept(SignedDuration::ZERO).ok_or(error),
        }
    }

    /// Has another than `refused`: whether there is one. Of many that were
    /// refused at once, the first alone asks.
    pub(super) async fn renew(&self, refused: &Arc<Credential>) -> Reply<bool> {
        let _asking = self.asking.lock().await;
        let kept = self.kept.read().clone();
        let new = match kept {
            Some(kept) if !Arc::ptr_eq(&kept, refused) => kept,
            _ => self.ask().await?,
        };
        Ok(!new.is_the_same_as(refused))
    }

    fn kept(&self, margin: SignedDuration) -> Option<Arc<Credential>> {
        let kept = self.kept.read();
        let lasts = |credential: &&Arc<Credential>| {
            credential
                .expires_at
                .is_none_or(|end| end.duration_since(Timestamp::now()) > margin)
        };
        kept.as_ref().filter(lasts).map(Arc::clone)
    }

    async fn ask(&self) -> Reply<Arc<Credential>> {
        let credential = self
            .provider
            .credential()
            .await
            .and_then(|credential| Credential::new(&self.account, credential))
            .map_err(ServiceError::credential)?;
        let credential = Arc::new(credential);
        *self.kept.write() = Some(Arc::clone(&credential));
        Ok(credential)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use async_trait::async_trait;
    use parking_lot::Mutex;

    use super::*;
    use crate::azure::credential::AzureCredential;
    use crate::error::{Error, ErrorKind, Result};

    /// Gives tokens that last so many seconds, or fails.
    #[derive(Debug)]
    struct Tokens(Mutex<VecDeque<Option<(&'static str, i64)>>>);

    #[async_trait]
    impl AzureCredentialProvider for Tokens {
        async fn credential(&self) -> Result<AzureCredential> {
            tokio::task::yield_now().await;
            match self.0.lock().pop_front().flatten() {
                Some((token, seconds)) => Ok(AzureCredential::Token {
                    token: token.into(),
                    expires_at: Some(Timestamp::now() + SignedDuration::from_secs(seconds)),
                }),
                None => Err(Error::new(ErrorKind::PermissionDenied, "no token")),
            }
        }
    }

    fn provided(tokens: &[Option<(&'static str, i64)>]) -> Provided {
        let tokens = Tokens(Mutex::new(tokens.iter().copied().collect()));
        Provided::new("acct", Arc::new(tokens))
    }

    async fn same(provided: &Provided, before: &Arc<Credential>) -> bool {
        provided.credential().await.unwrap().is_the_same_as(before)
    }

    #[tokio::test]
    async fn a_lasting_token_is_asked_for_once() {
        let provided = provided(&[Some(("a", 3600)), None]);
        let (one, two) = tokio::join!(provided.credential(), provided.credential());
        assert!(Arc::ptr_eq(&one.unwrap(), &two.unwrap()));
    }

    #[tokio::test]
    async fn a_token_is_replaced_before_it_expires() {
        let provided = provided(&[Some(("a", 60)), Some(("b", 3600))]);
        let first = provided.credential().await.unwrap();
        assert!(!same(&provided, &first).await);
    }

    #[tokio::test]
    async fn an_old_token_serves_while_no_new_one_can_be_had() {
        let provided = provided(&[Some(("a", 60)), None, Some(("b", 3600))]);
        let first = provided.credential().await.unwrap();
        assert!(same(&provided, &first).await);
        assert!(!same(&provided, &first).await);
    }

    #[tokio::test]
    async fn an_expired_token_does_not() {
        let provided = provided(&[Some(("a", -1)), None]);
        provided.credential().await.unwrap();
        assert!(provided.credential().await.is_err());
    }

    #[tokio::test]
    async fn many_that_were_refused_renew_once() {
        let provided = provided(&[Some(("a", 3600)), Some(("b", 3600)), None]);
        let refused = provided.credential().await.unwrap();
        assert!(provided.renew(&refused).await.unwrap());
        assert!(provided.renew(&refused).await.unwrap());
    }

    #[tokio::test]
    async fn the_same_token_again_is_no_new_one() {
        let provided = provided(&[Some(("a", 3600)), Some(("a", 3600))]);
        let refused = provided.credential().await.unwrap();
        assert!(!provided.renew(&refused).await.unwrap());
    }
}
