//! What a configuration must say.

use super::check::MAX_BLOCK_SIZE;
use super::*;
use crate::azure::client::CredentialSource;
use crate::azure::credential::AzureCredential;

const KEY: &str = "a2V5";

fn named() -> AzureBuilder {
    AzureBuilder::new("box").account_name("acct")
}

fn refusal(builder: AzureBuilder) -> String {
    let error = builder.build_client().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    assert_eq!(error.operation(), Some(Operation::Open));
    assert_eq!(error.backend(), Some(NAME));
    error.message().to_owned()
}

#[test]
fn the_account_is_named_once() {
    let new = || AzureBuilder::new("box");
    let url = "https://acct.blob.core.windows.net";
    let string = "AccountName=acct;AccountKey=a2V5";
    assert!(refusal(new()).contains("missing"));
    for twice in [
        named().account_url(url),
        named().connection_string(string),
        new().account_url(url).connection_string(string),
    ] {
        assert!(refusal(twice).contains("only one of"));
    }
    for beside in [new().account_key(KEY), new().sas_token("sig=s")] {
        assert!(refusal(beside.connection_string(string)).contains("together"));
    }
    let twice = new().account_url(format!("{url}?sig=s")).sas_token("sig=t");
    assert!(refusal(twice).contains("another"));
}

#[test]
fn a_bad_container_is_refused() {
    for name in [
        "", " ", "ab", "Upper", "a_b", "-abc", "abc-", "a--b", "a/b", "$other", "é é",
    ] {
        let builder = AzureBuilder::new(name).account_name("acct");
        assert!(refusal(builder).contains("container"), "{name}");
    }
    for name in ["abc", "a-b-c", "0box", "$root"] {
        let builder = AzureBuilder::new(name)
            .account_name("acct")
            .account_key(KEY);
        assert_eq!(builder.build_client().unwrap().container(), name);
    }
}

#[test]
fn a_bad_number_is_named() {
    let timeouts = AzureTimeouts {
        idle: Duration::ZERO,
        ..AzureTimeouts::default()
    };
    let retry = RetryPolicy {
        max_attempts: 0,
        ..RetryPolicy::default()
    };
    for (builder, part) in [
        (named().max_concurrency(0), "max_concurrency"),
        (named().block_size(0), "block_size"),
        (named().block_size(MAX_BLOCK_SIZE + 1), "block_size"),
        (named().single_put_size(0), "single_put_size"),
        (named().read_part_size(0), "read_part_size"),
        (named().timeouts(timeouts), "idle"),
        (named().retry(retry), "max_attempts"),
    ] {
        assert!(refusal(builder).contains(part));
    }
}

#[test]
fn a_bad_secret_is_refused_at_once() {
    assert!(refusal(named().account_key("no base64")).contains("account key"));
    assert!(refusal(named().sas_token("no signature")).contains("sig="));
}

#[test]
fn the_first_credential_counts() {
    let all = || named().account_key(KEY).sas_token("sig=s");
    let source = |builder: AzureBuilder| builder.config().unwrap().credential;
    let given = all().credential(Given);
    assert!(matches!(source(given), CredentialSource::Provider(_)));
    assert!(matches!(source(all()), CredentialSource::AccountKey(_)));
    let sas = named().sas_token("sig=s").account_key("");
    assert!(matches!(source(sas), CredentialSource::Sas(_)));
    assert!(matches!(source(named()), CredentialSource::Default));
}

#[derive(Debug)]
struct Given;

#[async_trait::async_trait]
impl AzureCredentialProvider for Given {
    async fn credential(&self) -> Result<AzureCredential> {
        Ok(AzureCredential::AccountKey(KEY.into()))
    }
}

#[test]
fn endpoints_can_be_elsewhere() {
    let urls = |builder: AzureBuilder| {
        let client = builder.account_key(KEY).build_client().unwrap();
        assert_eq!(client.account(), "acct");
        (client.blob_url(), client.dfs_url())
    };
    let emulator = "http://127.0.0.1:1/acct";
    assert_eq!(
        urls(named().blob_endpoint(emulator)),
        (emulator.to_owned(), emulator.to_owned())
    );
    let (blob, dfs) = urls(named().blob_endpoint("https://private.example"));
    assert_eq!(blob, "https://private.example");
    assert_eq!(dfs, "https://acct.dfs.core.windows.net");
    let elsewhere = named().blob_endpoint("https://acct.blob.core.chinacloudapi.cn");
    let (_, dfs) = urls(elsewhere);
    assert_eq!(dfs, "https://acct.dfs.core.chinacloudapi.cn");
    let (_, dfs) = urls(named().dfs_endpoint("http://127.0.0.1:2/acct/"));
    assert_eq!(dfs, "http://127.0.0.1:2/acct");
    assert!(refusal(named().blob_endpoint("https://a?sig=hidden")).contains("query"));
}
