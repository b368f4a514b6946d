//! The chapter docs/error-handling.md, running.

use std::error::Error as _;

use holdall::{AsyncMemoryBackend, AsyncStore, DeleteOptions, Error, ErrorKind, Operation};

#[tokio::main]
async fn main() -> holdall::Result<()> {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "tenants/ada")?;
    acting_on_a_kind(&store).await?;
    what_an_error_knows(&store).await;
    at_the_call_or_at_the_first_item(&store).await?;
    sources();
    tolerating(&store).await
}

async fn acting_on_a_kind(store: &AsyncStore) -> holdall::Result<()> {
    assert_eq!(settings(store).await?, "mode = 'default'");
    Ok(())
}

async fn settings(store: &AsyncStore) -> holdall::Result<String> {
    match store.read_text("settings.toml").await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok("mode = 'default'".to_owned()),
        other => other,
    }
}

async fn what_an_error_knows(store: &AsyncStore) {
    if let Err(error) = store.read_bytes("q1.csv").await {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.operation(), Some(Operation::ReadBytes));
        assert_eq!(error.path(), Some("q1.csv"));
        assert_eq!(error.backend(), Some("async-memory"));
        assert!(!error.is_retryable());
        println!("{error}");
    }
}

async fn at_the_call_or_at_the_first_item(store: &AsyncStore) -> holdall::Result<()> {
    assert!(
        store
            .read("../secret")
            .is_err_and(|error| error.kind() == ErrorKind::InvalidPath)
    );

    let mut missing = store.read("missing.txt")?;
    let first = missing.next().await;
    assert!(first.is_some_and(|item| item.is_err()));
    Ok(())
}

fn sources() {
    let error = Error::from_foreign(std::io::Error::other("the disk said no"));
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(error.source().is_some());

    let error: std::io::Error = Error::new(ErrorKind::AlreadyExists, "taken").into();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
}

async fn tolerating(store: &AsyncStore) -> holdall::Result<()> {
    assert!(store.delete("gone.txt").await.is_err());
    store
        .delete_with("gone.txt", DeleteOptions::new().missing_ok(true))
        .await
}
