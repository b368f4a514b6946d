//! A store in an Azure container: the chapter docs/azure.md, running.

use std::time::Duration;

use holdall::{
    AsyncAzureBackend, AsyncStore, AzureClient, AzureTimeouts, Capability, ErrorKind, Result,
    RetryPolicy, WriteOptions,
};

/// A container of an account, with whatever credential the surroundings offer.
///
/// # Errors
///
/// `InvalidArgument` that names the option. Nothing is sent.
pub fn in_the_cloud(account: &str) -> Result<AsyncStore> {
    let backend = AsyncAzureBackend::builder("reports")
        .account_name(account)
        .hns(true)
        .build()?;
    let store = AsyncStore::new(backend, "2026")?;
    Ok(store)
}

/// A container of an account, named by a connection string.
///
/// # Errors
///
/// `InvalidArgument` that names the option. Nothing is sent.
pub fn by_connection_string(connection_string: &str, container: &str) -> Result<AsyncStore> {
    let backend = AsyncAzureBackend::builder(container)
        .connection_string(connection_string)
        .hns(false)
        .build()?;
    AsyncStore::new(backend, "")
}

/// A store for long transfers over a slow network.
///
/// # Errors
///
/// `InvalidArgument` that names the option. Nothing is sent.
pub fn tuned(connection_string: &str, container: &str) -> Result<AsyncStore> {
    let backend = AsyncAzureBackend::builder(container)
        .connection_string(connection_string)
        .max_concurrency(16)
        .block_size(8 * 1024 * 1024)
        .retry(RetryPolicy {
            max_attempts: 5,
            ..RetryPolicy::default()
        })
        .timeouts(AzureTimeouts {
            total: Duration::from_secs(120),
            ..AzureTimeouts::default()
        })
        .build()?;
    AsyncStore::new(backend, "")
}

/// Asks whether the container is there and the credential is accepted.
///
/// # Errors
///
/// Whatever else stands in the way.
pub async fn is_ready(store: &AsyncStore) -> Result<bool> {
    match store.ping().await {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes a name for itself, once among all who try.
///
/// # Errors
///
/// Whatever else than a taken name stands in the way.
pub async fn claim(store: &AsyncStore, name: &str, owner: &str) -> Result<bool> {
    let path = format!("claims/{name}");
    match store.write(&path, owner.to_owned()).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Replaces a report under a name that is never half there.
///
/// # Errors
///
/// Those of `write_with` and `rename_with`.
pub async fn put_in_place(store: &AsyncStore, report: &str) -> Result<()> {
    let replace = WriteOptions::new().overwrite(true);
    let report = report.to_owned();
    store.write_with("latest.csv", report, replace).await?;
    if store.supports(Capability::AtomicMove) {
        // A hierarchical namespace: a rename is one step, of any size.
        store.rename("latest.csv", "published.csv").await?;
    }
    Ok(())
}

/// The REST client beneath, for what a store does not do.
///
/// # Errors
///
/// `CapabilityNotSupported` where the store is not in Azure.
pub fn client_of(store: &AsyncStore) -> Result<std::sync::Arc<AzureClient>> {
    let client = store.unwrap::<AzureClient>()?;
    Ok(client)
}
