//! A whole configuration: backends and the stores on them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::backend_config::{BackendConfig, StoreProfile};
use super::fault::{Fault, Place, unknown_key};
use super::suggest;
use super::value::{ConfigTable, ConfigValue};
use crate::error::Result;
use crate::path::RemotePath;
use crate::retry::RetryPolicy;

/// Backends and stores by name; what a [`Registry`](super::Registry) opens.
///
/// It comes from a TOML file or text, from a map, from any format that serde
/// reads, or is put together here. All are checked alike: a key that nobody
/// reads, a value of the wrong type, or a store on a backend that is not there
/// is an error that says where, and what may have been meant.
///
/// `Debug` and serialization show secret options as `***`.
///
/// ```
/// use holdall::registry::RegistryConfig;
///
/// let config = RegistryConfig::from_toml(r#"
///     [backends.scratch]
///     type = "memory"
///
///     [stores.reports]
///     backend = "scratch"
///     root_path = "reports"
/// "#)?;
/// assert_eq!(config.stores()["reports"].root_path(), "reports");
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegistryConfig {
    backends: BTreeMap<String, BackendConfig>,
    stores: BTreeMap<String, StoreProfile>,
}

impl RegistryConfig {
    /// Without backends and stores.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the backend `name`.
    #[must_use]
    pub fn with_backend(mut self, name: impl Into<String>, backend: BackendConfig) -> Self {
        let name = name.into();
        let backend = backend.named(
            Place::default()
                .below("backends", None)
                .below(&name, None)
                .keys,
        );
        self.backends.insert(name, backend);
        self
    }

    /// With the store `name`.
    #[must_use]
    pub fn with_store(mut self, name: impl Into<String>, store: StoreProfile) -> Self {
        let name = name.into();
        let store = store.named(
            Place::default()
                .below("stores", None)
                .below(&name, None)
                .keys,
        );
        self.stores.insert(name, store);
        self
    }

    /// From a map of the same shape as the file: `backends` and `stores`.
    /// Variables in it are not replaced;
    /// [`ConfigValue::resolve_env`](super::ConfigValue::resolve_env) does it.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for anything that
    /// does not belong there; the message has the keys that lead to it.
    pub fn from_map(map: ConfigTable) -> Result<Self> {
        Self::from_value(&map.into(), &Place::default(), None)
    }

    /// The backends by name.
    pub fn backends(&self) -> &BTreeMap<String, BackendConfig> {
        &self.backends
    }

    /// The stores by name.
    pub fn stores(&self) -> &BTreeMap<String, StoreProfile> {
        &self.stores
    }

    /// Checks what can be told without knowing the types: that every store
    /// stands on a backend that is there. A registry does it, too.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) that names the
    /// nearest backend.
    pub fn validate(&self) -> Result<()> {
        for profile in self.stores.values() {
            let name = profile.backend();
            if !self.backends.contains_key(name) {
                let hint = suggest::hint(name, self.backends.keys().map(String::as_str));
                let name = name.escape_debug();
                return Err(profile
                    .place()
                    .error(format!("there is no backend '{name}'; {hint}")));
            }
            if !profile.root_path().is_empty() {
                RemotePath::new(profile.root_path()).map_err(|error| {
                    let place = profile.place().below("root_path", None);
                    place.error_of(error.kind(), error.message())
                })?;
            }
            if let Some((option, _)) = profile.options().iter().next() {
                let (option, backend) = (option.escape_debug(), name.escape_debug());
                return Err(profile.place().error(format!(
                    "unknown option '{option}': a store has none of its own; those of its \
                     backend stand in [backends.{backend}.options]"
                )));
            }
        }
        Ok(())
    }

    /// Reads and checks `value`. Relative paths are those of `folder`.
    pub(super) fn from_value(
        value: &ConfigValue,
        place: &Place,
        folder: Option<&Path>,
    ) -> Result<Self> {
        let sections = Section::of(value, place)?;
        sections.knows(&["backends", "stores"])?;
        let mut config = Self::default();
        for (name, entry, place) in sections.tables("backends")? {
            let backend = backend(entry, &place, folder.map(Path::to_owned))?;
            config.backends.insert(name, backend);
        }
        for (name, entry, place) in sections.tables("stores")? {
            config.stores.insert(name, store(entry, &place)?);
        }
        config.validate()?;
        Ok(config)
    }
}

