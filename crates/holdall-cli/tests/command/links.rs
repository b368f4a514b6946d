//! Links, pipes and other things on disk that are no plain files.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::harness::Sandbox;

#[test]
fn a_link_that_the_address_names_is_followed_for_reading() {
    let sandbox = Sandbox::with(&[("real/a.txt", "a"), ("here/keep", "")]);
    symlink(sandbox.path("real/a.txt"), sandbox.path("here/link")).unwrap();
    symlink(sandbox.path("real"), sandbox.path("folder")).unwrap();
    assert_eq!(sandbox.out(&["cat", "here/link"]), "a");
    assert_eq!(sandbox.out(&["cat", "folder/a.txt"]), "a");
    assert_eq!(sandbox.out(&["ls", "folder"]), "a.txt\n");
    sandbox.run(&["cp", "here/link", "copies/"]).ok();
    assert_eq!(sandbox.read("copies/link"), "a");
}

#[test]
fn in_a_folder_links_that_lead_out_are_left_out_and_others_are_copied_as_files() {
    let sandbox = Sandbox::with(&[("src/a", "a"), ("outside", "secret")]);
    symlink("a", sandbox.path("src/inside")).unwrap();
    symlink("../outside", sandbox.path("src/escape")).unwrap();
    symlink(sandbox.path("outside"), sandbox.path("src/absolute")).unwrap();
    symlink("missing", sandbox.path("src/dangling")).unwrap();
    assert_eq!(sandbox.out(&["ls", "src"]), "a\ninside\n");
    let ran = sandbox.run(&["cp", "-r", "src", "dst"]).ok();
    assert!(
        ran.summary()
            .starts_with("copied 2 files, 2 B; 3 left out (links"),
        "{ran:?}"
    );
    assert_eq!(sandbox.out(&["ls", "dst"]), "a\ninside\n");
    assert!(!sandbox.path("dst/inside").is_symlink());
}

#[test]
fn linked_folders_are_shown_and_never_descended_into() {
    let sandbox = Sandbox::with(&[("src/deep/a", "a")]);
    symlink("..", sandbox.path("src/deep/up")).unwrap();
    symlink("deep", sandbox.path("src/again")).unwrap();
    let listed = sandbox.out(&["ls", "-R", "src"]);
    assert_eq!(listed, "again/\ndeep/\ndeep/a\ndeep/up/\n");
    let ran = sandbox.run(&["cp", "-r", "src", "dst"]).ok();
    assert_eq!(ran.summary(), "copied 1 file, 1 B");
}

#[test]
fn removing_a_link_leaves_what_it_points_to() {
    let sandbox = Sandbox::with(&[("a", "a"), ("folder/b", "b")]);
    symlink("a", sandbox.path("to-file")).unwrap();
    symlink("folder", sandbox.path("to-folder")).unwrap();
    symlink("nowhere", sandbox.path("dangling")).unwrap();
    sandbox.run(&["rm", "to-file", "dangling"]).ok();
    sandbox.run(&["rm", "-r", "to-folder"]).ok();
    assert!(!sandbox.has("to-file") && !sandbox.has("to-folder") && !sandbox.has("dangling"));
    assert_eq!(sandbox.read("a"), "a");
    assert_eq!(sandbox.read("folder/b"), "b");
}

#[test]
fn moving_a_link_moves_the_link() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    symlink("a", sandbox.path("link")).unwrap();
    sandbox.run(&["mv", "link", "moved"]).ok();
    assert!(sandbox.path("moved").is_symlink());
    assert_eq!(sandbox.read("a"), "a");
}

#[test]
fn a_copy_onto_a_link_to_its_source_is_refused() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    symlink("a", sandbox.path("link")).unwrap();
    let copy = ["cp", "--overwrite", "a", "link"];
    sandbox.run(&copy).fails(2, &["same file"]);
    assert!(sandbox.path("link").is_symlink());
}

#[test]
fn a_folder_is_not_copied_into_itself_through_a_link() {
    let sandbox = Sandbox::with(&[("src/sub/a", "a")]);
    symlink("src/sub", sandbox.path("way-in")).unwrap();
    let copy = ["cp", "-r", "src", "way-in/new"];
    sandbox.run(&copy).fails(2, &["lies inside 'src'"]);
    assert_eq!(sandbox.files("src").len(), 1);
}

#[test]
fn a_pipe_is_neither_listed_nor_waited_on() {
    let sandbox = Sandbox::with(&[("src/a", "a")]);
    let made = Command::new("mkfifo")
        .arg(sandbox.path("src/pipe"))
        .status();
    assert!(made.unwrap().success());
    sandbox.run(&["cat", "src/pipe"]).fails(6, &["src/pipe"]);
    sandbox
        .run(&["cp", "src/pipe", "dst"])
        .fails(6, &["src/pipe"]);
    sandbox
        .run(&["cp", "--overwrite", "src/a", "src/pipe"])
        .fails(6, &["src/pipe"]);
    sandbox.run(&["cp", "-r", "src", "dst"]).ok();
    assert_eq!(sandbox.out(&["ls", "dst"]), "a\n");
}

#[test]
fn a_name_with_a_backslash_is_refused_and_never_taken_for_another() {
    let sandbox = Sandbox::with(&[("a/b", "other"), (r"a\b", "backslash")]);
    sandbox.run(&["cat", r"a\b"]).fails(6, &["backslash"]);
    sandbox.run(&["rm", r"a\b"]).fails(6, &["backslash"]);
    assert_eq!(sandbox.read("a/b"), "other");
    sandbox.write(r"src/a\b", "backslash");
    sandbox.write("src/c", "c");
    let ran = sandbox.run(&["cp", "-r", "src", "dst"]).ok();
    assert!(
        ran.summary().contains("copied 1 file, 1 B; 1 left out"),
        "{ran:?}"
    );
}

#[test]
fn an_unreadable_folder_is_told_and_the_rest_is_copied() {
    use std::fs::{Permissions, read_dir, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with(&[("src/a", "a"), ("src/closed/b", "b"), ("src/open/c", "c")]);
    let closed = sandbox.path("src/closed");
    set_permissions(&closed, Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything, so there is nothing to see then.
    if read_dir(&closed).is_err() {
        sandbox.run(&["ls", "src/closed"]).fails(5, &["src/closed"]);
        let ran = sandbox.run(&["cp", "-r", "src", "dst"]);
        ran.fails(13, &["src/closed: ", "copied 2 files"]);
        assert_eq!(sandbox.run(&["ls", "-R", "src"]).code, 13);
    }
    set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
}
