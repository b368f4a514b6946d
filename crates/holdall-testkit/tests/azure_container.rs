//! Azure: a container that is not there, and one that is closed.

#![allow(clippy::unwrap_used)]

mod azure;

use holdall::{
    AsyncAzureBackend, AsyncStore, AzureBuilder, AzureClient, DeleteFolderOptions, DeleteOptions,
    ErrorKind, ListOptions,
};
use holdall_azure_peers::HnsAccount;

/// The settings of a backend on a container that nobody has made.
fn absent(account: &HnsAccount, hns: bool) -> AzureBuilder {
    AsyncAzureBackend::builder("never-made")
        .account_name(HnsAccount::ACCOUNT)
        .account_key(HnsAccount::KEY)
        .blob_endpoint(account.blob_endpoint())
        .dfs_endpoint(account.dfs_endpoint())
        .hns(hns)
}

fn store(builder: AzureBuilder) -> AsyncStore {
    AsyncStore::new(builder.build().unwrap(), "").unwrap()
}

async fn assert_is_empty(store: &AsyncStore) {
    assert!(store.exists("").await.unwrap() && store.is_folder("").await.unwrap());
    for path in ["file", "folder/file"] {
        assert!(!store.exists(path).await.unwrap());
        assert!(!store.is_file(path).await.unwrap());
        assert!(!store.is_folder(path).await.unwrap());
    }
    for folder in ["", "folder"] {
        for recursive in [false, true] {
            let options = ListOptions::new().recursive(recursive);
            let files = store.list_files_with(folder, options).unwrap();
            assert!(files.try_collect().await.unwrap().is_empty());
        }
        let folders = store.list_folders(folder).unwrap();
        assert!(folders.try_collect().await.unwrap().is_empty());
    }
    assert!(
        store
            .glob("**/*")
            .unwrap()
            .try_collect()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.get_folder_info("").await.unwrap().file_count, 0);
}

async fn assert_not_found(store: &AsyncStore) {
    let is_missing = |error: holdall::Error| {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    };
    is_missing(store.read_bytes("file").await.unwrap_err());
    is_missing(store.get_file_info("file").await.unwrap_err());
    is_missing(store.get_folder_info("folder").await.unwrap_err());
    is_missing(store.delete("file").await.unwrap_err());
    is_missing(store.delete_folder("folder").await.unwrap_err());
    is_missing(store.copy("file", "other").await.unwrap_err());
    is_missing(store.rename("file", "other").await.unwrap_err());
    let lenient = DeleteOptions::new().missing_ok(true);
    store.delete_with("file", lenient).await.unwrap();
    for recursive in [false, true] {
        let lenient = DeleteFolderOptions::new()
            .recursive(recursive)
            .missing_ok(true);
        store.delete_folder_with("folder", lenient).await.unwrap();
    }
}

#[tokio::test]
async fn an_absent_container_is_an_absent_path_and_only_writes_and_pings_tell() {
    let account = HnsAccount::start().unwrap();
    for hns in [false, true] {
        let store = store(absent(&account, hns).single_put_size(1000).block_size(1000));
        assert_is_empty(&store).await;
        assert_not_found(&store).await;
        for size in [10, 5000] {
            for error in [
                store.write("file", vec![7; size]).await.unwrap_err(),
                store.write_atomic("file", vec![7; size]).await.unwrap_err(),
                store.ping().await.unwrap_err(),
            ] {
                assert_eq!(error.kind(), ErrorKind::NotFound);
                assert!(error.to_string().contains("never-made"), "{error}");
            }
        }
        let client = absent(&account, hns).build_client().unwrap();
        assert_eq!(client.container(), "never-made");
    }
}

#[tokio::test]
async fn a_store_tells_its_container_and_account_and_hands_out_the_client() {
    let account = HnsAccount::start().unwrap();
    let store = store(azure::on_fake(&account)).child("folder").unwrap();
    let plan = store.resolve("file").unwrap();
    assert_eq!(plan.backend, "async-azure");
    assert_eq!(plan.details["container"], "test-0");
    assert!(
        account
            .blob_endpoint()
            .starts_with(&plan.details["account_url"])
    );
    assert_eq!(plan.native_path, "test-0/folder/file");
    assert_eq!(store.native_path("").unwrap(), "test-0/folder");
    assert_eq!(store.to_key("test-0/folder/a/b").unwrap(), "a/b");
    for foreign in ["test-01/folder/a", "other/folder/a", "test-0/a", ""] {
        let error = store.to_key(foreign).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPath, "{foreign}");
    }
    let client = store.unwrap::<AzureClient>().unwrap();
    assert_eq!(client.account(), HnsAccount::ACCOUNT);
}

#[tokio::test]
async fn a_file_among_the_folders_is_looked_for_where_that_is_asked() {
    let account = HnsAccount::start().unwrap();
    let builder = azure::on_fake(&account).hns(false);
    let store = store(builder.reject_write_under_file_ancestor(true));
    store.write("a", "file").await.unwrap();
    for path in ["a/b", "a/b/c"] {
        let error = store.write(path, "below").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPath, "{error}");
    }
    store.write("b/c", "elsewhere").await.unwrap();
}
