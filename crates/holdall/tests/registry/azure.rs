//! Backends of the type `azure`: options, and the account of a URL.

use holdall::registry::{Environment, LoadOptions, Registry, RegistryConfig};
use holdall::{AsyncStore, ErrorKind};

/// A key of the right form.
const KEY: &str = "aHVudGVyMg==";

fn checked(options: &str) -> holdall::Result<Registry> {
    let text = format!(
        "[backends.cloud]\ntype = 'azure'\n[backends.cloud.options]\n{options}\n\
         [stores.data]\nbackend = 'cloud'\n"
    );
    Registry::new(RegistryConfig::from_toml(&text)?)
}

#[track_caller]
fn fault(options: &str) -> String {
    let error = checked(options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(KEY) && !shown.contains("hunter2"),
        "{shown}"
    );
    error.message().to_owned()
}

#[test]
fn all_options_are_known() {
    let registry = checked(
        "container = 'data'\naccount_name = 'acme'\naccount_key = 'aHVudGVyMg=='\n\
         blob_endpoint = 'http://127.0.0.1:10000/acme'\n\
         dfs_endpoint = 'http://127.0.0.1:10001/acme'\nhns = false\nblock_size = 8388608\n\
         single_put_size = 1048576\nread_part_size = 1048576\nmax_concurrency = 8\n\
         reject_write_under_file_ancestor = true\nexact_create = true\n\
         timeouts = { connect = 5, idle = 10.5, total = 60 }",
    );
    let registry = registry.unwrap();
    assert_eq!(
        registry.store("data").unwrap().backend().name(),
        "async-azure"
    );
    for options in [
        "container = 'data'\naccount_url = 'https://acme.dfs.core.windows.net'\nsas_token = 'sv=1&sig=x'",
        "container = 'data'\nconnection_string = 'UseDevelopmentStorage=true'",
        "container = 'data'\naccount_name = 'acme'",
    ] {
        checked(options).unwrap();
    }
}

#[test]
fn a_slip_in_an_option_names_the_nearest() {
    assert_eq!(
        fault("container = 'data'\nacount_key = 'hunter2'"),
        "line 5: backends.cloud.options: unknown key 'acount_key'; did you mean 'account_key'?"
    );
    assert_eq!(
        fault("container = 'data'\ntimeouts = { conect = 5 }"),
        "line 5: backends.cloud.options.timeouts: unknown key 'conect'; did you mean 'connect'?"
    );
    assert_eq!(
        fault("account_name = 'acme'"),
        "line 3: backends.cloud.options: 'container' is missing"
    );
    assert_eq!(
        fault("container = 'data'\naccount_name = 'acme'\ntimeouts.idle = -1"),
        "line 6: backends.cloud.options.timeouts.idle: this value is not possible: it must be \
         seconds from 0"
    );
}

