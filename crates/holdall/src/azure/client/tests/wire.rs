//! What is sent.

use bytes::Bytes;

use super::server::{Seen, Server, Step};
use super::*;
use crate::metadata::UserMetadata;

async fn one(step: Step) -> (Server, AzureClient) {
    let server = Server::start([step]).await;
    let client = client(&server);
    (server, client)
}

fn only(server: &Server) -> Seen {
    let mut seen = server.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    seen.remove(0)
}

fn metadata() -> UserMetadata {
    UserMetadata::new([("author", "ann"), ("run_1", "4 2")]).unwrap()
}

#[tokio::test]
async fn keys_are_encoded_byte_by_byte() {
    for (key, path) in [
        ("plain/file.txt", "plain/file.txt"),
        ("a b", "a%20b"),
        ("#?%+&=;:@", "%23%3F%25%2B%26%3D%3B%3A%40"),
        ("per%20cent", "per%2520cent"),
        ("é/😀", "%C3%A9/%F0%9F%98%80"),
        ("end./dots..", "end./dots.."),
        ("back\\slash", "back%5Cslash"),
        ("'\"<>|", "%27%22%3C%3E%7C"),
    ] {
        let (server, client) = one(Step::answer(200)).await;
        client.head_blob(key).await.unwrap();
        assert_eq!(
            only(&server).line,
            format!("HEAD /acct/box/{path} HTTP/1.1")
        );
    }
}

#[tokio::test]
async fn a_key_that_would_name_another_blob_is_never_sent() {
    let server = Server::start([]).await;
    let client = builder(&server).sas_token(SAS).build_client().unwrap();
    for key in ["a/../b", "..", "a/./b", "a/.."] {
        let error = client.delete_blob(key, None).await.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::InvalidArgument, "{key}");
    }
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn an_upload_names_its_kind_condition_and_metadata() {
    let (server, client) = one(Step::answer(201).with("etag", "\"0x8\"")).await;
    let options = PutOptions {
        create_only: true,
        metadata: Some(&metadata()),
        mark: Some(("x-ms-meta-mark", "m")),
        ..PutOptions::default()
    };
    let written = client.put_blob("a", &[], options).await.unwrap().value;
    assert_eq!(written.etag.as_deref(), Some("0x8"));
    let seen = only(&server);
    for (name, value) in [
        ("content-length", "0"),
        ("if-none-match", "*"),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-meta-author", "ann"),
        ("x-ms-meta-run_1", "4 2"),
        ("x-ms-meta-mark", "m"),
        ("x-ms-version", "2026-04-06"),
    ] {
        assert_eq!(seen.header(name), Some(value), "{name}");
    }
    assert!(
        seen.header("authorization")
            .unwrap()
            .starts_with("SharedKey acct:")
    );
    assert!(seen.header("x-ms-date").unwrap().ends_with(" GMT"));
}

#[tokio::test]
async fn a_long_upload_has_its_length_announced() {
    let (server, client) = one(Step::answer(201)).await;
    let chunk = Bytes::from(vec![1; 300_000]);
    let body = [chunk.clone(), chunk];
    client.put_block("a", "QQ==", &body).await.unwrap();
    let seen = only(&server);
    assert_eq!(
        seen.line,
        "PUT /acct/box/a?comp=block&blockid=QQ%3D%3D HTTP/1.1"
    );
    assert_eq!(seen.header("content-length"), Some("600000"));
    assert_eq!(seen.header("transfer-encoding"), None);
    assert_eq!(seen.body, vec![1; 600_000]);
}

#[tokio::test]
async fn a_range_has_an_end_that_is_not_included() {
    for (range, header) in [((3, Some(7)), "bytes=3-6"), ((3, None), "bytes=3-")] {
        let answer = Step::answer(206)
            .with("content-range", "bytes 3-6/9")
            .body("abcd");
        let (server, client) = one(answer).await;
        let download = client
            .get_blob("a", Some(range), Some("0x8"))
            .await
            .unwrap();
        assert_eq!((download.properties.size, download.position()), (9, 3));
        let seen = only(&server);
        assert_eq!(seen.header("x-ms-range"), Some(header));
        assert_eq!(seen.header("if-match"), Some("\"0x8\""));
    }
}

