//! No secret shows anywhere.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use parking_lot::Mutex;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::server::{Server, Step};
use super::*;
use crate::error::Error;

/// In any spelling, of a part of it.
pub(super) fn assert_hidden(text: &str) {
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

/// Keeps all that is logged.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<String>>);

impl Log {
    pub(super) fn said(&self) -> String {
        self.0.lock().clone()
    }
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0.lock(), "{field}={value:?} ");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn the_log_hides_them() {
    let log = Log::default();
    let listening = tracing::subscriber::set_default(log.clone());
    let server = Server::start([Step::Reset, Step::answer(503), Step::answer(403)]).await;
    let [_, client, _] = clients(&server);
    let copied = client.copy_blob("a", "b", PutOptions::default()).await;
    drop(listening);
    assert!(copied.is_err());
    let said = log.said();
    assert!(said.contains("/acct/box/b"), "retries are logged: {said}");
    assert_hidden(&said);
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
