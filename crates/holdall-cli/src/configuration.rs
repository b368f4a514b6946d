//! The configuration of stores: which file it is, and the registry made of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use holdall::Registry;
#[cfg(feature = "ftp")]
use holdall::registry::ConfigDocument;
use holdall::registry::{
    BackendConfig, ConfigValue, Environment, LoadOptions, RegistryConfig, StoreProfile,
};
#[cfg(feature = "ftp")]
use serde::Deserialize;
#[cfg(feature = "ftp")]
use serde::de::IgnoredAny;

use crate::address::{RESERVED, is_addressable};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::home;
use crate::location::existing_folder;

/// The one file that configures stores, read when it is first needed.
#[derive(Default)]
pub(crate) struct Configuration {
    file: Option<PathBuf>,
    loaded: OnceLock<Loaded>,
}

/// A configuration that was read.
struct Loaded {
    /// As the file has it.
    written: RegistryConfig,
    /// Over roots that are there.
    registry: Registry,
}

impl Configuration {
    /// The file `chosen`, or else `holdall.toml` in the current folder, or else
    /// that of the user. One file counts, they are never merged. Folders above
    /// the current one are not searched: what a command does shall not depend
    /// on a file that somebody else can put there unseen.
    ///
    /// A file that was chosen is read at once, so that a slip in its name shows.
    /// An empty name is as good as none.
    pub(crate) fn new(chosen: Option<OsString>) -> Result<Self> {
        let chosen = chosen.filter(|path| !path.is_empty()).map(PathBuf::from);
        let is_chosen = chosen.is_some();
        let configuration = Self {
            file: chosen.or_else(found),
            loaded: OnceLock::new(),
        };
        if is_chosen {
            configuration.registry()?;
        }
        Ok(configuration)
    }

    /// The file, where there is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What opens the configured stores.
    pub(crate) fn registry(&self) -> Result<&Registry> {
        self.loaded().map(|loaded| &loaded.registry)
    }

    /// What is configured, as it was written.
    pub(crate) fn written(&self) -> Result<&RegistryConfig> {
        self.loaded().map(|loaded| &loaded.written)
    }

    fn loaded(&self) -> Result<&Loaded> {
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        let loaded = load(self.file()).map_err(|error| faulty(&error))?;
        for (name, profile) in loaded.written.stores() {
            if !is_addressable(name) {
                return Err(unaddressable(name, profile));
            }
        }
        Ok(self.loaded.get_or_init(|| loaded))
    }

    /// The table `[serve.ftp]`, with its variables filled in; none where it is not
    /// there. A slip in the name of any table is a fault: what stands below it would
    /// not count.
    #[cfg(feature = "ftp")]
    pub(crate) fn serve_ftp(&self) -> Result<Option<ConfigDocument>> {
        let Some(file) = self.file() else {
            return Ok(None);
        };
        let read = || {
            let document = ConfigDocument::from_toml_file(file)?;
            document.read::<Tables>()?;
            let table = document.table(["serve", "ftp"])?;
            table
                .map(|table| table.resolve_env(&Environment::process()))
                .transpose()
        };
        read().map_err(|error| faulty(&error))
    }

    /// The backend beneath the store `name`, as the file has it.
    pub(crate) fn backend_of(&self, name: &str) -> Result<Option<&BackendConfig>> {
        let config = self.written()?;
        let profile = config.stores().get(name);
        Ok(profile.and_then(|profile| config.backends().get(profile.backend())))
    }
}

/// The tables that a file can have, whatever stands in them.
#[cfg(feature = "ftp")]
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tables {
    backends: IgnoredAny,
    stores: IgnoredAny,
    serve: Protocols,
}

/// The tables of `serve`.
#[cfg(feature = "ftp")]
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Protocols {
    ftp: IgnoredAny,
}

/// The failure of a file that cannot be read, or is faulty.
fn faulty(error: &holdall::Error) -> Failure {
    let exit = match Exit::from(error.kind()) {
        // A path that the file holds, and not one that was asked for.
        Exit::InvalidPath => Exit::Usage,
        exit => exit,
    };
    Failure::new(exit, error.message())
}

/// What stands in the file beside the stores.
const BESIDE: [&str; 1] = ["serve"];

fn found() -> Option<PathBuf> {
    let here = PathBuf::from(home::CONFIGURATION);
    let candidates = std::iter::once(here).chain(home::user_configuration());
    // One that cannot be looked at is tried all the same, and reported.
    candidates
        .into_iter()
        .find(|path| !matches!(path.try_exists(), Ok(false)))
}

fn load(file: Option<&Path>) -> holdall::Result<Loaded> {
    let written = match file {
        None => RegistryConfig::new(),
        Some(file) => {
            let options = LoadOptions::new()
                .beside(BESIDE)
                .resolve_env(Environment::process());
            RegistryConfig::from_toml_file_with(file, &options)?
        }
    };
    // As it stands first, so that faults are told of what was written.
    Registry::new(written.clone())?;
    let registry = Registry::new(over_existing_roots(written.clone()))?;
    Ok(Loaded { written, registry })
}

/// The same stores, but on folders of the disk that are there: what is missing
/// of a root becomes a part of its stores' own, so that it is made by the first
/// write and not by a look.
fn over_existing_roots(mut config: RegistryConfig) -> RegistryConfig {
    for (name, backend) in config.backends().clone() {
        let Some((root, rest)) = missing_root(&backend) else {
            continue;
        };
        for (store, profile) in config.stores().clone() {
            if profile.backend() == name {
                config = config.with_store(store, below(&profile, &rest));
            }
        }
        config = config.with_backend(name, backend.with_option("root", root));
    }
    config
}

/// Of a local backend whose root is missing and may be made: the deepest folder
/// that is there, and the rest of the way.
fn missing_root(backend: &BackendConfig) -> Option<(String, String)> {
    let options = backend.options();
    let may_be_made = match options.get("create_root") {
        None => true,
        Some(value) => *value == ConfigValue::from(true) || value.as_str() == Some("true"),
    };
    if backend.kind() != "local" || !may_be_made {
        return None;
    }
    let root = backend.resolve_path(options.get("root")?.as_str()?);
    if root.is_dir() {
        return None;
    }
    let (folder, rest) = existing_folder(&root).ok()?;
    // A relative one would be taken from the file's folder once more.
    let folder = std::path::absolute(folder).ok()?;
    Some((folder.to_str()?.to_owned(), rest))
}

fn below(profile: &StoreProfile, rest: &str) -> StoreProfile {
    let root_path = match profile.root_path() {
        "" => rest.to_owned(),
        root_path => format!("{rest}/{root_path}"),
    };
    profile.clone().with_root_path(root_path)
}

/// The failure of a store whose name cannot be written down in an address.
fn unaddressable(name: &str, profile: &StoreProfile) -> Failure {
    let name = name.escape_debug();
    let message = format!("the name '{name}' cannot stand in an address");
    let reserved = RESERVED.join("', '");
    Failure::from(&profile.invalid(&message)).with_hint(format!(
        "a name is two or more letters, digits, '-', '_' or '.', a letter first, and none of \
         '{reserved}'"
    ))
}
