//! Many files, few of them at a time.

use crate::harness::Sandbox;

const FILES: usize = 2_000;

#[test]
fn thousands_of_small_files_are_copied_and_verified() {
    let sandbox = Sandbox::new();
    for i in 0..FILES {
        sandbox.write(&format!("src/{}/{i}", i % 17), format!("content of {i}"));
    }
    let copy = ["cp", "-r", "--verify", "-j", "32", "src", "default:many"];
    let ran = sandbox.run(&copy).ok();
    assert!(ran.summary().starts_with("copied 2000 files, "), "{ran:?}");
    assert_eq!(sandbox.files("home/default/many"), sandbox.files("src"));
    let listed = sandbox.json(&["ls", "-R", "--json", "default:many"]);
    assert_eq!(listed.len(), FILES + 17);
    sandbox.run(&["rm", "-r", "default:many"]).ok();
    assert_eq!(sandbox.out(&["ls", "default:"]), "");
}

#[test]
fn a_reader_that_goes_away_ends_the_listing_quietly() {
    let sandbox = Sandbox::new();
    for i in 0..FILES {
        sandbox.write(&format!("src/a-rather-long-name-to-fill-the-pipe-{i}"), "");
    }
    let mut child = sandbox
        .command(&["ls", "src"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{output:?}");
}
