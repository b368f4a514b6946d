//! The official crate. It has no shared key, so it gets a signature for the
//! whole account in the address.

use async_trait::async_trait;
use azure_core::http::{Etag, NoFormat, RequestContent, Url};
use azure_storage_blob::BlobContainerClient;
use azure_storage_blob::models::{BlobClientUploadOptions, BlobContainerClientListBlobsOptions};
use bytes::{Bytes, BytesMut};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::Account;
use super::contender::{Done, Library, PIECE};
use super::job::{BLOCK, CONCURRENCY};

/// It has no call for a whole folder, so that many deletes are in flight.
const DELETES: usize = 16;

pub struct Official(BlobContainerClient);

impl Official {
    pub fn new(account: &Account) -> Done<Self> {
        let container = format!("{}/{}", account.endpoint(), account.container);
        let url = Url::parse(&format!("{container}?{}", account.signature))?;
        Ok(Self(BlobContainerClient::new(url, None, None)?))
    }

    async fn write(&self, path: &str, content: Bytes, only_if_absent: bool) -> Done {
        let options = BlobClientUploadOptions {
            if_none_match: only_if_absent.then(|| Etag::from("*")),
            parallel: CONCURRENCY.try_into().ok(),
            partition_size: (BLOCK as u64).try_into().ok(),
            ..Default::default()
        };
        let blob = self.0.blob_client(path);
        let content: RequestContent<Bytes, NoFormat> = content.into();
        blob.upload(content, Some(options)).await?;
        Ok(())
    }

    async fn names(&self, folder: &str) -> Done<Vec<String>> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: Some(format!("{folder}/")),
            ..Default::default()
        };
        let mut files = self.0.list_blobs(Some(options))?;
        let mut names = Vec::new();
        while let Some(file) = files.try_next().await? {
            names.extend(file.name);
        }
        Ok(names)
    }
}

#[async_trait]
impl Library for Official {
    async fn put(&self, path: &str, content: Bytes) -> Done {
        self.write(path, content, false).await
    }

    async fn create(&self, path: &str, content: Bytes) -> Done {
        self.write(path, content, true).await
    }

    async fn get(&self, path: &str) -> Done<usize> {
        let found = self.0.blob_client(path).download(None).await?;
        Ok(found.body.collect().await?.len())
    }

    async fn head(&self, path: &str) -> Done<u64> {
        use azure_storage_blob::models::BlobClientGetPropertiesResultHeaders as _;
        let found = self.0.blob_client(path).get_properties(None).await?;
        Ok(found.content_length()?.unwrap_or_default())
    }

    async fn upload(&self, path: &str, count: usize) -> Done {
        // It takes bytes, or a stream that can be rewound.
        let content = BytesMut::from_iter(std::iter::repeat_n(7u8, count * PIECE));
        self.write(path, content.freeze(), false).await
    }

    async fn download(&self, path: &str) -> Done<usize> {
        let options = azure_storage_blob::models::BlobClientDownloadOptions {
            parallel: CONCURRENCY.try_into().ok(),
            partition_size: BLOCK.try_into().ok(),
            ..Default::default()
        };
        let found = self.0.blob_client(path).download(Some(options)).await?;
        let mut content = found.body;
        let mut bytes = 0;
        while let Some(piece) = content.try_next().await? {
            bytes += piece.len();
        }
        Ok(bytes)
    }

    async fn list(&self, folder: &str) -> Done<usize> {
        Ok(self.names(folder).await?.len())
    }

    async fn delete_folder(&self, folder: &str) -> Done {
        stream::iter(self.names(folder).await?)
            .map(|name| async move {
                self.0.blob_client(&name).delete(None).await?;
                Ok(())
            })
            .buffer_unordered(DELETES)
            .try_collect()
            .await
    }
}
