//! Any text is a configuration or refused; the fuzz target `config` checks the
//! same invariants.

use proptest::prelude::*;

use crate::invariants;

/// Lines that a configuration is made of, true and false.
fn lines() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "[backends]",
        "[stores]",
        "[backends.main]",
        "[backends.main.options]",
        "[backends.main.retry]",
        "[backends.'']",
        "[stores.s]",
        "[[stores.s]]",
        "type = 'memory'",
        "type = 'local'",
        "type = 1979-05-27",
        "options = {}",
        "options = { root = '.', key = ['x'] }",
        "root = '${A}'",
        "root = 1e999",
        "retry = { max_attempts = '${N}' }",
        "max_attempts = 99999999999999999999",
        "backoff_base = -1",
        "backoff_base = nan",
        "backend = 'main'",
        "backend = '${NONE}'",
        "root_path = '../x'",
        "a.b.c = [[[1]]]",
        "\"\\n\" = 1",
        "# ${",
        "'",
    ]);
    prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn lines_of_a_configuration_in_any_order(text in lines()) {
        invariants::check(&text);
    }

    #[test]
    fn any_text(text in any::<String>()) {
        invariants::check(&text);
    }
}
