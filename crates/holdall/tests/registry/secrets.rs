//! What is secret shows nowhere.

use holdall::registry::{BackendConfig, ConfigTable, ConfigValue, Registry, RegistryConfig};
use holdall::{Secret, StoreProfile};

const NAMES: [&str; 9] = [
    "key",
    "secret",
    "password",
    "token",
    "account_key",
    "sas_token",
    "connection_string",
    "client_secret",
    "client_certificate",
];

/// Everything that a configuration and its registry show of themselves.
fn shown(config: &RegistryConfig) -> String {
    let registry = Registry::builder()
        .register_backend("mine", |_: &BackendConfig| {
            Ok(holdall::registry::OpenedBackend::new(
                holdall::AsyncMemoryBackend::new(),
            ))
        })
        .build(config.clone())
        .unwrap();
    format!(
        "{config:?} {config:#?} {} {registry:?} {:?} {}",
        serde_json::to_string(config).unwrap(),
        registry.info(),
        serde_json::to_string(&registry.info()).unwrap(),
    )
}

#[test]
fn options_with_secret_names_are_masked_at_any_depth() {
    for name in NAMES {
        let text = format!(
            "[backends.main]\ntype = 'mine'\n[backends.main.options]\n{name} = 'hunter2'\n\
             nested.{name} = 'hunter2'\nlist = [{{ {name} = ['hunter2', 12345] }}]\n\
             table.{name}.inner = 'hunter2'\n"
        );
        let config = RegistryConfig::from_toml(&text).unwrap();
        let shown = shown(&config);
        assert!(!shown.contains("hunter2"), "{name}: {shown}");
        assert!(!shown.contains("12345"), "{name}: {shown}");
        assert!(shown.contains("***") && shown.contains(name), "{shown}");
        let option = config.backends()["main"].options().get(name).unwrap();
        assert_eq!(option.as_str(), Some("hunter2"));
    }
}

#[test]
fn a_secret_is_masked_under_any_name() {
    let config = RegistryConfig::new().with_backend(
        "main",
        BackendConfig::new("mine").with_option("pin", Secret::new("hunter2")),
    );
    assert!(!shown(&config).contains("hunter2"));
}

#[test]
fn credentials_within_a_url_are_masked() {
    let options = ConfigTable::from([
        (
            "account_url",
            "https://acme.blob.core.windows.net/?sv=1&sig=hunter2",
        ),
        ("endpoint", "https://me:hunter2@host/path"),
        ("conn", "AccountName=acme;AccountKey=hunter2"),
    ]);
    let config = RegistryConfig::new()
        .with_backend("main", BackendConfig::new("mine").with_options(options));
    let shown = shown(&config);
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(
        shown.contains("https://acme.blob.core.windows.net/?***"),
        "{shown}"
    );
}

#[test]
fn what_is_not_secret_is_shown() {
    let config = RegistryConfig::new()
        .with_backend(
            "main",
            BackendConfig::new("mine").with_option("container", "data"),
        )
        .with_store("reports", StoreProfile::new("main").with_root_path("2026"));
    let shown = shown(&config);
    for part in ["mine", "container", "data", "reports", "2026"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn a_fault_never_quotes_a_value() {
    for options in [
        "root = 1\nkey = 'hunter2'",
        "create_root = 'hunter2'\nroot = '.'",
        "root = ['hunter2']",
        "root = { hunter = 'hunter2' }",
    ] {
        let text = format!("[backends.main]\ntype = 'local'\n[backends.main.options]\n{options}");
        let config = RegistryConfig::from_toml(&text).unwrap();
        let error = Registry::new(config).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn a_secret_is_read_into_the_type_of_secrets() {
    #[derive(serde::Deserialize)]
    struct Options {
        password: Secret,
    }
    let config = BackendConfig::new("mine").with_option("password", "hunter2");
    let options: Options = config.read_options().unwrap();
    assert_eq!(options.password.reveal(), "hunter2");
}

#[test]
fn a_value_says_whether_it_is_secret() {
    let table = ConfigTable::from([("token", "t"), ("name", "n")]);
    assert!(table.get("token").is_some_and(ConfigValue::is_secret));
    assert!(!table.get("name").is_some_and(ConfigValue::is_secret));
}
