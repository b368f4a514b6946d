//! Invariants of the configuration loader.

use holdall::registry::{Environment, LoadOptions, Registry, RegistryConfig};
use holdall::{Error, ErrorKind};

/// Any text either is a configuration, which shows itself, or is
/// refused with a line that there is and a message of one line.
pub(crate) fn check(text: &str) {
    let plain = RegistryConfig::from_toml(text);
    let environment = Environment::fixed([("A", "a"), ("N", "7"), ("SECRET", "hunter2")]);
    let options = LoadOptions::new().resolve_env(environment);
    let resolved = RegistryConfig::from_toml_with(text, &options);
    let nested = LoadOptions::new().table(["backends"]);
    let _ = RegistryConfig::from_toml_with(text, &nested);
    for config in [plain, resolved] {
        match config {
            Ok(config) => check_config(config),
            Err(error) => check_error(text, &error),
        }
    }
}

fn check_error(text: &str, error: &Error) {
    let possible = [ErrorKind::InvalidArgument, ErrorKind::InvalidPath];
    assert!(possible.contains(&error.kind()), "{error:?}");
    let message = error.message();
    assert!(!message.trim().is_empty());
    assert!(!message.contains('\n'), "{message:?}");
    if let Some(rest) = message.strip_prefix("line ") {
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let line: usize = number.parse().unwrap();
        assert!(
            (1..=text.matches('\n').count() + 1).contains(&line),
            "{message}"
        );
    }
}

fn check_config(config: RegistryConfig) {
    let again = config.clone();
    assert_eq!(again, config);
    let _ = format!("{config:?}");
    for store in config.stores().values() {
        assert!(config.backends().contains_key(store.backend()));
    }
    if let Ok(registry) = Registry::new(config) {
        let _ = format!("{registry:?} {:?}", registry.info());
    }
}
