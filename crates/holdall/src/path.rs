//! Paths: what a caller may write, and the canonical key that a driver sees.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// A normalised path inside a store: segments joined by `/`, none of them
/// empty, `.` or `..`.
///
/// Normalisation, in this order: a NUL is refused; every `\` becomes `/`;
/// empty segments and `.` are dropped; a segment `..` is refused; nothing left
/// is refused. So an absolute path loses its leading slash, and `..` is never
/// resolved. Bytes are never trimmed, case-folded or Unicode-normalised.
///
/// ```
/// use holdall::RemotePath;
///
/// let path = RemotePath::new("/reports//2026/./q1.csv")?;
/// assert_eq!(path.as_str(), "reports/2026/q1.csv");
/// assert_eq!(path.name(), "q1.csv");
/// assert_eq!(path.suffix(), ".csv");
/// assert_eq!(path.parent(), Some(RemotePath::new("reports/2026")?));
/// assert!(RemotePath::new("a/../b").is_err());
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemotePath(Box<str>);

/// How the root is spelled where a path must have a text.
const ROOT: &str = ".";

impl RemotePath {
    /// Normalises `path`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPath`] for a NUL, for a segment `..`, and for a path
    /// with nothing left (`""`, `"."`, `"/"`); the error's path is the input.
    pub fn new(path: impl AsRef<str>) -> Result<Self> {
        let path = path.as_ref();
        match normalize(path)? {
            Cow::Borrowed("") => Err(invalid(path, "the path is empty after normalization")),
            key => Ok(Self(key.into())),
        }
    }

    /// The root of a store, spelled `.`; not a path that [`RemotePath::new`] accepts.
    pub fn root() -> Self {
        Self(ROOT.into())
    }

    /// As [`RemotePath::new`], with `""` and `"."` for the root.
    ///
    /// # Errors
    ///
    /// As [`RemotePath::new`].
    pub fn from_backend_path(path: &str) -> Result<Self> {
        match path {
            "" | "." => Ok(Self::root()),
            path => Self::new(path),
        }
    }

    /// The path of a canonical text that is owned already; `""` is the root.
    pub(crate) fn from_canonical(text: String) -> Self {
        if text.is_empty() {
            Self::root()
        } else {
            Self(text.into_boxed_str())
        }
    }

    /// The canonical key, with `""` for the root.
    pub fn key(&self) -> Key<'_> {
        if self.is_root() {
            Key::ROOT
        } else {
            Key(&self.0)
        }
    }

    /// The text: `.` for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        &*self.0 == ROOT
    }

    /// The last segment; `.` for the root.
    pub fn name(&self) -> &str {
        last_segment(&self.0)
    }

    /// All but the last segment; `None` for the root and for a single segment.
    pub fn parent(&self) -> Option<Self> {
        self.0
            .rsplit_once('/')
            .map(|(parent, _)| Self(parent.into()))
    }

    /// The segments in order; `.` alone for the root.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The name from its last dot on; empty where the only dot leads the name
    /// (`.bashrc`) or there is none.
    pub fn suffix(&self) -> &str {
        let name = self.name();
        match name.rfind('.') {
            None | Some(0) => "",
            Some(dot) => name.get(dot..).unwrap_or_default(),
        }
    }

    /// This path with `other` below it, normalised as a whole: an absolute
    /// `other` is appended, never a replacement.
    ///
    /// # Errors
    ///
    /// As [`RemotePath::new`].
    pub fn join(&self, other: impl AsRef<str>) -> Result<Self> {
        let other = other.as_ref();
        if self.is_root() {
            return Self::new(other);
        }
        Self::new(format!("{}/{other}", self.0))
    }
}

impl fmt::Display for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemotePath({:?})", &*self.0)
    }
}

impl AsRef<str> for RemotePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for RemotePath {
    type Err = Error;

    fn from_str(path: &str) -> Result<Self> {
        Self::new(path)
    }
}

impl TryFrom<&str> for RemotePath {
    type Error = Error;

    fn try_from(path: &str) -> Result<Self> {
        Self::new(path)
    }
}

impl TryFrom<String> for RemotePath {
    type Error = Error;

    fn try_from(path: String) -> Result<Self> {
        Self::new(path)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for RemotePath {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for RemotePath {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let path = <Cow<'_, str>>::deserialize(deserializer)?;
        Self::from_backend_path(&path).map_err(serde::de::Error::custom)
    }
}

/// A canonical path as drivers see it: normalised, with `""` for the root.
///
/// A driver never has to validate one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key<'a>(&'a str);

impl<'a> Key<'a> {
    /// The root.
    pub const ROOT: Key<'static> = Key("");

    /// A text that is known to be canonical, such as one taken from a key.
    pub(crate) const fn of_canonical(text: &'a str) -> Self {
        Self(text)
    }

    /// The text, empty for the root.
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether this is the root.
    pub const fn is_root(self) -> bool {
        self.0.is_empty()
    }

    /// The last segment; empty for the root.
    pub fn name(self) -> &'a str {
        last_segment(self.0)
    }

    /// The folder that holds this node; the root for a single segment and for
    /// the root itself.
    pub fn parent(self) -> Key<'a> {
        Key(self.0.rsplit_once('/').map_or("", |(parent, _)| parent))
    }

    /// The segments in order; none for the root.
    pub fn segments(self) -> impl Iterator<Item = &'a str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// The text of the key one segment below this one.
    pub fn child(self, name: &str) -> String {
        if self.is_root() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.0)
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

fn last_segment(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn invalid(path: &str, message: &str) -> Error {
    Error::new(ErrorKind::InvalidPath, message).with_path(path)
}

/// The canonical form of `path`, borrowed where it is canonical already;
/// empty where no segment is left.
pub(crate) fn normalize(path: &str) -> Result<Cow<'_, str>> {
    if path.contains('\0') {
        return Err(invalid(path, "the path holds a NUL character"));
    }
    let is_separator = |c: char| c == '/' || c == '\\';
    let mut canonical = !path.contains('\\');
    for segment in path.split(is_separator) {
        match segment {
            ".." => {
                return Err(invalid(
                    path,
                    "the path holds a segment '..', which is never resolved",
                ));
            }
            "" | "." => canonical = false,
            _ => {}
        }
    }
    if canonical {
        return Ok(Cow::Borrowed(path));
    }
    let mut normal = String::with_capacity(path.len());
    for segment in path.split(is_separator).filter(|s| !matches!(*s, "" | ".")) {
        if !normal.is_empty() {
            normal.push('/');
        }
        normal.push_str(segment);
    }
    Ok(if normal.is_empty() {
        Cow::Borrowed("")
    } else {
        Cow::Owned(normal)
    })
}

/// Whether `name` has the one form that Holdall gives its temporary names:
/// `.~holdall.<16 hex digits>.tmp`.
///
/// Such a name never shows in a listing, and a path with such a segment is
/// [`ErrorKind::InvalidPath`].
pub fn is_temporary_name(name: &str) -> bool {
    name.strip_prefix(".~holdall.")
        .and_then(|rest| rest.strip_suffix(".tmp"))
        .is_some_and(|hex| {
            hex.len() == 16 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
}

/// Refuses a canonical key that has a temporary name among its segments.
pub(crate) fn refuse_temporary(key: Key<'_>) -> Result<()> {
    if key.as_str().contains(".~holdall.") && key.segments().any(is_temporary_name) {
        return Err(invalid(
            key.as_str(),
            "the path holds a name that is reserved for temporary files",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
