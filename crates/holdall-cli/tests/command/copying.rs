//! `cp`: what goes where.

use crate::harness::Sandbox;

#[test]
fn a_file_is_copied_to_the_name_that_is_given() {
    let sandbox = Sandbox::with(&[("a.txt", "hello")]);
    let ran = sandbox.run(&["cp", "a.txt", "new/folder/b.txt"]).ok();
    assert_eq!(ran.summary(), "copied 1 file, 5 B");
    assert_eq!(sandbox.read("new/folder/b.txt"), "hello");
}

#[test]
fn a_file_goes_into_a_folder_under_its_own_name() {
    let sandbox = Sandbox::with(&[("a.txt", "a"), ("there/keep", "")]);
    sandbox.run(&["cp", "a.txt", "there"]).ok();
    sandbox.run(&["cp", "a.txt", "new/"]).ok();
    sandbox.run(&["cp", "a.txt", "default:"]).ok();
    sandbox.run(&["cp", "a.txt", "default:new/"]).ok();
    sandbox.run(&["cp", "--overwrite", "there/keep", "."]).ok();
    assert_eq!(sandbox.read("there/a.txt"), "a");
    assert_eq!(sandbox.read("new/a.txt"), "a");
    assert_eq!(sandbox.read("home/default/a.txt"), "a");
    assert_eq!(sandbox.read("home/default/new/a.txt"), "a");
    assert_eq!(sandbox.read("keep"), "");
}

#[test]
fn a_folders_content_goes_to_the_destination_whether_it_is_there_or_not() {
    let sandbox = Sandbox::with(&[
        ("src/a.txt", "a"),
        ("src/deep/er/b.txt", "b"),
        ("there/own.txt", "own"),
    ]);
    let copied = sandbox.run(&["cp", "-r", "src", "new/place"]).ok();
    assert_eq!(copied.summary(), "copied 2 files, 2 B");
    assert_eq!(sandbox.files("new/place"), sandbox.files("src"));

    sandbox.run(&["cp", "-r", "src/", "there"]).ok();
    assert_eq!(sandbox.files("there").len(), 3);
    assert_eq!(sandbox.read("there/deep/er/b.txt"), "b");
    assert_eq!(sandbox.read("there/own.txt"), "own");
}

#[test]
fn the_first_command_of_the_readme_can_be_run_twice() {
    let sandbox = Sandbox::with(&[("crates/one/lib.rs", "fn a() {}"), ("crates/two.rs", "b")]);
    let first = ["cp", "-r", "--verify", "crates", "default:first-snapshot"];
    let ran = sandbox.run(&first).ok();
    assert_eq!(ran.summary(), "copied 2 files, 10 B, verified");
    let again = sandbox.run(&first).ok();
    assert_eq!(
        again.summary(),
        "copied 0 files, 0 B, verified; 2 already there, the same"
    );
    let tree = sandbox.out(&["tree", "default:"]);
    assert_eq!(
        tree,
        "default:\n\
         └── first-snapshot/\n    \
             ├── one/\n    \
             │   └── lib.rs\n    \
             └── two.rs\n\n\
         2 folders, 2 files, 10 B\n"
    );
    let store = sandbox.files("home/default/first-snapshot");
    assert_eq!(store, sandbox.files("crates"));
}

#[test]
fn a_file_given_with_r_is_copied_as_a_file() {
    let sandbox = Sandbox::with(&[("a.txt", "a")]);
    sandbox.run(&["cp", "-r", "a.txt", "b.txt"]).ok();
    assert_eq!(sandbox.read("b.txt"), "a");
}

#[test]
fn a_folder_without_r_is_refused_with_the_hint() {
    let sandbox = Sandbox::with(&[("src/a", "a")]);
    sandbox
        .run(&["cp", "src", "dst"])
        .fails(2, &["src: this is a folder", "use -r"]);
    assert!(!sandbox.has("dst"));
}

#[test]
fn a_missing_source_creates_nothing() {
    let sandbox = Sandbox::new();
    for source in [
        "missing",
        "missing/deep/er",
        "default:missing",
        "mem:missing",
    ] {
        let not_found = ["no file and no folder", source];
        sandbox.run(&["cp", source, "dst"]).fails(3, &not_found);
        sandbox
            .run(&["cp", "-r", source, "new/dst"])
            .fails(3, &not_found);
        sandbox
            .run(&["cp", "-r", source, "default:dst"])
            .fails(3, &not_found);
    }
    assert_eq!(std::fs::read_dir(sandbox.path(".")).unwrap().count(), 0);
}

