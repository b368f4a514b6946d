//! Configurations out of files and texts.

use std::path::Path;

use super::config::RegistryConfig;
use super::document::ConfigDocument;
use super::environment::Environment;
use super::suggest;
use crate::error::Result;

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
    beside: Vec<String>,
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

    /// Leaves alone what stands under these keys beside the backends and stores,
    /// for other readers of the same file: a [`ConfigDocument`] reads it.
    #[must_use]
    pub fn beside<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.beside = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Replaces variables in values by those of `environment`, as
    /// [`ConfigValue::resolve_env`](super::ConfigValue::resolve_env) does.
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
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) where it is not TOML, or
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
        Self::of_document(ConfigDocument::from_toml(text)?, options)
    }

    /// From a TOML file, with no variable replaced. A relative path in it, such
    /// as the `root` of a local backend, is taken from the file's folder.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) and
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) as the system says, and
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
        Self::of_document(ConfigDocument::from_toml_file(path)?, options)
    }

    /// From a document that was read already, with options.
    ///
    /// # Errors
    ///
    /// As [`from_toml_with`](Self::from_toml_with).
    pub fn from_document(document: &ConfigDocument, options: &LoadOptions) -> Result<Self> {
        Self::of_document(document.clone(), options)
    }

    fn of_document(document: ConfigDocument, options: &LoadOptions) -> Result<Self> {
        let mut table = chosen(document, &options.table)?.without(&options.beside);
        if let Some(environment) = &options.environment {
            table = table.resolve_env(environment)?;
        }
        Self::from_value(table.value(), table.place(), table.folder())
    }
}

/// The table under `keys`, which has to be there.
fn chosen(document: ConfigDocument, keys: &[String]) -> Result<ConfigDocument> {
    let mut table = document;
    for key in keys {
        let Some(inner) = table.table([key])? else {
            let names = table.value().as_table().into_iter();
            let hint = suggest::hint(
                key,
                names.flat_map(|table| table.iter()).map(|(name, _)| name),
            );
            let key = key.escape_debug();
            return Err(table
                .place()
                .error(format!("there is no table '{key}'; {hint}")));
        };
        table = inner;
    }
    Ok(table)
}
