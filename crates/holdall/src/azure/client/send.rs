//! A request with all its attempts.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Response;
use tokio::time::Instant;

use super::attempt::{Whole, bounded};
use super::error::ServiceError;
use super::request::Request;
use super::signer::Credential;
use super::{Answer, AzureClient, Reply};

/// As good as for ever, where a timeout is beyond what the clock can count.
const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

impl AzureClient {
    /// Sends `request`, and reads nothing of the body.
    pub(super) async fn send(&self, request: &Request<'_>) -> Reply<Answer<Response>> {
        let mut attempts = self.attempts(request);
        loop {
            match attempts.response().await {
                Ok(response) => return Ok(attempts.answer(response)),
                Err(error) => attempts.or_again(error).await?,
            }
        }
    }

    /// Sends `request`, and reads the answer whole.
    pub(super) async fn send_whole(&self, request: &Request<'_>) -> Reply<Answer<Whole>> {
        let mut attempts = self.attempts(request);
        loop {
            match attempts.whole().await {
                Ok(whole) => return Ok(attempts.answer(whole)),
                Err(error) => attempts.or_again(error).await?,
            }
        }
    }

    fn attempts<'a>(&'a self, request: &'a Request<'a>) -> Attempts<'a> {
        let total = self.total_timeout();
        let now = Instant::now();
        Attempts {
            client: self,
            request,
            deadline: now.checked_add(total).unwrap_or(now + FOREVER),
            failures: 0,
            may_have_landed: false,
            credential: None,
            renewed: false,
        }
    }
}

/// The attempts at one request so far.
struct Attempts<'a> {
    client: &'a AzureClient,
    request: &'a Request<'a>,
    deadline: Instant,
    /// Failed attempts, but for one that a new credential mends.
    failures: u32,
    may_have_landed: bool,
    /// That of the latest attempt.
    credential: Option<Arc<Credential>>,
    renewed: bool,
}

impl Attempts<'_> {
    /// One attempt.
    async fn response(&mut self) -> Reply<Response> {
        let signer = &self.client.inner.signer;
        let credential = self.in_time(signer.credential()).await?;
        let credential = self.credential.insert(credential);
        self.client
            .attempt(self.request, credential, self.deadline)
            .await
    }

    /// One attempt, and the whole body of its answer.
    async fn whole(&mut self) -> Reply<Whole> {
        let response = self.response().await?;
        self.client.whole(response, self.deadline).await
    }

    async fn in_time<T>(&self, asked: impl Future<Output = Reply<T>>) -> Reply<T> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        bounded(asked, left, Some(self.deadline), None).await?
    }

    fn answer<T>(&self, value: T) -> Answer<T> {
        Answer {
            value,
            retried: self.may_have_landed,
        }
    }

    /// Waits until the next attempt may begin, or says that this was the last.
    async fn or_again(&mut self, error: ServiceError) -> Reply<()> {
        if self.has_new_credential(&error).await {
            return Ok(());
        }
        self.failures += 1;
        let Some(pause) = self.pause(&error) else {
            return Err(error.after(self.failures, self.may_have_landed));
        };
        self.may_have_landed |= error.itself_may_have_landed();
        tracing::debug!(
            method = %self.request.method,
            path = self.request.path,
            attempt = self.failures,
            status = error.status(),
            code = error.code(),
            pause = ?pause,
            "a request is tried again"
        );
        wait(pause).await;
        Ok(())
    }

    fn pause(&self, error: &ServiceError) -> Option<Duration> {
        if !error.is_retryable() {
            return None;
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        let policy = &self.client.inner.config.retry;
        policy.pause(self.failures, error.retry_after(), left, chance())
    }

    /// A refused credential is replaced once, by another one. Where none can be
    /// had, the refusal is what there is to tell.
    async fn has_new_credential(&mut self, error: &ServiceError) -> bool {
        let refused = match &self.credential {
            Some(refused) if !self.renewed && matches!(error.status(), Some(401 | 403)) => refused,
            _ => return false,
        };
        let signer = &self.client.inner.signer;
        let renewed = self.in_time(signer.renew(refused)).await;
        self.renewed = true;
        renewed.unwrap_or_default()
    }
}

/// A pause before another attempt is the one thing that waits for time alone.
#[allow(clippy::disallowed_methods)]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// A number between 0 and 1: where there is no chance to be had, none.
fn chance() -> f64 {
    getrandom::u32().map_or(0.0, |number| f64::from(number) / f64::from(u32::MAX))
}
