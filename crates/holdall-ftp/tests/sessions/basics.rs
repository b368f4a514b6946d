//! Logging in, and commands that move nothing.

use crate::client::Client;
use crate::site::Site;

#[tokio::test]
async fn nobody_gets_in_without_the_password() {
    let site = Site::start().await;
    let mut client = Client::connect(site.address).await;
    client.expect("PASS secret", 503).await;
    for command in ["PWD", "LIST", "RETR a", "EPSV", "MKD a", "STAT /"] {
        client.expect(command, 530).await;
    }
    client.expect("USER nobody", 331).await;
    client.expect("PASS secret", 530).await;
    client.expect("USER user", 331).await;
    client.expect("PASS wrong", 530).await;
    client.expect("USER user", 331).await;
    client.expect("PASS wrong", 421).await;
    assert!(client.is_ended().await);
}

#[tokio::test]
async fn each_command_has_its_code() {
    let site = Site::start().await;
    let mut client = Client::connect(site.address).await;
    client.log_in().await;
    for (command, code) in [
        ("SYST", 215),
        ("NOOP", 200),
        ("noop", 200),
        ("HELP", 214),
        ("HELP RETR", 214),
        ("FEAT", 211),
        ("STAT", 211),
        ("CLNT test", 200),
        ("PWD", 257),
        ("XPWD", 257),
        ("TYPE A", 200),
        ("TYPE A N", 200),
        ("TYPE I", 200),
        ("TYPE L 8", 200),
        ("TYPE E", 504),
        ("MODE S", 200),
        ("MODE B", 504),
        ("STRU F", 200),
        ("STRU R", 504),
        ("ALLO 100", 202),
        ("ACCT x", 202),
        ("OPTS UTF8 ON", 200),
        ("OPTS UTF8 OFF", 504),
        ("OPTS MLST size;type;", 200),
        ("OPTS HASH SHA-1", 200),
        ("OPTS HASH CRC32", 501),
        ("OPTS x", 501),
        ("REST 5", 350),
        ("REST x", 501),
        ("ABOR", 226),
        ("RETR", 501),
        ("RETR missing", 425),
        ("AUTH TLS", 502),
        ("AUTH GSSAPI", 504),
        ("PBSZ 0", 503),
        ("PROT P", 503),
        ("CCC", 534),
        ("SITE CHMOD 644 a", 502),
        ("XYZZY", 500),
        ("", 500),
        ("RNTO a", 503),
        ("REIN", 220),
        ("PWD", 530),
        ("USER user", 331),
        ("PASS secret", 230),
        ("QUIT", 221),
    ] {
        client.expect(command, code).await;
    }
    assert!(client.is_ended().await);
}

#[tokio::test]
async fn folders_are_made_entered_renamed_and_removed() {
    let site = Site::start().await;
    let mut client = site.client().await;
    let made = client.expect("MKD a \"b\"", 257).await;
    assert!(made.text.contains("\"/a \"\"b\"\"\""), "{made:?}");
    client.expect("MKD a \"b\"", 550).await;
    client.expect("MKD x/y", 550).await;
    client.expect("CWD a \"b\"", 250).await;
    client.expect("XMKD sub", 257).await;
    client.expect("CWD sub", 250).await;
    assert!(client.expect("PWD", 257).await.text.contains("sub\""));
    client.expect("CDUP", 250).await;
    client.expect("CWD ../../..", 250).await;
    assert_eq!(client.expect("PWD", 257).await.text, "257 \"/\"\r\n");
    client.expect("CWD missing", 550).await;
    client.expect("RMD a \"b\"", 550).await;
    client.expect("RNFR missing", 550).await;
    client.expect("RNFR a \"b\"", 350).await;
    client.expect("RNTO c", 250).await;
    client.expect("RNTO d", 503).await;
    client.expect("RNFR c", 350).await;
    client.expect("RNTO c/inside", 553).await;
    client.expect("DELE c", 550).await;
    client.expect("XRMD c/sub", 250).await;
    client.expect("RMD c", 250).await;
    client.expect("RMD /", 550).await;
    client.expect("CWD c", 550).await;
}

#[tokio::test]
async fn what_is_no_line_or_no_text_is_refused_and_the_session_goes_on() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client
        .expect(&format!("CWD {}", "x".repeat(20_000)), 500)
        .await;
    client.send_bytes(b"CWD \xff\xff\xfe\r\n").await;
    client.expect_reply(501).await;
    client.expect("DELE a\0b", 501).await;
    client.expect("NOOP", 200).await;
}

#[tokio::test]
async fn commands_may_come_all_at_once() {
    let site = Site::start().await;
    site.write("a", b"content").await;
    let mut client = site.client().await;
    let mut data = client.open_data().await;
    client
        .send_bytes(b"RETR a\r\nNOOP\r\nPWD\r\nSIZE a\r\nQUIT\r\n")
        .await;
    for code in [150, 226, 200, 257, 213, 221] {
        client.expect_reply(code).await;
    }
    let mut content = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut data, &mut content)
        .await
        .unwrap();
    assert_eq!(content, "content");
}

#[tokio::test]
async fn half_a_command_waits_for_its_other_half() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.send_bytes(b"NO").await;
    client.send_bytes(b"OP\r").await;
    client.send_bytes(b"\nPW").await;
    client.expect_reply(200).await;
    client.send_bytes(b"D\n").await;
    client.expect_reply(257).await;
}
