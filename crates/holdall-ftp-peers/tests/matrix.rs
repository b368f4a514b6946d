//! Every client against every kind of storage.

#![allow(clippy::unwrap_used)]

mod served;

use std::any::Any;
use std::sync::Arc;

use holdall::pathio::{AbstractPathIo, AsyncPathIo, MemoryPathIo, PathIo, StorePathIo};
use holdall::{AsyncAzureBackend, AsyncStore};
use holdall_azure_peers::{Azurite, HnsAccount};
use holdall_ftp_peers::Client;
use served::Served;

/// A path IO, and what it needs to live; `None` where that is not installed.
type Storage = Option<(Arc<dyn AbstractPathIo>, Box<dyn Any>)>;

async fn memory() -> Storage {
    Some((Arc::new(MemoryPathIo::new()), Box::new(())))
}

async fn local() -> Storage {
    let folder = tempfile::tempdir().unwrap();
    Some((
        Arc::new(PathIo::new(folder.path()).unwrap()),
        Box::new(folder),
    ))
}

async fn local_on_an_executor() -> Storage {
    let folder = tempfile::tempdir().unwrap();
    Some((
        Arc::new(AsyncPathIo::new(folder.path()).unwrap()),
        Box::new(folder),
    ))
}

async fn azure_flat() -> Storage {
    let azurite = Azurite::start_or_skip().unwrap()?;
    let container = azurite.fresh_container_name();
    let builder = AsyncAzureBackend::builder(container)
        .connection_string(azurite.connection_string())
        .hns(false);
    builder
        .clone()
        .build_client()
        .unwrap()
        .create_container()
        .await
        .unwrap();
    let store = AsyncStore::new(builder.build().unwrap(), "").unwrap();
    Some((Arc::new(StorePathIo::new(store)), Box::new(azurite)))
}

async fn azure_hierarchical() -> Storage {
    let account = HnsAccount::start().unwrap();
    let backend = AsyncAzureBackend::builder(account.fresh_container())
        .account_name(HnsAccount::ACCOUNT)
        .account_key(HnsAccount::KEY)
        .blob_endpoint(account.blob_endpoint())
        .dfs_endpoint(account.dfs_endpoint())
        .hns(true)
        .build()
        .unwrap();
    let store = AsyncStore::new(backend, "").unwrap();
    Some((Arc::new(StorePathIo::new(store)), Box::new(account)))
}

async fn try_out(client: Client, storage: Storage) {
    let Some((io, _kept)) = storage else { return };
    if !client.is_there_or_skipped() {
        return;
    }
    let served = Served::over(io).await;
    let outcome = client.try_out(&served.site).await;
    served.stop().await;
    outcome.unwrap();
}

macro_rules! matrix {
    ($($client:ident: $variant:ident,)*) => {$(
        mod $client {
            use super::*;
            matrix!(@ $variant: memory, local, local_on_an_executor, azure_flat, azure_hierarchical,);
        }
    )*};
    (@ $variant:ident: $($storage:ident,)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $storage() {
            try_out(Client::$variant, super::$storage().await).await;
        }
    )*};
}

matrix! {
    curl: Curl,
    lftp: Lftp,
    ncftp: NcFtp,
    ftplib: Ftplib,
    aioftp: Aioftp,
}