#[test]
fn a_value_that_cannot_be_is_told_with_its_own_line_and_key() {
    let named = "container = 'data'\naccount_name = 'acme'";
    for (options, line, key, part) in [
        (
            "account_name = 'acme'\ncontainer = 'DATA'",
            5,
            "container",
            "lower-case",
        ),
        (
            "container = 'data'\naccount_name = 'ACME'",
            5,
            "account_name",
            "lower-case",
        ),
        (
            "container = 'data'\naccount_url = 'acme'",
            5,
            "account_url",
            "no URL",
        ),
        (
            "container = 'data'\nconnection_string = 'none'",
            5,
            "connection_string",
            "Name=value",
        ),
        (
            &format!("{named}\naccount_key = 'hunter2!'"),
            6,
            "account_key",
            "base64",
        ),
        (
            &format!("{named}\nhns = true\nsas_token = 'hunter2'"),
            7,
            "sas_token",
            "sig=",
        ),
        (
            "container = 'data'\nconnection_string = 'AccountName=acme;AccountKey=hunter2!'",
            5,
            "connection_string",
            "base64",
        ),
        (
            &format!("{named}\nblob_endpoint = 'nowhere'"),
            6,
            "blob_endpoint",
            "no URL",
        ),
        (
            &format!("{named}\ndfs_endpoint = 'https://a?b'"),
            6,
            "dfs_endpoint",
            "query",
        ),
        (
            &format!("{named}\nmax_concurrency = 0"),
            6,
            "max_concurrency",
            "at least 1",
        ),
        (
            &format!("{named}\nhns = true\nblock_size = 0"),
            7,
            "block_size",
            "between 1",
        ),
        (
            &format!("{named}\n[backends.cloud.options.timeouts]\nidle = 1\ntotal = 0"),
            8,
            "timeouts.total",
            "more than 0",
        ),
    ] {
        let message = fault(options);
        let place = format!("line {line}: backends.cloud.options.{key}: ");
        assert!(message.starts_with(&place), "{message}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_cannot_be_together_is_told_with_one_that_is_too_many() {
    let connection = "connection_string = 'UseDevelopmentStorage=true'";
    let url = "account_url = 'https://acme.blob.core.windows.net?sig=hunter2'";
    for (first, second, key) in [
        ("account_name = 'acme'", connection, "connection_string"),
        (connection, "account_key = 'aHVudGVyMg=='", "account_key"),
        (connection, "sas_token = 'sig=hunter2'", "sas_token"),
        ("account_name = 'acme'", url, "account_url"),
        (url, "sas_token = 'sig=hunter2'", "sas_token"),
    ] {
        let message = fault(&format!("container = 'data'\n{first}\n{second}"));
        let place = format!("line 6: backends.cloud.options.{key}: ");
        assert!(message.starts_with(&place), "{message}");
    }
    assert!(
        fault("container = 'data'").starts_with("line 1: backends.cloud: the account is missing")
    );
}

#[test]
fn an_empty_variable_leaves_its_option_out() {
    let text = "[backends.cloud]\ntype = 'azure'\n[backends.cloud.options]\ncontainer = 'data'\n\
                account_name = '${ACCOUNT:-}'\naccount_key = '${KEY:-}'\n\
                connection_string = '${CONNECTION:-}'\n";
    for variables in [
        vec![("ACCOUNT", "acme"), ("KEY", KEY)],
        vec![("ACCOUNT", "acme")],
        vec![("CONNECTION", "UseDevelopmentStorage=true"), ("KEY", "")],
    ] {
        let options = LoadOptions::new().resolve_env(Environment::fixed(variables));
        let config = RegistryConfig::from_toml_with(text, &options).unwrap();
        Registry::new(config).unwrap();
    }
}

/// The store of an `azure` URL with these variables.
fn located(url: &str, variables: &[(&str, &str)]) -> holdall::Result<AsyncStore> {
    Registry::builder()
        .environment(Environment::fixed(variables.iter().copied()))
        .build(RegistryConfig::new())?
        .store_at(url)
}

#[test]
fn a_url_finds_its_account_in_the_variables_of_the_azure_tools() {
    let account = ("AZURE_STORAGE_ACCOUNT", "acme");
    let endpoint = (
        "AZURE_STORAGE_SERVICE_ENDPOINT",
        "http://127.0.0.1:10000/other",
    );
    let connection = (
        "AZURE_STORAGE_CONNECTION_STRING",
        "UseDevelopmentStorage=true",
    );
    for (variables, url) in [
        (vec![account], "https://acme.blob.core.windows.net"),
        (
            vec![account, ("AZURE_STORAGE_KEY", KEY)],
            "https://acme.blob.core.windows.net",
        ),
        (vec![account, endpoint], "http://127.0.0.1:10000/other"),
        (vec![endpoint], "http://127.0.0.1:10000/other"),
        (vec![connection], "http://127.0.0.1:10000/devstoreaccount1"),
        // A connection string says all.
        (
            vec![connection, account, ("AZURE_STORAGE_KEY", KEY)],
            "http://127.0.0.1:10000/devstoreaccount1",
        ),
        (
            vec![account, ("AZURE_STORAGE_CONNECTION_STRING", "")],
            "https://acme.blob.core.windows.net",
        ),
    ] {
        let store = located("azure://data/reports/", &variables).unwrap();
        assert_eq!(store.root_path(), "reports");
        let plan = store.resolve("a").unwrap();
        let details = |name: &str| plan.details.get(name).map(String::as_str);
        assert_eq!(details("container"), Some("data"));
        assert_eq!(details("account_url"), Some(url), "{variables:?}");
    }
}

#[test]
fn a_url_without_an_account_or_a_container_says_what_is_missing() {
    let error = located("azure://data", &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error.message().contains("set AZURE_STORAGE_ACCOUNT"),
        "{error}"
    );
    let error = located("azure:data", &[("AZURE_STORAGE_ACCOUNT", "acme")]).unwrap_err();
    assert!(
        error.message().contains("azure://CONTAINER/PATH"),
        "{error}"
    );
}

#[test]
fn a_login_leaves_key_and_token_aside() {
    // A key that is none would be refused if it were used.
    let key = [
        ("AZURE_STORAGE_ACCOUNT", "acme"),
        ("AZURE_STORAGE_KEY", "not base64!"),
    ];
    let error = located("azure://data", &key).unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("not base64!"),
        "{error}"
    );
    let mut login = key.to_vec();
    login.push(("AZURE_STORAGE_AUTH_MODE", "login"));
    located("azure://data", &login).unwrap();
}
