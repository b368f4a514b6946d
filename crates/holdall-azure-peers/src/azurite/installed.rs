//! Where `cargo xtask` installs Azurite and the Node that runs it.

use std::io;
use std::path::{Path, PathBuf};

/// A folder with an npm installation of `azurite` and `node`, instead of the
/// workspace's `target/azurite`.
const FOLDER_VARIABLE: &str = "HOLDALL_AZURITE";

/// Set where a test must not be skipped for want of Azurite.
const REQUIRED_VARIABLE: &str = "HOLDALL_REQUIRE_AZURITE";

const DEFAULT_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/azurite");

/// The programs of an installation.
pub(super) struct Installed {
    pub(super) node: PathBuf,
    pub(super) blob_service: PathBuf,
}

impl Installed {
    pub(super) fn find() -> io::Result<Self> {
        let folder = std::env::var_os(FOLDER_VARIABLE)
            .map_or_else(|| PathBuf::from(DEFAULT_FOLDER), PathBuf::from);
        let modules = folder.join("node_modules");
        let node = format!("node{}", std::env::consts::EXE_SUFFIX);
        Ok(Self {
            node: existing(modules.join("node/bin").join(node))?,
            blob_service: existing(modules.join("azurite/dist/src/blob/main.js"))?,
        })
    }
}

pub(super) fn is_required() -> bool {
    std::env::var_os(REQUIRED_VARIABLE).is_some()
}

fn existing(file: PathBuf) -> io::Result<PathBuf> {
    if file.is_file() {
        return Ok(file);
    }
    Err(absent(&file))
}

fn absent(file: &Path) -> io::Error {
    let message = format!(
        "Azurite is not installed: there is no {}. `cargo xtask azurite` installs it, with \
         npm; `cargo xtask test` does so, too. Or set {FOLDER_VARIABLE} to a folder in which \
         `npm install azurite@3.37 node@22` was run",
        file.display()
    );
    io::Error::new(io::ErrorKind::NotFound, message)
}
