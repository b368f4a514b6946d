//! Every form of address, and every malformed one.

use crate::harness::Sandbox;

#[test]
fn every_local_form_names_the_same_file() {
    let sandbox = Sandbox::with(&[("a b/c.txt", "content")]);
    let absolute = sandbox.path("a b/c.txt");
    let absolute = absolute.to_str().unwrap();
    let url = format!("file://{}", absolute.replace(' ', "%20"));
    let url_of_this_host = url.replacen("file://", "file://localhost", 1);
    for address in [
        "a b/c.txt",
        "./a b/../a b/c.txt",
        "local:a b/c.txt",
        absolute,
        &url,
        &url_of_this_host,
    ] {
        assert_eq!(sandbox.out(&["cat", address]), "content", "{address}");
    }
}

#[test]
fn dots_at_the_front_lead_up_from_the_current_folder() {
    let sandbox = Sandbox::with(&[("x/a.txt", "a"), ("here/keep", "")]);
    let mut command = sandbox.command(&["cp", "-r", "../x", "y"]);
    let output = command.current_dir(sandbox.path("here")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(sandbox.read("here/y/a.txt"), "a");
}

#[test]
fn the_default_store_is_in_the_folder_that_the_variable_names() {
    let sandbox = Sandbox::with(&[("a.txt", "a")]);
    sandbox.run(&["cp", "a.txt", "default:in/b.txt"]).ok();
    assert_eq!(sandbox.read("home/default/in/b.txt"), "a");
    assert_eq!(sandbox.out(&["cat", "default:in/b.txt"]), "a");
}

#[test]
fn without_the_variable_the_default_store_is_in_the_users_data_folder() {
    let sandbox = Sandbox::with(&[("a.txt", "a")]);
    let mut command = sandbox.command(&["cp", "a.txt", "default:a.txt"]);
    command
        .env_remove("HOLDALL_HOME")
        .env("HOME", sandbox.path("user"))
        .env("APPDATA", sandbox.path("user/.local/share"))
        .env_remove("XDG_DATA_HOME");
    assert!(command.output().unwrap().status.success());
    assert_eq!(sandbox.read("user/.local/share/holdall/default/a.txt"), "a");
}

#[test]
fn looking_at_the_default_store_does_not_make_it() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.out(&["ls", "default:"]), "");
    assert!(
        sandbox
            .out(&["tree", "default:"])
            .contains("0 folders, 0 files")
    );
    sandbox.out(&["stat", "default:"]);
    sandbox.run(&["ls", "default:x"]).fails(3, &["default:x"]);
    sandbox.run(&["cat", "default:x"]).fails(3, &["default:x"]);
    sandbox.run(&["rm", "default:x"]).fails(3, &["default:x"]);
    assert!(!sandbox.has("home"));
}

#[test]
fn memory_is_empty_at_the_start_of_every_run() {
    let sandbox = Sandbox::new();
    sandbox.run_with(&["put", "mem:a"], b"a").ok();
    assert_eq!(sandbox.out(&["ls", "mem:"]), "");
    sandbox.run(&["cat", "mem:a"]).fails(3, &["mem:a"]);
}

#[test]
fn malformed_addresses_are_refused_by_name_and_create_nothing() {
    let sandbox = Sandbox::with(&[("a.txt", "a")]);
    for (address, message) in [
        ("", "the address is empty"),
        ("local:", "names no path"),
        ("file://", "absolute path"),
        ("file://server/x", "another host"),
        ("file:///x%zz", "hexadecimal"),
        ("s3://bucket/x", "no backend has URLs with the scheme 's3'"),
        ("photos:x", "no store is configured under the name 'photos'"),
    ] {
        sandbox
            .run(&["cp", "a.txt", address])
            .fails(2, &["holdall: cp: ", message]);
        sandbox
            .run(&["ls", address])
            .fails(2, &["holdall: ls: ", message]);
    }
    assert_eq!(sandbox.files(".").len(), 1);
}

#[test]
fn paths_that_lead_out_of_a_store_are_refused() {
    let sandbox = Sandbox::with(&[("a.txt", "a"), ("home/secret", "s")]);
    for address in ["default:../secret", "default:x/../../secret", "mem:../a"] {
        sandbox.run(&["cat", address]).fails(6, &[address, "'..'"]);
        sandbox
            .run(&["cp", "a.txt", address])
            .fails(6, &[address, "'..'"]);
    }
    assert_eq!(sandbox.read("home/secret"), "s");
}

#[test]
fn a_file_whose_name_has_a_colon_is_reached_by_a_path() {
    let sandbox = Sandbox::with(&[("mem:x", "colon")]);
    assert_eq!(sandbox.out(&["cat", "./mem:x"]), "colon");
    assert_eq!(sandbox.out(&["cat", "local:mem:x"]), "colon");
}

#[test]
fn the_command_line_is_checked_before_anything_else() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    sandbox.run(&["cp", "a"]).fails(2, &["DST"]);
    sandbox.run(&["cp", "-j", "0", "a", "b"]).fails(2, &["0"]);
    let both = ["cp", "--overwrite", "--skip-existing", "a", "b"];
    sandbox.run(&both).fails(2, &["cannot be used with"]);
    sandbox.run(&["frobnicate"]).fails(2, &["frobnicate"]);
    sandbox.run(&["--log", "=,=", "ls"]).fails(2, &[]);
    assert!(!sandbox.has("b"));
}

#[test]
fn help_tells_the_exit_codes_and_the_addresses() {
    let help = Sandbox::new().out(&["--help"]);
    for line in [
        "default:PATH",
        "mem:PATH",
        "NAME:PATH",
        "azure://CONTAINER/PATH",
        "   3  not found",
        "  13  some of several",
    ] {
        assert!(help.contains(line), "no {line:?} in {help}");
    }
}

#[test]
fn the_log_is_silent_unless_asked_for() {
    let sandbox = Sandbox::with(&[("a", "a")]);
    assert_eq!(sandbox.run(&["cat", "a"]).ok().err, "");
    assert_ne!(sandbox.run(&["--log", "trace", "cat", "a"]).ok().err, "");
}
