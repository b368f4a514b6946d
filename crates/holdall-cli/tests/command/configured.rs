//! Stores of a configuration file: where it is found, and what its names mean.

use crate::harness::Sandbox;

/// Two stores on one folder, and one in memory.
const CONFIGURATION: &str = "
[backends.disk]
type = 'local'
options = { root = 'data' }

[backends.memory]
type = 'memory'

[stores.reports]
backend = 'disk'
root_path = 'reports'

[stores.all]
backend = 'disk'

[stores.scratch]
backend = 'memory'
";

fn sandbox() -> Sandbox {
    Sandbox::with(&[("holdall.toml", CONFIGURATION), ("a.txt", "a")])
}

#[test]
fn a_name_is_a_store_of_the_configuration() {
    let sandbox = sandbox();
    sandbox.run(&["cp", "a.txt", "reports:2026/b.txt"]).ok();
    assert_eq!(sandbox.read("data/reports/2026/b.txt"), "a");
    assert_eq!(sandbox.out(&["cat", "reports:2026/b.txt"]), "a");
    assert_eq!(sandbox.out(&["cat", "all:reports/2026/b.txt"]), "a");
    assert_eq!(
        sandbox.out(&["ls", "-R", "reports:"]),
        "2026/\n2026/b.txt\n"
    );
    let record = &sandbox.json(&["stat", "--json", "reports:2026/b.txt"])[0];
    assert_eq!(record["address"], "reports:2026/b.txt");
}

#[test]
fn a_look_at_a_store_does_not_make_its_root() {
    let sandbox = sandbox();
    assert_eq!(sandbox.out(&["ls", "reports:"]), "");
    assert_eq!(sandbox.out(&["ls", "all:"]), "");
    sandbox.run(&["ping", "reports:"]).ok();
    sandbox.run(&["cat", "reports:x"]).fails(3, &["reports:x"]);
    sandbox
        .run(&["cp", "missing", "reports:x"])
        .fails(3, &["missing"]);
    assert!(!sandbox.has("data"));
}

#[test]
fn a_root_that_must_not_be_made_has_to_be_there() {
    let sandbox = Sandbox::with(&[
        (
            "holdall.toml",
            "[backends.disk]\ntype = 'local'\noptions = { root = 'data', create_root = false }\n\
             [stores.reports]\nbackend = 'disk'",
        ),
        ("a.txt", "a"),
    ]);
    sandbox
        .run(&["cp", "a.txt", "reports:a.txt"])
        .fails(3, &["reports:a.txt", "holdall.toml:1: backends.disk: "]);
    assert!(!sandbox.has("data"));
}

#[test]
fn a_move_within_one_backend_is_a_rename() {
    let sandbox = sandbox();
    sandbox.write("data/reports/a.txt", "a");
    sandbox
        .run(&["mv", "reports:a.txt", "all:moved/b.txt"])
        .ok();
    assert_eq!(sandbox.read("data/moved/b.txt"), "a");
    assert!(!sandbox.has("data/reports/a.txt"));
}

#[test]
fn a_copy_onto_itself_is_refused_whatever_the_names() {
    let sandbox = sandbox();
    sandbox.write("data/reports/a.txt", "a");
    for (source, target) in [
        ("reports:a.txt", "all:reports/a.txt"),
        ("reports:a.txt", "data/reports/a.txt"),
    ] {
        let ran = sandbox.run(&["cp", "--overwrite", source, target]);
        assert_ne!(ran.code, 0, "{source} {target}");
    }
    let ran = sandbox.run(&["cp", "-r", "all:", "reports:inside"]);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert_eq!(sandbox.files("data").len(), 1);
}

#[test]
fn names_in_memory_and_mem_are_different_stores() {
    let sandbox = sandbox();
    sandbox.run(&["cp", "a.txt", "scratch:a.txt"]).ok();
    sandbox.run(&["cp", "a.txt", "mem:a.txt"]).ok();
    // Nothing lasts beyond its run, and the two do not see each other.
    sandbox
        .run(&["cp", "scratch:a.txt", "mem:a.txt"])
        .fails(3, &["scratch:a.txt"]);
}

#[test]
fn default_can_be_configured() {
    let configured = CONFIGURATION.replace("stores.reports", "stores.default");
    let sandbox = Sandbox::with(&[("holdall.toml", &configured), ("a.txt", "a")]);
    sandbox.run(&["cp", "a.txt", "default:a.txt"]).ok();
    assert_eq!(sandbox.read("data/reports/a.txt"), "a");
    assert!(!sandbox.has("home"));
}

#[test]
fn default_stays_where_it_is_unless_it_is_configured() {
    let sandbox = sandbox();
    sandbox.run(&["cp", "a.txt", "default:a.txt"]).ok();
    assert_eq!(sandbox.read("home/default/a.txt"), "a");
}

