//! `mv`.

use crate::harness::Sandbox;

#[test]
fn a_file_is_renamed() {
    let sandbox = Sandbox::with(&[("d/a", "a")]);
    sandbox.run(&["mv", "d/a", "new/folder/b"]).ok();
    assert_eq!(sandbox.read("new/folder/b"), "a");
    assert!(!sandbox.has("d/a"));
}

#[test]
fn a_file_goes_into_a_folder_under_its_own_name() {
    let sandbox = Sandbox::with(&[("a", "a"), ("b", "b"), ("d/keep", "")]);
    sandbox.run(&["mv", "a", "d"]).ok();
    sandbox.run(&["mv", "b", "new/"]).ok();
    assert_eq!(sandbox.read("d/a"), "a");
    assert_eq!(sandbox.read("new/b"), "b");
}

#[test]
fn a_file_moves_between_stores_and_back() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    sandbox.run(&["mv", "a", "default:x/b"]).ok();
    assert!(!sandbox.has("a"));
    sandbox.run(&["mv", "default:x/b", "default:c"]).ok();
    sandbox.run(&["mv", "default:c", "."]).ok();
    assert_eq!(sandbox.read("c"), "a");
    assert_eq!(sandbox.files("home").len(), 0);
}

#[test]
fn a_file_moves_to_a_store_that_cannot_be_renamed_into() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    sandbox.run(&["mv", "a", "mem:a"]).ok();
    assert!(!sandbox.has("a"));
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_told() {
    let sandbox = Sandbox::with(&[("a", "new"), ("b", "old")]);
    sandbox
        .run(&["mv", "a", "b"])
        .fails(4, &["b: ", "--overwrite"]);
    assert_eq!(sandbox.read("a"), "new");
    assert_eq!(sandbox.read("b"), "old");
    sandbox.run(&["mv", "--overwrite", "a", "b"]).ok();
    assert_eq!(sandbox.read("b"), "new");
    assert!(!sandbox.has("a"));
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let sandbox = Sandbox::with(&[("a", "a"), ("d/b", "b"), ("e/d/c", "c")]);
    sandbox.run(&["mv", "missing", "x"]).fails(3, &["missing"]);
    sandbox
        .run(&["mv", "d", "x"])
        .fails(6, &["this is a folder"]);
    sandbox.run(&["mv", "a", "a"]).fails(2, &["same file"]);
    sandbox.run(&["mv", "a", "."]).fails(2, &["same file"]);
    sandbox.run(&["mv", "a", "d/b/x"]).fails(6, &["d/b/x"]);
    assert_eq!(sandbox.files(".").len(), 3);
}
