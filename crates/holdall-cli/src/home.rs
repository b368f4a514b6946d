//! Where the default store lies, and the configuration of the user.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// The environment variable that says where Holdall keeps its data.
pub(crate) const HOME_VARIABLE: &str = "HOLDALL_HOME";

/// The folder of the default store: `default` in `HOLDALL_HOME`, or else in
/// `holdall` in the user's data folder (`~/.local/share` on Unix unless
/// `XDG_DATA_HOME` says otherwise, `%APPDATA%` on Windows). Nothing is made.
pub(crate) fn default_store() -> Result<PathBuf> {
    let home = match chosen(std::env::var_os(HOME_VARIABLE)) {
        Some(home) => home,
        None => choose_base_strategy()
            .map_err(|error| {
                Failure::new(
                    Exit::Other,
                    format!("no place for the default store: {error}"),
                )
                .with_hint("set HOLDALL_HOME to the folder where it shall be kept")
            })?
            .data_dir()
            .join("holdall"),
    };
    Ok(absolute(&home).join("default"))
}

/// The configuration of the user: `holdall/holdall.toml` in the folder for
/// configurations (`~/.config` on Unix unless `XDG_CONFIG_HOME` says otherwise,
/// `%APPDATA%` on Windows). None where there is no such folder.
pub(crate) fn user_configuration() -> Option<PathBuf> {
    let folder = choose_base_strategy().ok()?.config_dir();
    Some(folder.join("holdall").join(CONFIGURATION))
}

/// What a configuration file is called.
pub(crate) const CONFIGURATION: &str = "holdall.toml";

/// The value of the variable; an empty one is none.
fn chosen(value: Option<OsString>) -> Option<PathBuf> {
    value.filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
