//! A blob's content on its way here.

use std::time::Duration;

use bytes::Bytes;

use super::Reply;
use super::attempt::{bounded, broken};
use super::error::{Failure, ServiceError};
use super::properties::{BlobProperties, header};

/// An answer whose body is read as it is asked for.
pub(crate) struct Download {
    /// What the answer says of the whole blob.
    pub(crate) properties: BlobProperties,
    /// Where in the blob the next chunk begins.
    position: u64,
    /// The byte after the last that was promised.
    end: u64,
    response: reqwest::Response,
    idle: Duration,
}

impl Download {
    pub(super) fn new(response: reqwest::Response, idle: Duration) -> Self {
        let properties = BlobProperties::of(response.headers());
        let position = header(response.headers(), "content-range")
            .and_then(first_byte)
            .unwrap_or_default();
        let length = header(response.headers(), "content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(properties.size);
        Self {
            properties,
            position,
            end: position.saturating_add(length),
            response,
            idle,
        }
    }

    /// Where in the blob the next chunk begins.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next bytes; `None` once all that was promised is here.
    ///
    /// An error leaves [`position`](Self::position) where a new request can go
    /// on.
    pub(crate) async fn chunk(&mut self) -> Reply<Option<Bytes>> {
        let chunk = bounded(self.response.chunk(), self.idle, None, None)
            .await?
            .map_err(broken)?;
        match &chunk {
            Some(chunk) => self.position = self.position.saturating_add(chunk.len() as u64),
            None if self.position < self.end => {
                return Err(ServiceError::new(
                    Failure::Transport,
                    "the content ended before its announced length",
                ));
            }
            None => {}
        }
        Ok(chunk)
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("position", &self.position)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// Of `bytes 3-9/20`, three.
fn first_byte(range: &str) -> Option<u64> {
    range
        .trim()
        .strip_prefix("bytes ")?
        .split('-')
        .next()?
        .parse()
        .ok()
}
