//! What a configuration says of one backend and of one store.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fault::Place;
use super::value::{ConfigTable, ConfigValue};
use crate::error::{Error, ErrorKind, Result};
use crate::retry::RetryPolicy;

/// A backend as a configuration describes it: its type, its options, and how
/// often a failed request is tried again.
///
/// `Debug` and serialization show secret options as `***`, so what they give is
/// for people, and not for reading back.
///
/// ```
/// use holdall::registry::BackendConfig;
///
/// let config = BackendConfig::new("local").with_option("root", "/srv/data");
/// assert_eq!(config.kind(), "local");
/// ```
#[derive(Debug, Clone)]
pub struct BackendConfig {
    kind: String,
    options: ConfigTable,
    retry: Option<RetryPolicy>,
    place: Place,
    /// The line that the table of options begins in.
    options_line: Option<usize>,
    /// The folder that relative paths in the options start from.
    folder: Option<PathBuf>,
}

impl BackendConfig {
    /// A backend of the type `kind`, such as `memory`, without options.
    #[doc(alias = "type")]
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            options: ConfigTable::new(),
            retry: None,
            place: Place::default(),
            options_line: None,
            folder: None,
        }
    }

    /// With the option `name`.
    #[must_use]
    pub fn with_option(mut self, name: &str, value: impl Into<ConfigValue>) -> Self {
        self.options.insert(name, value);
        self
    }

    /// With these options in place of any others.
    #[must_use]
    pub fn with_options(mut self, options: ConfigTable) -> Self {
        self.options = options;
        self
    }

    /// With this policy. Backends that send no requests, as `memory` and
    /// `local`, take one and have nothing to try again.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = Some(retry);
        self
    }

    pub(super) fn placed(
        mut self,
        place: Place,
        options_line: Option<usize>,
        folder: Option<PathBuf>,
    ) -> Self {
        self.place = place;
        self.options_line = options_line;
        self.folder = folder;
        self
    }

    /// Under its name in a configuration, for messages.
    pub(super) fn named(mut self, keys: String) -> Self {
        self.place.keys = keys;
        self
    }

    /// The type, by which a registry finds the factory.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The options as they were given.
    pub fn options(&self) -> &ConfigTable {
        &self.options
    }

    /// The policy, where one was given.
    pub fn retry(&self) -> Option<&RetryPolicy> {
        self.retry.as_ref()
    }

    /// The options as a `T`: for a factory. With serde's `deny_unknown_fields`
    /// an unknown option is an error that names the nearest known one. A
    /// number may be given as text, as a variable does.
    ///
    /// ```
    /// use holdall::registry::BackendConfig;
    /// use holdall::Secret;
    ///
    /// #[derive(Debug, serde::Deserialize)]
    /// #[serde(deny_unknown_fields)]
    /// struct Options {
    ///     host: String,
    ///     port: Option<u16>,
    ///     password: Option<Secret>,
    /// }
    ///
    /// let config = BackendConfig::new("ftp").with_option("host", "h").with_option("prot", 21);
    /// let error = config.read_options::<Options>().err().map(|error| error.to_string());
    /// assert!(error.is_some_and(|text| text.contains("unknown key 'prot'; did you mean 'port'?")));
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument), with the file, the line
    /// and the key, as far as they are known; never with the value.
    pub fn read_options<T: DeserializeOwned>(&self) -> Result<T> {
        let options = ConfigValue::from(self.options.clone());
        let place = self.place.below("options", self.options_line);
        options.read().map_err(|fault| fault.into_error(&place))
    }

    /// `path` as a path of this machine: a relative one is taken from the folder
    /// of the file that the configuration was read from, if it was read from
    /// one.
    pub fn resolve_path(&self, path: impl AsRef<Path>) -> PathBuf {
        match &self.folder {
            Some(folder) => folder.join(path),
            None => path.as_ref().to_owned(),
        }
    }

    /// The file that it was read from, if it was, and the line in it.
    pub fn origin(&self) -> Option<(&str, Option<usize>)> {
        self.place.origin()
    }

    /// An error about this backend: its message begins with the file, the line
    /// and the name, as far as they are known.
    pub fn invalid(&self, message: &str) -> Error {
        self.place.error(message)
    }

    /// An error about the option `name`, with its line. Dots lead into tables:
    /// `timeouts.connect`.
    pub fn invalid_option(&self, name: &str, message: &str) -> Error {
        let mut place = self.place.below("options", self.options_line);
        let mut table = Some(&self.options);
        for key in name.split('.') {
            let value = table.and_then(|table| table.get(key));
            place = place.below(key, value.and_then(|value| value.line));
            table = value.and_then(ConfigValue::as_table);
        }
        place.error(message)
    }

    /// Whether the policy is one that a backend takes.
    pub(super) fn check_retry(&self) -> Result<()> {
        let checked = self.retry.as_ref().map_or(Ok(()), RetryPolicy::validate);
        let place = self.place.below("retry", None);
        checked.map_err(|error| place.error(error.message()))
    }

    /// `error`, which came of opening this backend, with its place in front.
    pub(super) fn located(&self, error: Error) -> Error {
        let message = format!("{}{}", self.place, error.message());
        let located = Error::new(error.kind(), message)
            .with_operation(crate::error::Operation::Open)
            .with_retryable(error.is_retryable());
        match error.kind() {
            ErrorKind::InvalidArgument => located,
            _ => located.with_source(error),
        }
    }
}

