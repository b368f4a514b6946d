//! `rm`.

use crate::harness::Sandbox;

#[test]
fn a_file_is_deleted() {
    let sandbox = Sandbox::with(&[("a", "a"), ("b", "b")]);
    sandbox.run(&["rm", "a"]).ok();
    assert!(!sandbox.has("a") && sandbox.has("b"));
}

#[test]
fn a_folder_needs_r() {
    let sandbox = Sandbox::with(&[("d/a", "a")]);
    for address in ["d", "d/"] {
        sandbox
            .run(&["rm", address])
            .fails(6, &["this is a folder", "use -r"]);
    }
    assert!(sandbox.has("d/a"));
    sandbox.run(&["rm", "-r", "d"]).ok();
    assert!(!sandbox.has("d"));
}

#[test]
fn a_file_named_as_a_folder_is_not_deleted() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    for arguments in [&["rm", "a/"][..], &["rm", "-r", "a/"]] {
        assert_eq!(sandbox.run(arguments).code, 6);
    }
    assert!(sandbox.has("a"));
}

#[test]
fn what_is_missing_is_told_and_the_rest_is_deleted() {
    let sandbox = Sandbox::with(&[("a", "a"), ("c", "c")]);
    sandbox.run(&["rm", "b"]).fails(3, &["holdall: rm: b: "]);
    sandbox
        .run(&["rm", "-r", "b"])
        .fails(3, &["holdall: rm: b: "]);
    sandbox
        .run(&["rm", "a", "b", "c"])
        .fails(13, &["holdall: rm: b: "]);
    assert!(!sandbox.has("a") && !sandbox.has("c"));
}

#[test]
fn the_root_of_a_store_and_the_current_folder_stay() {
    let sandbox = Sandbox::with(&[("home/default/a", "a")]);
    for address in ["default:", "default:.", "mem:", ".", "..", "/"] {
        sandbox.run(&["rm", "-r", address]).fails(6, &[address]);
    }
    assert!(sandbox.has("home/default/a"));
}
