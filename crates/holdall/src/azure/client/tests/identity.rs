//! The managed identity of an app, from an endpoint of the test's own.

use reqsign_core::{Context, StaticEnv};

use super::secrets::{Log, assert_hidden};
use super::server::{Server, Step};
use super::*;
use crate::azure::client::chain::{DefaultChain, Http};
use crate::azure::credential::{AzureCredential, AzureCredentialProvider};
use crate::error::ErrorKind;

/// The value of `IDENTITY_HEADER`, which no output may show.
const HEADER: &str = "hidden-header";
const TOKEN: &str =
    r#"{"access_token": "hidden-token", "expires_on": "4102444800", "token_type": "Bearer"}"#;

/// The chain of an app whose endpoint is `server`, with further variables.
fn chain(server: &Server, more: &[(&str, &str)]) -> DefaultChain {
    let endpoint = format!("http://{}/msi/token", server.address);
    // Nobody listens there: not a machine's service that the test may run beside.
    let nowhere = "http://127.0.0.1:1/token";
    let app = [
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", HEADER),
        ("AZURE_IMDS_ENDPOINT", nowhere),
    ];
    let variables = app.iter().chain(more);
    let env = StaticEnv {
        home_dir: None,
        envs: variables
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    };
    let http = Http::new(&client(server).inner.http).unwrap();
    DefaultChain::new(Context::new().with_env(env).with_http_send(http))
}

#[tokio::test]
async fn an_app_has_its_token_from_the_endpoint_that_it_is_told() {
    let server = Server::start([Step::answer(200).body(TOKEN)]).await;
    let log = Log::default();
    let listening = tracing::subscriber::set_default(log.clone());
    let found = chain(&server, &[]).credential().await.unwrap();
    drop(listening);
    assert!(log.said().contains("App Service"), "{}", log.said());
    assert_hidden(&log.said());
    assert_hidden(&format!("{found:?}"));
    let AzureCredential::Token { token, expires_at } = found else {
        panic!("{found:?}")
    };
    assert_eq!(token.reveal(), "hidden-token");
    assert_eq!(expires_at.unwrap().as_second(), 4_102_444_800);
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        seen[0].line,
        "GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com%2F HTTP/1.1"
    );
    assert_eq!(seen[0].header("x-identity-header"), Some(HEADER));
}

#[tokio::test]
async fn an_identity_of_the_users_own_is_asked_for_by_its_id() {
    for (variable, value, part) in [
        ("AZURE_CLIENT_ID", "a-1", "&client_id=a%2D1 "),
        ("AZURE_OBJECT_ID", "o", "&principal_id=o "),
        ("AZURE_MSI_RESOURCE_ID", "/r/i", "&mi_res_id=%2Fr%2Fi "),
        ("AZURE_CLIENT_ID", "", "storage.azure.com%2F "),
    ] {
        let server = Server::start([Step::answer(200).body(TOKEN)]).await;
        let chain = chain(&server, &[(variable, value)]);
        chain.credential().await.unwrap();
        let line = &server.seen()[0].line;
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn what_the_endpoint_gets_wrong_is_told_without_its_secrets() {
    let no_end = r#"{"access_token": "hidden-token", "expires_on": "hidden"}"#;
    for (step, part) in [
        (Step::answer(400).body(TOKEN), "http_status: 400"),
        (Step::answer(200).body("hidden"), "is no token"),
        (Step::answer(200).body(no_end), "expires"),
        (Step::Reset, "App Service: "),
    ] {
        let server = Server::start(std::iter::repeat_n(step, 2)).await;
        let log = Log::default();
        let listening = tracing::subscriber::set_default(log.clone());
        let error = chain(&server, &[]).credential().await.unwrap_err();
        drop(listening);
        assert_hidden(&log.said());
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert!(error.message().contains(part), "{error}");
        assert_hidden(&format!("{error} {error:?} {error:#?}"));
    }
}

#[tokio::test]
async fn service_fabric_is_no_app_service() {
    let server = Server::start([Step::answer(200).body(TOKEN)]).await;
    let fabric = [("IDENTITY_SERVER_THUMBPRINT", "print")];
    let error = chain(&server, &fabric).credential().await.unwrap_err();
    assert!(
        error.message().contains("App Service: not configured"),
        "{error}"
    );
    assert_eq!(server.seen().len(), 0);
}
