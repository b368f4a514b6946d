//! The chapter docs/concurrency-and-atomicity.md, running.

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use holdall::{AsyncMemoryBackend, AsyncStore, AsyncWritableContent, ErrorKind, WriteOptions};

#[tokio::main]
async fn main() -> holdall::Result<()> {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
    one_winner(&store).await?;
    all_or_nothing(&store).await?;
    cancel(&store).await?;
    readers_keep_their_version(&store).await
}

async fn one_winner(store: &AsyncStore) -> holdall::Result<()> {
    let claims = (0..32).map(|worker| store.write("job.lock", format!("worker {worker}")));
    let outcomes = join_all(claims).await;

    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(winners, 1);
    let losers = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert!(
        losers
            .into_iter()
            .all(|error| error.kind() == ErrorKind::AlreadyExists)
    );
    Ok(())
}

async fn all_or_nothing(store: &AsyncStore) -> holdall::Result<()> {
    store.write("settings.toml", "mode = 'old'").await?;

    let broken = stream::iter([
        Ok("mode = "),
        Err(std::io::Error::other("the source broke")),
    ]);
    let replace = WriteOptions::new().overwrite(true);
    let failed = store
        .write_with(
            "settings.toml",
            AsyncWritableContent::from_stream(broken),
            replace,
        )
        .await;

    assert!(failed.is_err());
    assert_eq!(store.read_text("settings.toml").await?, "mode = 'old'");
    Ok(())
}

async fn cancel(store: &AsyncStore) -> holdall::Result<()> {
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>("more")).then(|chunk| async {
        tokio::task::yield_now().await;
        chunk
    });
    let mut write =
        Box::pin(store.write("endless.txt", AsyncWritableContent::from_stream(endless)));
    assert!(futures::poll!(&mut write).is_pending());
    drop(write);

    assert!(!store.exists("endless.txt").await?);
    Ok(())
}

async fn readers_keep_their_version(store: &AsyncStore) -> holdall::Result<()> {
    let mut reader = store.read_seekable("settings.toml").await?;
    let replace = WriteOptions::new().overwrite(true);
    store
        .write_with("settings.toml", "mode = 'new'", replace)
        .await?;

    let mut seen = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut reader, &mut seen).await?;
    assert_eq!(seen, "mode = 'old'");
    Ok(())
}