fn backend(entry: &ConfigValue, place: &Place, folder: Option<PathBuf>) -> Result<BackendConfig> {
    let fields = Section::of(entry, place)?;
    fields.knows(&["type", "options", "retry"])?;
    let config = BackendConfig::new(fields.required_text("type")?)
        .with_options(fields.options()?)
        .placed(place.clone(), fields.below("options").line, folder);
    Ok(match fields.get("retry") {
        Some(retry) => config.with_retry(policy(retry, &fields.below("retry"))?),
        None => config,
    })
}

fn store(entry: &ConfigValue, place: &Place) -> Result<StoreProfile> {
    let fields = Section::of(entry, place)?;
    fields.knows(&["backend", "root_path", "options"])?;
    let backend = fields.required_text("backend")?;
    let place = Place {
        line: fields.below("backend").line,
        ..place.clone()
    };
    Ok(StoreProfile::new(backend)
        .with_root_path(fields.text("root_path")?.unwrap_or_default())
        .with_options(fields.options()?)
        .placed(place))
}

fn policy(retry: &ConfigValue, place: &Place) -> Result<RetryPolicy> {
    retry.read().map_err(|fault| fault.into_error(place))
}

/// A table whose keys are all known.
struct Section<'a> {
    table: &'a ConfigTable,
    place: &'a Place,
}

impl<'a> Section<'a> {
    fn of(value: &'a ConfigValue, place: &'a Place) -> Result<Self> {
        let table = value
            .as_table()
            .ok_or_else(|| wrong_type(value, "a table", place))?;
        Ok(Self { table, place })
    }

    /// Refuses any other key.
    fn knows(&self, keys: &[&str]) -> Result<()> {
        let unknown = self.table.iter().find(|(key, _)| !keys.contains(key));
        match unknown {
            None => Ok(()),
            Some((key, value)) => Err(unknown_key(key, keys.iter().copied())
                .in_line(value.line)
                .into_error(self.place)),
        }
    }

    fn below(&self, key: &str) -> Place {
        let line = self.table.get(key).and_then(|value| value.line);
        self.place.below(key, line)
    }

    /// The value of `key`; null is as good as none.
    fn get(&self, key: &str) -> Option<&'a ConfigValue> {
        self.table.get(key).filter(|value| !value.is_null())
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let text = value.as_str();
        text.map(Some)
            .ok_or_else(|| wrong_type(value, "text", &self.below(key)))
    }

    fn required_text(&self, key: &str) -> Result<&'a str> {
        self.text(key)?
            .ok_or_else(|| self.place.error(format!("'{key}' is missing")))
    }

    fn table(&self, key: &str) -> Result<Option<&'a ConfigTable>> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let table = value.as_table();
        table
            .map(Some)
            .ok_or_else(|| wrong_type(value, "a table", &self.below(key)))
    }

    fn options(&self) -> Result<ConfigTable> {
        Ok(self.table("options")?.cloned().unwrap_or_default())
    }

    /// The named entries of the table `key`, each with its place.
    fn tables(&self, key: &str) -> Result<Vec<(String, &'a ConfigValue, Place)>> {
        let Some(table) = self.table(key)? else {
            return Ok(Vec::new());
        };
        let place = self.below(key);
        let entries = table.iter().map(|(name, entry)| {
            let place = place.below(name, entry.line);
            if name.is_empty() {
                return Err(place.error("the name is empty"));
            }
            Ok((name.to_owned(), entry, place))
        });
        entries.collect()
    }
}

fn wrong_type(value: &ConfigValue, wanted: &str, place: &Place) -> crate::Error {
    Fault::wrong_type(wanted, value.node.kind()).into_error(place)
}

impl<'de> Deserialize<'de> for RegistryConfig {
    /// From any format of serde's, with the checks of
    /// [`from_map`](Self::from_map).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = ConfigTable::deserialize(deserializer)?;
        Self::from_map(map).map_err(|error| de::Error::custom(error.message()))
    }
}

impl Serialize for RegistryConfig {
    /// Masked, for display.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("backends", &self.backends)?;
        map.serialize_entry("stores", &self.stores)?;
        map.end()
    }
}
