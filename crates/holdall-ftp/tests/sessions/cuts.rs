//! Transfers that end before their end.

use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::Client;
use crate::site::Site;

/// More than all buffers on the way can hold.
const MORE_THAN_BUFFERS: usize = 64 << 20;

/// Begins an upload of which `sent` has been sent.
async fn begin_upload(client: &mut Client, line: &str, sent: &[u8]) -> TcpStream {
    let mut data = client.open_data().await;
    client.expect(line, 150).await;
    data.write_all(sent).await.unwrap();
    data
}

#[tokio::test]
async fn an_upload_that_is_aborted_leaves_the_old_file() {
    let site = Site::start().await;
    site.write("f", b"old").await;
    let mut client = site.client().await;
    let _data = begin_upload(&mut client, "STOR f", b"new").await;
    client.send("ABOR").await;
    client.expect_reply(426).await;
    client.expect_reply(226).await;
    assert_eq!(site.read("f").await.unwrap(), b"old");
    assert_eq!(client.store("STOR f", b"newer").await.code, 226);
    assert_eq!(site.read("f").await.unwrap(), b"newer");
}

#[tokio::test]
async fn an_abort_may_come_as_telnet_and_urgent() {
    let site = Site::start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let login = b"USER user\r\nPASS secret\r\nPWD\r\n\xff\xf4\xff";
    stream.write_all(login).await.unwrap();
    SockRef::from(&stream).send_out_of_band(b"\xf2").unwrap();
    stream.write_all(b"ABOR\r\nNOOP\r").await.unwrap();
    SockRef::from(&stream).send_out_of_band(b"\n").unwrap();
    stream.write_all(b"QUIT\r").await.unwrap();
    SockRef::from(&stream).send_out_of_band(b"\n").unwrap();
    let mut replies = String::new();
    let reading = stream.read_to_string(&mut replies);
    tokio::time::timeout(crate::site::PATIENCE, reading)
        .await
        .unwrap()
        .unwrap();
    let codes: Vec<_> = replies.lines().map(|line| &line[..3]).collect();
    assert_eq!(
        codes,
        ["220", "331", "230", "257", "226", "200", "221"],
        "{replies}"
    );
}

#[tokio::test]
async fn what_follows_an_urgent_byte_is_read_though_nothing_comes_after_it() {
    let site = Site::start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let expect = async |stream: &mut TcpStream, text: &str| {
        let mut found = vec![0; text.len()];
        let reading = stream.read_exact(&mut found);
        let read = tokio::time::timeout(crate::site::PATIENCE, reading).await;
        read.unwrap().unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), text);
    };
    expect(&mut stream, "220 Holdall\r\n").await;
    for _ in 0..20 {
        // All of it is there before the server looks: both are one task.
        stream.try_write(b"NOOP\r\n\xff\xf4\xff").unwrap();
        SockRef::from(&stream).send_out_of_band(b"\xf2").unwrap();
        stream.try_write(b"NOOP\r\n").unwrap();
        expect(&mut stream, "200 OK.\r\n200 OK.\r\n").await;
    }
}

#[tokio::test]
async fn a_download_is_aborted_though_nobody_reads_it() {
    let site = Site::start().await;
    site.write("f", &vec![7; MORE_THAN_BUFFERS]).await;
    let mut client = site.client().await;
    let _data = client.begin("RETR f").await;
    client.send("ABOR").await;
    client.expect_reply(426).await;
    client.expect_reply(226).await;
    assert_eq!(
        client.expect("SIZE f", 213).await.text,
        format!("213 {MORE_THAN_BUFFERS}\r\n")
    );
}

#[tokio::test]
async fn an_abort_ends_the_wait_for_a_data_connection() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.passive().await;
    client.expect("STOR f", 150).await;
    client.send("ABOR").await;
    client.expect_reply(426).await;
    client.expect_reply(226).await;
    assert_eq!(site.read("f").await, None);
    client.passive().await;
    client.expect("ABOR", 226).await;
    client.expect("LIST", 425).await;
}

