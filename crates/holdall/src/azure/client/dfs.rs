//! Operations of the dfs service: files and folders of a hierarchical
//! namespace.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path>

use reqwest::Method;

use super::blob::Written;
use super::properties::header;
use super::request::Service;
use super::{Answer, AzureClient, Reply};

impl AzureClient {
    /// Path Create: a folder with those that it lies in, where they are not
    /// there yet. With `create_only`, what stands there is refused by 409 or 412.
    pub(crate) async fn create_directory(
        &self,
        key: &str,
        create_only: bool,
    ) -> Reply<Answer<Written>> {
        let request = self
            .request(Method::PUT, Service::Dfs, key)
            .query("resource", "directory")
            .create_only(create_only);
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

    /// Path Delete: a file, or a folder, of that version where one is given.
    /// Where a folder has more than one request can delete, says how to go on.
    pub(crate) async fn delete_path(
        &self,
        key: &str,
        recursive: Option<bool>,
        continuation: Option<&str>,
        if_match: Option<&str>,
    ) -> Reply<Answer<Option<String>>> {
        let mut request = self
            .request(Method::DELETE, Service::Dfs, key)
            .tag("if-match", if_match)?;
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
