//! Containers of Azure Storage, on a fake account.

use std::net::TcpListener;
use std::process::Command;

use holdall_azure_peers::HnsAccount;

use crate::harness::{Ran, Sandbox};

/// A sandbox with an account and a container in it.
struct Cloud {
    account: HnsAccount,
    container: String,
    sandbox: Sandbox,
}

impl Cloud {
    fn new() -> Self {
        let account = HnsAccount::start().unwrap();
        let container = account.fresh_container();
        let sandbox = Sandbox::with(&[("d/a.txt", "a"), ("d/x/b c.txt", "bc")]);
        let options = format!(
            "container = '{container}'\nconnection_string = '{}'",
            connection_string(&account, HnsAccount::ACCOUNT)
        );
        let cloud = Self {
            account,
            container,
            sandbox,
        };
        cloud.configure(&options);
        cloud
    }

    /// The store `cloud` with these options, tried once.
    fn configure(&self, options: &str) {
        let text = format!(
            "[backends.azure]\ntype = 'azure'\nretry = {{ max_attempts = 1 }}\n\
             [backends.azure.options]\n{options}\n[stores.cloud]\nbackend = 'azure'\n"
        );
        self.sandbox.write("holdall.toml", text);
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.sandbox.run(arguments)
    }

    /// The command with the account in the variables of the Azure tools.
    fn with_variables(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.command(arguments);
        let connection_string = connection_string(&self.account, HnsAccount::ACCOUNT);
        command.env("AZURE_STORAGE_CONNECTION_STRING", connection_string);
        command
    }
}

fn connection_string(account: &HnsAccount, name: &str) -> String {
    format!(
        "AccountName={name};AccountKey={};BlobEndpoint={};DfsEndpoint={}",
        HnsAccount::KEY,
        account.blob_endpoint(),
        account.dfs_endpoint()
    )
}

/// A port of this machine where nobody listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn files_go_to_a_container_and_back() {
    let cloud = Cloud::new();
    cloud.run(&["cp", "-r", "--verify", "d", "cloud:in"]).ok();
    assert_eq!(
        cloud.run(&["ls", "-R", "cloud:"]).ok().text(),
        "in/\nin/a.txt\nin/x/\nin/x/b c.txt\n"
    );
    assert_eq!(cloud.run(&["cat", "cloud:in/x/b c.txt"]).ok().text(), "bc");
    cloud.run(&["mv", "cloud:in/a.txt", "cloud:moved.txt"]).ok();
    cloud.run(&["cp", "-r", "cloud:", "back"]).ok();
    let back = cloud.sandbox.files("back");
    let names: Vec<&str> = back.keys().map(String::as_str).collect();
    assert_eq!(names, ["in/x/b c.txt", "moved.txt"]);
    cloud.run(&["rm", "-r", "cloud:in"]).ok();
    assert_eq!(cloud.account.paths(&cloud.container), ["moved.txt"]);
}

#[test]
fn a_url_names_a_container_of_the_account_in_the_environment() {
    let cloud = Cloud::new();
    cloud.sandbox.write("100%?.txt", "percent");
    let url = format!("azure://{}/100%25%3F.txt", cloud.container);
    let copied = cloud
        .with_variables(&["cp", "100%?.txt", &url])
        .output()
        .unwrap();
    Ran::from(copied).ok();
    assert_eq!(cloud.account.paths(&cloud.container), ["100%?.txt"]);
    let root = format!("azure://{}", cloud.container);
    let listed = cloud
        .with_variables(&["ls", "--json", &root])
        .output()
        .unwrap();
    let listed = Ran::from(listed).ok().text();
    let record: serde_json::Value = serde_json::from_str(&listed).unwrap();
    // What is told as the address names the file.
    let address = record["address"].as_str().unwrap();
    assert_eq!(address, url);
    let read = cloud.with_variables(&["cat", address]).output().unwrap();
    assert_eq!(read.stdout, b"percent");
}

#[test]
fn a_url_without_an_account_says_which_variables_to_set() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&["ls", "azure://data"])
        .fails(2, &["azure://data", "AZURE_STORAGE_ACCOUNT"]);
}

