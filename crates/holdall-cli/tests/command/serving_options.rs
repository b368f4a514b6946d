//! What `holdall serve ftp` makes of options, variables and the table `[serve.ftp]`.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;

use crate::harness::Sandbox;
use crate::served::{Served, add_user};

#[test]
fn what_cannot_be_served_is_told_before_anything_listens() {
    let sandbox = Sandbox::with(&[
        ("file.txt", "x"),
        ("dir/a", "a"),
        ("users.toml", "[users.a]\nhme = '/'\n"),
    ]);
    let run = |arguments: &[&str]| {
        let mut line = vec!["serve", "ftp", "--listen", "127.0.0.1:0"];
        line.extend(arguments);
        sandbox.run(&line)
    };
    run(&[]).fails(2, &["no folder to serve is named"]);
    run(&["missing"]).fails(3, &["missing"]);
    run(&["file.txt"]).fails(6, &["this is a file"]);
    run(&["dir", "--require-tls"]).fails(2, &["TLS needs a certificate"]);
    run(&["dir", "--tls-cert", "none.pem"]).fails(3, &["none.pem"]);
    run(&["dir", "--users-file", "users.toml"]).fails(
        2,
        &["users.toml:2: users.a: unknown key 'hme'; did you mean 'home'?"],
    );
    run(&["dir", "--users-file", "x", "--user", "y"]).fails(2, &["not both"]);
    run(&["dir", "--passive-ports", "9-1"]).fails(2, &["passive-ports"]);
}

#[test]
fn options_come_from_the_line_then_variables_then_the_file() {
    let sandbox = Sandbox::with(&[
        (
            "etc/holdall.toml",
            "[serve.ftp]\naddress = 'wrong'\nuser = 'of-file'\nbanner = 'of-file'\n\
             password = '${WORD}'\nmax_sessions = 5\n",
        ),
        ("data/a", "a"),
    ]);
    let mut command = sandbox.command(&[
        "--config",
        "etc/holdall.toml",
        "serve",
        "ftp",
        "data",
        "--listen",
        "127.0.0.1:0",
    ]);
    command
        .env("HOLDALL_FTP_ADDRESS", "wrong-too")
        .env("HOLDALL_FTP_USER", "of-variable")
        .env("WORD", "hunter2");
    let served = Served::spawn(command, 0);
    assert_eq!(served.log_in("of-variable", "hunter2"), 230);
    assert_eq!(served.log_in("of-file", "hunter2"), 530);
    let mut stream = BufReader::new(TcpStream::connect(&served.address).unwrap());
    let mut greeting = String::new();
    stream.read_line(&mut greeting).unwrap();
    assert!(greeting.contains("of-file"), "{greeting}");
}

#[test]
fn a_slip_in_the_table_is_told_with_its_line_and_the_nearest_key() {
    let sandbox = Sandbox::with(&[
        (
            "holdall.toml",
            "[serve.ftp]\nlisten = '127.0.0.1:0'\nrequire_tsl = true\n",
        ),
        ("data/a", "a"),
    ]);
    let slip = "holdall.toml:3: serve.ftp: unknown key 'require_tsl'; did you mean 'require_tls'?";
    sandbox.run(&["serve", "ftp", "data"]).fails(2, &[slip]);
    // It is no matter of the stores.
    sandbox.run(&["stores"]).ok();
}

#[test]
fn a_slip_in_the_name_of_a_table_is_told() {
    for (table, slip) in [
        (
            "serve.fpt",
            "holdall.toml:1: serve: unknown key 'fpt'; did you mean 'ftp'?",
        ),
        (
            "server.ftp",
            "holdall.toml:1: unknown key 'server'; did you mean 'serve'?",
        ),
    ] {
        let text = format!("[{table}]\nrequire_tls = true\n");
        let sandbox = Sandbox::with(&[("holdall.toml", &text), ("data/a", "a")]);
        let line = ["serve", "ftp", "data", "--listen", "127.0.0.1:0"];
        sandbox.run(&line).fails(2, &[slip]);
    }
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let sandbox = Sandbox::with(&[("data/a", "a")]);
    let mut command = sandbox.command(&["serve", "ftp", "data", "--listen", "127.0.0.1:0"]);
    for name in ["USERS_FILE", "REQUIRE_TLS", "PASSIVE_PORTS", "MAX_SESSIONS"] {
        command.env(format!("HOLDALL_FTP_{name}"), "");
    }
    let served = Served::spawn(command, 2);
    assert_eq!(served.log_in("holdall", served.fact("password ")), 230);
}

#[test]
fn paths_in_the_file_start_from_its_folder() {
    let sandbox = Sandbox::with(&[
        (
            "etc/holdall.toml",
            "[serve.ftp]\naddress = 'data'\nusers_file = 'users.toml'\n",
        ),
        ("etc/data/a.txt", "of etc"),
    ]);
    let add = ["--config", "etc/holdall.toml", "user", "add", "ann"];
    sandbox.run_with(&add, b"hunter2\n").ok();
    assert!(sandbox.has("etc/users.toml"));
    let served = Served::spawn(
        sandbox.command(&[
            "--config",
            "etc/holdall.toml",
            "serve",
            "ftp",
            "--listen",
            "127.0.0.1:0",
        ]),
        0,
    );
    let mut ann = served.client();
    assert_eq!(ann.log_in("ann", "hunter2"), 230);
    assert_eq!(ann.fetch("a.txt"), "of etc");
}

#[test]
fn what_is_said_of_a_single_user_is_never_left_out() {
    let sandbox = Sandbox::with(&[("data/a.txt", "a")]);
    add_user(&sandbox, "ann", &[]);
    let line = ["serve", "ftp", "data", "--listen", "127.0.0.1:0"];
    let with_file = [&line[..], &["--users-file", "users.toml"]].concat();
    sandbox
        .run(&[&with_file[..], &["--read-only"]].concat())
        .fails(2, &["--read-only is for a single user"]);
    let mut with_password = sandbox.command(&with_file);
    let refused = with_password.env("HOLDALL_FTP_PASSWORD", "hunter2");
    assert_eq!(refused.output().unwrap().status.code(), Some(2));

    let mut beside_guests = sandbox.command(&[&line[..], &["--anonymous"]].concat());
    beside_guests.env("HOLDALL_FTP_PASSWORD", "hunter2");
    let served = Served::spawn(beside_guests, 0);
    assert_eq!(served.log_in("holdall", "hunter2"), 230);
    assert_eq!(served.log_in("anonymous", ""), 230);
}
