//! Listings.

use crate::site::Site;

async fn site() -> Site {
    let site = Site::start().await;
    site.mkdir("d").await;
    site.mkdir("empty").await;
    for name in ["d/b.txt", "d/a.txt", "d/c.csv"] {
        site.write(name, b"12345").await;
    }
    site
}

fn sorted(listing: &str) -> Vec<&str> {
    let mut lines: Vec<_> = listing.lines().collect();
    lines.sort_unstable();
    lines
}

#[tokio::test]
async fn names_are_paths_that_can_be_used() {
    let site = site().await;
    let mut client = site.client().await;
    assert_eq!(sorted(&client.fetch_text("NLST").await), ["d", "empty"]);
    let names = client.fetch_text("NLST d").await;
    assert_eq!(sorted(&names), ["d/a.txt", "d/b.txt", "d/c.csv"]);
    let matching = client.fetch_text("NLST d/*.txt").await;
    assert_eq!(sorted(&matching), ["d/a.txt", "d/b.txt"]);
    assert_eq!(client.fetch_text("NLST d/a.txt").await, "d/a.txt\r\n");
    assert_eq!(client.fetch_text("NLST d/a.txt/").await, "d/a.txt\r\n");
    assert_eq!(client.fetch_text("NLST d/a.txt/.").await, "/d/a.txt\r\n");
    client.expect("CWD d", 250).await;
    let bare = client.fetch_text("NLST -a").await;
    assert_eq!(sorted(&bare), ["a.txt", "b.txt", "c.csv"]);
    assert_eq!(client.fetch_text("NLST /empty").await, "");
}

#[tokio::test]
async fn a_long_listing_has_a_line_for_each_entry() {
    let site = site().await;
    let mut client = site.client().await;
    let listing = client.fetch_text("LIST -la d").await;
    let lines = sorted(&listing);
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].starts_with("-rw-r--r--") && lines[0].ends_with(" a.txt"),
        "{listing}"
    );
    assert_eq!(lines[0].split_whitespace().nth(4), Some("5"));
    assert!(client.fetch_text("LIST").await.contains("drwxr-xr-x"));
    assert!(
        client
            .fetch_text("LIST d/c.csv")
            .await
            .ends_with(" c.csv\r\n")
    );
    assert_eq!(client.fetch_text("LIST empty").await, "");
}

#[tokio::test]
async fn a_machine_reads_facts() {
    let site = site().await;
    let mut client = site.client().await;
    client.expect("OPTS MLST type;size;", 200).await;
    let facts = client.fetch_text("MLSD d").await;
    assert_eq!(
        sorted(&facts),
        [
            "Type=file;Size=5; a.txt",
            "Type=file;Size=5; b.txt",
            "Type=file;Size=5; c.csv"
        ]
    );
    assert_eq!(
        sorted(&client.fetch_text("MLSD").await),
        ["Type=dir; d", "Type=dir; empty"]
    );
    client.passive().await;
    client.expect("MLSD d/a.txt", 501).await;
}

#[tokio::test]
async fn what_is_missing_is_no_empty_listing() {
    let site = site().await;
    let mut client = site.client().await;
    for command in ["LIST missing", "NLST missing", "MLSD missing"] {
        client.passive().await;
        client.expect(command, 550).await;
    }
    client.expect("STAT missing", 550).await;
}

#[tokio::test]
async fn stat_lists_over_the_control_connection() {
    let site = site().await;
    let mut client = site.client().await;
    let listing = client.expect("STAT d", 213).await.text;
    assert_eq!(listing.lines().count(), 5, "{listing}");
    assert!(listing.contains(" b.txt\r\n"));
    client.expect("NOOP", 200).await;
}

#[tokio::test]
async fn a_long_folder_comes_whole() {
    let site = Site::start().await;
    for number in 0..2000 {
        site.write(&format!("file-{number:04}"), b"").await;
    }
    let mut client = site.client().await;
    assert_eq!(client.fetch_text("LIST").await.lines().count(), 2000);
    assert_eq!(client.fetch_text("MLSD").await.lines().count(), 2000);
}