#[tokio::test]
async fn a_copy_and_a_rename_name_their_source() {
    let (server, client) = one(Step::answer(202).with("x-ms-copy-status", "pending")).await;
    let options = PutOptions {
        source_if_match: Some("0x8"),
        ..PutOptions::default()
    };
    let status = client.copy_blob("a b", "c", options).await.unwrap().value;
    assert_eq!(status.status, "pending");
    let source = format!("http://{}/acct/box/a%20b", server.address);
    let seen = only(&server);
    assert_eq!(seen.header("x-ms-copy-source"), Some(source.as_str()));
    assert_eq!(seen.header("x-ms-source-if-match"), Some("\"0x8\""));

    let (server, client) = one(Step::answer(201)).await;
    client.rename_path("a b", "c", true, None).await.unwrap();
    let seen = only(&server);
    assert_eq!(seen.line, "PUT /acct/box/c?mode=legacy HTTP/1.1");
    assert_eq!(seen.header("x-ms-rename-source"), Some("/box/a%20b"));
    assert_eq!(seen.header("if-none-match"), Some("*"));
}

#[tokio::test]
async fn a_sas_goes_with_the_request_and_with_its_source() {
    let server = Server::start([Step::answer(202), Step::answer(201)]).await;
    let client = builder(&server)
        .sas_token(format!("?{SAS}"))
        .build_client()
        .unwrap();
    client
        .copy_blob("a", "b", PutOptions::default())
        .await
        .unwrap();
    client.rename_path("a", "b", false, None).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].line, format!("PUT /acct/box/b?{SAS} HTTP/1.1"));
    assert!(
        seen[0]
            .header("x-ms-copy-source")
            .unwrap()
            .ends_with(&format!("/a?{SAS}"))
    );
    assert_eq!(
        seen[1].line,
        format!("PUT /acct/box/b?mode=legacy&{SAS} HTTP/1.1")
    );
    let source = format!("/box/a?{SAS}");
    assert_eq!(seen[1].header("x-ms-rename-source"), Some(source.as_str()));
    assert!(
        seen.iter()
            .all(|seen| seen.header("authorization").is_none())
    );
}

#[tokio::test]
async fn a_folder_is_made_as_one() {
    let (server, client) = one(Step::answer(201)).await;
    client.create_directory("d/e", false).await.unwrap();
    let seen = only(&server);
    assert_eq!(seen.line, "PUT /acct/box/d/e?resource=directory HTTP/1.1");
    assert_eq!(seen.header("content-length"), Some("0"));
}

#[tokio::test]
async fn a_continuation_is_handed_on() {
    let more = || Step::answer(200).with("x-ms-continuation", "a+b/=");
    let server = Server::start([more(), Step::answer(200), more().body("{\"paths\":[]}")]).await;
    let client = client(&server);
    let next = client
        .delete_path("d", Some(true), None, None)
        .await
        .unwrap()
        .value;
    assert_eq!(next.as_deref(), Some("a+b/="));
    let last = client
        .delete_path("d", Some(true), next.as_deref(), None)
        .await
        .unwrap();
    assert_eq!(last.value, None);
    let list = PathList {
        directory: "d",
        continuation: next.as_deref(),
        max: Some(7),
        ..PathList::default()
    };
    assert_eq!(client.list_paths(list).await.unwrap().next, next);
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(
        lines[1],
        "DELETE /acct/box/d?recursive=true&continuation=a%2Bb%2F%3D HTTP/1.1"
    );
    assert_eq!(
        lines[2],
        "GET /acct/box?resource=filesystem&recursive=false&directory=d&continuation=a%2Bb%2F%3D&maxResults=7 HTTP/1.1"
    );
}

#[tokio::test]
async fn an_account_says_whether_it_is_hierarchical() {
    for (said, hierarchical) in [("true", true), ("false", false)] {
        let (server, client) = one(Step::answer(200).with("x-ms-is-hns-enabled", said)).await;
        assert_eq!(
            client.account_is_hierarchical().await.unwrap(),
            hierarchical
        );
        assert_eq!(
            only(&server).line,
            "GET /acct/?restype=account&comp=properties HTTP/1.1"
        );
    }
}

