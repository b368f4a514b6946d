//! `ls`, `tree` and `stat`.

use serde_json::Value;

use crate::harness::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::with(&[
        ("d/b.txt", "four"),
        ("d/a/x", "1"),
        ("d/a/y/z", "22"),
        ("d/c", ""),
    ])
}

#[test]
fn a_folder_is_listed_by_name() {
    assert_eq!(sandbox().out(&["ls", "d"]), "a/\nb.txt\nc\n");
}

#[test]
fn a_recursive_listing_shows_paths() {
    let listed = sandbox().out(&["ls", "-R", "d"]);
    assert_eq!(listed, "a/\na/x\na/y/\na/y/z\nb.txt\nc\n");
}

#[test]
fn a_long_listing_shows_sizes_and_times() {
    let listed = sandbox().out(&["ls", "-l", "d"]);
    let lines: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["-", "-", "a/"]);
    assert_eq!(lines[1][..2], ["4", "B"]);
    assert!(
        lines[1][2].ends_with('Z') && lines[1][2].len() == 20,
        "{listed}"
    );
    assert_eq!(lines[1][3], "b.txt");
}

#[test]
fn a_file_is_listed_as_itself() {
    let sandbox = sandbox();
    assert_eq!(sandbox.out(&["ls", "d/b.txt"]), "b.txt\n");
    assert_eq!(sandbox.json(&["ls", "--json", "d/b.txt"])[0]["size"], 4);
}

#[test]
fn json_has_one_object_a_line_with_the_documented_fields() {
    let sandbox = sandbox();
    let records = sandbox.json(&["ls", "-R", "--json", "d"]);
    let paths: Vec<&str> = records
        .iter()
        .map(|r| r["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["a", "a/x", "a/y", "a/y/z", "b.txt", "c"]);
    let file = &records[3];
    assert_eq!(file["name"], "z");
    assert_eq!(file["type"], "file");
    assert_eq!(file["size"], 2);
    assert_eq!(file["address"], "d/a/y/z");
    let time = file["modified_at"].as_str().unwrap();
    assert!(time.contains('T') && time.ends_with('Z'), "{time}");
    let folder = &records[0];
    assert_eq!(folder["type"], "folder");
    assert_eq!(folder["size"], Value::Null);
    assert_eq!(sandbox.json(&["tree", "--json", "d"]), records);
}

#[test]
fn an_address_from_a_listing_names_the_same_file() {
    let sandbox = sandbox();
    sandbox.run(&["cp", "-r", "d", "default:e"]).ok();
    for folder in ["d", "d/", ".", "./d", "default:", "default:e", "default:e/"] {
        for record in sandbox.json(&["ls", "-R", "--json", folder]) {
            let address = record["address"].as_str().unwrap();
            let found = sandbox.json(&["stat", "--json", address]);
            assert_eq!(found[0]["name"], record["name"], "{address}");
            assert_eq!(found[0]["type"], record["type"], "{address}");
        }
    }
}

#[test]
fn a_tree_is_drawn_with_counts_at_the_end() {
    assert_eq!(
        sandbox().out(&["tree", "d"]),
        "d\n\
         ├── a/\n\
         │   ├── x\n\
         │   └── y/\n\
         │       └── z\n\
         ├── b.txt\n\
         └── c\n\n\
         2 folders, 4 files, 7 B\n"
    );
}

#[test]
fn control_characters_in_names_cannot_break_a_line() {
    if cfg!(windows) {
        return;
    }
    let sandbox = Sandbox::with(&[("d/a\nb\u{1b}[31m", "x")]);
    assert_eq!(sandbox.out(&["ls", "d"]), "a\\nb\\u{1b}[31m\n");
    assert_eq!(
        sandbox.json(&["ls", "--json", "d"])[0]["name"],
        "a\nb\u{1b}[31m"
    );
    sandbox
        .run(&["cat", "d/no\u{1b}"])
        .fails(3, &["d/no\\u{1b}"]);
}

#[test]
fn a_files_record_tells_size_and_time() {
    let sandbox = sandbox();
    let text = sandbox.out(&["stat", "d/b.txt"]);
    for row in [
        "address      d/b.txt",
        "type         file",
        "size         4 (4 B)",
        "modified",
    ] {
        assert!(text.contains(row), "no {row:?} in {text}");
    }
    let record = &sandbox.json(&["stat", "--json", "d/b.txt"])[0];
    assert_eq!(record["path"], "b.txt");
    assert_eq!(record["size"], 4);
}

#[test]
fn a_folders_record_tells_what_is_below_it() {
    let sandbox = sandbox();
    let record = &sandbox.json(&["stat", "--json", "d"])[0];
    assert_eq!(record["type"], "folder");
    assert_eq!(record["files"], 4);
    assert_eq!(record["size"], 7);
    assert!(sandbox.out(&["stat", "d"]).contains("files        4"));
}

#[test]
fn what_is_not_there_is_not_found_and_not_an_empty_folder() {
    let sandbox = sandbox();
    for command in ["ls", "tree", "stat"] {
        for address in ["nope", "d/nope", "d/b.txt/below", "default:nope"] {
            let message = format!("holdall: {command}: {address}: ");
            sandbox.run(&[command, address]).fails(3, &[&message]);
        }
    }
}

#[test]
fn a_file_with_a_slash_at_its_end_is_refused() {
    sandbox()
        .run(&["ls", "d/b.txt/"])
        .fails(6, &["a file stands here"]);
}

#[test]
fn temporary_names_are_not_listed() {
    let sandbox = Sandbox::with(&[("d/.~holdall.0123456789abcdef.tmp", "x"), ("d/a", "a")]);
    assert_eq!(sandbox.out(&["ls", "-R", "d"]), "a\n");
}
