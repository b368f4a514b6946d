//! `stores` and `caps`.

use crate::harness::Sandbox;

const CONFIGURATION: &str = "
[backends.disk]
type = 'local'
[backends.disk.options]
root = '${ROOT:-data}'

[backends.scratch]
type = 'memory'
retry = { max_attempts = 5 }

[stores.reports]
backend = 'disk'
root_path = 'reports/2026'

[stores.scratch]
backend = 'scratch'
";

#[test]
fn without_a_configuration_there_is_the_default_store() {
    let sandbox = Sandbox::new();
    let out = sandbox.out(&["stores"]);
    assert!(out.starts_with("no holdall.toml is found\n"), "{out}");
    let row = out.lines().last().unwrap();
    assert!(row.starts_with("default  local  -"), "{out}");
    assert!(row.ends_with("home/default"), "{out}");
    let record = &sandbox.json(&["stores", "--json"])[0];
    assert_eq!(record["name"], "default");
    assert_eq!(record["file"], serde_json::Value::Null);
}

#[test]
fn the_stores_of_a_file_are_told_with_the_file() {
    let sandbox = Sandbox::with(&[("holdall.toml", CONFIGURATION)]);
    let out = sandbox.out(&["stores"]);
    let lines: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["from", "holdall.toml"]);
    assert_eq!(lines[1], ["NAME", "TYPE", "BACKEND", "ROOT", "OPTIONS"]);
    assert_eq!(lines[2][0], "default");
    assert_eq!(
        lines[3],
        ["reports", "local", "disk", "reports/2026", "root=data"]
    );
    assert_eq!(lines[4], ["scratch", "memory", "scratch", "-", "-"]);
    assert!(!sandbox.has("data"));
}

#[test]
fn json_has_one_object_a_store() {
    let sandbox = Sandbox::with(&[("holdall.toml", CONFIGURATION)]);
    let records = sandbox.json(&["stores", "--json"]);
    let names: Vec<_> = records
        .iter()
        .map(|record| record["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["default", "reports", "scratch"]);
    let reports = &records[1];
    assert_eq!(reports["type"], "local");
    assert_eq!(reports["backend"], "disk");
    assert_eq!(reports["root_path"], "reports/2026");
    assert_eq!(reports["options"]["root"], "data");
    assert_eq!(reports["file"], "holdall.toml");
    assert_eq!(reports["line"], 12);
    assert_eq!(records[2]["retry"]["max_attempts"], 5);
}

#[test]
fn a_configured_default_is_told_once() {
    let text = "[backends.m]\ntype = 'memory'\n[stores.default]\nbackend = 'm'\n";
    let sandbox = Sandbox::with(&[("holdall.toml", text)]);
    let records = sandbox.json(&["stores", "--json"]);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["type"], "memory");
}

#[test]
fn caps_tell_what_a_store_can_do() {
    let sandbox = Sandbox::with(&[("holdall.toml", CONFIGURATION)]);
    let out = sandbox.out(&["caps", "scratch:"]);
    let row = |name: &str| {
        let line = out
            .lines()
            .find(|line| line.split_whitespace().next() == Some(name));
        line.unwrap().split_whitespace().last().unwrap().to_owned()
    };
    assert_eq!(
        (row("read"), row("glob")),
        ("yes".to_owned(), "no".to_owned())
    );
    assert_eq!(out.lines().count(), 14);

    let record = &sandbox.json(&["caps", "--json", "scratch:any/path"])[0];
    assert_eq!(record["address"], "scratch:any/path");
    assert_eq!(record["backend"], "memory");
    let (has, lacks) = (&record["capabilities"], &record["missing"]);
    assert!(has.as_array().unwrap().contains(&"read".into()));
    assert!(lacks.as_array().unwrap().contains(&"glob".into()));
    sandbox.run(&["caps", "nowhere:"]).fails(2, &["nowhere"]);
}
