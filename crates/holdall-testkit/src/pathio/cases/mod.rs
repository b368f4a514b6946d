//! The rules of the path-IO layer, one family per file.

mod append;
mod call;
mod cancellation;
mod concurrency;
mod connection;
mod errors;
mod list;
mod looking;
mod mkdir;
mod new;
mod open;
mod paths;
mod read;
mod read_write;
mod rename;
mod rmdir;
mod seek;
mod set_modified;
mod stat;
mod timeouts;
mod unlink;
mod write;

use holdall::pathio::OpenMode;

use super::case::Suite;

/// The four modes.
const MODES: [OpenMode; 4] = [
    OpenMode::Read,
    OpenMode::Write,
    OpenMode::Append,
    OpenMode::ReadWrite,
];

/// A mode's name as it stands in the names of cases.
fn mode_name(mode: OpenMode) -> &'static str {
    match mode {
        OpenMode::Read => "rb",
        OpenMode::Write => "wb",
        OpenMode::Append => "ab",
        OpenMode::ReadWrite => "r_plus_b",
    }
}

/// Adds every case.
pub(super) fn register(suite: &mut Suite) {
    open::register(suite);
    read::register(suite);
    seek::register(suite);
    write::register(suite);
    append::register(suite);
    read_write::register(suite);
    list::register(suite);
    stat::register(suite);
    set_modified::register(suite);
    looking::register(suite);
    mkdir::register(suite);
    rmdir::register(suite);
    unlink::register(suite);
    rename::register(suite);
    new::register(suite);
    paths::register(suite);
    errors::register(suite);
    timeouts::register(suite);
    cancellation::register(suite);
    connection::register(suite);
    concurrency::register(suite);
}
