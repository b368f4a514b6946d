//! `ping`.

use crate::harness::Sandbox;

#[test]
fn a_store_that_is_there_answers() {
    let sandbox = Sandbox::with(&[("d/a.txt", "a")]);
    for address in ["d", "mem:", "default:", "default:any/path"] {
        let out = sandbox.out(&["ping", address]);
        assert_eq!(out, format!("{address}: the store answers\n"));
    }
}

#[test]
fn an_unknown_store_does_not() {
    Sandbox::new()
        .run(&["ping", "nowhere:"])
        .fails(2, &["nowhere"]);
}

#[test]
fn a_folder_that_is_missing_and_must_not_be_made_is_explained() {
    let text = "[backends.disk]\ntype = 'local'\noptions = { root = 'data', create_root = false }\n\
                [stores.data]\nbackend = 'disk'\n";
    let sandbox = Sandbox::with(&[("holdall.toml", text)]);
    sandbox.run(&["ping", "data:"]).fails(
        3,
        &[
            "data:",
            "holdall.toml:1: backends.disk: ",
            "make the folder, or correct 'root'",
        ],
    );
}