#[test]
fn a_name_and_a_url_of_one_container_are_one_place() {
    let cloud = Cloud::new();
    cloud.run(&["cp", "d/a.txt", "cloud:a.txt"]).ok();
    let url = format!("azure://{}/a.txt", cloud.container);
    let arguments = ["cp", "--overwrite", "cloud:a.txt", &url];
    let ran = Ran::from(cloud.with_variables(&arguments).output().unwrap());
    assert_ne!(ran.code, 0, "{ran:?}");
    assert_eq!(cloud.run(&["cat", "cloud:a.txt"]).ok().text(), "a");
}

#[test]
fn a_container_that_is_there_answers() {
    let cloud = Cloud::new();
    assert_eq!(
        cloud.run(&["ping", "cloud:"]).ok().text(),
        "cloud:: the store answers\n"
    );
    let caps = cloud.run(&["caps", "cloud:"]).ok().text();
    // Known only from the account, which the configuration says nothing of.
    let rename = caps.lines().find(|line| line.starts_with("atomic_move"));
    assert!(rename.is_some_and(|line| line.ends_with("yes")), "{caps}");
}

#[test]
fn an_absent_container_is_explained() {
    let cloud = Cloud::new();
    let account = connection_string(&cloud.account, HnsAccount::ACCOUNT);
    cloud.configure(&format!(
        "container = 'absent'\nconnection_string = '{account}'"
    ));
    cloud.run(&["ping", "cloud:"]).fails(
        3,
        &["cloud:", "no such container", "az storage container create"],
    );
    // A listing of it would be empty, and look as if it were there.
    cloud.run(&["ls", "cloud:"]).fails(3, &["cloud:"]);
    cloud
        .run(&["cp", "-r", "cloud:", "back"])
        .fails(3, &["cloud:"]);
    cloud
        .run(&["cp", "d/a.txt", "cloud:a.txt"])
        .fails(3, &["cloud:a.txt"]);
}

#[test]
fn a_refused_credential_is_explained() {
    let cloud = Cloud::new();
    let other = connection_string(&cloud.account, "other");
    cloud.configure(&format!(
        "container = '{}'\nconnection_string = '{other}'",
        cloud.container
    ));
    let ran = cloud.run(&["ping", "cloud:"]);
    ran.fails(5, &["cloud:", "refused the credential", "has not expired"]);
    assert!(!ran.err.contains(HnsAccount::KEY), "{}", ran.err);
}

#[test]
fn an_unknown_host_is_explained() {
    let cloud = Cloud::new();
    // Reserved, so that it never is anybody's: RFC 2606.
    cloud.configure(&format!(
        "container = 'data'\naccount_url = 'https://acme.blob.invalid'\naccount_key = '{}'",
        HnsAccount::KEY
    ));
    cloud
        .run(&["ping", "cloud:"])
        .fails(9, &["cloud:", "the host is not known"]);
}

#[test]
fn a_service_that_does_not_run_is_explained() {
    let cloud = Cloud::new();
    let port = closed_port();
    cloud.configure(&format!(
        "container = 'data'\naccount_url = 'http://127.0.0.1:{port}/acme'\naccount_key = '{}'",
        HnsAccount::KEY
    ));
    cloud
        .run(&["ping", "cloud:"])
        .fails(9, &["cloud:", "nothing listens at that port"]);
}

#[test]
fn no_output_and_no_log_holds_a_secret() {
    let cloud = Cloud::new();
    for arguments in [
        &["stores"][..],
        &["stores", "--json"],
        &["ping", "cloud:"],
        &["cp", "d/a.txt", "cloud:a.txt"],
        &["ls", "-l", "cloud:"],
        &["cat", "cloud:missing"],
    ] {
        let logged = [&["--log", "trace"], arguments].concat();
        let ran = cloud.run(&logged);
        assert!(!ran.text().contains(HnsAccount::KEY), "{arguments:?}");
        assert!(
            !ran.err.contains(HnsAccount::KEY),
            "{arguments:?}: {}",
            ran.err
        );
    }
    let shown = cloud.run(&["stores"]).ok().text();
    assert!(shown.contains("connection_string=***"), "{shown}");
}
