//! Clients in Python, each a script of its own.

use std::path::PathBuf;

use crate::program::{Failure, run};
use crate::site::Site;

/// A session with the standard library's client.
pub(crate) const FTPLIB: &str = include_str!("python/ftplib_session.py");
/// A session with the client of aioftp.
pub(crate) const AIOFTP: &str = include_str!("python/aioftp_session.py");

/// The Python that has aioftp: `HOLDALL_FTP_PYTHON`, or what
/// `cargo xtask ftp-clients` has installed.
pub(crate) fn interpreter() -> PathBuf {
    match std::env::var_os("HOLDALL_FTP_PYTHON") {
        Some(python) => python.into(),
        None => concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../target/ftp-clients/bin/python"
        )
        .into(),
    }
}

pub(crate) async fn try_out(site: &Site, script: &str) -> Result<(), Failure> {
    let port = site.port.to_string();
    let certificate = site.certificate.to_string_lossy();
    let arguments = [
        "-",
        Site::HOST,
        &port,
        &site.user,
        &site.password,
        &certificate,
    ];
    run(interpreter(), arguments, script).await.map(drop)
}
