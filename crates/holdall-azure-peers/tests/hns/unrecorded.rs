//! What the fake answers that no recording shows, as the reference has it.

use holdall_azure_peers::{Authentication, Behaviour, CopyOutcome, HnsAccount, RenameConflict};
use serde_json::Value;

use super::wire::{Answer, Request, send};

/// An account without a wish for credentials, and a container in it.
struct Peer {
    account: HnsAccount,
    container: String,
}

impl Peer {
    fn start() -> Self {
        Self::start_with(|_| {})
    }

    fn start_with(change: impl FnOnce(&mut Behaviour)) -> Self {
        let mut behaviour = Behaviour::default();
        behaviour.authentication = Authentication::Ignored;
        change(&mut behaviour);
        let account = HnsAccount::start_with(behaviour).unwrap();
        let container = account.fresh_container();
        Self { account, container }
    }

    /// Sends to `service`, `blob` or `dfs`, for a key with a query in the
    /// container; `headers` are lines of `name: value`.
    fn ask(&self, service: &str, method: &str, key: &str, headers: &[&str], body: &str) -> Answer {
        let endpoint = match service {
            "dfs" => self.account.dfs_endpoint(),
            _ => self.account.blob_endpoint(),
        };
        let (key, query) = key.split_once('?').unwrap_or((key, ""));
        let mut request = Request::new(method, &format!("/{}{key}", self.container), query);
        for line in headers {
            let (name, value) = line.split_once(": ").unwrap();
            request.headers.insert(name.to_owned(), value.to_owned());
        }
        request.body = body.into();
        send(&endpoint, request)
    }

    fn put(&self, key: &str, body: &str) -> Answer {
        let answer = self.ask("blob", "PUT", key, &["x-ms-blob-type: BlockBlob"], body);
        assert_eq!(answer.status, 201);
        answer
    }

    fn content(&self, key: &str) -> String {
        let answer = self.ask("blob", "GET", key, &[], "");
        assert_eq!(answer.status, 200, "{key}");
        String::from_utf8(answer.body).unwrap()
    }

    fn exists(&self, key: &str) -> bool {
        self.ask("blob", "HEAD", key, &[], "").status == 200
    }

    fn rename(&self, from: &str, to: &str, headers: &[&str]) -> Answer {
        let source = format!("x-ms-rename-source: /{}{from}", self.container);
        let headers = [&[source.as_str()], headers].concat();
        self.ask("dfs", "PUT", to, &headers, "")
    }

    fn copy(&self, from: &str, to: &str, headers: &[&str]) -> Answer {
        let source = format!("x-ms-copy-source: http://account/{}{from}", self.container);
        let headers = [&[source.as_str()], headers].concat();
        self.ask("blob", "PUT", to, &headers, "")
    }

    /// The names of all pages of a listing of paths, page by page.
    fn pages_of_paths(&self, query: &str) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        let mut token = String::new();
        loop {
            let target = format!("?resource=filesystem&{query}{token}");
            let answer = self.ask("dfs", "GET", &target, &[], "");
            assert_eq!(answer.status, 200);
            let listed: Value = serde_json::from_slice(&answer.body).unwrap();
            let paths = listed.get("paths").unwrap().as_array().unwrap().iter();
            let name = |path: &Value| path.get("name").unwrap().as_str().unwrap().to_owned();
            pages.push(paths.map(name).collect());
            match answer.headers.get("x-ms-continuation") {
                Some(next) => token = format!("&continuation={}", escaped(next)),
                None => return pages,
            }
        }
    }

    /// What stands between `<Name>` and `</Name>`, page by page.
    fn pages_of_blobs(&self, query: &str) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        let mut marker = String::new();
        loop {
            let target = format!("?restype=container&comp=list&{query}&marker={marker}");
            let answer = self.ask("blob", "GET", &target, &[], "");
            assert_eq!(answer.status, 200);
            let text = String::from_utf8(answer.body).unwrap();
            pages.push(elements(&text, "Name"));
            match elements(&text, "NextMarker").first() {
                Some(next) if !next.is_empty() => marker = escaped(next),
                _ => return pages,
            }
        }
    }
}

