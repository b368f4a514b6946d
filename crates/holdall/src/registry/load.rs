//! Configurations out of files and texts.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::config::RegistryConfig;
use super::environment::Environment;
use super::fault::Place;
use super::suggest;
use super::toml_text;
use super::value::ConfigValue;
use crate::error::{Error, ErrorKind, Operation, Result};

/// How a configuration is read.
///
/// ```
/// use holdall::registry::{Environment, LoadOptions, RegistryConfig};
///
/// let text = r#"
///     [tool.holdall.backends.main]
///     type = "memory"
///     [tool.holdall.stores.logs]
///     backend = "main"
///     root_path = "${STAGE:-test}/logs"
/// "#;
/// let options = LoadOptions::new()
///     .table(["tool", "holdall"])
///     .resolve_env(Environment::fixed([("STAGE", "live")]));
/// let config = RegistryConfig::from_toml_with(text, &options)?;
/// assert_eq!(config.stores()["logs"].root_path(), "live/logs");
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    table: Vec<String>,
    environment: Option<Environment>,
}

impl LoadOptions {
    /// The whole document, with no variable replaced.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the table under these keys instead of the whole document.
    #[must_use]
    pub fn table<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.table = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Replaces variables in values by those of `environment`, as
    /// [`ConfigValue::resolve_env`] does.
    #[must_use]
    pub fn resolve_env(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }
}

impl RegistryConfig {
    /// From a TOML text, with no variable replaced.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where it is not TOML, or
    /// for anything that does not belong there; the message has the line, and
    /// never quotes a value.
    pub fn from_toml(text: &str) -> Result<Self> {
        Self::from_toml_with(text, &LoadOptions::default())
    }

    /// From a TOML text, with options.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml), and where the table is missing or a
    /// variable is not set.
    pub fn from_toml_with(text: &str, options: &LoadOptions) -> Result<Self> {
        Self::parse(text, options, Place::default(), None)
    }

    /// From a TOML file, with no variable replaced. A relative path in it, such
    /// as the `root` of a local backend, is taken from the file's folder.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) and
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) as the system says, and
    /// those of [`from_toml`](Self::from_toml), with the file's path.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::from_toml_file_with(path, &LoadOptions::default())
    }

    /// From a TOML file, with options.
    ///
    /// # Errors
    ///
    /// As [`from_toml_file`](Self::from_toml_file), and where the table is
    /// missing or a variable is not set.
    pub fn from_toml_file_with(path: impl AsRef<Path>, options: &LoadOptions) -> Result<Self> {
        let path = path.as_ref();
        let place = Place {
            file: Some(Arc::from(path.display().to_string())),
            ..Place::default()
        };
        let text = fs::read_to_string(path).map_err(|error| unreadable(&place, error))?;
        Self::parse(&text, options, place, path.parent())
    }

    fn parse(
        text: &str,
        options: &LoadOptions,
        place: Place,
        folder: Option<&Path>,
    ) -> Result<Self> {
        let document = toml_text::parse(text, &place)?;
        let (value, place) = chosen(&document, &options.table, place)?;
        match &options.environment {
            None => Self::from_value(value, &place, folder),
            Some(environment) => {
                let resolved = value.resolve_env_at(environment, &place)?;
                Self::from_value(&resolved, &place, folder)
            }
        }
    }
}

/// The table under `keys`, and its place.
fn chosen<'a>(
    document: &'a ConfigValue,
    keys: &[String],
    place: Place,
) -> Result<(&'a ConfigValue, Place)> {
    let (mut value, mut place) = (document, place);
    for key in keys {
        let table = value.as_table();
        let Some(inner) = table.and_then(|table| table.get(key)) else {
            let names = table.into_iter().flat_map(|table| table.iter());
            let hint = suggest::hint(key, names.map(|(name, _)| name));
            let key = key.escape_debug();
            return Err(place.error(format!("there is no table '{key}'; {hint}")));
        };
        place = place.below(key, inner.line);
        value = inner;
    }
    Ok((value, place))
}

fn unreadable(place: &Place, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
        io::ErrorKind::InvalidData => ErrorKind::InvalidArgument,
        _ => ErrorKind::Other,
    };
    place
        .error_of(kind, format!("the configuration cannot be read: {error}"))
        .with_operation(Operation::Open)
        .with_source(error)
}
