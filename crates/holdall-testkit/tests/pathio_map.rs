//! The map of path IO names cases and files of tests that are there, and leaves out
//! no case.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use holdall_testkit::pathio::cases;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// What stands between backquotes in the map.
fn named() -> Vec<String> {
    let map = Path::new(FOLDER).join("../../docs/path-io-map.md");
    let map = std::fs::read_to_string(map).unwrap();
    let quoted = map.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// Whether the name of a case is `pattern`, or begins or ends as it says.
fn matches(case: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((begin, end)) => case.starts_with(begin) && case.ends_with(end),
        None if pattern.ends_with('/') => case.starts_with(pattern),
        None => case == pattern,
    }
}

fn is_of_cases(name: &str) -> bool {
    let of_a_name = |byte: u8| byte.is_ascii_lowercase() || b"_/*".contains(&byte);
    name.contains('/') && name.len() > 1 && name.bytes().all(of_a_name)
}

#[test]
fn every_case_that_the_map_names_is_there() {
    let cases = cases();
    for name in named().iter().filter(|name| is_of_cases(name)) {
        let there = cases.iter().any(|case| matches(case.name(), name));
        assert!(there, "no case is {name}");
    }
}

#[test]
fn every_case_is_on_the_map() {
    let named: Vec<String> = named()
        .into_iter()
        .filter(|name| is_of_cases(name))
        .collect();
    for case in cases() {
        let on_it = named.iter().any(|name| matches(case.name(), name));
        assert!(on_it, "{} is not on the map", case.name());
    }
}

#[test]
fn every_file_of_tests_that_the_map_names_is_there() {
    let files: Vec<String> = named()
        .into_iter()
        .filter(|name| name.ends_with(".rs"))
        .collect();
    assert!(!files.is_empty());
    for file in files {
        let folder = match file.contains('/') {
            true => Path::new(FOLDER).join("../.."),
            false => Path::new(FOLDER).join("tests"),
        };
        assert!(folder.join(&file).is_file(), "{file}");
    }
}
