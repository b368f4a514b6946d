//! No secret shows anywhere.

use super::server::{Server, Step};
use super::*;
use crate::error::Error;

/// In any spelling, of a part of it.
fn assert_hidden(text: &str) {
    for secret in ["hidden", "aGlkZGVu", KEY, SAS] {
        assert!(!text.contains(secret), "{secret:?} shows in {text}");
    }
}

fn assert_hidden_in(error: ServiceError) {
    assert_hidden(&format!("{error:?}"));
    let error = Error::from(error);
    assert_hidden(&format!("{error} {error:?} {error:#?}"));
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        assert_hidden(&format!("{error} {error:?}"));
        cause = error.source();
    }
}

fn clients(server: &Server) -> [AzureClient; 3] {
    [
        builder(server).account_key(KEY).build_client().unwrap(),
        builder(server).sas_token(SAS).build_client().unwrap(),
        AzureBuilder::new("box")
            .account_url(format!("http://{}/acct?{SAS}", server.address))
            .retry(at_once())
            .build_client()
            .unwrap(),
    ]
}

#[tokio::test]
async fn errors_of_every_cause_hide_them() {
    let said = format!("<Error><Code>No</Code><Message>No: ?{SAS}</Message></Error>");
    for step in [
        Step::answer(403).body(said.replace('&', "&amp;")),
        Step::answer(200).body("nonsense"),
        Step::Reset,
        Step::Cut(99, "short"),
    ] {
        let server = Server::start(std::iter::repeat_n(step, 9)).await;
        for client in clients(&server) {
            assert_hidden(&format!("{client:?}"));
            let error = client.list_blobs("", false, None, None).await.unwrap_err();
            assert_hidden_in(error);
        }
    }
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_hides_them() {
    let server = Server::start([]).await;
    let clients = clients(&server);
    let gone = server.address;
    drop(server);
    while tokio::net::TcpStream::connect(gone).await.is_ok() {
        tokio::task::yield_now().await;
    }
    for client in clients {
        assert_hidden_in(client.head_blob("a").await.unwrap_err());
    }
}

#[test]
fn a_configuration_hides_them() {
    let builder = AzureBuilder::new("box")
        .account_url(format!("https://acct.blob.core.windows.net?{SAS}"))
        .connection_string(format!("AccountName=acct;AccountKey={KEY}"))
        .account_key(KEY)
        .sas_token(SAS);
    assert_hidden(&format!("{builder:?} {builder:#?}"));
    assert_hidden(&format!("{:?}", builder.build_client().unwrap_err()));
    let key = AzureBuilder::new("box")
        .account_name("acct")
        .account_key("hidden, no base64");
    assert_hidden(&format!("{:?}", key.build_client().unwrap_err()));
    let sas = AzureBuilder::new("box")
        .account_name("acct")
        .sas_token("sig=hidden with space");
    assert_hidden(&format!("{:?}", sas.build_client().unwrap_err()));
}
