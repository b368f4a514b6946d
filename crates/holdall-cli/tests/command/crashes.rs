//! A copy that is killed at any moment.

use std::collections::BTreeMap;
use std::process::Stdio;

use crate::harness::Sandbox;

const FILES: usize = 60;
const VERSIONS: [&str; 2] = ["first", "second"];

/// Content by path.
type Files = BTreeMap<String, Vec<u8>>;

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
    let times = size / pattern.len() + 2;
    pattern.repeat(times).into_bytes()[..=size].to_vec()
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
    kill_again_and_again("--quiet");
}

#[test]
fn a_killed_durable_copy_leaves_every_file_old_or_new() {
    kill_again_and_again("--durable");
}

/// Copies one version over the other, in turn, and kills each copy somewhat
/// later than the one before.
fn kill_again_and_again(option: &'static str) {
    let sandbox = Sandbox::new();
    for version in VERSIONS {
        write_version(&sandbox, version);
    }
    let versions = VERSIONS.map(|version| sandbox.files(version));
    let copy = |version| ["cp", "-r", option, "--overwrite", version, "default:target"];
    sandbox.run(&copy(VERSIONS[0])).ok();

    let rounds = kills();
    let (mut killed, mut mixed) = (0, 0);
    for round in 0..rounds {
        let next = 1 - round as usize % 2;
        let before = count_of(&sandbox, &versions[next]);
        let wanted = before + (FILES - before) * round as usize / rounds as usize;
        let mut command = sandbox.command(&copy(VERSIONS[next]));
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        while count_of(&sandbox, &versions[next]) < wanted && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        mixed += u32::from(check(&found(&sandbox), &versions));
    }
    println!("{option}: {rounds} rounds, {killed} killed midway, {mixed} left both versions");
    // These say nothing of the command: they say that this test has tried it.
    assert!(killed > 0, "every copy was done before it was killed");
    assert!(mixed > 0, "no copy was killed midway");

    sandbox.run(&copy(VERSIONS[1])).ok();
    assert_eq!(found(&sandbox), versions[1]);
}

/// How many files in the target have the length that `version` gives them: a
/// quick look, and no two versions of a file have the same.
fn count_of(sandbox: &Sandbox, version: &Files) -> usize {
    let target = sandbox.path("home/default/target");
    let has_length = |(path, content): &(&String, &Vec<u8>)| {
        let found = std::fs::metadata(target.join(path)).unwrap();
        found.len() == content.len() as u64
    };
    version.iter().filter(has_length).count()
}

/// What the store shows: names by its listing, and content by reading.
fn found(sandbox: &Sandbox) -> Files {
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
fn check(found: &Files, versions: &[Files; 2]) -> bool {
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
