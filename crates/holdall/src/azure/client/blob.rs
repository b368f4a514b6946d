//! Operations of the blob service on one blob, and on the container.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/operations-on-blobs>

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::HeaderMap;

use super::body::Payload;
use super::download::Download;
use super::error::ServiceError;
use super::properties::{self, BlobProperties, header};
use super::request::{Request, Service};
use super::{Answer, AzureClient, Reply};
use crate::metadata::UserMetadata;

/// How a blob is made.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PutOptions<'a> {
    /// Fail where a blob is there: by 409 or 412.
    pub(crate) create_only: bool,
    /// Fail where the blob that is there has another tag.
    pub(crate) if_match: Option<&'a str>,
    /// User metadata. In a copy, `None` keeps the source's.
    pub(crate) metadata: Option<&'a UserMetadata>,
    /// Further metadata of the backend's own.
    pub(crate) mark: Option<(&'static str, &'a str)>,
    /// The source's tag, in a copy.
    pub(crate) source_if_match: Option<&'a str>,
}

/// What the service says of a blob that was written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<Timestamp>,
    pub(crate) version_id: Option<String>,
    /// The digest of what this request carried: of a block list, it is that of
    /// the list.
    pub(crate) content_md5: Option<[u8; 16]>,
}

impl Written {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            etag: properties::etag(headers),
            last_modified: properties::time(headers, "last-modified"),
            version_id: header(headers, "x-ms-version-id").map(str::to_owned),
            content_md5: header(headers, "content-md5").and_then(properties::parse_md5),
        }
    }
}

/// A committed block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// As it was given, in base64.
    pub(crate) id: String,
    pub(crate) size: u64,
}

/// How far a copy is.
#[derive(Debug, Clone)]
pub(crate) struct CopyStatus {
    pub(crate) id: Option<String>,
    /// `pending`, `success`, `aborted` or `failed`.
    pub(crate) status: String,
}

impl AzureClient {
    /// Put Blob: the whole content in one request.
    pub(crate) async fn put_blob(
        &self,
        key: &str,
        body: &[Bytes],
        options: PutOptions<'_>,
    ) -> Reply<Answer<Written>> {
        let request = self
            .request(Method::PUT, Service::Blob, key)
            .static_header("x-ms-blob-type", "BlockBlob")
            .static_header("content-type", "application/octet-stream")
            .options(options)?
            .payload(Payload::of(body));
        self.send_for_headers(&request, Written::of).await
    }

    /// Put Block: content that shows nowhere until it is committed. The id is
    /// in base64, and all ids of a blob have one length.
    pub(crate) async fn put_block(
        &self,
        key: &str,
        block_id: &str,
        body: &[Bytes],
    ) -> Reply<Answer<()>> {
        let request = self
            .request(Method::PUT, Service::Blob, key)
            .query("comp", "block")
            .query("blockid", block_id)
            .payload(Payload::of(body));
        self.send_for_headers(&request, |_| ()).await
    }

    /// Put Block List: makes the blob of uncommitted blocks.
    pub(crate) async fn put_block_list(
        &self,
        key: &str,
        ids: &[String],
        options: PutOptions<'_>,
    ) -> Reply<Answer<Written>> {
        let request = self
            .request(Method::PUT, Service::Blob, key)
            .query("comp", "blocklist")
            .static_header("x-ms-blob-content-type", "application/octet-stream")
            .options(options)?
            .payload(Payload::One(super::block_list::write(ids).into()));
        self.send_for_headers(&request, Written::of).await
    }

    /// Get Block List: the committed blocks.
    pub(crate) async fn get_block_list(&self, key: &str) -> Reply<Vec<Block>> {
        let request = self
            .request(Method::GET, Service::Blob, key)
            .query("comp", "blocklist")
            .query("blocklisttype", "committed");
        let whole = self.send_whole(&request).await?.value;
        super::block_list::read(&whole.body)
    }

    /// Get Blob: the bytes from `start` on, up to an end that is not included.
    /// A range of an empty blob is refused with 416.
    pub(crate) async fn get_blob(
        &self,
        key: &str,
        range: Option<(u64, Option<u64>)>,
        if_match: Option<&str>,
    ) -> Reply<Download> {
        let mut request = self
            .request(Method::GET, Service::Blob, key)
            .tag("if-match", if_match)?;
        if let Some((start, end)) = range {
            let last = end.map(|end| end.saturating_sub(1).to_string());
            let range = format!("bytes={start}-{}", last.unwrap_or_default());
            request = request.text_header("x-ms-range", &range)?;
        }
        let response = self.send(&request).await?.value;
        let download = Download::new(response, self.inner.config.timeouts.idle);
        if download.position() != range.map_or(0, |(start, _)| start) {
            return Err(unreadable("part of the blob that was asked for"));
        }
        Ok(download)
    }

