//! A copy that is killed at any moment.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::Sandbox;

const FILES: usize = 60;

/// How often the copy is killed: `HOLDALL_KILLS`, or a few times.
fn kills() -> u32 {
    std::env::var("HOLDALL_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(20)
}

/// Content of one version that no mixture with another can equal.
fn content(version: &str, file: usize) -> Vec<u8> {
    let sizes = [0, 100, 5_000, 300_000, 1_500_000];
    let size = sizes[file % sizes.len()] + version.len();
    let pattern = format!("{version} of {file} ");
    pattern.bytes().cycle().take(size + 1).collect()
}

fn write_version(sandbox: &Sandbox, version: &str) {
    for file in 0..FILES {
        sandbox.write(
            &format!("{version}/{}/{file}", file % 4),
            content(version, file),
        );
    }
}

#[test]
fn a_killed_copy_leaves_every_file_old_or_new() {
    let sandbox = Sandbox::new();
    for version in ["first", "second"] {
        write_version(&sandbox, version);
    }
    let versions = [sandbox.files("first"), sandbox.files("second")];
    let copy = |version| ["cp", "-r", "-q", "--overwrite", version, "default:target"];
    let begun = Instant::now();
    sandbox.run(&copy("first")).ok();
    let whole_copy = begun.elapsed();

    let rounds = kills();
    let (mut killed, mut mixed) = (0, 0);
    for round in 0..rounds {
        let version = if round % 2 == 0 { "second" } else { "first" };
        let mut child = sandbox
            .command(&copy(version))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment(whole_copy, round, rounds));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());

        let found = sandbox_files(&sandbox);
        mixed += u32::from(check(&found, &versions));
    }
    // Neither says anything of the command: they say that this test tried.
    assert!(killed > 0, "every copy was done before it was killed");
    println!("{rounds} rounds: {killed} killed midway, {mixed} left both versions");

    sandbox.run(&copy("second")).ok();
    assert_eq!(sandbox_files(&sandbox), versions[1]);
}

/// When to kill: spread over the time that a whole copy takes.
fn moment(whole_copy: Duration, round: u32, rounds: u32) -> Duration {
    whole_copy.mul_f64(f64::from(round + 1) / f64::from(rounds + 1))
}

/// What the store shows: names by its listing, and content by reading.
fn sandbox_files(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let records = sandbox.json(&["ls", "-R", "--json", "default:target"]);
    let files = records.iter().filter(|record| record["type"] == "file");
    files
        .map(|record| {
            let path = record["path"].as_str().unwrap();
            let content = std::fs::read(sandbox.path(&format!("home/default/target/{path}")));
            (path.to_owned(), content.unwrap())
        })
        .collect()
}

/// Every file is there, with the content of one version; says whether both
/// versions are among them.
fn check(found: &BTreeMap<String, Vec<u8>>, versions: &[BTreeMap<String, Vec<u8>>; 2]) -> bool {
    let names: Vec<&String> = found.keys().collect();
    assert_eq!(names, versions[0].keys().collect::<Vec<_>>());
    let mut seen = [false, false];
    for (name, content) in found {
        let of = versions.each_ref().map(|version| &version[name] == content);
        assert!(of[0] || of[1], "{name} is neither old nor new");
        seen = [seen[0] || of[0], seen[1] || of[1]];
    }
    seen[0] && seen[1]
}
