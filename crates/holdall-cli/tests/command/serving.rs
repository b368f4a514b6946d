//! `holdall serve ftp`, as an operator runs it, and as clients and signals find it.

use std::io::{Read, Write};
use std::net::TcpStream;

#[cfg(unix)]
use crate::certificate;
use crate::harness::Sandbox;
use crate::served::{Served, add_user};

#[test]
fn the_default_store_is_served_at_once_with_a_password_that_is_told() {
    let sandbox = Sandbox::new();
    let served = Served::start(&sandbox, &["default:"], 2);
    assert!(served.address.starts_with("127.0.0.1:"));
    let mut client = served.client();
    let (user, password) = (served.fact("user "), served.fact("password "));
    assert_eq!(client.log_in(user, password), 230);
    assert_eq!(client.store("a.txt", "hello"), 226);
    assert_eq!(client.fetch("a.txt"), "hello");
    assert_eq!(sandbox.read("home/default/a.txt"), "hello");
    assert_eq!(served.log_in(user, "wrong"), 530);
    let again = Served::start(&sandbox, &["default:"], 2);
    assert_ne!(again.fact("password "), password);
}

#[test]
fn any_store_is_served_and_only_below_the_address() {
    let configuration = "[backends.disk]\ntype = 'local'\noptions = { root = 'data' }\n\
                         [backends.ram]\ntype = 'memory'\n\
                         [stores.all]\nbackend = 'disk'\n[stores.ram]\nbackend = 'ram'\n";
    let sandbox = Sandbox::with(&[
        ("holdall.toml", configuration),
        ("data/in/a.txt", "a"),
        ("data/secret.txt", "s"),
    ]);
    for address in ["data/in", "all:in"] {
        let served = Served::start(&sandbox, &[address], 2);
        let mut client = served.client();
        client.log_in("holdall", served.fact("password "));
        assert_eq!(client.fetch("a.txt"), "a", "{address}");
        let outside = client.send("SIZE ../secret.txt");
        assert_eq!(outside.0 / 100, 5, "{outside:?}");
    }
    for address in ["mem:", "ram:"] {
        let served = Served::start(&sandbox, &[address], 2);
        let mut client = served.client();
        client.log_in("holdall", served.fact("password "));
        assert_eq!(client.store("b.txt", "b"), 226, "{address}");
        assert_eq!(client.fetch("b.txt"), "b", "{address}");
    }
}

#[test]
fn users_come_from_a_file_and_a_change_counts_at_once() {
    let sandbox = Sandbox::with(&[("data/ann/a.txt", "of ann"), ("data/b.txt", "b")]);
    add_user(&sandbox, "ann", &["--home", "/ann", "--read-only"]);
    let served = Served::start(&sandbox, &["data", "--users-file", "users.toml"], 0);
    let mut ann = served.client();
    assert_eq!(ann.log_in("ann", "hunter2"), 230);
    assert_eq!(ann.fetch("/a.txt"), "of ann");
    assert_eq!(ann.send("DELE a.txt").0, 550);

    assert_eq!(served.log_in("bob", "hunter2"), 530);
    add_user(&sandbox, "bob", &["--home", "/new/bob"]);
    let mut bob = served.client();
    assert_eq!(bob.log_in("bob", "hunter2"), 230);
    assert_eq!(bob.store("c.txt", "of bob"), 226);
    assert_eq!(sandbox.read("data/new/bob/c.txt"), "of bob");

    sandbox
        .run(&["user", "remove", "ann", "--users-file", "users.toml"])
        .ok();
    assert_eq!(served.log_in("ann", "hunter2"), 530);
    sandbox
        .run_with(
            &["user", "password", "bob", "--users-file", "users.toml"],
            b"other\n",
        )
        .ok();
    assert_eq!(served.log_in("bob", "hunter2"), 530);
    assert_eq!(served.log_in("bob", "other"), 230);
}

#[test]
fn a_home_that_was_removed_is_made_again_at_the_next_login() {
    let sandbox = Sandbox::with(&[("data/a", "a")]);
    add_user(&sandbox, "ann", &["--home", "/ann"]);
    add_user(&sandbox, "root", &[]);
    for address in ["data", "mem:"] {
        let served = Served::start(&sandbox, &[address, "--users-file", "users.toml"], 0);
        for _ in 0..2 {
            let mut ann = served.client();
            assert_eq!(ann.log_in("ann", "hunter2"), 230);
            assert_eq!(ann.store("note", "new"), 226, "{address}");
            let mut root = served.client();
            assert_eq!(root.log_in("root", "hunter2"), 230);
            assert_eq!(root.fetch("/ann/note"), "new", "{address}");
            assert_eq!(root.send("DELE /ann/note").0, 250);
            assert_eq!(root.send("RMD /ann").0, 250);
        }
    }
}

#[test]
fn guests_read_only_when_asked_for() {
    let sandbox = Sandbox::with(&[("data/pub/a.txt", "a"), ("data/b.txt", "b")]);
    let served = Served::start(&sandbox, &["data"], 2);
    assert_eq!(served.log_in("anonymous", "guest@"), 530);
    let served = Served::start(
        &sandbox,
        &["data", "--anonymous", "--anonymous-home=/pub"],
        0,
    );
    let mut guest = served.client();
    assert_eq!(guest.log_in("anonymous", "guest@"), 230);
    assert_eq!(guest.fetch("a.txt"), "a");
    assert_eq!(guest.send("DELE a.txt").0, 550);
    assert_eq!(served.log_in("holdall", ""), 530);
}

