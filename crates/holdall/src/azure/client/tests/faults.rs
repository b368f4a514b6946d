//! Retries, bounds in time, and what is told of attempts that failed.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;

use super::super::error::Failure;
use super::super::listing::BlobPage;
use super::server::{SHORT, Server, Step};
use super::*;
use crate::azure::{AzureCredential, AzureCredentialProvider};
use crate::error::{Error, ErrorKind};

const NONE: PutOptions<'static> = PutOptions {
    create_only: true,
    if_match: None,
    metadata: None,
    mark: None,
    source_if_match: None,
};

fn busy() -> Step {
    Step::answer(503)
        .with("x-ms-error-code", "ServerBusy")
        .with("x-ms-request-id", "id-7")
        .with("retry-after", "0")
}

async fn put(client: &AzureClient) -> Reply<Answer<Written>> {
    let body = [Bytes::from_static(b"hel"), Bytes::from_static(b"lo")];
    client.put_blob("a", &body, NONE).await
}

#[tokio::test]
async fn a_busy_service_is_asked_again_and_the_answer_says_so() {
    let server = Server::start([busy(), Step::answer(429), Step::answer(201)]).await;
    let answer = put(&client(&server)).await.unwrap();
    assert!(
        answer.retried,
        "a 503 may have been said after the change was made"
    );
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_refusal_before_any_work_leaves_no_doubt() {
    let server = Server::start([Step::answer(429), Step::answer(201)]).await;
    assert!(!put(&client(&server)).await.unwrap().retried);
}

#[tokio::test]
async fn attempts_stay_within_the_policy() {
    let server = Server::start([busy(), busy(), busy(), Step::answer(201)]).await;
    let error = put(&client(&server)).await.unwrap_err();
    assert_eq!((error.attempts(), server.seen().len()), (3, 3));
    assert!(error.may_have_landed());
    let error = Error::from(error);
    assert_eq!(error.kind(), ErrorKind::BackendUnavailable);
    assert!(error.is_retryable());
    for part in ["ServerBusy", "503", "id-7", "attempts=3"] {
        assert!(error.message().contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_definite_answer_is_not_asked_for_again() {
    for status in [400, 401, 403, 404, 409, 412, 416] {
        let server = Server::start([Step::answer(status), Step::answer(201)]).await;
        let error = put(&client(&server)).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
        assert!(!error.may_have_landed() && !error.is_retryable());
        assert!(!error.message().is_empty());
    }
}

#[tokio::test]
async fn a_pause_beyond_the_time_that_is_left_is_not_waited_for() {
    let far = Step::answer(503).with("retry-after", "100000");
    let server = Server::start([far, Step::answer(201)]).await;
    let error = put(&client(&server)).await.unwrap_err();
    assert_eq!(server.seen().len(), 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(100_000)));
}

#[tokio::test]
async fn a_broken_connection_sends_the_whole_content_again() {
    let server = Server::start([Step::Reset, Step::answer(201)]).await;
    assert!(put(&client(&server)).await.unwrap().retried);
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|seen| seen.body == b"hello"));
}

#[tokio::test]
async fn an_answer_to_a_retry_tells_that_the_first_may_have_landed() {
    let there = Step::answer(409).with("x-ms-error-code", "BlobAlreadyExists");
    let server = Server::start([Step::Reset, there]).await;
    let error = put(&client(&server)).await.unwrap_err();
    assert!(error.is_occupied() && error.may_have_landed());
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_has_changed_nothing() {
    let server = Server::start([]).await;
    let client = client(&server);
    let gone = server.address;
    drop(server);
    while tokio::net::TcpStream::connect(gone).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let error = put(&client).await.unwrap_err();
    assert_eq!((error.failure(), error.attempts()), (Failure::Connect, 3));
    assert!(!error.may_have_landed());
    assert_eq!(error.kind(), ErrorKind::BackendUnavailable);
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up() {
    let silence = [Step::Silence, Step::Silence, Step::Silence];
    let server = Server::start(silence).await;
    let error = put(&impatient(&server)).await.unwrap_err();
    assert_eq!((error.failure(), error.attempts()), (Failure::Timeout, 3));
    assert!(error.may_have_landed() && error.is_retryable());
}

#[tokio::test]
async fn a_batch_of_deletes_may_be_silent_for_longer() {
    let server = Server::start([Step::Silence, Step::Silence, Step::Silence]).await;
    let batch = vec!["a".to_owned()];
    let error = impatient(&server).delete_batch(batch).await.unwrap_err();
    assert_eq!((error.failure(), error.attempts()), (Failure::Timeout, 3));
    let waited = format!("for {:?}", SHORT * 4);
    assert!(error.message().contains(&waited), "{error:?}");
}

#[tokio::test]
async fn a_request_ends_with_its_whole_time() {
    let server = Server::start([Step::Silence, Step::answer(201)]).await;
    let policy = RetryPolicy {
        timeout: Some(SHORT),
        ..at_once()
    };
    let builder = builder(&server).account_key(KEY).retry(policy);
    let error = put(&builder.build_client().unwrap()).await.unwrap_err();
    assert_eq!((error.failure(), error.attempts()), (Failure::Timeout, 1));
}

#[tokio::test]
async fn a_listing_that_is_cut_off_is_asked_for_again() {
    let page = "<EnumerationResults><Blobs /><NextMarker /></EnumerationResults>";
    let cut = Step::Cut(page.len(), "<EnumerationResults>");
    let server = Server::start([cut, Step::answer(200).body(page)]).await;
    let page = client(&server).list_blobs("", false, None, None).await;
    assert_eq!(page.unwrap(), BlobPage::default());
}

#[tokio::test]
async fn a_download_that_breaks_says_where_to_go_on() {
    let server = Server::start([Step::Cut(10, "hello")]).await;
    let mut download = client(&server).get_blob("a", None, None).await.unwrap();
    assert_eq!(download.properties.size, 10);
    let error = loop {
        match download.chunk().await {
            Ok(chunk) => assert_eq!(chunk.unwrap(), "hello"),
            Err(error) => break error,
        }
    };
    assert_eq!(
        (error.failure(), download.position()),
        (Failure::Transport, 5)
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_no_panic() {
    for body in ["", "no", "<a", "{\"error\":", "\u{0}"] {
        for status in [200, 400, 503] {
            let nonsense = || Step::answer(status).body(body).with("etag", "\"");
            let server = Server::start([nonsense(), nonsense(), nonsense()]).await;
            let client = client(&server);
            let error = client.list_blobs("", false, None, None).await.unwrap_err();
            assert!(!error.message().is_empty());
        }
    }
}

/// Gives another token each time.
#[derive(Default)]
pub(super) struct Tokens(AtomicUsize);

#[async_trait]
impl AzureCredentialProvider for Tokens {
    async fn credential(&self) -> crate::Result<AzureCredential> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(AzureCredential::Token {
            token: format!("token-{number}").into(),
            expires_at: None,
        })
    }
}

#[tokio::test]
async fn another_part_than_was_asked_for_is_an_error() {
    let whole = Step::answer(200).body("hello");
    let server = Server::start([whole]).await;
    let download = client(&server).get_blob("a", Some((3, None)), None).await;
    assert_eq!(download.unwrap_err().failure(), Failure::Malformed);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = Server::start([Step::answer(401), Step::answer(201), Step::answer(201)]).await;
    let builder = builder(&server).credential(Tokens::default());
    let client = builder
        .retry(RetryPolicy::disabled())
        .build_client()
        .unwrap();
    assert!(!put(&client).await.unwrap().retried);
    put(&client).await.unwrap();
    let seen = server.seen();
    let tokens: Vec<_> = seen
        .iter()
        .filter_map(|seen| seen.header("authorization"))
        .collect();
    assert_eq!(
        tokens,
        ["Bearer token-0", "Bearer token-1", "Bearer token-1"]
    );
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_an_error() {
    let server = Server::start([Step::answer(403), Step::answer(403), Step::answer(201)]).await;
    let client = builder(&server)
        .credential(Tokens::default())
        .build_client();
    let error = put(&client.unwrap()).await.unwrap_err();
    assert_eq!(
        (error.kind(), server.seen().len()),
        (ErrorKind::PermissionDenied, 2)
    );
}

#[tokio::test]
async fn a_host_that_nobody_knows_is_told_from_one_that_does_not_answer() {
    let cause = async |url: &str| {
        let builder = AzureBuilder::new("box").account_url(url).account_key(KEY);
        let client = builder.retry(at_once()).build_client().unwrap();
        let error = client.head_container().await.unwrap_err();
        assert_eq!(error.failure(), Failure::Connect);
        let error = crate::Error::from(error);
        crate::UnknownHost::among_causes_of(&error).map(|cause| cause.host().to_owned())
    };
    // Reserved, so that it never is anybody's: RFC 2606.
    let unknown = cause("http://acme.blob.invalid").await;
    assert_eq!(unknown.as_deref(), Some("acme.blob.invalid"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(cause(&format!("http://{closed}/acct")).await, None);
}
