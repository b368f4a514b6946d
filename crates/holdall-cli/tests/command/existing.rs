//! `cp`: files that are already there.

use crate::harness::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::with(&[
        ("src/same", "same"),
        ("src/other", "new"),
        ("src/fresh", "fresh"),
        ("dst/same", "same"),
        ("dst/other", "old"),
    ])
}

#[test]
fn a_file_that_is_there_is_an_error_with_the_way_out() {
    let sandbox = sandbox();
    let hints = ["already there", "--overwrite", "--skip-existing"];
    sandbox.run(&["cp", "src/other", "dst"]).fails(4, &hints);
    assert_eq!(sandbox.read("dst/other"), "old");
}

#[test]
fn in_a_folder_the_other_files_are_copied_all_the_same() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["cp", "-r", "src", "dst"]);
    ran.fails(13, &["dst/same: ", "dst/other: ", "--overwrite"]);
    assert_eq!(ran.summary(), "copied 1 file, 5 B; 2 failed");
    assert_eq!(sandbox.read("dst/fresh"), "fresh");
    assert_eq!(sandbox.read("dst/other"), "old");
}

#[test]
fn overwriting_replaces() {
    let sandbox = sandbox();
    sandbox.run(&["cp", "-r", "--overwrite", "src", "dst"]).ok();
    assert_eq!(sandbox.files("dst"), sandbox.files("src"));
}

#[test]
fn skipping_leaves_what_is_there() {
    let sandbox = sandbox();
    let ran = sandbox
        .run(&["cp", "-r", "--skip-existing", "src", "dst"])
        .ok();
    assert_eq!(
        ran.summary(),
        "copied 1 file, 5 B; 2 already there, skipped"
    );
    assert_eq!(sandbox.read("dst/other"), "old");
    assert_eq!(sandbox.read("dst/fresh"), "fresh");
}

#[test]
fn verifying_takes_the_same_bytes_for_done_and_others_for_an_error() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["cp", "-r", "--verify", "src", "dst"]);
    ran.fails(13, &["dst/other: a file with other content"]);
    assert_eq!(
        ran.summary(),
        "copied 1 file, 5 B, verified; 1 already there, the same; 1 failed"
    );
    assert_eq!(sandbox.read("dst/other"), "old");
    sandbox.write("src/longer", "longer");
    sandbox.write("dst/longer", "long");
    sandbox
        .run(&["cp", "--verify", "src/longer", "dst"])
        .fails(4, &["other content"]);
    sandbox.run(&["cp", "--verify", "src/same", "dst"]).ok();
}

#[test]
fn verifying_and_overwriting_replaces_and_compares() {
    let sandbox = sandbox();
    let ran = sandbox
        .run(&["cp", "-r", "--verify", "--overwrite", "src", "dst"])
        .ok();
    assert_eq!(ran.summary(), "copied 3 files, 12 B, verified");
    assert_eq!(sandbox.files("dst"), sandbox.files("src"));
}

#[test]
fn many_failures_are_counted_and_not_all_told() {
    let sandbox = Sandbox::new();
    for i in 0..50 {
        sandbox.write(&format!("src/{i}"), "new");
        sandbox.write(&format!("dst/{i}"), "old");
    }
    let ran = sandbox.run(&["cp", "-r", "src", "dst"]);
    ran.fails(
        13,
        &["copied 0 files, 0 B; 50 failed", "and 30 more failures"],
    );
    assert_eq!(ran.err.matches("already there").count(), 20);
}