#[tokio::test]
async fn a_credential_that_may_not_ask_the_account_asks_by_way_of_the_container() {
    let told = || Step::answer(200).with("x-ms-is-hns-enabled", "true");
    let server = Server::start([Step::answer(403), told()]).await;
    let client = builder(&server).sas_token(SAS).build_client().unwrap();
    assert!(client.account_is_hierarchical().await.unwrap());
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.line).collect();
    let question = format!("restype=account&comp=properties&{SAS} HTTP/1.1");
    assert_eq!(
        lines,
        [
            format!("GET /acct/?{question}"),
            format!("GET /acct/box?{question}")
        ]
    );
}

#[tokio::test]
async fn only_a_refusal_is_asked_about_a_second_time() {
    let server = Server::start(std::iter::repeat_n(Step::answer(503), 9)).await;
    let client = client(&server);
    let error = client.account_is_hierarchical().await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    let attempts = server.seen();
    assert_eq!(attempts.len(), 3);
    assert!(
        attempts
            .iter()
            .all(|seen| seen.line.starts_with("GET /acct/?"))
    );
}

#[tokio::test]
async fn a_batch_of_deletes_signs_each_of_them() {
    let refused = Step::answer(401);
    let kind = "multipart/mixed; boundary=b";
    let said = "--b\r\nContent-ID: 1\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n--b\r\nContent-ID: 0\r\n\r\n\
                HTTP/1.1 404 Gone\r\nx-ms-error-code: BlobNotFound\r\n\r\n--b--";
    let answer = Step::answer(202).with("content-type", kind).body(said);
    let server = Server::start([refused, answer]).await;
    let client = builder(&server).credential(super::faults::Tokens::default());
    let client = client.build_client().unwrap();
    let keys = ["a b", "c"].map(String::from).to_vec();
    let outcomes = client.delete_batch(keys).await.unwrap().value;
    assert!(outcomes[0].as_ref().unwrap_err().is_missing() && outcomes[1].is_ok());
    let seen = &server.seen()[1];
    assert_eq!(
        seen.line,
        "POST /acct/box?restype=container&comp=batch HTTP/1.1"
    );
    let body = String::from_utf8(seen.body.clone()).unwrap();
    assert!(
        body.contains("DELETE /acct/box/a%20b HTTP/1.1\r\n"),
        "{body}"
    );
    assert_eq!(body.matches("authorization: Bearer token-1\r\n").count(), 2);
    assert!(!body.contains("x-ms-version"));
    let (_, boundary) = seen
        .header("content-type")
        .unwrap()
        .split_once("boundary=")
        .unwrap();
    assert!(body.ends_with(&format!("--{boundary}--\r\n")));
}

#[tokio::test]
async fn a_sas_goes_with_each_delete_of_a_batch() {
    let server = Server::start([Step::answer(202)]).await;
    let client = builder(&server).sas_token(SAS).build_client().unwrap();
    let refused = client.delete_batch(vec!["a".to_owned()]).await;
    assert!(refused.is_err(), "the answer is no batch");
    let body = String::from_utf8(server.seen()[0].body.clone()).unwrap();
    assert!(
        body.contains(&format!("DELETE /acct/box/a?{SAS} HTTP/1.1\r\n")),
        "{body}"
    );
}

#[tokio::test]
async fn a_request_of_the_callers_own_is_sent_signed() {
    let answer = Step::answer(200).with("x-ms-lease-id", "l").body("said");
    let server = Server::start([answer, Step::answer(404)]).await;
    let client = client(&server);
    let own = || {
        http::Request::put("https://elsewhere/box/a%20b?comp=lease&x=1%2B1")
            .header("x-ms-lease-action", "acquire")
            .header("authorization", "mine")
            .body(Bytes::from_static(b"body"))
            .unwrap()
    };
    let answer = client.execute(AzureService::Blob, own()).await.unwrap();
    assert_eq!(answer.headers()["x-ms-lease-id"], "l");
    assert_eq!(answer.body(), "said");
    let error = client.execute(AzureService::Blob, own()).await.unwrap_err();
    assert_eq!(error.kind(), crate::error::ErrorKind::NotFound);
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "PUT /acct/box/a%20b?comp=lease&x=1%2B1 HTTP/1.1");
    assert_eq!(seen.header("x-ms-lease-action"), Some("acquire"));
    assert!(
        seen.header("authorization")
            .unwrap()
            .starts_with("SharedKey ")
    );
    assert_eq!(seen.body, b"body");
}
