//! One attempt: signed, sent, and bounded in time.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{StatusCode, Url};
use tokio::time::{Instant, timeout};

use super::error::{Failure, ServiceError};
use super::properties::{header, retry_after};
use super::request::{Content, Request};
use super::signer::Credential;
use super::{AzureClient, Reply};

/// The most of an error's body that is read, and of an answer that is read
/// whole: a page of a listing takes a few MiB.
const MAX_ERROR_BODY: usize = 64 * 1024;
const MAX_WHOLE_BODY: usize = 256 * 1024 * 1024;

/// How many times longer than other requests a batch may be silent: the service
/// answers once hundreds of deletes are done. One that is given up too early is
/// sent again, and makes a slow service slower.
const BATCH_SILENCE: u32 = 4;

/// An answer that was read whole.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl AzureClient {
    /// Sends `request` once: an answer of success, whose body is not read yet.
    pub(super) async fn attempt(
        &self,
        request: &Request<'_>,
        credential: &Credential,
        deadline: Instant,
    ) -> Reply<reqwest::Response> {
        let idle = self.silence(request);
        let (sent, moved) = self.prepare(request, credential)?;
        let response = bounded(
            self.inner.http.execute(sent),
            idle,
            Some(deadline),
            moved.as_deref(),
        )
        .await?
        .map_err(broken)?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refused(response, deadline).await)
    }

    /// How long no byte may move before the answer begins.
    fn silence(&self, request: &Request<'_>) -> Duration {
        let idle = self.inner.config.timeouts.idle;
        match request.content {
            Content::Ready(_) => idle,
            Content::Deletes(_) => idle.saturating_mul(BATCH_SILENCE),
        }
    }

    fn prepare(
        &self,
        request: &Request<'_>,
        credential: &Credential,
    ) -> Reply<(reqwest::Request, Option<Arc<AtomicU64>>)> {
        let payload = match &request.content {
            Content::Ready(payload) => payload,
            Content::Deletes(deletes) => &self.deletes(deletes, credential)?,
        };
        let (mut headers, sas) = credential.sign(request, payload.len())?;
        let mut target = self.origin(request.service).to_owned();
        target.push_str(&request.target());
        if let Some(sas) = sas {
            target.push(if request.query.is_empty() { '?' } else { '&' });
            target.push_str(sas);
        }
        // Segments `.` and `..` would name another blob than was meant.
        let url = Url::parse(&target)
            .ok()
            .filter(|url| url.path() == request.path)
            .ok_or_else(|| ServiceError::bad_request("the key cannot be part of an address"))?;
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            headers.insert(CONTENT_LENGTH, payload.len().into());
        }
        let (body, moved) = payload.body();
        let mut sent = reqwest::Request::new(request.method.clone(), url);
        *sent.headers_mut() = headers;
        *sent.body_mut() = body;
        Ok((sent, moved))
    }

    /// Reads an answer of success to its end.
    pub(super) async fn whole(
        &self,
        response: reqwest::Response,
        deadline: Instant,
    ) -> Reply<Whole> {
        let status = response.status();
        let headers = response.headers().clone();
        let body = self
            .collect(response, MAX_WHOLE_BODY, Some(deadline))
            .await?;
        Ok(Whole {
            status,
            headers,
            body,
        })
    }

    /// Reads what is left of an answer whose headers said all, so that the
    /// connection can be used again.
    pub(super) async fn drain(&self, response: reqwest::Response) {
        if response.content_length() == Some(0) {
            return;
        }
        let idle = self.inner.config.timeouts.idle;
        let deadline = Instant::now().checked_add(idle);
        // Where that fails, the connection is dropped: the answer stands.
        let _ = self.collect(response, MAX_ERROR_BODY, deadline).await;
    }

    /// The body, which has at most `most` bytes.
    async fn collect(
        &self,
        mut response: reqwest::Response,
        most: usize,
        deadline: Option<Instant>,
    ) -> Reply<Bytes> {
        let idle = self.inner.config.timeouts.idle;
        let mut first: Option<Bytes> = None;
        let mut rest = BytesMut::new();
        loop {
            let chunk = bounded(response.chunk(), idle, deadline, None)
                .await?
                .map_err(broken)?;
            match (chunk, &first) {
                (None, _) => break,
                (Some(chunk), None) => first = Some(chunk),
                (Some(chunk), Some(start)) => {
                    if rest.is_empty() {
                        rest.extend_from_slice(start);
                    }
                    if rest.len() + chunk.len() > most {
                        return Err(ServiceError::malformed(format!(
                            "the service's answer is longer than {most} bytes"
                        )));
                    }
                    rest.extend_from_slice(&chunk);
                }
            }
        }
        Ok(if rest.is_empty() {
            first.unwrap_or_default()
        } else {
            rest.freeze()
        })
    }

    /// The error of an answer.
    async fn refused(&self, response: reqwest::Response, deadline: Instant) -> ServiceError {
        let status = response.status();
        let headers = response.headers().clone();
        let wait = retry_after(&headers, jiff::Timestamp::now());
        // Its status says enough where the body cannot be had.
        let body = self
            .collect(response, MAX_ERROR_BODY, Some(deadline))
            .await
            .unwrap_or_default();
        answered(status, &headers, &body).with_retry_after(wait)
    }
}

