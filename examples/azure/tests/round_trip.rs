//! The example against Azurite.

use holdall::ErrorKind;
use holdall_azure_peers::Azurite;
use holdall_example_azure::{
    by_connection_string, claim, client_of, in_the_cloud, is_ready, put_in_place, tuned,
};

#[tokio::test]
async fn the_chapter_tells_the_truth() -> Result<(), Box<dyn std::error::Error>> {
    let Some(azurite) = Azurite::start_or_skip()? else {
        return Ok(());
    };
    let connection_string = azurite.connection_string();
    let absent = azurite.fresh_container_name();
    let store = by_connection_string(&connection_string, &absent)?;
    assert!(!is_ready(&store).await?, "no container is there yet");

    let container = azurite.fresh_container_name();
    let store = by_connection_string(&connection_string, &container)?;
    client_of(&store)?.create_container().await?;
    assert!(is_ready(&store).await?);

    assert!(claim(&store, "nightly", "one").await?);
    assert!(!claim(&store, "nightly", "two").await?);
    put_in_place(&store, "a,b\n").await?;
    assert_eq!(store.read_text("latest.csv").await?, "a,b\n");

    let tuned = tuned(&connection_string, &container)?;
    assert_eq!(tuned.read_text("claims/nightly").await?, "one");
    Ok(())
}

#[tokio::test]
async fn a_store_is_made_without_a_request() -> Result<(), Box<dyn std::error::Error>> {
    in_the_cloud("acct")?;
    let refused = in_the_cloud("not a name").err();
    assert_eq!(
        refused.map(|error| error.kind()),
        Some(ErrorKind::InvalidArgument)
    );
    Ok(())
}