#[tokio::test]
async fn a_client_may_stop_reading_and_go_on_with_another_file() {
    let site = Site::start().await;
    site.write("f", &vec![7; MORE_THAN_BUFFERS]).await;
    let mut client = site.client().await;
    for _ in 0..20 {
        let mut data = client.begin("RETR f").await;
        data.read_exact(&mut [0; 100]).await.unwrap();
        drop(data);
        client.expect_reply(426).await;
    }
    client.expect("NOOP", 200).await;
}

#[tokio::test]
async fn an_upload_that_is_reset_never_shows() {
    let site = Site::start().await;
    let mut client = site.client().await;
    let data = begin_upload(&mut client, "STOR f", b"part").await;
    SockRef::from(&data)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
    drop(data);
    client.expect_reply(426).await;
    assert_eq!(site.read("f").await, None);
    client.expect("NOOP", 200).await;
}

#[tokio::test]
async fn an_upload_of_a_client_that_vanished_never_shows() {
    let site = Site::start().await;
    let mut client = site.client().await;
    let _data = begin_upload(&mut client, "STOR f", b"part").await;
    drop(client);
    site.wait_until_deserted().await;
    assert_eq!(site.read("f").await, None);
}

#[tokio::test]
async fn an_upload_of_a_client_that_was_killed_never_shows() {
    let site = Site::start().await;
    for _ in 0..50 {
        let mut client = site.client().await;
        let data = begin_upload(&mut client, "STOR f", b"part").await;
        // As the system does for a process that is gone.
        drop(client);
        drop(data);
        site.wait_until_deserted().await;
        assert_eq!(site.read("f").await, None);
    }
}

#[tokio::test]
async fn an_upload_that_stands_still_never_shows() {
    let site = Site::with_options(|options| {
        options.transfer_timeout = Duration::from_millis(50);
    })
    .await;
    let mut client = site.client().await;
    let _data = begin_upload(&mut client, "STOR f", b"part").await;
    client.expect_reply(426).await;
    assert_eq!(site.read("f").await, None);
    client.expect("NOOP", 200).await;
}

#[tokio::test]
async fn a_client_that_says_goodbye_early_gets_its_transfer_first() {
    let site = Site::start().await;
    let mut client = site.client().await;
    let mut data = begin_upload(&mut client, "STOR f", b"all ").await;
    client.send("QUIT").await;
    data.write_all(b"of it").await.unwrap();
    drop(data);
    client.expect_reply(226).await;
    client.expect_reply(221).await;
    assert_eq!(site.read("f").await.unwrap(), b"all of it");
}

#[tokio::test]
async fn a_transfer_tells_how_far_it_is() {
    let site = Site::start().await;
    let mut client = site.client().await;
    let data = begin_upload(&mut client, "STOR f", b"12345").await;
    let asking = async { while !client.expect("STAT", 211).await.text.contains(": 5 bytes") {} };
    tokio::time::timeout(crate::site::PATIENCE, asking)
        .await
        .unwrap();
    drop(data);
    client.expect_reply(226).await;
}

#[tokio::test]
async fn what_came_before_a_cut_is_kept_where_that_is_asked_for() {
    let site = Site::with_options(|options| options.keep_partial = true).await;
    let mut client = site.client().await;
    let data = begin_upload(&mut client, "STOR f", b"part").await;
    let asking = async { while !client.expect("STAT", 211).await.text.contains(": 4 bytes") {} };
    tokio::time::timeout(crate::site::PATIENCE, asking)
        .await
        .unwrap();
    client.send("ABOR").await;
    client.expect_reply(426).await;
    client.expect_reply(226).await;
    assert_eq!(site.read("f").await.unwrap(), b"part");
    drop(data);
    client.expect("REST 4", 350).await;
    assert_eq!(client.store("STOR f", b" and rest").await.code, 226);
    assert_eq!(site.read("f").await.unwrap(), b"part and rest");
}
