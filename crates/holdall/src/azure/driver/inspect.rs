//! Looking at one key.

use super::AzureDriver;
use super::metadata::user_part;
use super::refusals::refused;
use crate::azure::client::{BlobProperties, Reply};
use crate::driver::{Detail, FileStat, Key, Node, Outcome, Refusal};
use crate::model::ContentDigest;

impl AzureDriver {
    /// What stands at `key`: one request, and on a flat namespace a second one
    /// where no blob does.
    pub(super) async fn look(&self, key: Key<'_>, detail: Detail) -> Outcome<Node> {
        if key.is_root() {
            return Ok(Node::Folder);
        }
        let is_flat = !self.is_hierarchical().await?;
        if !(is_flat && detail == Detail::Folder) {
            match self.head(key).await {
                Ok(properties) if properties.is_directory => return Ok(Node::Folder),
                Ok(properties) => return Ok(Node::File(file_stat(properties))),
                Err(Refusal::Missing) if is_flat && detail != Detail::File => {}
                Err(refusal) => return Err(refusal),
            }
        }
        match self.is_prefix(key).await? {
            true => Ok(Node::Folder),
            false => Err(Refusal::Missing),
        }
    }

    /// Whether the container is there and the credential is good for it. A SAS
    /// of the container alone may list it, but never see its properties.
    /// <https://learn.microsoft.com/rest/api/storageservices/create-service-sas>
    pub(super) async fn reach_container(&self) -> Reply<()> {
        match self.client.head_container().await {
            Err(error) if error.status() == Some(403) => {
                let page = self.client.list_blobs("", false, None, Some(1)).await;
                page.map(drop)
            }
            reached => reached,
        }
    }

    /// The blob's properties.
    pub(super) async fn head(&self, key: Key<'_>) -> Outcome<BlobProperties> {
        let properties = self.client.head_blob(key.as_str()).await;
        properties.map_err(refused)
    }

    /// Whether a blob lies below `key`.
    pub(super) async fn is_prefix(&self, key: Key<'_>) -> Outcome<bool> {
        let prefix = format!("{key}/");
        let mut marker = None;
        loop {
            let page = self
                .client
                .list_blobs(&prefix, false, marker.as_deref(), Some(1))
                .await;
            let page = match page.map_err(refused) {
                Ok(page) => page,
                Err(Refusal::Missing) => return Ok(false),
                Err(refusal) => return Err(refusal),
            };
            if !page.blobs.is_empty() {
                return Ok(true);
            }
            // A page may be empty although others follow.
            match page.next {
                Some(next) => marker = Some(next),
                None => return Ok(false),
            }
        }
    }

    /// Refuses what would stand below a file of a flat namespace, where the
    /// configuration says so: no other namespace needs to be asked first.
    pub(super) async fn refuse_below_file(&self, key: Key<'_>, hierarchical: bool) -> Outcome<()> {
        let rejects = self.client.settings().reject_write_under_file_ancestor;
        match rejects && !hierarchical && self.is_below_file(key).await {
            true => Err(Refusal::NotFolder),
            false => Ok(()),
        }
    }

    /// Whether a file stands among the folders of `key`. What cannot be looked
    /// at is no obstacle.
    pub(super) async fn is_below_file(&self, key: Key<'_>) -> bool {
        let mut ancestors = Vec::new();
        let mut above = key.parent();
        while !above.is_root() {
            ancestors.push(above);
            above = above.parent();
        }
        let looks = ancestors.into_iter().map(|ancestor| async move {
            let properties = self.client.head_blob(ancestor.as_str()).await;
            properties.is_ok_and(|properties| !properties.is_directory)
        });
        futures::future::join_all(looks).await.contains(&true)
    }
}

/// A file's record.
pub(super) fn file_stat(properties: BlobProperties) -> FileStat {
    FileStat {
        size: properties.size,
        modified_at: properties.last_modified,
        etag: properties.etag,
        version_id: properties.version_id,
        digest: properties.content_md5.map(|md5| md5_digest(&md5)),
        content_type: properties.content_type,
        metadata: user_part(properties.metadata),
    }
}

pub(super) fn md5_digest(md5: &[u8]) -> ContentDigest {
    ContentDigest::from_bytes("md5", md5)
}