    /// Get Blob Properties.
    pub(crate) async fn head_blob(&self, key: &str) -> Reply<BlobProperties> {
        let request = self.request(Method::HEAD, Service::Blob, key);
        let answer = self.send_for_headers(&request, BlobProperties::of).await?;
        Ok(answer.value)
    }

    /// Delete Blob.
    pub(crate) async fn delete_blob(&self, key: &str, if_match: Option<&str>) -> Reply<Answer<()>> {
        let request = self
            .request(Method::DELETE, Service::Blob, key)
            .tag("if-match", if_match)?;
        self.send_for_headers(&request, |_| ()).await
    }

    /// Copy Blob within the container: done at once, or pending.
    pub(crate) async fn copy_blob(
        &self,
        from: &str,
        to: &str,
        options: PutOptions<'_>,
    ) -> Reply<Answer<CopyStatus>> {
        let request = self
            .request(Method::PUT, Service::Blob, to)
            .source("x-ms-copy-source", self.source_address(from))
            .tag("x-ms-source-if-match", options.source_if_match)?
            .options(options)?;
        self.send_for_headers(&request, |headers| CopyStatus {
            id: header(headers, "x-ms-copy-id").map(str::to_owned),
            status: header(headers, "x-ms-copy-status")
                .unwrap_or("success")
                .to_owned(),
        })
        .await
    }

    /// Abort Copy Blob: ends a pending copy, and leaves an empty blob.
    ///
    /// <https://learn.microsoft.com/rest/api/storageservices/abort-copy-blob>
    pub(crate) async fn abort_copy(&self, to: &str, id: &str) -> Reply<()> {
        let request = self
            .request(Method::PUT, Service::Blob, to)
            .query("comp", "copy")
            .query("copyid", id)
            .static_header("x-ms-copy-action", "abort");
        self.send_for_headers(&request, |_| ()).await.map(drop)
    }

    /// Get Container Properties: whether the container is there.
    pub(crate) async fn head_container(&self) -> Reply<()> {
        let request = self
            .request(Method::HEAD, Service::Blob, "")
            .query("restype", "container");
        self.send_for_headers(&request, |_| ()).await?;
        Ok(())
    }

    /// Get Account Information: whether the namespace is hierarchical. A SAS of
    /// the container may not ask the account itself, but by way of the container.
    /// <https://learn.microsoft.com/rest/api/storageservices/get-account-information>
    pub(crate) async fn account_is_hierarchical(&self) -> Reply<bool> {
        let of_account = self.account_request(Method::GET, Service::Blob);
        match self.is_hierarchical(of_account).await {
            Err(error) if error.is_refusal() => {
                let by_container = self.request(Method::GET, Service::Blob, "");
                self.is_hierarchical(by_container).await
            }
            told => told,
        }
    }

    async fn is_hierarchical(&self, request: Request<'_>) -> Reply<bool> {
        let request = request
            .query("restype", "account")
            .query("comp", "properties");
        let answer = self
            .send_for_headers(&request, |headers| {
                header(headers, "x-ms-is-hns-enabled")
                    .is_some_and(|value| value.eq_ignore_ascii_case("true"))
            })
            .await?;
        Ok(answer.value)
    }

    /// A request whose answer is in its headers.
    pub(super) async fn send_for_headers<T>(
        &self,
        request: &Request<'_>,
        read: impl Fn(&HeaderMap) -> T,
    ) -> Reply<Answer<T>> {
        let answer = self.send(request).await?;
        let value = read(answer.value.headers());
        self.drain(answer.value).await;
        Ok(Answer {
            value,
            retried: answer.retried,
        })
    }
}

impl Request<'_> {
    fn options(self, options: PutOptions<'_>) -> Reply<Self> {
        let request = self
            .create_only(options.create_only)
            .tag("if-match", options.if_match)?
            .metadata(options.metadata)?;
        match options.mark {
            Some((name, value)) => request.text_header(name, value),
            None => Ok(request),
        }
    }
}

/// A text that is not what it should be.
pub(super) fn unreadable(what: &str) -> ServiceError {
    ServiceError::malformed(format!("the service's answer is no {what}"))
}