#[test]
fn the_users_own_file_is_used_where_there_is_none_here() {
    let sandbox = Sandbox::with(&[
        ("config/holdall/holdall.toml", CONFIGURATION),
        ("a.txt", "a"),
    ]);
    sandbox.run(&["cp", "a.txt", "reports:a.txt"]).ok();
    // A relative root is taken from the folder of the file.
    assert_eq!(sandbox.read("config/holdall/data/reports/a.txt"), "a");
    sandbox.write("holdall.toml", "");
    sandbox
        .run(&["ls", "reports:"])
        .fails(2, &["no store is configured"]);
}

#[test]
fn a_file_in_a_folder_above_is_not_used() {
    let sandbox = sandbox();
    sandbox.write("below/keep", "");
    let mut command = sandbox.command(&["ls", "reports:"]);
    let output = command.current_dir(sandbox.path("below")).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn a_file_can_be_named_by_option_and_by_variable() {
    let sandbox = Sandbox::with(&[
        ("x/mine.toml", CONFIGURATION),
        ("holdall.toml", "backends = 1"),
        ("x/data/reports/a.txt", "mine"),
    ]);
    let by_option = ["--config", "x/mine.toml", "cat", "reports:a.txt"];
    assert_eq!(sandbox.out(&by_option), "mine");
    let mut by_variable = sandbox.command(&["cat", "reports:a.txt"]);
    let output = by_variable
        .env("HOLDALL_CONFIG", "x/mine.toml")
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"mine");
    let mut empty = sandbox.command(&["ls", "x"]);
    assert!(
        empty
            .env("HOLDALL_CONFIG", "")
            .output()
            .unwrap()
            .status
            .success()
    );
}

#[test]
fn a_named_file_has_to_be_there_even_if_it_is_not_needed() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["--config", "none.toml", "cat", "a.txt"]);
    ran.fails(3, &["none.toml", "cannot be read"]);
}

#[test]
fn a_faulty_file_harms_only_those_who_need_it() {
    let sandbox = Sandbox::with(&[
        ("holdall.toml", "[backends.disk]\ntype = 'locla'\n"),
        ("a.txt", "a"),
    ]);
    assert_eq!(sandbox.out(&["cat", "a.txt"]), "a");
    let message = "holdall.toml:1: backends.disk: unknown type 'locla'; did you mean 'local'?";
    for address in ["reports:a", "default:a"] {
        sandbox.run(&["cat", address]).fails(2, &[message]);
    }
}

#[test]
fn a_slip_in_a_name_is_told_with_the_nearest() {
    let sandbox = sandbox();
    sandbox.run(&["ls", "reprots:x"]).fails(
        2,
        &[
            "reprots:x",
            "no store is configured under the name 'reprots'; did you mean 'reports'?",
        ],
    );
}

#[test]
fn variables_of_the_environment_are_filled_in() {
    let sandbox = Sandbox::with(&[(
        "holdall.toml",
        "[backends.disk]\ntype = 'local'\noptions = { root = '${DATA:-here}' }\n\
         [stores.data]\nbackend = 'disk'\n",
    )]);
    sandbox.write("here/a", "default");
    sandbox.write("there/a", "variable");
    assert_eq!(sandbox.out(&["cat", "data:a"]), "default");
    let mut command = sandbox.command(&["cat", "data:a"]);
    let output = command.env("DATA", "there").output().unwrap();
    assert_eq!(output.stdout, b"variable");

    sandbox.write("holdall.toml", "[backends.x]\ntype = '${UNSET_VARIABLE}'\n");
    sandbox.run(&["ls", "data:"]).fails(
        2,
        &["holdall.toml:2: backends.x.type: the environment variable UNSET_VARIABLE is not set"],
    );
}

#[test]
fn a_name_that_no_address_can_have_is_refused() {
    for name in ["x", "2026", "a b", "mem", "local", "file"] {
        let text = format!("[backends.m]\ntype = 'memory'\n[stores.'{name}']\nbackend = 'm'\n");
        let sandbox = Sandbox::with(&[("holdall.toml", &text)]);
        sandbox.run(&["stores"]).fails(
            2,
            &[
                "holdall.toml:4: ",
                &format!("the name '{name}' cannot stand in an address"),
            ],
        );
    }
}

#[test]
fn durable_options_of_a_backend_are_accepted() {
    let sandbox = Sandbox::with(&[
        (
            "holdall.toml",
            "[backends.disk]\ntype = 'local'\n[backends.disk.options]\nroot = 'data'\n\
             write_sync = 'full'\natomic_write_sync = 'data'\n[backends.disk.retry]\n\
             max_attempts = 1\n[stores.data]\nbackend = 'disk'\n",
        ),
        ("a.txt", "a"),
    ]);
    sandbox.run(&["cp", "--verify", "a.txt", "data:a.txt"]).ok();
    assert_eq!(sandbox.read("data/a.txt"), "a");
}
