//! The library compiles for other platforms, where their std is installed.

use std::path::Path;

use crate::Result;
use crate::check::Outcome;
use crate::process::Call;

/// What has code of the operating system's. Not `hash`: BLAKE3 brings C code,
/// which would want a C compiler for each target.
const FEATURES: &str = "local,serde";

const TARGETS: [&str; 2] = ["x86_64-pc-windows-gnu", "aarch64-apple-darwin"];

pub(crate) fn check() -> Result<Outcome> {
    let mut missing = Vec::new();
    for target in TARGETS {
        if std_is_installed(target)? {
            Call::cargo(&format!(
                "check --package holdall --lib --no-default-features --features {FEATURES} \
                 --target {target}"
            ))
            .run()?;
        } else {
            missing.push(target);
        }
    }
    if missing.is_empty() {
        return Ok(Outcome::Passed);
    }
    Ok(Outcome::Skipped(format!(
        "no standard library installed for {}",
        missing.join(", ")
    )))
}

fn std_is_installed(target: &str) -> Result<bool> {
    let folder = Call::new("rustc")
        .arguments(["--print", "target-libdir", "--target", target])
        .output()?;
    Ok(Path::new(folder.trim()).is_dir())
}