/// Makes an error of an answer's status, headers and body.
pub(super) fn answered(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ServiceError {
    let said = super::error_body::parse(body);
    let code = header(headers, "x-ms-error-code")
        .map(str::to_owned)
        .or(said.code)
        .unwrap_or_default();
    let message = match said.message {
        Some(message) => message,
        None => format!(
            "the service answered {}",
            status.canonical_reason().unwrap_or("with an error")
        ),
    };
    let request_id = header(headers, "x-ms-request-id").map(str::to_owned);
    ServiceError::answered(status, code, message, request_id)
}

/// Awaits `work` as long as bytes move, but not beyond the deadline. What has
/// moved is counted in `moved`, where it can be long.
pub(super) async fn bounded<F: Future>(
    work: F,
    idle: Duration,
    deadline: Option<Instant>,
    moved: Option<&AtomicU64>,
) -> Reply<F::Output> {
    let mut work = pin!(work);
    let mut before = 0;
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let wait = left.map_or(idle, |left| left.min(idle));
        if let Ok(output) = timeout(wait, &mut work).await {
            return Ok(output);
        }
        let now = moved.map_or(0, |moved| moved.load(Ordering::Relaxed));
        if left.is_some_and(|left| left <= idle) {
            return Err(timed_out("the request took longer than the time it had"));
        }
        if now == before {
            return Err(timed_out(&format!(
                "the service did not move a byte for {idle:?}"
            )));
        }
        before = now;
    }
}

fn timed_out(message: &str) -> ServiceError {
    ServiceError::new(Failure::Timeout, message)
}

/// A connection that broke. The address is left out: it may hold a SAS.
pub(super) fn broken(error: reqwest::Error) -> ServiceError {
    let host = error.url().and_then(Url::host_str).map(str::to_owned);
    let error = error.without_url();
    let failure = match (error.is_connect(), error.is_timeout()) {
        (true, _) => Failure::Connect,
        (false, true) => Failure::Timeout,
        (false, false) if error.is_builder() => Failure::Request,
        (false, false) => Failure::Transport,
    };
    let host = host.as_deref().unwrap_or("the service");
    let mut message = match failure {
        Failure::Connect => format!("{host} cannot be reached"),
        Failure::Timeout => format!("{host} did not answer in time"),
        _ => format!("the connection to {host} broke"),
    };
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    ServiceError::new(failure, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;

    /// Is done at the fourth look; each look moves so many bytes.
    async fn upload(moved: &AtomicU64, bytes: u64) -> Reply<&'static str> {
        let mut looks = 0;
        let work = poll_fn(|_| {
            looks += 1;
            moved.fetch_add(bytes, Ordering::Relaxed);
            if looks < 4 {
                Poll::Pending
            } else {
                Poll::Ready("done")
            }
        });
        bounded(work, Duration::from_millis(1), None, Some(moved)).await
    }

    #[tokio::test]
    async fn a_slow_upload_is_not_given_up_while_bytes_move() {
        assert_eq!(upload(&AtomicU64::new(0), 1).await.unwrap(), "done");
    }

    #[tokio::test]
    async fn an_upload_that_stands_still_is() {
        let error = upload(&AtomicU64::new(0), 0).await.unwrap_err();
        assert_eq!(error.failure(), Failure::Timeout);
    }
}
