//! TLS.

use std::sync::Arc;

use holdall_ftp::{FixedTls, ServerOptions};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt;

use crate::client::Client;
use crate::site::Site;

type Certificate = CertificateDer<'static>;

fn certificate() -> (Certificate, PrivateKeyDer<'static>) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    (certified.cert.der().clone(), key)
}

async fn site(change: impl FnOnce(&mut ServerOptions)) -> (Site, Arc<rustls::ClientConfig>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let (certificate, key) = certificate();
    let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let site = Site::with_options(|options| {
        options.tls = Some(Arc::new(FixedTls::new(server)));
        change(options);
    })
    .await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (site, Arc::new(client))
}

/// A client with encrypted connections of both kinds.
async fn client(site: &Site, config: &Arc<rustls::ClientConfig>) -> Client {
    let mut client = Client::connect(site.address).await;
    client.expect("AUTH TLS", 234).await;
    let mut client = client.encrypt(Arc::clone(config)).await;
    client.log_in().await;
    client.expect("TYPE I", 200).await;
    client.expect("PROT P", 503).await;
    client.expect("PBSZ 0", 200).await;
    client.expect("PROT S", 536).await;
    client.expect("PROT P", 200).await;
    client.data_tls = Some(Arc::clone(config));
    client
}

#[tokio::test]
async fn files_and_listings_go_encrypted() {
    let (site, config) = site(|_| {}).await;
    let mut client = client(&site, &config).await;
    let content = vec![5; 1 << 20];
    assert_eq!(client.store("STOR f", &content).await.code, 226);
    assert!(client.fetch("RETR f").await == content);
    assert_eq!(client.fetch_text("NLST").await, "f\r\n");
    client.expect("AUTH TLS", 503).await;
    client.expect("CCC", 534).await;
    client.expect("REIN", 502).await;
    client.expect("PROT C", 200).await;
    client.data_tls = None;
    assert_eq!(client.fetch_text("NLST").await, "f\r\n");
    client.expect("QUIT", 221).await;
    assert!(client.is_ended().await);
}

#[tokio::test]
async fn an_upload_without_tls_closing_alert_never_shows() {
    let (site, config) = site(|_| {}).await;
    let mut client = client(&site, &config).await;
    let data = client.open_data().await;
    client.expect("STOR f", 150).await;
    let name = "localhost".try_into().unwrap();
    let connector = tokio_rustls::TlsConnector::from(config);
    let mut data = connector.connect(name, data).await.unwrap();
    data.write_all(b"part").await.unwrap();
    data.flush().await.unwrap();
    let (mut tcp, _) = data.into_inner();
    tcp.shutdown().await.unwrap();
    client.expect_reply(426).await;
    assert_eq!(site.read("f").await, None);
    client.expect("NOOP", 200).await;
}

#[tokio::test]
async fn whoever_speaks_no_tls_on_a_protected_data_connection_gets_nothing() {
    let (site, config) = site(|_| {}).await;
    let mut client = client(&site, &config).await;
    let mut data = client.open_data().await;
    client.expect("STOR f", 150).await;
    data.write_all(b"this is not TLS, and never will be")
        .await
        .unwrap();
    client.expect_reply(425).await;
    assert_eq!(site.read("f").await, None);
}

#[tokio::test]
async fn commands_from_before_the_handshake_are_forgotten() {
    let (site, config) = site(|_| {}).await;
    let mut client = Client::connect(site.address).await;
    client
        .send_bytes(b"AUTH TLS\r\nUSER user\r\nPASS secret\r\n")
        .await;
    client.expect_reply(234).await;
    let mut client = client.encrypt(config).await;
    client.expect("PWD", 530).await;
}

#[tokio::test]
async fn tls_can_be_required() {
    let (site, config) = site(|options| options.require_tls = true).await;
    let mut plain = Client::connect(site.address).await;
    plain.expect("USER user", 530).await;
    plain.expect("PASS secret", 503).await;
    let mut client = client(&site, &config).await;
    client.expect("PROT C", 534).await;
    assert_eq!(client.store("STOR f", b"x").await.code, 226);
}

#[tokio::test]
async fn data_must_be_protected_where_tls_is_required() {
    let (site, config) = site(|options| options.require_tls = true).await;
    let mut client = Client::connect(site.address).await;
    client.expect("AUTH TLS", 234).await;
    let mut client = client.encrypt(config).await;
    client.log_in().await;
    client.expect("EPSV", 229).await;
    client.expect("LIST", 521).await;
}
