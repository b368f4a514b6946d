//! `put` and `cat`.

use std::fs::File;
use std::io::Write;
use std::process::Stdio;

use crate::harness::Sandbox;

#[test]
fn what_is_put_can_be_read() {
    let sandbox = Sandbox::new();
    let content: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 253) as u8).collect();
    for address in ["new/folder/a", "default:in/a"] {
        sandbox.run_with(&["put", address], &content).ok();
        assert_eq!(sandbox.run(&["cat", address]).ok().out, content);
    }
}

#[test]
fn several_files_are_written_one_after_the_other() {
    let sandbox = Sandbox::with(&[("a", "1"), ("b", ""), ("c", "3")]);
    assert_eq!(sandbox.out(&["cat", "a", "b", "c", "a"]), "131");
}

#[test]
fn one_missing_file_of_several_does_not_stop_the_others() {
    let sandbox = Sandbox::with(&[("a", "1"), ("c", "3")]);
    let ran = sandbox.run(&["cat", "a", "b", "c"]);
    assert_eq!(ran.code, 13);
    assert_eq!(ran.text(), "13");
    assert!(ran.err.contains("holdall: cat: b: "), "{}", ran.err);
}

#[test]
fn a_folder_cannot_be_written_out() {
    let sandbox = Sandbox::with(&[("d/a", "a")]);
    sandbox.run(&["cat", "d"]).fails(6, &["this is a folder"]);
    sandbox
        .run(&["cat", "default:"])
        .fails(6, &["this is a folder"]);
}

#[test]
fn put_replaces_only_when_told() {
    let sandbox = Sandbox::with(&[("a", "old")]);
    sandbox
        .run_with(&["put", "a"], b"new")
        .fails(4, &["a: ", "--overwrite"]);
    assert_eq!(sandbox.read("a"), "old");
    sandbox
        .run_with(&["put", "--overwrite", "--durable", "a"], b"new")
        .ok();
    assert_eq!(sandbox.read("a"), "new");
}

#[test]
fn put_needs_the_name_of_a_file() {
    let sandbox = Sandbox::with(&[("d/a", "a")]);
    sandbox.run(&["cp", "-r", "d", "default:d"]).ok();
    for address in ["d", "d/", "new/", "default:", "default:d", "mem:"] {
        let ran = sandbox.run_with(&["put", "--overwrite", address], b"x");
        ran.fails(6, &[address]);
    }
    assert!(!sandbox.has("new"));
}

#[test]
fn an_empty_input_is_an_empty_file() {
    let sandbox = Sandbox::new();
    sandbox.run(&["put", "empty"]).ok();
    assert_eq!(sandbox.read("empty"), "");
}

#[test]
fn an_announced_size_guards_against_a_producer_that_dies() {
    let sandbox = Sandbox::with(&[("old", "old")]);
    for (announced, came) in [("4", "only 3"), ("2", "more"), ("5000000", "only 3")] {
        let put = ["put", "--size", announced, "new"];
        sandbox
            .run_with(&put, b"abc")
            .fails(2, &[came, "nothing is stored"]);
    }
    assert!(!sandbox.has("new"));
    let put = ["put", "--overwrite", "--size", "4", "old"];
    sandbox.run_with(&put, b"abc").fails(2, &["only 3"]);
    assert_eq!(sandbox.read("old"), "old");
    sandbox
        .run_with(&["put", "--size", "3", "new"], b"abc")
        .ok();
    assert_eq!(sandbox.read("new"), "abc");
}

#[test]
fn an_input_that_cannot_be_read_stores_nothing() {
    let sandbox = Sandbox::with(&[("sink", "")]);
    let write_only = File::options()
        .write(true)
        .open(sandbox.path("sink"))
        .unwrap();
    let put = sandbox.command(&["put", "new"]).stdin(write_only).output();
    assert_eq!(put.unwrap().status.code(), Some(1));
    assert!(!sandbox.has("new"));
}

#[cfg(unix)]
#[test]
fn a_closed_input_is_an_empty_one_and_an_announced_size_tells() {
    let sandbox = Sandbox::new();
    let shell = |script: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.current_dir(sandbox.path("."));
        let binary = env!("CARGO_BIN_EXE_holdall");
        shell.args(["-c", script, binary]).status().unwrap().code()
    };
    assert_eq!(shell("\"$0\" put empty <&-"), Some(0));
    assert_eq!(sandbox.read("empty"), "");
    assert_eq!(shell("\"$0\" -q put --size 1 sized 2>&- <&-"), Some(2));
    assert!(!sandbox.has("sized"));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let cat = sandbox
        .command(&["cat", "a"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(cat.status.code(), Some(1));
    assert!(
        String::from_utf8(cat.stderr)
            .unwrap()
            .contains("cannot write the output")
    );
}

#[cfg(unix)]
#[test]
fn a_folder_as_input_stores_nothing() {
    let sandbox = Sandbox::new();
    let folder = File::open(sandbox.path(".")).unwrap();
    let put = sandbox.command(&["put", "new"]).stdin(folder).output();
    assert_eq!(put.unwrap().status.code(), Some(1));
    assert!(!sandbox.has("new"));
}

#[test]
fn a_put_that_is_killed_midway_leaves_what_was_there() {
    let sandbox = Sandbox::with(&[("old", "old")]);
    for address in ["old", "new"] {
        let mut command = sandbox.command(&["put", "--overwrite", address]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        // More than any buffer on the way, so that most of it has been read.
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(&vec![b'x'; 8 << 20]).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(sandbox.read("old"), "old");
    assert_eq!(sandbox.out(&["ls", "."]), "old\n");
}
