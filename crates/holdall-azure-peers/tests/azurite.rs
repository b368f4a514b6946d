//! The handle on Azurite.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpStream;

use holdall_azure_peers::Azurite;

/// The status line that Azurite answers an unsigned request with.
fn answer_of(azurite: &Azurite) -> String {
    status_of(azurite, &format!("/{}?comp=list", Azurite::ACCOUNT))
}

fn status_of(azurite: &Azurite, target: &str) -> String {
    let authority = azurite.address().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(authority).unwrap();
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn it_answers_once_started_and_no_more_once_dropped() {
    let Some(azurite) = Azurite::start_or_skip().unwrap() else {
        return;
    };
    assert!(answer_of(&azurite).starts_with("HTTP/1.1 403"));
    let authority = azurite
        .address()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    drop(azurite);
    assert!(TcpStream::connect(authority).is_err());
}

#[test]
fn container_names_differ() {
    let Some(azurite) = Azurite::start_or_skip().unwrap() else {
        return;
    };
    assert_ne!(
        azurite.fresh_container_name(),
        azurite.fresh_container_name()
    );
}

#[test]
fn a_signature_opens_the_account_until_it_expires() {
    let Some(azurite) = Azurite::start_or_skip().unwrap() else {
        return;
    };
    let listing = |sas: &str| {
        let target = format!(
            "/{}/box?restype=container&comp=list&{sas}",
            Azurite::ACCOUNT
        );
        status_of(&azurite, &target)
    };
    // Let in, and there is no such container.
    let good = listing(&azurite.sas("2100-01-01T00:00:00Z"));
    assert!(good.starts_with("HTTP/1.1 404"), "{good}");
    let over = listing(&azurite.sas("2000-01-01T00:00:00Z"));
    assert!(over.starts_with("HTTP/1.1 403"), "{over}");
}

/// Set for a copy of this test's process, which is killed.
const DOOMED: &str = "HOLDALL_TEST_DOOMED";

#[test]
fn it_ends_with_the_process_that_started_it() {
    let Some(azurite) = Azurite::start_or_skip().unwrap() else {
        return;
    };
    if std::env::var_os(DOOMED).is_some() {
        // Not to standard output, where the runner prints, too.
        eprintln!("at={};", azurite.address());
        std::process::abort();
    }
    drop(azurite);
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("it_ends_with_the_process_that_started_it")
        .env(DOOMED, "1")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let printed = String::from_utf8_lossy(&output.stderr);
    let (_, rest) = printed.split_once("at=http://").unwrap();
    let (authority, _) = rest.split_once(';').unwrap();
    // Refused as soon as Azurite sees its input end.
    while TcpStream::connect(authority).is_ok() {
        std::thread::yield_now();
    }
}