#[test]
fn a_user_is_locked_out_after_some_failures() {
    let sandbox = Sandbox::with(&[("data/a", "a")]);
    add_user(&sandbox, "ann", &[]);
    let options = [
        "data",
        "--users-file",
        "users.toml",
        "--lockout-attempts",
        "2",
    ];
    let served = Served::start(&sandbox, &options, 0);
    for _ in 0..2 {
        assert_eq!(served.log_in("ann", "wrong"), 530);
    }
    let locked = served.log_in("ann", "hunter2");
    assert!(matches!(locked, 421 | 530), "{locked}");
}

#[test]
fn metrics_and_health_have_a_port_of_their_own() {
    let sandbox = Sandbox::with(&[("data/a", "a")]);
    let served = Served::start(&sandbox, &["data", "--metrics-listen", "127.0.0.1:0"], 3);
    assert_eq!(served.log_in("holdall", "wrong"), 530);
    let mut client = served.client();
    client.log_in("holdall", served.fact("password "));
    client.store("b", "12345");
    let url = served.fact("metrics at http://");
    let (address, path) = url.split_once('/').unwrap();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /{path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let metrics = ask(path);
    for line in [
        "holdall_ftp_logins_total 1",
        "holdall_ftp_logins_refused_total{reason=\"wrong_credentials\"} 1",
        "holdall_ftp_transfers_total{direction=\"upload\",outcome=\"complete\"} 1",
        "holdall_ftp_transferred_bytes_total{direction=\"upload\"} 5",
    ] {
        assert!(
            metrics.lines().any(|found| found == line),
            "no {line} in {metrics}"
        );
    }
    assert!(ask("health").starts_with("HTTP/1.1 200 "));
}

#[cfg(unix)]
#[test]
fn at_a_signal_transfers_finish_and_the_server_ends() {
    let sandbox = Sandbox::with(&[("data/a", "a")]);
    let mut served = Served::start(&sandbox, &["data"], 2);
    let mut client = served.client();
    client.log_in("holdall", served.fact("password "));
    let mut data = client.passive();
    assert_eq!(client.send("STOR b").0, 150);
    data.write_all(b"before ").unwrap();
    served.signal("TERM");
    // No new client comes in once the signal has arrived.
    while TcpStream::connect(&served.address).is_ok() {}
    data.write_all(b"after").unwrap();
    drop(data);
    assert_eq!(client.reply().0, 226);
    assert!(served.process.wait().unwrap().success());
    assert_eq!(sandbox.read("data/b"), "before after");
}

#[test]
fn the_users_file_is_edited_with_care() {
    let sandbox = Sandbox::with(&[("users.toml", "# Ours.\n")]);
    add_user(
        &sandbox,
        "zoe",
        &["--permission", "/in=write-only", "--allow", "192.0.2.0/24"],
    );
    add_user(
        &sandbox,
        "ann",
        &["--home", "/ann", "--upload-rate", "5 MiB", "--require-tls"],
    );
    let text = sandbox.read("users.toml");
    assert!(text.starts_with("# Ours.\n"), "{text}");
    assert!(
        !text.contains("hunter2") && text.contains("$argon2id$"),
        "{text}"
    );
    let list = ["user", "list", "--users-file", "users.toml"];
    assert_eq!(
        sandbox.out(&list),
        "ann  /ann  read-write\nzoe  /  read-write\n"
    );

    let add = ["user", "add", "ann", "--users-file", "users.toml"];
    sandbox
        .run_with(&add, b"x\n")
        .fails(4, &["there is a user 'ann'"]);
    let bad = [
        "user",
        "add",
        "bob",
        "--users-file",
        "users.toml",
        "--allow",
        "nowhere",
    ];
    sandbox
        .run_with(&bad, b"x\n")
        .fails(2, &["this must be an address"]);
    let empty = ["user", "add", "bob", "--users-file", "users.toml"];
    sandbox
        .run_with(&empty, b"\n")
        .fails(2, &["the password is empty"]);
    let absent = ["user", "remove", "bob", "--users-file", "users.toml"];
    sandbox.run(&absent).fails(3, &["there is no user 'bob'"]);
    assert_eq!(sandbox.read("users.toml"), text);
}

#[test]
fn a_new_users_file_is_for_its_owner_alone() {
    let sandbox = Sandbox::new();
    add_user(&sandbox, "ann", &[]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(sandbox.path("users.toml"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let listed = sandbox.json(&["user", "list", "--json", "--users-file", "users.toml"]);
    assert_eq!(listed[0]["name"], "ann");
}

#[cfg(unix)]
#[test]
fn a_new_certificate_counts_after_a_signal_and_a_broken_one_does_not() {
    let sandbox = Sandbox::with(&[("data/a", "a")]);
    let renew = || {
        let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        sandbox.write("key.pem", issued.signing_key.serialize_pem());
        sandbox.write("cert.pem", issued.cert.pem());
        issued.cert.der().to_vec()
    };
    let first = renew();
    let options = [
        "data",
        "--tls-cert",
        "cert.pem",
        "--tls-key",
        "key.pem",
        "--require-tls",
    ];
    let served = Served::start(&sandbox, &options, 2);
    assert_ne!(
        served.log_in("holdall", served.fact("password ")),
        230,
        "without TLS"
    );
    let presented = || {
        let mut client = served.client();
        assert_eq!(client.send("AUTH TLS").0, 234);
        certificate::presented(client.stream.get_mut())
    };
    assert_eq!(presented(), first);
    sandbox.write("cert.pem", "broken");
    served.signal("HUP");
    assert_eq!(presented(), first);
    let second = renew();
    served.signal("HUP");
    // The signal arrives when it does.
    while presented() != second {}
}