#[test]
fn folders_without_files_are_not_copied() {
    let sandbox = Sandbox::with(&[("src/a", "a")]);
    std::fs::create_dir_all(sandbox.path("src/empty")).unwrap();
    std::fs::create_dir_all(sandbox.path("void")).unwrap();
    sandbox.run(&["cp", "-r", "src", "dst"]).ok();
    assert!(!sandbox.has("dst/empty"));
    let ran = sandbox.run(&["cp", "-r", "void", "nothing"]).ok();
    assert_eq!(ran.summary(), "copied 0 files, 0 B");
    assert!(!sandbox.has("nothing"));
}

#[test]
fn a_file_where_a_folder_would_have_to_be_is_in_the_way() {
    let sandbox = Sandbox::with(&[("src/a", "a"), ("file", "f")]);
    sandbox
        .run(&["cp", "-r", "src", "file"])
        .fails(6, &["a file stands here"]);
    sandbox
        .run(&["cp", "src/a", "file/below"])
        .fails(6, &["file/below"]);
    sandbox.run(&["cp", "src/a", "file/"]).fails(6, &["file/"]);
    assert_eq!(sandbox.read("file"), "f");
}

#[test]
fn a_folder_where_a_file_would_have_to_be_is_in_the_way() {
    let sandbox = Sandbox::with(&[("src/x", "a"), ("dst/x/y", "y")]);
    let ran = sandbox.run(&["cp", "-r", "--overwrite", "src", "dst"]);
    ran.fails(13, &["dst/x: ", "1 failed"]);
    assert_eq!(sandbox.read("dst/x/y"), "y");
}

#[test]
fn a_file_is_never_copied_onto_itself() {
    let sandbox = Sandbox::with(&[("d/a", "a")]);
    for target in ["d/a", "d", "d/../d/a", "local:d/a"] {
        let refused = ["same file"];
        sandbox
            .run(&["cp", "--overwrite", "d/a", target])
            .fails(2, &refused);
    }
    sandbox.run(&["cp", "d/a", "default:a"]).ok();
    sandbox
        .run(&["cp", "default:a", "default:"])
        .fails(2, &["same file"]);
    sandbox
        .run(&["cp", "default:a", "home/default/a"])
        .fails(2, &["same file"]);
    assert_eq!(sandbox.read("d/a"), "a");
}

#[test]
fn a_folder_is_never_copied_into_itself() {
    let sandbox = Sandbox::with(&[("src/a", "a"), ("src/sub/b", "b")]);
    for target in ["src", "./src/", "src/sub/.."] {
        sandbox
            .run(&["cp", "-r", "src", target])
            .fails(2, &["same folder"]);
    }
    for target in ["src/sub", "src/new/deep"] {
        sandbox
            .run(&["cp", "-r", "src", target])
            .fails(2, &["lies inside 'src'"]);
    }
    sandbox
        .run(&["cp", "-r", ".", "default:"])
        .fails(2, &["lies inside '.'"]);
    assert_eq!(sandbox.files("src").len(), 2);
    assert!(!sandbox.has("home"));
    sandbox.run(&["cp", "-r", "src", "src-two"]).ok();
}

#[test]
fn unicode_and_odd_names_arrive_unchanged() {
    let names = [
        "é",
        "e\u{301}",
        "文/字.txt",
        " lead",
        "trail ",
        "a'b\"c",
        "#%?",
        "-r",
        "...",
    ];
    let sandbox = Sandbox::new();
    for name in names {
        sandbox.write(&format!("src/{name}"), name);
    }
    sandbox
        .run(&["cp", "-r", "--verify", "src", "default:ünï cödé"])
        .ok();
    sandbox
        .run(&["cp", "-r", "--verify", "default:ünï cödé", "back"])
        .ok();
    assert_eq!(sandbox.files("back"), sandbox.files("src"));
    assert_eq!(sandbox.files("back").len(), names.len());
    let listed = sandbox.json(&["ls", "-R", "--json", "default:ünï cödé"]);
    for record in listed {
        if record["type"] == "file" {
            let address = record["address"].as_str().unwrap();
            sandbox.run(&["stat", address]).ok();
        }
    }
}

#[test]
fn quiet_says_nothing() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    assert_eq!(sandbox.run(&["-q", "cp", "a", "b"]).ok().err, "");
    assert_eq!(sandbox.run(&["cp", "-q", "a", "c"]).ok().err, "");
}

#[test]
fn content_of_any_size_arrives_whole() {
    let sandbox = Sandbox::new();
    for size in [0, 1, 65_536, 1_048_575, 1_048_576, 1_048_577, 5_000_000] {
        let content: Vec<u8> = (0..size).map(|i: u32| (i % 251) as u8).collect();
        sandbox.write(&format!("src/{size}"), content);
    }
    sandbox
        .run(&["cp", "-r", "--verify", "--durable", "src", "default:x"])
        .ok();
    assert_eq!(sandbox.files("home/default/x"), sandbox.files("src"));
}
