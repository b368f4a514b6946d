//! Microsoft's emulator of Blob storage, for the tests that talk to a server.

use std::path::PathBuf;

use crate::Result;
use crate::process::{Call, workspace_root};

/// Azurite needs Node 22, which npm has as a package, too.
const PACKAGES: [&str; 2] = ["azurite@3.37", "node@22"];

/// Tests look here, and skip themselves where there is nothing unless
/// [`REQUIRED`] is set.
const FOLDER: &str = "target/azurite";

/// With this variable a test fails rather than be skipped for want of Azurite.
pub(crate) const REQUIRED: &str = "HOLDALL_REQUIRE_AZURITE";

/// Set by a developer who has an installation elsewhere.
const ELSEWHERE: &str = "HOLDALL_AZURITE";

/// Installs [`PACKAGES`] unless they are there.
pub(crate) fn install() -> Result {
    if std::env::var_os(ELSEWHERE).is_some() {
        return Ok(());
    }
    let folder = workspace_root().join(FOLDER);
    let stamp = stamp(&folder);
    if stamp.exists() {
        return Ok(());
    }
    // What an interrupted installation left may be incomplete.
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Call::new("npm")
        .arguments(["install", "--no-save", "--no-package-lock", "--no-audit"])
        .arguments(["--no-fund", "--loglevel=error", "--prefix"])
        .arguments([&folder])
        .arguments(PACKAGES)
        .run()?;
    std::fs::write(stamp, "")?;
    Ok(())
}

/// A file that stands once everything is installed, named after what is.
fn stamp(folder: &std::path::Path) -> PathBuf {
    folder.join(format!("installed-{}", PACKAGES.join("-")))
}
