//! Limits, and the end of the server.

use std::time::Duration;

use holdall_ftp::AccountLimits;
use tokio::io::AsyncWriteExt;

use crate::client::Client;
use crate::site::{PATIENCE, Setup, Site};

#[tokio::test]
async fn a_silent_session_ends() {
    let site = Site::with_options(|options| options.idle_timeout = Duration::from_millis(50)).await;
    let mut client = Client::connect(site.address).await;
    client.expect_reply(421).await;
    assert!(client.is_ended().await);
}

#[tokio::test]
async fn a_login_has_its_time() {
    let site =
        Site::with_options(|options| options.login_timeout = Duration::from_millis(50)).await;
    let mut client = Client::connect(site.address).await;
    client.expect_reply(421).await;
    assert!(client.is_ended().await);
}

#[tokio::test]
async fn there_are_only_so_many_sessions() {
    let site = Site::with_options(|options| options.max_sessions = 1).await;
    let first = site.client().await;
    let (mut second, greeting) = Client::call(site.address).await;
    assert_eq!(greeting.code, 421);
    assert!(second.is_ended().await);
    drop(first);
    site.wait_until_deserted().await;
}

#[tokio::test]
async fn a_user_has_only_so_many_sessions() {
    let mut limits = AccountLimits::default();
    limits.sessions = Some(1);
    let site = Site::with(Setup {
        limits,
        ..Setup::default()
    })
    .await;
    let mut first = site.client().await;
    let mut second = Client::connect(site.address).await;
    second.expect("USER user", 331).await;
    second.expect("PASS secret", 530).await;
    first.expect("REIN", 220).await;
    second.log_in().await;
}

#[tokio::test]
async fn a_limited_rate_loses_nothing() {
    let mut limits = AccountLimits::default();
    limits.upload_rate = std::num::NonZeroU64::new(10_000_000);
    limits.download_rate = std::num::NonZeroU64::new(10_000_000);
    let site = Site::with(Setup {
        limits,
        ..Setup::default()
    })
    .await;
    let mut client = site.client().await;
    let content = vec![3; 100_000];
    assert_eq!(client.store("STOR f", &content).await.code, 226);
    assert!(client.fetch("RETR f").await == content);
}

#[tokio::test]
async fn a_shutdown_ends_idle_sessions_and_lets_transfers_finish() {
    let site = Site::start().await;
    let mut idle = site.client().await;
    let mut busy = site.client().await;
    let mut data = busy.begin("STOR f").await;
    site.handle.shut_down(PATIENCE);
    idle.expect_reply(421).await;
    assert!(idle.is_ended().await);
    data.write_all(b"whole").await.unwrap();
    data.shutdown().await.unwrap();
    busy.expect_reply(226).await;
    busy.expect_reply(421).await;
    tokio::time::timeout(PATIENCE, site.serving)
        .await
        .unwrap()
        .unwrap();
    assert!(tokio::net::TcpStream::connect(site.address).await.is_err());
}

#[tokio::test]
async fn a_shutdown_gives_up_transfers_when_their_time_is_over() {
    let site = Site::start().await;
    let mut busy = site.client().await;
    let mut data = busy.begin("STOR f").await;
    data.write_all(b"part").await.unwrap();
    site.handle.shut_down(Duration::from_millis(20));
    busy.expect_reply(426).await;
    busy.expect_reply(421).await;
    let Site { serving, home, .. } = site;
    tokio::time::timeout(PATIENCE, serving)
        .await
        .unwrap()
        .unwrap();
    assert!(!home.exists("f").await.unwrap());
}
