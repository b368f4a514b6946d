//! Holdall, object_store and OpenDAL.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use holdall::{
    AsyncAzureBackend, AsyncStore, AsyncWritableContent, AzureClient, DeleteFolderOptions,
    ListOptions, WriteOptions,
};
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::path::Path as ObjectPath;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, PutMode, WriteMultipart};
use opendal::Operator;

use super::Account;
use super::contender::{Done, Library, PIECE};
use super::job::{BLOCK, CONCURRENCY};

/// The pieces of a long upload.
pub fn pieces(count: usize) -> impl Iterator<Item = Bytes> {
    std::iter::repeat_n(Bytes::from(vec![7; PIECE]), count)
}

pub struct Holdall(AsyncStore);

impl Holdall {
    pub fn new(account: &Account) -> Done<Self> {
        let builder = AsyncAzureBackend::builder(&account.container)
            .connection_string(account.connection_string())
            .block_size(BLOCK as u64)
            .max_concurrency(CONCURRENCY)
            .hns(false);
        Ok(Self(AsyncStore::new(builder.build()?, "")?))
    }

    pub async fn create_container(&self) -> Done {
        let client = self.0.unwrap::<AzureClient>()?;
        Ok(client.create_container().await?)
    }

    /// Fills a folder with empty files.
    pub async fn fill(&self, folder: &str, count: usize) -> Done {
        stream::iter(0..count)
            .map(|number| async move {
                let path = format!("{folder}/f{number}");
                self.put(&path, Bytes::new()).await
            })
            .buffer_unordered(64)
            .try_collect()
            .await
    }
}

#[async_trait]
impl Library for Holdall {
    async fn put(&self, path: &str, content: Bytes) -> Done {
        let options = WriteOptions::new().overwrite(true);
        self.0.write_with(path, content, options).await?;
        Ok(())
    }

