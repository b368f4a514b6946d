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
fn what_cannot_be_together_is_told_when_the_registry_is_built() {
    for (options, part) in [
        ("container = 'data'", "the account is missing"),
        ("container = 'DATA'\naccount_name = 'acme'", "container"),
        (
            "container = 'data'\naccount_name = 'acme'\nconnection_string = 'UseDevelopmentStorage=true'",
            "only one of",
        ),
        (
            "container = 'data'\naccount_name = 'acme'\nmax_concurrency = 0",
            "max_concurrency",
        ),
    ] {
        let message = fault(options);
        assert!(message.starts_with("line 1: backends.cloud: "), "{message}");
        assert!(message.contains(part), "{message}");
    }
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