impl PartialEq for BackendConfig {
    /// The same type, options and policy, wherever they were read.
    fn eq(&self, other: &Self) -> bool {
        (&self.kind, &self.options, &self.retry) == (&other.kind, &other.options, &other.retry)
    }
}

impl Serialize for BackendConfig {
    /// Masked, for display.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.kind)?;
        map.serialize_entry("options", &self.options)?;
        if let Some(retry) = &self.retry {
            map.serialize_entry("retry", retry)?;
        }
        map.end()
    }
}

/// A store as a configuration describes it: which backend it stands on, and
/// which folder of it is its root.
#[derive(Debug, Clone)]
pub struct StoreProfile {
    backend: String,
    root_path: String,
    options: ConfigTable,
    place: Place,
}

impl StoreProfile {
    /// A store on the root of the backend `backend`.
    pub fn new(backend: impl Into<String>) -> Self {
        Self {
            backend: backend.into(),
            root_path: String::new(),
            options: ConfigTable::new(),
            place: Place::default(),
        }
    }

    /// Rooted at this folder of the backend; `""` is the backend's own root.
    #[must_use]
    pub fn with_root_path(mut self, root_path: impl Into<String>) -> Self {
        self.root_path = root_path.into();
        self
    }

    /// With these options of the store itself. There are none yet, so a
    /// registry refuses any.
    #[must_use]
    pub fn with_options(mut self, options: ConfigTable) -> Self {
        self.options = options;
        self
    }

    pub(super) fn placed(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub(super) fn named(mut self, keys: String) -> Self {
        self.place.keys = keys;
        self
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The file that it was read from, if it was, and the line of its backend.
    pub fn origin(&self) -> Option<(&str, Option<usize>)> {
        self.place.origin()
    }

    /// An error about this store: its message begins with the file, the line and
    /// the name, as far as they are known.
    pub fn invalid(&self, message: &str) -> Error {
        self.place.error(message)
    }

    /// The name of the backend.
    pub fn backend(&self) -> &str {
        &self.backend
    }

    /// The folder of the backend that is the store's root.
    pub fn root_path(&self) -> &str {
        &self.root_path
    }

    /// The options of the store itself.
    pub fn options(&self) -> &ConfigTable {
        &self.options
    }
}

impl PartialEq for StoreProfile {
    /// The same backend, root and options, wherever they were read.
    fn eq(&self, other: &Self) -> bool {
        (&self.backend, &self.root_path, &self.options)
            == (&other.backend, &other.root_path, &other.options)
    }
}

impl Serialize for StoreProfile {
    /// Masked, for display.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("backend", &self.backend)?;
        map.serialize_entry("root_path", &self.root_path)?;
        map.serialize_entry("options", &self.options)?;
        map.end()
    }
}
