//! Files up and down.

use holdall_ftp::{Access, Permissions};

use crate::site::{Setup, Site};

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place * 31 % 251) as u8).collect()
}

#[tokio::test]
async fn files_of_all_sizes_come_back_as_they_went() {
    let site = Site::start().await;
    let mut client = site.client().await;
    for size in [0, 1, 16 * 1024 - 1, 16 * 1024, 300_000, 3 << 20] {
        let sent = content(size);
        assert_eq!(client.store("STOR f", &sent).await.code, 226);
        assert_eq!(
            client.expect("SIZE f", 213).await.text,
            format!("213 {size}\r\n")
        );
        assert!(client.fetch("RETR f").await == sent, "{size}");
    }
}

#[tokio::test]
async fn a_transfer_begins_where_rest_says() {
    let site = Site::start().await;
    let mut client = site.client().await;
    site.write("f", b"0123456789").await;
    client.expect("REST 4", 350).await;
    assert_eq!(client.fetch("RETR f").await, b"456789");
    assert_eq!(client.fetch("RETR f").await, b"0123456789");
    client.expect("REST 4", 350).await;
    client.store("STOR f", b"xy").await;
    assert_eq!(site.read("f").await.unwrap(), b"0123xy6789");
    client.expect("REST 12", 350).await;
    client.store("STOR f", b"z").await;
    assert_eq!(site.read("f").await.unwrap(), b"0123xy6789\0\0z");
    client.expect("REST 100", 350).await;
    assert_eq!(client.fetch("RETR f").await, b"");
    client.expect("REST 1", 350).await;
    client.passive().await;
    client.expect("STOR missing", 550).await;
}

#[tokio::test]
async fn appe_adds_to_the_end() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.store("APPE f", b"one").await;
    client.store("APPE f", b"two").await;
    assert_eq!(site.read("f").await.unwrap(), b"onetwo");
}

#[tokio::test]
async fn stou_tells_the_name_that_it_made() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.open_data().await;
    for command in ["STOU", "STOU base"] {
        let mut data = client.open_data().await;
        let begun = client.expect(command, 150).await;
        tokio::io::AsyncWriteExt::write_all(&mut data, b"x")
            .await
            .unwrap();
        drop(data);
        client.expect_reply(226).await;
        let name = begun
            .text
            .trim()
            .strip_prefix("150 FILE: ")
            .unwrap()
            .to_owned();
        assert_eq!(site.read(&name).await.unwrap(), b"x");
    }
}

#[tokio::test]
async fn text_has_crlf_on_the_way_and_lf_in_files() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.expect("TYPE A", 200).await;
    client.store("STOR f", b"a\r\nb\rc\r\n\r").await;
    assert_eq!(site.read("f").await.unwrap(), b"a\nb\rc\n\r");
    site.write("g", b"a\nb\r\nc").await;
    assert_eq!(client.fetch("RETR g").await, b"a\r\nb\r\nc");
    client.expect("SIZE g", 550).await;
    client.expect("REST 1", 350).await;
    client.expect("RETR g", 554).await;
}

#[tokio::test]
async fn a_file_tells_its_facts() {
    let site = Site::start().await;
    let mut client = site.client().await;
    site.write("f", b"hello").await;
    client.expect("MKD d", 257).await;
    client.expect("SIZE d", 550).await;
    client.expect("SIZE missing", 550).await;
    client.expect("MDTM missing", 550).await;
    let set = client.expect("MFMT 20200102030405 f", 213).await;
    assert_eq!(set.text, "213 Modify=20200102030405; /f\r\n");
    assert_eq!(
        client.expect("MDTM f", 213).await.text,
        "213 20200102030405\r\n"
    );
    client.expect("MFMT 2020 f", 501).await;
    client.expect("OPTS MLST type;size;modify;perm;", 200).await;
    let facts = client.expect("MLST f", 250).await;
    assert!(
        facts
            .text
            .contains("\r\n Type=file;Size=5;Modify=20200102030405;Perm=adfrw; /f\r\n"),
        "{facts:?}"
    );
    client.expect("MLST missing", 550).await;
}

#[tokio::test]
async fn a_digest_is_told_in_the_algorithm_of_choice() {
    let site = Site::start().await;
    let mut client = site.client().await;
    site.write("f", b"hello").await;
    let sha256 = client.expect("HASH f", 213).await.text;
    assert_eq!(
        sha256,
        "213 SHA-256 0-4 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 f\r\n"
    );
    client.expect("OPTS HASH md5", 200).await;
    let md5 = client.expect("HASH f", 213).await.text;
    assert_eq!(md5, "213 MD5 0-4 5d41402abc4b2a76b9719d911017c592 f\r\n");
    assert!(client.expect("FEAT", 211).await.text.contains("MD5*"));
    client.expect("HASH missing", 550).await;
}

#[tokio::test]
async fn a_digest_is_told_before_what_was_asked_after_it() {
    let site = Site::start().await;
    let mut client = site.client().await;
    site.write("f", &content(3 << 20)).await;
    client.send_bytes(b"HASH f\r\nSTAT\r\nPWD\r\n").await;
    for code in [213, 211, 257] {
        client.expect_reply(code).await;
    }
}

#[tokio::test]
async fn a_refused_file_leaves_nothing_and_the_session_goes_on() {
    let site = Site::start().await;
    let mut client = site.client().await;
    client.expect("MKD d", 257).await;
    for command in [
        "RETR missing",
        "RETR d",
        "STOR d",
        "STOR missing/f",
        "APPE d",
    ] {
        client.passive().await;
        client.expect(command, 550).await;
    }
    assert_eq!(client.fetch_text("NLST").await, "d\r\n");
}

#[tokio::test]
async fn permissions_hold_for_every_command() {
    let site = Site::with(Setup {
        permissions: Permissions::read_only().with_rule("in", Access::WRITE),
        ..Setup::default()
    })
    .await;
    site.mkdir("in").await;
    site.write("f", b"x").await;
    site.write("in/old", b"x").await;
    let mut client = site.client().await;
    for command in [
        "STOR f",
        "APPE f",
        "STOU f",
        "DELE f",
        "MKD d",
        "RMD d",
        "RNFR f",
        "MFMT 20200101000000 f",
        "RETR in/old",
        "SIZE in/old",
        "MDTM in/old",
        "MLST in/old",
        "HASH in/old",
        "LIST in",
        "NLST in",
        "MLSD in",
        "STAT in",
        "RETR ./in/../in/old",
    ] {
        client.expect(command, 550).await;
    }
    client.expect("RNFR in/old", 350).await;
    client.expect("RNTO old", 550).await;
    assert_eq!(client.fetch("RETR f").await, b"x");
    assert_eq!(client.store("STOR in/new", b"y").await.code, 226);
    assert_eq!(site.read("in/new").await.unwrap(), b"y");
}
