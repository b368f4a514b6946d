//! Every fault of a configuration is told with its line, and with what may have
//! been meant.

use holdall::registry::{LoadOptions, Registry, RegistryConfig};
use holdall::{ErrorKind, Operation};

/// The message that a text ends in, read and checked as a registry does.
#[track_caller]
fn fault(text: &str) -> String {
    let error = RegistryConfig::from_toml(text)
        .and_then(|config| Registry::new(config).map(drop))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    assert_eq!(error.operation(), Some(Operation::Open));
    error.message().to_owned()
}

#[test]
fn an_unknown_section_names_the_nearest() {
    assert_eq!(
        fault("\n[backend.main]\ntype = 'memory'\n"),
        "line 2: unknown key 'backend'; did you mean 'backends'?"
    );
    assert_eq!(
        fault("title = 'mine'"),
        "line 1: unknown key 'title'; there are 'backends', 'stores'"
    );
}

#[test]
fn an_unknown_key_of_a_backend_names_the_nearest() {
    assert_eq!(
        fault("[backends.main]\ntype = 'memory'\nretyr = {}\n"),
        "line 3: backends.main: unknown key 'retyr'; did you mean 'retry'?"
    );
    assert_eq!(
        fault("[backends.main]\ntipe = 'memory'"),
        "line 2: backends.main: unknown key 'tipe'; did you mean 'type'?"
    );
}

#[test]
fn an_unknown_key_of_a_store_names_the_nearest() {
    assert_eq!(
        fault("[backends.m]\ntype = 'memory'\n[stores.s]\nbackend = 'm'\nroot = 'x'\n"),
        "line 5: stores.s: unknown key 'root'; there are 'backend', 'options', 'root_path'"
    );
    assert_eq!(
        fault("[backends.m]\ntype = 'memory'\n[stores.s]\nbackend = 'm'\nrootPath = 'x'\n"),
        "line 5: stores.s: unknown key 'rootPath'; did you mean 'root_path'?"
    );
}

#[test]
fn a_missing_key_is_named_with_its_table() {
    assert_eq!(
        fault("\n[backends.main]\noptions = {}"),
        "line 2: backends.main: 'type' is missing"
    );
    assert_eq!(
        fault("[backends.m]\ntype = 'memory'\n\n[stores.s]\nroot_path = ''"),
        "line 4: stores.s: 'backend' is missing"
    );
    assert_eq!(
        fault("[backends.disk]\ntype = 'local'\n"),
        "line 1: backends.disk.options: 'root' is missing"
    );
}

#[test]
fn a_value_of_the_wrong_type_says_what_it_must_be() {
    for (text, message) in [
        (
            "backends = 1",
            "line 1: backends: this must be a table, not a whole number",
        ),
        (
            "backends.main = 'memory'",
            "line 1: backends.main: this must be a table, not text",
        ),
        (
            "[backends.main]\ntype = 1",
            "line 2: backends.main.type: this must be text, not a whole number",
        ),
        (
            "[backends.main]\ntype = 'memory'\noptions = []",
            "line 3: backends.main.options: this must be a table, not a list",
        ),
        (
            "[backends.main]\ntype = 'memory'\n[stores.s]\nbackend = true",
            "line 4: stores.s.backend: this must be text, not true or false",
        ),
        (
            "[backends.disk]\ntype = 'local'\n[backends.disk.options]\nroot = 1.5",
            "line 4: backends.disk.options.root: this must be text, not a number",
        ),
        (
            "[backends.disk]\ntype = 'local'\noptions = { root = '.', create_root = 'yes' }",
            "line 3: backends.disk.options.create_root: this must be true or false, not text",
        ),
        (
            "[backends.disk]\ntype = 'local'\nretry = 3\noptions = { root = '.' }",
            "line 3: backends.disk.retry: this must be a table, not a whole number",
        ),
    ] {
        assert_eq!(fault(text), message);
    }
}

#[test]
fn an_unknown_type_names_the_nearest() {
    assert_eq!(
        fault("\n\n[backends.main]\ntype = 'locla'"),
        "line 3: backends.main: unknown type 'locla'; did you mean 'local'?"
    );
}

#[test]
fn an_unknown_option_names_the_nearest() {
    assert_eq!(
        fault(
            "[backends.disk]\ntype = 'local'\n[backends.disk.options]\nroot = '.'\nwrite_synch = 'full'"
        ),
        "line 5: backends.disk.options: unknown key 'write_synch'; did you mean 'write_sync'?"
    );
    assert_eq!(
        fault("[backends.m]\ntype = 'memory'\noptions.size = 1"),
        "line 3: backends.m.options: unknown key 'size'; there is none to choose from"
    );
}

#[test]
fn an_unknown_choice_names_the_nearest() {
    assert_eq!(
        fault("[backends.disk]\ntype = 'local'\noptions = { root = '.', write_sync = 'ful' }"),
        "line 3: backends.disk.options.write_sync: there is no 'ful'; did you mean 'full'?"
    );
}

