//! The FTP clients that the server's tests try it with.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::process::{Call, workspace_root};

/// Programs, and the Debian packages that have them.
const PROGRAMS: [(&str, &str); 3] = [("curl", "curl"), ("lftp", "lftp"), ("ncftpput", "ncftp")];

/// A client in Python, next to `ftplib`, which Python has.
const PYTHON_PACKAGES: [&str; 1] = ["aioftp==0.28.3"];

/// Where tests look for the Python that has [`PYTHON_PACKAGES`].
const PYTHON_FOLDER: &str = "target/ftp-clients";

/// With this variable a test fails rather than be skipped for want of a client.
pub(crate) const REQUIRED: &str = "HOLDALL_REQUIRE_FTP_CLIENTS";

/// Set by a developer who has such a Python elsewhere.
const ELSEWHERE: &str = "HOLDALL_FTP_PYTHON";

/// Installs what is not there.
pub(crate) fn install() -> Result {
    install_programs()?;
    if std::env::var_os(ELSEWHERE).is_none() {
        install_python(&workspace_root().join(PYTHON_FOLDER))?;
    }
    Ok(())
}

fn install_programs() -> Result {
    let missing: Vec<&str> = PROGRAMS
        .into_iter()
        .filter(|(program, _)| !is_there(program))
        .map(|(_, package)| package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    as_root("apt-get").arguments(["update", "--quiet"]).run()?;
    as_root("apt-get")
        .arguments(["install", "--yes", "--quiet", "--no-install-recommends"])
        .arguments(missing)
        .run()
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A call by whoever may install packages.
fn as_root(program: &str) -> Call {
    match is_there("sudo") {
        true => Call::new("sudo").arguments([program]),
        false => Call::new(program),
    }
}

fn install_python(folder: &Path) -> Result {
    let stamp = stamp(folder);
    if stamp.exists() {
        return Ok(());
    }
    // What an interrupted installation left may be incomplete.
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Call::new("python3")
        .arguments(["-m", "venv"])
        .arguments([folder])
        .run()?;
    Call::new(folder.join("bin/python"))
        .arguments([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .arguments(PYTHON_PACKAGES)
        .run()?;
    std::fs::write(stamp, "")?;
    Ok(())
}

/// A file that stands once everything is installed, named after what is.
fn stamp(folder: &Path) -> PathBuf {
    folder.join(format!("installed-{}", PYTHON_PACKAGES.join("-")))
}
