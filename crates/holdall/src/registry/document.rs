//! A configuration of any kind, read as strictly as that of stores.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::environment::Environment;
use super::fault::{Fault, Place};
use super::toml_text;
use super::value::ConfigValue;
use crate::error::{Error, ErrorKind, Operation, Result};

/// A TOML document, or a table of one, for configurations of one's own.
///
/// It is read into any type of serde's. With `deny_unknown_fields`, a slip is told
/// with its file, its line and the nearest key that there is; a message never
/// quotes a value, which could be a secret in the wrong place.
///
/// ```
/// use holdall::registry::ConfigDocument;
///
/// #[derive(Debug, serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Door {
///     port: u16,
/// }
///
/// let document = ConfigDocument::from_toml("[door]\nprot = 21\n")?;
/// let door = document.table(["door"])?.map(|table| table.read::<Door>());
/// let message = door.and_then(|door| door.err()).map(|error| error.message().to_owned());
/// assert_eq!(
///     message.as_deref(),
///     Some("line 2: door: unknown key 'prot'; did you mean 'port'?"),
/// );
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Clone)]
pub struct ConfigDocument {
    value: ConfigValue,
    place: Place,
    /// The folder that relative paths start from.
    folder: Option<PathBuf>,
}

impl ConfigDocument {
    /// From a TOML text.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where it is not TOML, with
    /// the line.
    pub fn from_toml(text: &str) -> Result<Self> {
        Self::parse(text, Place::default(), None)
    }

    /// From a text that was read from the file `path`, for messages and relative
    /// paths.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml), with the file's path.
    pub fn from_toml_of(text: &str, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::parse(text, in_file(path), path.parent())
    }

    /// From a TOML file.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) and
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) as the system says, and
    /// those of [`from_toml_of`](Self::from_toml_of).
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| unreadable(&in_file(path), error))?;
        Self::from_toml_of(&text, path)
    }

    fn parse(text: &str, place: Place, folder: Option<&Path>) -> Result<Self> {
        Ok(Self {
            value: toml_text::parse(text, &place)?,
            place,
            folder: folder.map(Path::to_owned),
        })
    }

    /// The table under these keys; none where it is not there.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where something else than a
    /// table stands there.
    pub fn table<K: AsRef<str>>(&self, keys: impl IntoIterator<Item = K>) -> Result<Option<Self>> {
        let mut found = self.clone();
        for key in keys {
            let key = key.as_ref();
            let Some(inner) = found.value.as_table().and_then(|table| table.get(key)) else {
                return Ok(None);
            };
            let place = found.place.below(key, inner.line);
            if inner.as_table().is_none() {
                return Err(Fault::wrong_type("a table", inner.node.kind()).into_error(&place));
            }
            found = Self {
                value: inner.clone(),
                place,
                folder: found.folder,
            };
        }
        Ok(Some(found))
    }

    /// This document with variables in its texts replaced, as
    /// [`ConfigValue::resolve_env`] does.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where a variable is not set.
    pub fn resolve_env(self, environment: &Environment) -> Result<Self> {
        Ok(Self {
            value: self.value.resolve_env_at(environment, &self.place)?,
            ..self
        })
    }

    /// The document as a `T`. A number may be given as text, as a variable does.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument), with the file, the line and
    /// the key; never with the value.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        let read = self.value.read();
        read.map_err(|fault| fault.into_error(&self.place))
    }

    /// An error about what stands under these keys: its message begins with the
    /// file, the line and the keys, as far as they are known.
    pub fn invalid<K: AsRef<str>>(
        &self,
        keys: impl IntoIterator<Item = K>,
        message: impl fmt::Display,
    ) -> Error {
        let (mut value, mut place) = (Some(&self.value), self.place.clone());
        for key in keys {
            let key = key.as_ref();
            let table = value.and_then(ConfigValue::as_table);
            value = table.and_then(|table| table.get(key));
            place = place.below(key, value.and_then(|value| value.line));
        }
        place.error(message)
    }

    /// `path` as a path of this machine: a relative one is taken from the folder
    /// of the file, if it was read from one.
    pub fn resolve_path(&self, path: impl AsRef<Path>) -> PathBuf {
        match &self.folder {
            Some(folder) => folder.join(path),
            None => path.as_ref().to_owned(),
        }
    }

    /// This table without these keys.
    pub(super) fn without(mut self, keys: &[String]) -> Self {
        for key in keys {
            self.value.remove(key);
        }
        self
    }

    pub(super) fn value(&self) -> &ConfigValue {
        &self.value
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

impl fmt::Debug for ConfigDocument {
    /// Masked, for display.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

fn in_file(path: &Path) -> Place {
    Place {
        file: Some(Arc::from(path.display().to_string())),
        ..Place::default()
    }
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Door {
        port: u16,
        #[serde(default)]
        password: Option<crate::Secret>,
    }

    fn refusal(text: &str) -> String {
        let document = ConfigDocument::from_toml_of(text, "etc/house.toml").unwrap();
        let door = document.table(["house", "door"]).unwrap().unwrap();
        door.read::<Door>().unwrap_err().message().to_owned()
    }

    #[test]
    fn a_slip_is_told_with_its_file_its_line_and_the_nearest_key() {
        assert_eq!(
            refusal("[house.door]\nport = 1\npasword = 'hunter2'\n"),
            "etc/house.toml:3: house.door: unknown key 'pasword'; did you mean 'password'?"
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_told_and_never_quoted() {
        assert_eq!(
            refusal("[house.door]\nport = 'hunter2'\n"),
            "etc/house.toml:2: house.door.port: this must be a whole number from 0, not text"
        );
    }

    #[test]
    fn a_table_that_is_not_there_is_none_and_another_value_an_error() {
        let document = ConfigDocument::from_toml("house = 1").unwrap();
        assert!(document.table(["garden"]).unwrap().is_none());
        let error = document.table(["house", "door"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("must be a table"), "{error}");
    }

    #[test]
    fn variables_are_filled_in_and_secrets_stay_hidden() {
        let environment = Environment::fixed([("WORD", "hunter2")]);
        let document = ConfigDocument::from_toml("port = 1\npassword = '${WORD}'").unwrap();
        let document = document.resolve_env(&environment).unwrap();
        assert!(!format!("{document:?}").contains("hunter2"));
        let door: Door = document.read().unwrap();
        assert_eq!(door.password.unwrap().reveal(), "hunter2");
        assert_eq!(door.port, 1);
    }

    #[test]
    fn an_error_of_ones_own_has_the_place_too() {
        let document = ConfigDocument::from_toml_of("[a]\nb = 1\n", "x/f.toml").unwrap();
        let error = document.invalid(["a", "b"], "too small");
        assert_eq!(error.message(), "x/f.toml:2: a.b: too small");
        assert_eq!(document.resolve_path("c"), Path::new("x/c"));
    }
}