#[test]
fn an_empty_root_is_told_in_its_line() {
    assert_eq!(
        fault("[backends.disk]\ntype = 'local'\n[backends.disk.options]\nroot = ''"),
        "line 4: backends.disk.options.root: the path is empty; the current folder is '.'"
    );
}

#[test]
fn a_store_on_an_unknown_backend_names_the_nearest() {
    assert_eq!(
        fault("[backends.main]\ntype = 'memory'\n[stores.s]\nbackend = 'mian'"),
        "line 4: stores.s: there is no backend 'mian'; did you mean 'main'?"
    );
    assert_eq!(
        fault("[stores.s]\nbackend = 'main'"),
        "line 2: stores.s: there is no backend 'main'; there is none to choose from"
    );
}

#[test]
fn an_option_of_a_store_is_sent_to_its_backend() {
    let message = fault(
        "[backends.main]\ntype = 'memory'\n[stores.s]\nbackend = 'main'\noptions = { cache = 1 }",
    );
    assert!(
        message.contains("stores.s: unknown option 'cache'"),
        "{message}"
    );
    assert!(message.contains("[backends.main.options]"), "{message}");
}

#[test]
fn a_root_path_that_leads_out_is_refused_before_it_is_used() {
    let text = "[backends.m]\ntype = 'memory'\n[stores.s]\nbackend = 'm'\nroot_path = '../x'";
    let error = RegistryConfig::from_toml(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPath);
    assert!(error.message().contains("stores.s.root_path: "), "{error}");
}

#[test]
fn an_unknown_key_of_a_retry_block_names_the_nearest() {
    assert_eq!(
        fault("[backends.m]\ntype = 'memory'\n[backends.m.retry]\nmax_attemps = 5"),
        "line 4: backends.m.retry: unknown key 'max_attemps'; did you mean 'max_attempts'?"
    );
}

#[test]
fn an_impossible_retry_block_says_why() {
    let message = fault("[backends.m]\ntype = 'memory'\n[backends.m.retry]\nmax_attempts = 0");
    assert!(
        message.starts_with("line 3: backends.m.retry: "),
        "{message}"
    );
    assert!(
        message.contains("max_attempts must be at least 1"),
        "{message}"
    );
    let message = fault("[backends.m]\ntype = 'memory'\n[backends.m.retry]\nmax_attempts = -1");
    assert_eq!(
        message,
        "line 4: backends.m.retry.max_attempts: this value is not possible: it must be a whole \
         number from 0"
    );
}

#[test]
fn an_empty_name_is_refused() {
    assert_eq!(
        fault("[backends.'']\ntype = 'memory'"),
        "line 1: backends.\"\": the name is empty"
    );
}

#[test]
fn what_is_not_toml_is_told_in_its_line_without_quoting_it() {
    let message = fault("[backends.main]\ntype = 'memory'\noptions = { key = 'hunter2");
    assert!(
        message.starts_with("line 3: this is not TOML: "),
        "{message}"
    );
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn a_key_that_is_set_twice_is_refused() {
    let message = fault("[backends.main]\ntype = 'memory'\ntype = 'local'");
    assert_eq!(message, "line 3: this is not TOML: duplicate key");
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    assert_eq!(
        fault("# ü\r\n\r\n[backends.main]\r\ntype = 'memory'\r\nx = 1"),
        "line 5: backends.main: unknown key 'x'; there are 'options', 'retry', 'type'"
    );
}

#[test]
fn a_missing_table_names_the_nearest() {
    let text = "[tool.holdal.backends.main]\ntype = 'memory'";
    let options = LoadOptions::new().table(["tool", "holdall"]);
    let error = RegistryConfig::from_toml_with(text, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(
        error.message(),
        "line 1: tool: there is no table 'holdall'; did you mean 'holdal'?"
    );
}

#[test]
fn a_fault_in_a_file_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("holdall.toml");
    std::fs::write(&path, "[backends.main]\ntype = 'memroy'").unwrap();
    let config = RegistryConfig::from_toml_file(&path).unwrap();
    let error = Registry::new(config).unwrap_err();
    assert_eq!(
        error.message(),
        format!(
            "{}:1: backends.main: unknown type 'memroy'; did you mean 'memory'?",
            path.display()
        )
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.toml");
    let error = RegistryConfig::from_toml_file(&missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("none.toml"), "{error}");

    let binary = folder.path().join("binary.toml");
    std::fs::write(&binary, b"\xff\xfe").unwrap();
    let error = RegistryConfig::from_toml_file(&binary).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[test]
fn control_characters_cannot_forge_a_line_of_a_message() {
    let message = fault("\"a\\nb\" = 1");
    assert!(!message.contains('\n'), "{message}");
    let message = fault("[backends.\"x\\ny\"]\ntype = 'a\\u001b[2J'");
    assert!(!message.contains(['\n', '\u{1b}']), "{message}");
}
