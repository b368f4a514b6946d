//! Variables in values.

use holdall::ErrorKind;
use holdall::registry::{ConfigTable, ConfigValue, Environment, LoadOptions, RegistryConfig};
use proptest::prelude::*;

fn resolved(text: &str) -> Result<String, String> {
    let environment = Environment::fixed([
        ("A", "value"),
        ("EMPTY", ""),
        ("NESTED", "${A}"),
        (" A ", "blanks"),
    ]);
    match ConfigValue::from(text).resolve_env(&environment) {
        Ok(value) => Ok(value.as_str().unwrap().to_owned()),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            Err(error.message().to_owned())
        }
    }
}

#[test]
fn variables_are_replaced_as_documented() {
    for (text, result) in [
        ("plain", "plain"),
        ("${A}", "value"),
        ("x${A}y${A}z", "xvalueyvaluez"),
        ("${EMPTY}", ""),
        ("${EMPTY:-default}", ""),
        ("${NONE:-default}", "default"),
        ("${NONE:-}", ""),
        ("${A:-default}", "value"),
        ("${NONE:-a:-b}", "a:-b"),
        // Neither a value nor a default is looked into.
        ("${NESTED}", "${A}"),
        ("${NONE:-${A}}", "${A}"),
        // A name is taken as it stands.
        ("${ A }", "blanks"),
        // What is escaped, empty or open stays.
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$${", "${"),
        ("${}", "${}"),
        ("${:-x}", "${:-x}"),
        ("${A", "${A"),
        ("$A $ $$ {A}", "$A $ $$ {A}"),
        ("ü${A}ü", "üvalueü"),
    ] {
        assert_eq!(resolved(text).as_deref(), Ok(result), "{text}");
    }
}

#[test]
fn a_variable_that_is_not_set_is_named_with_its_place() {
    assert_eq!(
        resolved("${NONE}").unwrap_err(),
        "$: the environment variable NONE is not set; set it, or give a default: ${NONE:-...}"
    );
    let inner = ConfigTable::from([("b", "${NONE}")]);
    let value = ConfigValue::from(ConfigTable::from([("a", vec![inner])]));
    let error = value
        .resolve_env(&Environment::fixed::<String, String>([]))
        .unwrap_err();
    assert!(error.message().starts_with("$.a[0].b: "), "{error}");
}

#[test]
fn in_a_file_it_is_told_with_its_line() {
    let text =
        "[backends.main]\ntype = 'memory'\n[stores.s]\nbackend = 'main'\nroot_path = '${NONE}'";
    let options = LoadOptions::new().resolve_env(Environment::fixed([("A", "a")]));
    let error = RegistryConfig::from_toml_with(text, &options).unwrap_err();
    assert!(
        error
            .message()
            .starts_with("line 5: stores.s.root_path: the environment variable NONE is not set"),
        "{error}"
    );
}

#[test]
fn names_of_keys_and_values_that_are_not_text_stay() {
    let mut table = ConfigTable::from([("${A}", "${A}")]);
    table.insert("number", 1_i64);
    table.insert("flag", true);
    let environment = Environment::fixed([("A", "value")]);
    let value = ConfigValue::from(table).resolve_env(&environment).unwrap();
    let table = value.as_table().unwrap();
    assert_eq!(table.get("${A}").unwrap().as_str(), Some("value"));
    assert_eq!(table.get("number"), Some(&1_i64.into()));
    assert_eq!(table.get("flag"), Some(&true.into()));
}

#[test]
fn without_being_asked_nothing_is_replaced() {
    let text =
        "[backends.main]\ntype = 'memory'\n[stores.s]\nbackend = 'main'\nroot_path = '${NONE}'";
    let config = RegistryConfig::from_toml(text).unwrap();
    assert_eq!(config.stores()["s"].root_path(), "${NONE}");
}

#[test]
fn a_variable_can_give_a_number_and_a_choice() {
    let text = "[backends.main]\ntype = 'local'\n[backends.main.options]\nroot = '.'\n\
                create_root = '${CREATE}'\n[backends.main.retry]\nmax_attempts = '${N:-7}'";
    let environment = Environment::fixed([("CREATE", "false")]);
    let options = LoadOptions::new().resolve_env(environment);
    let config = RegistryConfig::from_toml_with(text, &options).unwrap();
    let retry = config.backends()["main"].retry().unwrap();
    assert_eq!(retry.max_attempts, 7);
    holdall::Registry::new(config).unwrap();
}

#[test]
fn the_environment_shows_names_and_no_values() {
    let environment = Environment::fixed([("NAME", "hunter2")]);
    assert_eq!(format!("{environment:?}"), r#"{"NAME"}"#);
}

/// Texts dense in what the syntax is made of.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "$", "{", "}", "${", "$${", ":-", "A", "B", "NONE", " ", "ü", "\0", "=", "x",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

/// The rule once more, character by character.
fn reference(text: &str, variables: &[(&str, &str)]) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let starts = |at: usize, with: &str| {
        let with: Vec<char> = with.chars().collect();
        characters.get(at..at + with.len()) == Some(&with[..])
    };
    let (mut result, mut at) = (String::new(), 0);
    while at < characters.len() {
        if starts(at, "$${") {
            result.push_str("${");
            at += 3;
        } else if starts(at, "${") {
            let Some(end) = (at..characters.len()).find(|&end| characters[end] == '}') else {
                result.extend(&characters[at..]);
                break;
            };
            let inside: String = characters[at + 2..end].iter().collect();
            let (name, default) = inside
                .split_once(":-")
                .map_or((inside.as_str(), None), |(name, default)| {
                    (name, Some(default))
                });
            if name.is_empty() {
                result.extend(&characters[at..=end]);
            } else {
                let value = variables.iter().find(|(known, _)| *known == name);
                result.push_str(value.map(|(_, value)| *value).or(default)?);
            }
            at = end + 1;
        } else {
            result.push(characters[at]);
            at += 1;
        }
    }
    Some(result)
}

proptest! {
    #[test]
    fn any_text_is_replaced_as_the_rule_has_it(text in texts()) {
        let variables = [("A", "${B}"), ("B", "b"), ("", "no name")];
        let environment = Environment::fixed(variables);
        let value = ConfigValue::from(text.as_str()).resolve_env(&environment);
        let found = value.ok().map(|value| value.as_str().unwrap().to_owned());
        prop_assert_eq!(found, reference(&text, &variables));
    }

    #[test]
    fn the_process_is_never_asked_for_an_impossible_name(text in texts()) {
        // It would panic in the standard library.
        let _ = ConfigValue::from(text.as_str()).resolve_env(&Environment::process());
    }

    #[test]
    fn text_without_variables_stays(text in "[^$]*") {
        let value = ConfigValue::from(text.as_str());
        prop_assert_eq!(value.resolve_env(&Environment::process()).unwrap(), value);
    }
}
