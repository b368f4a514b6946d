//! Clients that come by IPv6.

use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::client::Client;
use crate::site::{Setup, Site};

/// A site at an address of IPv6; none, and a word about it, on a machine without.
async fn site_at(address: &'static str) -> Option<Site> {
    if let Err(error) = std::net::TcpListener::bind(address) {
        println!("SKIPPED: there is no {address} on this machine: {error}");
        return None;
    }
    let setup = Setup {
        address,
        ..Setup::default()
    };
    Some(Site::with(setup).await)
}

#[tokio::test]
async fn files_go_both_ways_over_ipv6() {
    let Some(site) = site_at("[::1]:0").await else {
        return;
    };
    let mut client = site.client().await;
    assert_eq!(client.store("STOR f", b"content").await.code, 226);
    assert_eq!(client.fetch("RETR f").await, b"content");
    assert_eq!(client.fetch_text("NLST").await, "f\r\n");
    client.expect("EPSV 2", 229).await;
}

#[tokio::test]
async fn the_server_connects_to_a_client_of_ipv6() {
    let Some(site) = site_at("[::1]:0").await else {
        return;
    };
    site.write("f", b"content").await;
    let mut client = site.client().await;
    let listener = TcpListener::bind("[::1]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    client.expect(&format!("EPRT |2|::1|{port}|"), 200).await;
    client.expect("RETR f", 150).await;
    let (mut data, _) = listener.accept().await.unwrap();
    let mut content = String::new();
    data.read_to_string(&mut content).await.unwrap();
    assert_eq!(content, "content");
    client.expect_reply(226).await;
    client.expect(&format!("EPRT |2|::2|{port}|"), 504).await;
    client
        .expect(&format!("EPRT |1|127.0.0.1|{port}|"), 504)
        .await;
}

#[tokio::test]
async fn what_is_of_ipv4_alone_is_refused_over_ipv6() {
    let Some(site) = site_at("[::1]:0").await else {
        return;
    };
    let mut client = site.client().await;
    let refused = client.expect("PASV", 425).await;
    assert!(refused.text.contains("EPSV"), "{refused:?}");
    let refused = client.expect("EPSV 1", 522).await;
    // RFC 2428, 3: the protocols that would do, between parentheses.
    assert!(refused.text.trim_end().ends_with("(2)"), "{refused:?}");
    client.expect("PORT 127,0,0,1,200,1", 504).await;
    client.expect("LIST", 425).await;
}

#[tokio::test]
async fn a_client_of_ipv4_is_one_also_where_both_are_served() {
    let Some(site) = site_at("[::]:0").await else {
        return;
    };
    let address = (std::net::Ipv4Addr::LOCALHOST, site.address.port()).into();
    if let Err(error) = tokio::net::TcpStream::connect(address).await {
        println!("SKIPPED: [::] does not serve IPv4 on this machine: {error}");
        return;
    }
    let mut client = Client::connect(address).await;
    client.log_in().await;
    let reply = client.expect("PASV", 227).await;
    assert!(reply.text.contains("(127,0,0,1,"), "{reply:?}");
    client.expect("EPSV 2", 522).await;
    assert_eq!(client.store("STOR f", b"content").await.code, 226);
    assert_eq!(client.fetch("RETR f").await, b"content");
}