    async fn create(&self, path: &str, content: Bytes) -> Done {
        self.0.write(path, content).await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Done<usize> {
        Ok(self.0.read_bytes(path).await?.len())
    }

    async fn head(&self, path: &str) -> Done<u64> {
        Ok(self.0.get_file_info(path).await?.size)
    }

    async fn upload(&self, path: &str, count: usize) -> Done {
        let content = stream::iter(pieces(count).map(Done::Ok));
        let options = WriteOptions::new().overwrite(true);
        let content = AsyncWritableContent::from_stream(content);
        self.0.write_with(path, content, options).await?;
        Ok(())
    }

    async fn download(&self, path: &str) -> Done<usize> {
        let mut content = self.0.read(path)?;
        let mut bytes = 0;
        while let Some(piece) = content.try_next().await? {
            bytes += piece.len();
        }
        Ok(bytes)
    }

    async fn list(&self, folder: &str) -> Done<usize> {
        let mut files = self
            .0
            .list_files_with(folder, ListOptions::new().recursive(true))?;
        let mut count = 0;
        while files.try_next().await?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    async fn delete_folder(&self, folder: &str) -> Done {
        let options = DeleteFolderOptions::new().recursive(true);
        Ok(self.0.delete_folder_with(folder, options).await?)
    }
}

pub struct ObjectStoreAzure(Arc<MicrosoftAzure>);

impl ObjectStoreAzure {
    pub fn new(account: &Account) -> Done<Self> {
        // Its 30 seconds are less than Azurite takes for a large batch of deletes.
        let options = ClientOptions::new()
            .with_allow_http(true)
            .with_timeout(Duration::from_secs(300));
        let store = MicrosoftAzureBuilder::new()
            .with_account(Account::NAME)
            .with_access_key(Account::KEY)
            .with_endpoint(account.endpoint())
            .with_client_options(options)
            .with_container_name(&account.container)
            .build()?;
        Ok(Self(Arc::new(store)))
    }
}

#[async_trait]
impl Library for ObjectStoreAzure {
    async fn put(&self, path: &str, content: Bytes) -> Done {
        self.0.put(&ObjectPath::from(path), content.into()).await?;
        Ok(())
    }

    async fn create(&self, path: &str, content: Bytes) -> Done {
        let path = ObjectPath::from(path);
        let create = PutMode::Create.into();
        self.0.put_opts(&path, content.into(), create).await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Done<usize> {
        let found = self.0.get(&ObjectPath::from(path)).await?;
        Ok(found.bytes().await?.len())
    }

    async fn head(&self, path: &str) -> Done<u64> {
        Ok(self.0.head(&ObjectPath::from(path)).await?.size)
    }

    async fn upload(&self, path: &str, count: usize) -> Done {
        let upload = self.0.put_multipart(&ObjectPath::from(path)).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, BLOCK);
        for piece in pieces(count) {
            upload.wait_for_capacity(CONCURRENCY).await?;
            upload.put(piece);
        }
        upload.finish().await?;
        Ok(())
    }

    async fn download(&self, path: &str) -> Done<usize> {
        let mut content = self.0.get(&ObjectPath::from(path)).await?.into_stream();
        let mut bytes = 0;
        while let Some(piece) = content.try_next().await? {
            bytes += piece.len();
        }
        Ok(bytes)
    }

    async fn list(&self, folder: &str) -> Done<usize> {
        let folder = ObjectPath::from(folder);
        let files = self.0.list(Some(&folder));
        let count = files.try_fold(0, |count, _| async move { Ok(count + 1) });
        Ok(count.await?)
    }

    async fn delete_folder(&self, folder: &str) -> Done {
        let folder = ObjectPath::from(folder);
        let files = self.0.list(Some(&folder));
        let paths = files.map_ok(|file| file.location).boxed();
        let deleted = self.0.delete_stream(paths);
        Ok(deleted.try_for_each(|_| async { Ok(()) }).await?)
    }
}

pub struct OpenDalAzblob(Operator);

impl OpenDalAzblob {
    pub fn new(account: &Account) -> Done<Self> {
        opendal_http_transport_reqwest::install_default();
        let builder = opendal::services::Azblob::default()
            .endpoint(&account.endpoint())
            .account_name(Account::NAME)
            .account_key(Account::KEY)
            .container(&account.container);
        Ok(Self(Operator::new(builder)?))
    }
}

#[async_trait]
impl Library for OpenDalAzblob {
    async fn put(&self, path: &str, content: Bytes) -> Done {
        self.0.write(path, content).await?;
        Ok(())
    }

    async fn create(&self, path: &str, content: Bytes) -> Done {
        let write = self.0.write_with(path, content);
        write.if_not_exists(true).await?;
        Ok(())
    }

    async fn get(&self, path: &str) -> Done<usize> {
        Ok(self.0.read(path).await?.len())
    }

    async fn head(&self, path: &str) -> Done<u64> {
        Ok(self.0.stat(path).await?.content_length())
    }

    async fn upload(&self, path: &str, count: usize) -> Done {
        let writer = self.0.writer_with(path).chunk(BLOCK);
        let mut writer = writer.concurrent(CONCURRENCY).await?;
        for piece in pieces(count) {
            writer.write(piece).await?;
        }
        writer.close().await?;
        Ok(())
    }

    async fn download(&self, path: &str) -> Done<usize> {
        let reader = self.0.reader_with(path).chunk(BLOCK);
        let reader = reader.concurrent(CONCURRENCY).await?;
        let mut content = reader.into_bytes_stream(..).await?;
        let mut bytes = 0;
        while let Some(piece) = content.try_next().await? {
            bytes += piece.len();
        }
        Ok(bytes)
    }

    async fn list(&self, folder: &str) -> Done<usize> {
        let folder = format!("{folder}/");
        let files = self.0.lister_with(&folder).recursive(true).await?;
        let count = files.try_fold(0, |count, _| async move { Ok(count + 1) });
        Ok(count.await?)
    }

    async fn delete_folder(&self, folder: &str) -> Done {
        let folder = format!("{folder}/");
        Ok(self.0.delete_with(&folder).recursive(true).await?)
    }
}
