//! User metadata: small string maps that travel with a file.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};

/// The most that one map may hold: bytes of all keys and values together.
pub const MAX_METADATA_BYTES: usize = 2048;

/// A validated map of user metadata.
///
/// A key is not empty, is ASCII and does not begin with `_`; all keys and
/// values together take at most [`MAX_METADATA_BYTES`] bytes. A backend may
/// declare further limits of its own.
///
/// ```
/// use holdall::UserMetadata;
///
/// let metadata = UserMetadata::new([("owner", "finance"), ("run", "42")])?;
/// assert_eq!(metadata.get("owner"), Some("finance"));
/// assert!(UserMetadata::new([("_reserved", "x")]).is_err());
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct UserMetadata(BTreeMap<String, String>);

impl UserMetadata {
    /// Validates the pairs in order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] that names the first key that breaks a
    /// rule, or the size of a map that is too large.
    pub fn new<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let mut map = BTreeMap::new();
        let mut bytes = 0;
        for (key, value) in pairs {
            let (key, value) = (key.into(), value.into());
            check_key(&key)?;
            bytes += key.len() + value.len();
            map.insert(key, value);
        }
        if bytes > MAX_METADATA_BYTES {
            return Err(invalid(format!(
                "the metadata takes {bytes} bytes; keys and values together may take {MAX_METADATA_BYTES}"
            )));
        }
        Ok(Self(map))
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The pairs, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for UserMetadata {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let map = BTreeMap::<String, String>::deserialize(deserializer)?;
        Self::new(map).map_err(serde::de::Error::custom)
    }
}

fn check_key(key: &str) -> Result<()> {
    if key.is_empty() {
        return Err(invalid("a metadata key is empty".to_owned()));
    }
    if key.starts_with('_') {
        return Err(invalid(format!(
            "the metadata key {key:?} begins with '_', which is reserved"
        )));
    }
    if !key.is_ascii() {
        return Err(invalid(format!("the metadata key {key:?} is not ASCII")));
    }
    Ok(())
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_key_is_named() {
        for (key, part) in [("", "empty"), ("_a", "'_'"), ("é", "ASCII")] {
            let error = UserMetadata::new([(key, "v")]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.message().contains(part), "{error}");
        }
    }

    #[test]
    fn the_limit_counts_keys_and_values_in_bytes() {
        let fits = "v".repeat(MAX_METADATA_BYTES - 1);
        assert!(UserMetadata::new([("k", fits.as_str())]).is_ok());
        let over = format!("{fits}v");
        assert!(UserMetadata::new([("k", over.as_str())]).is_err());
        assert!(UserMetadata::new([("k", "é".repeat(1024))]).is_err());
    }
}