fn elements(text: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let rests = text.split(&open).skip(1);
    rests
        .map(|rest| rest.split(&close).next().unwrap().to_owned())
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

/// A refusal, as status and code.
fn refusal(answer: &Answer) -> (u16, &str) {
    let code = answer.headers.get("x-ms-error-code");
    (answer.status, code.map_or("", String::as_str))
}

#[test]
fn create_only_refuses_what_exists_on_either_service() {
    let peer = Peer::start();
    peer.put("/a", "old");
    let only = "if-none-match: *";
    let blob = peer.ask(
        "blob",
        "PUT",
        "/a",
        &["x-ms-blob-type: BlockBlob", only],
        "new",
    );
    assert_eq!(refusal(&blob), (409, "BlobAlreadyExists"));
    let path = peer.ask("dfs", "PUT", "/a?resource=file", &[only], "");
    assert_eq!(refusal(&path), (409, "PathAlreadyExists"));
    peer.put("/b", "source");
    assert_eq!(
        refusal(&peer.copy("/b", "/a", &[only])),
        (409, "BlobAlreadyExists")
    );
    assert_eq!(peer.content("/a"), "old");
}

#[test]
fn if_match_holds_for_reads_deletes_and_sources() {
    let peer = Peer::start();
    let stale = peer.put("/a", "one").headers.get("etag").unwrap().clone();
    peer.put("/a", "two");
    let stale_target = format!("if-match: {stale}");
    let stale_source = format!("x-ms-source-if-match: {stale}");
    let read = peer.ask("blob", "GET", "/a", &[&stale_target], "");
    assert_eq!(refusal(&read), (412, "ConditionNotMet"));
    let delete = peer.ask("blob", "DELETE", "/a", &[&stale_target], "");
    assert_eq!(refusal(&delete), (412, "ConditionNotMet"));
    let copy = peer.copy("/a", "/b", &[&stale_source]);
    assert_eq!(refusal(&copy), (412, "SourceConditionNotMet"));
    let rename = peer.rename("/a", "/b", &[&stale_source]);
    assert_eq!(refusal(&rename), (412, "SourceConditionNotMet"));
    assert_eq!(peer.content("/a"), "two");
}

#[test]
fn a_rename_that_must_not_replace_is_refused_as_told() {
    let peer = Peer::start();
    peer.put("/a", "a");
    peer.put("/b", "b");
    let only = &["if-none-match: *"];
    assert_eq!(
        refusal(&peer.rename("/a", "/b", only)),
        (409, "PathAlreadyExists")
    );
    peer.account
        .behave(|b| b.rename_conflict = RenameConflict::ConditionNotMet);
    assert_eq!(
        refusal(&peer.rename("/a", "/b", only)),
        (412, "ConditionNotMet")
    );
    assert_eq!(
        (peer.content("/a"), peer.content("/b")),
        ("a".into(), "b".into())
    );
}

#[test]
fn a_rename_is_refused_for_what_the_reference_names() {
    let peer = Peer::start();
    peer.put("/a", "a");
    peer.put("/dir/x", "x");
    let refused = |from, to| {
        let answer = peer.rename(from, to, &[]);
        let (status, code) = refusal(&answer);
        (status, code.to_owned())
    };
    let expected = |status, code: &str| (status, code.to_owned());
    assert_eq!(refused("/none", "/b"), expected(404, "SourcePathNotFound"));
    assert_eq!(
        refused("/a", "/none/b"),
        expected(404, "RenameDestinationParentPathNotFound")
    );
    assert_eq!(
        refused("/dir", "/dir/in"),
        expected(409, "InvalidRenameSourcePath")
    );
    assert_eq!(
        refused("/a", "/dir"),
        expected(409, "InvalidSourceOrDestinationResourceType")
    );
}

#[test]
fn a_directory_is_renamed_with_all_it_holds() {
    let peer = Peer::start();
    peer.put("/dir/sub/x", "x");
    peer.put("/dir-y", "y");
    assert_eq!(peer.rename("/dir", "/new", &[]).status, 201);
    assert_eq!(peer.content("/new/sub/x"), "x");
    assert!(!peer.exists("/dir") && peer.exists("/dir-y"));
}

#[test]
fn listings_of_paths_come_in_pages() {
    let peer = Peer::start_with(|behaviour| behaviour.page_size = 2);
    for key in ["/d/a", "/d/b/1", "/d/b/2", "/d/b-1"] {
        peer.put(key, "");
    }
    let pages = peer.pages_of_paths("recursive=true&directory=d");
    assert_eq!(
        pages,
        [vec!["d/a", "d/b"], vec!["d/b/1", "d/b/2"], vec!["d/b-1"]]
    );
    let pages = peer.pages_of_paths("recursive=false&directory=d");
    assert_eq!(pages, [vec!["d/a", "d/b"], vec!["d/b-1"]]);
    let pages = peer.pages_of_paths("recursive=false&directory=d&maxResults=1");
    assert_eq!(pages.len(), 3);
}

#[test]
fn listings_of_blobs_come_in_pages() {
    let peer = Peer::start_with(|behaviour| behaviour.page_size = 2);
    for key in ["/d/a", "/d/b/1", "/d/b/2", "/e&f"] {
        peer.put(key, "");
    }
    let pages = peer.pages_of_blobs("delimiter=%2F");
    assert_eq!(pages, [["d/", "e&amp;f"]]);
    let pages = peer.pages_of_blobs("prefix=d%2F&delimiter=%2F");
    assert_eq!(pages, [["d/a", "d/b/"]]);
    let pages = peer.pages_of_blobs("prefix=d%2F");
    assert_eq!(pages, [["d/a", "d/b"], ["d/b/1", "d/b/2"]]);
}

#[test]
fn a_recursive_delete_goes_on_with_its_continuation() {
    let peer = Peer::start_with(|behaviour| behaviour.deletes_per_call = 2);
    for key in ["/d/1", "/d/2", "/d/3"] {
        peer.put(key, "");
    }
    let plain = peer.ask("dfs", "DELETE", "/d", &[], "");
    assert_eq!(refusal(&plain), (409, "DirectoryNotEmpty"));
    let first = peer.ask("dfs", "DELETE", "/d?recursive=true", &[], "");
    let token = escaped(first.headers.get("x-ms-continuation").unwrap());
    assert!(peer.exists("/d"));
    let target = format!("/d?recursive=true&continuation={token}");
    let second = peer.ask("dfs", "DELETE", &target, &[], "");
    assert!(!second.headers.contains_key("x-ms-continuation"));
    assert!(!peer.exists("/d"));
    let again = peer.ask("dfs", "DELETE", "/d?recursive=true", &[], "");
    assert_eq!(refusal(&again), (404, "PathNotFound"));
}

#[test]
fn a_pending_copy_is_empty_until_it_ends() {
    let peer = Peer::start_with(|behaviour| behaviour.pending_copy_polls = 2);
    peer.put("/a", "content");
    let status = |answer: &Answer| answer.headers.get("x-ms-copy-status").unwrap().clone();
    assert_eq!(status(&peer.copy("/a", "/b", &[])), "pending");
    let look = || peer.ask("blob", "HEAD", "/b", &[], "");
    let first = look();
    assert_eq!(
        (
            status(&first).as_str(),
            first.headers.get("content-length").unwrap().as_str()
        ),
        ("pending", "0")
    );
    assert_eq!(status(&look()), "success");
    assert_eq!(peer.content("/b"), "content");
}

#[test]
fn a_copy_that_fails_or_is_aborted_leaves_an_empty_blob() {
    for (outcome, status) in [
        (CopyOutcome::Failed, "failed"),
        (CopyOutcome::Aborted, "aborted"),
    ] {
        let peer = Peer::start_with(|behaviour| behaviour.copy_outcome = outcome);
        peer.put("/a", "content");
        let copied = peer.copy("/a", "/b", &[]);
        assert_eq!(copied.headers.get("x-ms-copy-status").unwrap(), status);
        assert_eq!(
            (peer.content("/a"), peer.content("/b")),
            ("content".into(), "".into())
        );
    }
}

#[test]
fn blocks_show_once_they_are_listed() {
    let peer = Peer::start();
    for (id, content) in [("MQ%3D%3D", "one,"), ("Mg%3D%3D", "two")] {
        let put = peer.ask(
            "blob",
            "PUT",
            &format!("/a?comp=block&blockid={id}"),
            &[],
            content,
        );
        assert_eq!(put.status, 201);
    }
    assert!(!peer.exists("/a"));
    let uncommitted = peer.ask(
        "blob",
        "GET",
        "/a?comp=blocklist&blocklisttype=all",
        &[],
        "",
    );
    let text = String::from_utf8(uncommitted.body).unwrap();
    assert_eq!(elements(&text, "Size"), ["4", "3"]);
    let list = |ids: &[&str]| {
        let ids: String = ids
            .iter()
            .map(|id| format!("<Latest>{id}</Latest>"))
            .collect();
        peer.ask(
            "blob",
            "PUT",
            "/a?comp=blocklist",
            &[],
            &format!("<BlockList>{ids}</BlockList>"),
        )
    };
    assert_eq!(refusal(&list(&["Mw=="])), (400, "InvalidBlockList"));
    assert_eq!(list(&["MQ==", "Mg=="]).status, 201);
    assert_eq!(peer.content("/a"), "one,two");
    let committed = peer.ask("blob", "GET", "/a?comp=blocklist", &[], "");
    assert_eq!(
        elements(&String::from_utf8(committed.body).unwrap(), "Name"),
        ["MQ==", "Mg=="]
    );
}

#[test]
fn a_flush_needs_all_that_comes_before_its_position() {
    let peer = Peer::start();
    assert_eq!(
        peer.ask("dfs", "PUT", "/a?resource=file", &[], "").status,
        201
    );
    let append = |position, body| {
        let target = format!("/a?action=append&position={position}");
        peer.ask("dfs", "PATCH", &target, &[], body).status
    };
    let flush = |position| {
        peer.ask(
            "dfs",
            "PATCH",
            &format!("/a?action=flush&position={position}"),
            &[],
            "",
        )
    };
    assert_eq!(append(3, "def"), 202);
    assert_eq!(refusal(&flush(6)), (400, "InvalidFlushPosition"));
    assert_eq!(append(0, "abc"), 202);
    assert_eq!(append(0, "ABC"), 202);
    assert_eq!(refusal(&flush(5)), (400, "InvalidFlushPosition"));
    assert_eq!(flush(6).status, 200);
    assert_eq!(peer.content("/a"), "ABCdef");
}

#[test]
fn a_batch_deletes_each_and_tells_of_each() {
    let peer = Peer::start();
    peer.put("/a", "");
    let container = &peer.container;
    let part = |id, key| {
        format!(
            "--b\r\nContent-Type: application/http\r\nContent-ID: {id}\r\n\r\nDELETE /{container}/{key} HTTP/1.1\r\ncontent-length: 0\r\n\r\n"
        )
    };
    let body = format!("{}{}--b--\r\n", part(0, "a"), part(1, "none"));
    let kind = "content-type: multipart/mixed; boundary=b";
    let answer = peer.ask(
        "blob",
        "POST",
        "?restype=container&comp=batch",
        &[kind],
        &body,
    );
    assert_eq!(answer.status, 202);
    let text = String::from_utf8(answer.body).unwrap();
    let (first, second) = text.split_once("Content-ID: 1").unwrap();
    assert!(first.contains("HTTP/1.1 202 ") && second.contains("HTTP/1.1 404 "));
    assert!(second.contains("x-ms-error-code: BlobNotFound"));
    assert!(!peer.exists("/a"));
}

#[test]
fn calls_need_credentials_of_the_account() {
    let peer = Peer::start_with(|b| b.authentication = Authentication::Required);
    let none = peer.ask("blob", "HEAD", "/a", &[], "");
    assert_eq!(refusal(&none), (401, "NoAuthenticationInformation"));
    let dated = ["x-ms-date: now", "x-ms-version: 2026-04-06"];
    let with = |authorization: &str| {
        let headers = [&dated[..], &[authorization]].concat();
        peer.ask("blob", "HEAD", "/a", &headers, "").status
    };
    assert_eq!(with("authorization: SharedKey another:c2ln"), 403);
    assert_eq!(
        with(&format!(
            "authorization: SharedKey {}:c2ln",
            HnsAccount::ACCOUNT
        )),
        404
    );
    assert_eq!(with("authorization: Bearer token"), 404);
    assert_eq!(
        peer.ask("blob", "HEAD", "/a?sv=1&sig=s", &[], "").status,
        404
    );
}

#[test]
fn a_rename_with_a_sas_needs_one_on_its_source() {
    let peer = Peer::start();
    peer.put("/a", "a");
    peer.account
        .behave(|b| b.authentication = Authentication::Required);
    let bare = peer.rename("/a", "/b?sv=1&sig=s", &[]);
    assert_eq!(refusal(&bare), (403, "AuthenticationFailed"));
    assert_eq!(
        peer.rename("/a?sv=1&sig=s", "/b?sv=1&sig=s", &[]).status,
        201
    );
}

#[test]
fn what_is_in_no_container_is_missing_on_either_service() {
    let peer = Peer::start();
    let elsewhere = Peer {
        container: "none".to_owned(),
        ..peer
    };
    let blob = elsewhere.ask("blob", "GET", "/a", &[], "");
    assert_eq!(refusal(&blob), (404, "ContainerNotFound"));
    let path = elsewhere.ask("dfs", "DELETE", "/a", &[], "");
    assert_eq!(refusal(&path), (404, "FilesystemNotFound"));
}

#[test]
fn a_blob_does_not_replace_a_directory() {
    let peer = Peer::start();
    peer.put("/dir/x", "x");
    let put = peer.ask("blob", "PUT", "/dir", &["x-ms-blob-type: BlockBlob"], "");
    assert_eq!(refusal(&put), (409, "ResourceTypeMismatch"));
    let delete = peer.ask("blob", "DELETE", "/dir", &[], "");
    assert_eq!(refusal(&delete), (409, "DirectoryIsNotEmpty"));
    let create = peer.ask("dfs", "PUT", "/dir?resource=file", &[], "");
    assert_eq!(refusal(&create), (409, "PathConflict"));
    assert_eq!(peer.content("/dir/x"), "x");
}
