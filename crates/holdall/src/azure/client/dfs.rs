//! Operations of the dfs service: files and folders of a hierarchical
//! namespace.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use reqwest::Method;

use super::blob::Written;
use super::body::Payload;
use super::error::ServiceError;
use super::properties::header;
use super::request::Service;
use super::{Answer, AzureClient, Reply};
use crate::metadata::UserMetadata;

/// What a path is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    File,
    Directory,
}

impl AzureClient {
    /// Path Create: an empty file or a folder.
    pub(crate) async fn create_path(
        &self,
        key: &str,
        resource: Resource,
        create_only: bool,
        metadata: Option<&UserMetadata>,
    ) -> Reply<Answer<Written>> {
        let resource = match resource {
            Resource::File => "file",
            Resource::Directory => "directory",
        };
        let mut request = self
            .request(Method::PUT, Service::Dfs, key)
            .query("resource", resource)
            .create_only(create_only);
        if let Some(properties) = metadata.map(properties).transpose()?.flatten() {
            request = request.text_header("x-ms-properties", &properties)?;
        }
        self.send_for_headers(&request, Written::of).await
    }

    /// Path Update, append: content at `position` that shows nowhere until it
    /// is flushed.
    pub(crate) async fn append(
        &self,
        key: &str,
        position: u64,
        body: &[Bytes],
    ) -> Reply<Answer<()>> {
        let request = self
            .request(Method::PATCH, Service::Dfs, key)
            .query("action", "append")
            .query("position", position.to_string())
            .payload(Payload::of(body));
        self.send_for_headers(&request, |_| ()).await
    }

    /// Path Update, flush: the content is what was appended, `length` bytes.
    pub(crate) async fn flush(&self, key: &str, length: u64) -> Reply<Answer<Written>> {
        let request = self
            .request(Method::PATCH, Service::Dfs, key)
            .query("action", "flush")
            .query("position", length.to_string())
            .query("close", "true");
        self.send_for_headers(&request, Written::of).await
    }

    /// Path Create with a source: renames in one step. With `create_only`, what
    /// stands at `to` is refused by 409 or 412.
    pub(crate) async fn rename_path(
        &self,
        from: &str,
        to: &str,
        create_only: bool,
        source_if_match: Option<&str>,
    ) -> Reply<Answer<Written>> {
        let request = self
            .request(Method::PUT, Service::Dfs, to)
            .query("mode", "legacy")
            .source("x-ms-rename-source", self.source_path(from))
            .tag("x-ms-source-if-match", source_if_match)?
            .create_only(create_only);
        self.send_for_headers(&request, Written::of).await
    }

    /// Path Delete: a file, or a folder. Where a folder has more than one
    /// request can delete, says how to go on.
    pub(crate) async fn delete_path(
        &self,
        key: &str,
        recursive: Option<bool>,
        continuation: Option<&str>,
    ) -> Reply<Answer<Option<String>>> {
        let mut request = self.request(Method::DELETE, Service::Dfs, key);
        if let Some(recursive) = recursive {
            request = request.query("recursive", if recursive { "true" } else { "false" });
        }
        if let Some(continuation) = continuation {
            request = request.query("continuation", continuation);
        }
        self.send_for_headers(&request, |headers| {
            header(headers, "x-ms-continuation")
                .filter(|token| !token.is_empty())
                .map(str::to_owned)
        })
        .await
    }
}

/// User metadata as the dfs service takes it: `name=base64,name=base64`.
fn properties(metadata: &UserMetadata) -> Reply<Option<String>> {
    if metadata.is_empty() {
        return Ok(None);
    }
    let mut text = String::new();
    for (key, value) in metadata.iter() {
        if !key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return Err(ServiceError::bad_request(format!(
                "the metadata key {key:?} cannot be sent: it is no name"
            )));
        }
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(key);
        text.push('=');
        BASE64.encode_string(value, &mut text);
    }
    Ok(Some(text))
}
