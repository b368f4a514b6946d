//! Data connections.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::site::Site;

#[tokio::test]
async fn a_data_connection_that_never_comes_is_given_up() {
    let site = Site::with_options(|options| {
        options.data_connection_timeout = Duration::from_millis(50);
    })
    .await;
    site.write("f", b"x").await;
    let mut client = site.client().await;
    for command in ["RETR f", "STOR g", "LIST", "MLSD"] {
        client.passive().await;
        client.expect(command, 150).await;
        client.expect_reply(425).await;
    }
    assert_eq!(site.read("g").await, None);
    assert_eq!(client.fetch("RETR f").await, b"x");
}

#[tokio::test]
async fn the_server_cannot_be_aimed_at_others() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.expect("PORT 127,0,0,2,200,1", 504).await;
    client.expect("EPRT |1|192.0.2.1|5000|", 504).await;
    client.expect("PORT 127,0,0,1,0,25", 504).await;
    client.expect("EPRT |3|x|5000|", 522).await;
    client.expect("PORT 1,2,3", 501).await;
    client.expect("LIST", 425).await;
}

#[tokio::test]
async fn the_server_connects_where_the_client_listens() {
    let site = Site::start().await;
    site.write("f", b"content").await;
    let mut client = site.client().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let [high, low] = port.to_be_bytes();
    for command in [
        format!("PORT 127,0,0,1,{high},{low}"),
        format!("EPRT |1|127.0.0.1|{port}|"),
    ] {
        client.expect(&command, 200).await;
        client.send("RETR f").await;
        client.expect_reply(150).await;
        let (mut data, _) = listener.accept().await.unwrap();
        let mut content = String::new();
        data.read_to_string(&mut content).await.unwrap();
        assert_eq!(content, "content");
        client.expect_reply(226).await;
    }
    drop(listener);
    client
        .expect(&format!("EPRT |1|127.0.0.1|{port}|"), 200)
        .await;
    client.expect("RETR f", 150).await;
    client.expect_reply(425).await;
}

#[tokio::test]
async fn active_mode_can_be_turned_off() {
    let site = Site::with_options(|options| options.active_mode = false).await;
    let mut client = site.client().await;
    client.expect("PORT 127,0,0,1,200,1", 502).await;
}

#[tokio::test]
async fn a_stranger_does_not_get_the_data() {
    let site = Site::start().await;
    site.write("f", b"content").await;
    let mut client = site.client().await;
    let address = client.passive().await;
    let stranger = TcpSocket::new_v4().unwrap();
    stranger.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut stranger = stranger.connect(address).await.unwrap();
    let mut data = TcpStream::connect(address).await.unwrap();
    client.expect("RETR f", 150).await;
    let mut content = String::new();
    data.read_to_string(&mut content).await.unwrap();
    assert_eq!(content, "content");
    client.expect_reply(226).await;
    assert!(!matches!(stranger.read(&mut [0; 8]).await, Ok(1..)));
}

/// A free port that the system gives to nobody who asks for any: those begin at
/// 32768 or later. Where the search begins differs from process to process.
fn port_of_nobody() -> u16 {
    let begin = std::process::id() * 7;
    (0..20_000)
        .map(|step| u16::try_from(10_000 + (begin + step) % 20_000).unwrap())
        .find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

#[tokio::test]
async fn passive_ports_come_from_the_range_and_run_out() {
    let free = port_of_nobody();
    let site = Site::with_options(|options| options.passive_ports = Some(free..=free)).await;
    let (mut one, mut other) = (site.client().await, site.client().await);
    assert_eq!(one.passive().await.port(), free);
    assert_eq!(one.passive().await.port(), free);
    other.expect("EPSV", 425).await;
    one.expect("ABOR", 226).await;
    assert_eq!(other.passive().await.port(), free);
}

#[tokio::test]
async fn pasv_tells_the_advertised_address() {
    let site = Site::with_options(|options| {
        options.advertised_address = Some(Ipv4Addr::new(192, 0, 2, 7));
    })
    .await;
    let mut client = site.client().await;
    let reply = client.expect("PASV", 227).await;
    assert!(reply.text.contains("(192,0,2,7,"), "{reply:?}");
}

#[tokio::test]
async fn epsv_all_rules_out_the_others() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.expect("EPSV 1", 229).await;
    client.expect("EPSV 2", 522).await;
    client.expect("EPSV 9", 522).await;
    client.expect("EPSV x", 501).await;
    client.expect("EPSV ALL", 200).await;
    client.expect("PASV", 503).await;
    client.expect("PORT 127,0,0,1,200,1", 503).await;
    client.expect("EPSV", 229).await;
}
