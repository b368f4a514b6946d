//! Azure: stores whose only credential is a shared access signature.

#![allow(clippy::unwrap_used)]

mod azure;

use std::sync::Arc;

use holdall::{AsyncAzureBackend, AsyncStore, DeleteFolderOptions, ErrorKind, ListOptions};
use holdall_azure_peers::Azurite;

const EXPIRY: &str = "2100-01-01T00:00:00Z";

/// A store in a container that is there, with the SAS that `sign` makes for it.
async fn store(azurite: &Arc<Azurite>, sign: fn(&Azurite, &str) -> String) -> AsyncStore {
    let container = azurite.fresh_container_name();
    let owner = AsyncAzureBackend::builder(&container)
        .connection_string(azurite.connection_string())
        .build_client()
        .unwrap();
    owner.create_container().await.unwrap();
    in_container(azurite, &container, sign(azurite, &container))
}

fn in_container(azurite: &Azurite, container: &str, sas: String) -> AsyncStore {
    told(azurite, container, sas, false)
}

/// A store that is told whether the namespace is hierarchical, or has to ask.
fn told(
    azurite: &Azurite,
    container: &str,
    sas: String,
    hns: impl Into<Option<bool>>,
) -> AsyncStore {
    let backend = AsyncAzureBackend::builder(container)
        .account_name(Azurite::ACCOUNT)
        .blob_endpoint(azurite.endpoint())
        .sas_token(sas)
        .hns(hns)
        .retry(azure::quick())
        .build()
        .unwrap();
    AsyncStore::new(backend, "").unwrap()
}

#[tokio::test]
async fn a_folder_is_deleted_where_a_batch_is_refused() {
    let Some(azurite) = azure::azurite() else {
        return;
    };
    let signs: [fn(&Azurite, &str) -> String; 2] = [
        |azurite, _| azurite.sas(EXPIRY),
        |azurite, container| azurite.container_sas(container, EXPIRY),
    ];
    for sign in signs {
        let store = store(&azurite, sign).await;
        for number in 0..20 {
            let path = format!("folder/{number}");
            store.write(&path, "content").await.unwrap();
        }
        store.write("beside", "content").await.unwrap();
        let all = DeleteFolderOptions::new().recursive(true);
        store.delete_folder_with("folder", all).await.unwrap();
        let options = ListOptions::new().recursive(true);
        let left = store.list_files_with("", options).unwrap();
        let left = left.try_collect().await.unwrap();
        let left: Vec<_> = left.iter().map(|file| file.path.to_string()).collect();
        assert_eq!(left, ["beside"]);
    }
}

#[tokio::test]
async fn ping_reaches_a_container_by_a_signature_for_it_alone() {
    let Some(azurite) = azure::azurite() else {
        return;
    };
    let sign = |azurite: &Azurite, container: &str| azurite.container_sas(container, EXPIRY);
    store(&azurite, sign).await.ping().await.unwrap();

    let container = azurite.fresh_container_name();
    let absent = in_container(&azurite, &container, sign(&azurite, &container));
    let error = absent.ping().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");

    let elsewhere = azurite.container_sas("elsewhere", EXPIRY);
    let refused = store(&azurite, sign).await;
    refused.ping().await.unwrap();
    let refused = in_container(&azurite, &container, elsewhere);
    let error = refused.ping().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error:?}");
}

#[tokio::test]
async fn a_signature_for_the_container_alone_can_ask_what_the_account_is() {
    let Some(azurite) = azure::azurite() else {
        return;
    };
    let builder = azure::made(azure::on_azurite(&azurite)).await;
    let client = builder.build_client().unwrap();
    let container = client.container();
    let sas = azurite.container_sas(container, EXPIRY);
    let store = told(&azurite, container, sas, None);
    store.write("folder/file", "content").await.unwrap();
    assert_eq!(store.read_bytes("folder/file").await.unwrap(), "content");

    let elsewhere = azurite.container_sas("elsewhere", EXPIRY);
    let store = told(&azurite, container, elsewhere, None);
    let error = store.read_bytes("folder/file").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert!(error.message().contains("option hns"), "{error}");
}
