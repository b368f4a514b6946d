//! The same configuration from text, files, maps, and serde.

use holdall::registry::{BackendConfig, ConfigTable, LoadOptions, RegistryConfig, StoreProfile};
use holdall::{ErrorKind, RetryPolicy};

const TEXT: &str = "
[backends.disk]
type = 'local'
options = { root = 'data', write_sync = 'full' }

[backends.scratch]
type = 'memory'
[backends.scratch.retry]
max_attempts = 5

[stores.reports]
backend = 'disk'
root_path = 'reports'

[stores.scratch]
backend = 'scratch'
";

fn expected() -> RegistryConfig {
    let retry = RetryPolicy {
        max_attempts: 5,
        ..RetryPolicy::default()
    };
    RegistryConfig::new()
        .with_backend(
            "disk",
            BackendConfig::new("local")
                .with_option("root", "data")
                .with_option("write_sync", "full"),
        )
        .with_backend("scratch", BackendConfig::new("memory").with_retry(retry))
        .with_store(
            "reports",
            StoreProfile::new("disk").with_root_path("reports"),
        )
        .with_store("scratch", StoreProfile::new("scratch"))
}

#[test]
fn text_gives_what_it_says() {
    assert_eq!(RegistryConfig::from_toml(TEXT).unwrap(), expected());
}

#[test]
fn nothing_is_a_configuration_too() {
    for text in ["", "[backends]", "# only a comment", "[backends]\n[stores]"] {
        assert_eq!(
            RegistryConfig::from_toml(text).unwrap(),
            RegistryConfig::new()
        );
    }
}

#[test]
fn a_table_of_a_larger_file_can_be_chosen() {
    let text = TEXT
        .replace("[backends.", "[tool.x.backends.")
        .replace("[stores.", "[tool.x.stores.");
    let text = format!("[other]\nkey = 1\n{text}");
    let options = LoadOptions::new().table(["tool", "x"]);
    assert_eq!(
        RegistryConfig::from_toml_with(&text, &options).unwrap(),
        expected()
    );
}

#[test]
fn serde_and_maps_give_the_same() {
    let json = serde_json::json!({
        "backends": {
            "disk": {"type": "local", "options": {"root": "data", "write_sync": "full"}, "retry": null},
            "scratch": {"type": "memory", "options": null, "retry": {"max_attempts": 5}},
        },
        "stores": {
            "reports": {"backend": "disk", "root_path": "reports"},
            "scratch": {"backend": "scratch", "root_path": null},
        },
    });
    let by_serde: RegistryConfig = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(by_serde, expected());
    let map: ConfigTable = serde_json::from_value(json).unwrap();
    assert_eq!(RegistryConfig::from_map(map).unwrap(), expected());
}

#[test]
fn faults_of_maps_and_serde_name_the_keys() {
    let json = r#"{"backends": {"main": {"type": "memory", "optoins": {}}}}"#;
    let error = serde_json::from_str::<RegistryConfig>(json).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("backends.main: unknown key 'optoins'; did you mean 'options'?"),
        "{error}"
    );
    let map = ConfigTable::from([("stores", "x")]);
    let error = RegistryConfig::from_map(map).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.message(), "stores: this must be a table, not text");
}

#[test]
fn a_relative_root_is_taken_from_the_folder_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("holdall.toml");
    std::fs::write(&path, TEXT).unwrap();
    let config = RegistryConfig::from_toml_file(&path).unwrap();
    assert_eq!(config, expected());
    let registry = holdall::Registry::new(config).unwrap();
    assert!(!folder.path().join("data").exists());
    let store = registry.blocking_store("reports").unwrap();
    store.write("q1.csv", "a,b\n").unwrap();
    let written = folder.path().join("data/reports/q1.csv");
    assert_eq!(std::fs::read_to_string(written).unwrap(), "a,b\n");
}
