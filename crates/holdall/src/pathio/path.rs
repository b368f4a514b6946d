//! Paths of the layer: strings, checked in one place.

use super::error::{PathIoError, PathIoErrorKind, PathIoResult};

/// A path that was checked: the names from the root down.
///
/// An implementation makes one of every path that it is given, so that the rules
/// on paths are the same everywhere.
///
/// ```
/// use holdall::pathio::PathName;
///
/// let path = PathName::new("/reports//./q1.csv")?;
/// assert_eq!(path.as_str(), "reports/q1.csv");
/// assert!(PathName::new("/")?.is_root());
/// assert!(PathName::new("reports/../../etc").is_err());
/// # Ok::<(), holdall::pathio::PathIoError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathName {
    text: String,
}

impl PathName {
    /// Checks a path and takes out what means nothing: the leading `/`, doubled
    /// slashes, `.` and a trailing `/`.
    ///
    /// # Errors
    ///
    /// [`PathIoErrorKind::InvalidArgument`] for `..` and for a NUL.
    pub fn new(path: &str) -> PathIoResult<Self> {
        let mut text = String::with_capacity(path.len());
        for name in path
            .split('/')
            .filter(|name| !name.is_empty() && *name != ".")
        {
            if name == ".." {
                return Err(refused("'..' is not resolved: resolve it first", path));
            }
            if name.contains('\0') {
                return Err(refused("a path has no NUL in it", path));
            }
            if !text.is_empty() {
                text.push('/');
            }
            text.push_str(name);
        }
        Ok(Self { text })
    }

    /// The root.
    pub const fn root() -> Self {
        Self {
            text: String::new(),
        }
    }

    /// Checks a path that is relative to a folder unless it begins with `/`.
    ///
    /// # Errors
    ///
    /// As [`PathName::new`].
    pub fn within(folder: &Self, path: &str) -> PathIoResult<Self> {
        if path.starts_with('/') || folder.is_root() {
            return Self::new(path);
        }
        Ok(folder.join_checked(&Self::new(path)?))
    }

    fn join_checked(&self, below: &Self) -> Self {
        Self {
            text: [&*self.text, &*below.text]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("/"),
        }
    }

    /// The names with `/` between them, without a leading one; the root is empty.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.text.is_empty()
    }

    /// The names from the root down.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split('/').filter(|name| !name.is_empty())
    }

    /// The folder that it lies in; the root lies in none.
    pub fn parent(&self) -> Option<Self> {
        match self.text.rsplit_once('/') {
            Some((parent, _)) => Some(Self {
                text: parent.to_owned(),
            }),
            None if self.is_root() => None,
            None => Some(Self::root()),
        }
    }

    /// Whether it lies in `folder`, at any depth. Nothing lies in itself.
    pub fn is_below(&self, folder: &Self) -> bool {
        if folder.is_root() {
            return !self.is_root();
        }
        self.text
            .strip_prefix(&folder.text)
            .is_some_and(|rest| rest.starts_with('/'))
    }
}

fn refused(message: &str, path: &str) -> PathIoError {
    PathIoError::new(PathIoErrorKind::InvalidArgument, message).with_path(path)
}

/// The last name of a path; empty for the root.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/')
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}

/// The path of `name` in `folder`: relative where the folder's is.
///
/// ```
/// use holdall::pathio::join;
///
/// assert_eq!(join("a", "b"), "a/b");
/// assert_eq!(join("/", "b"), "/b");
/// assert_eq!(join("", "b"), "b");
/// ```
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() || folder.ends_with('/') {
        format!("{folder}{name}")
    } else {
        format!("{folder}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_deeper_is_below() {
        let folder = PathName::new("a/b").unwrap();
        assert!(PathName::new("/a/b/c").unwrap().is_below(&folder));
        assert!(!PathName::new("a/bc").unwrap().is_below(&folder));
        assert!(!folder.is_below(&folder));
        let root = PathName::new("").unwrap();
        assert!(folder.is_below(&root) && !root.is_below(&root));
    }

    #[test]
    fn a_relative_path_starts_from_the_folder() {
        let folder = PathName::new("a").unwrap();
        assert_eq!(PathName::within(&folder, "b").unwrap().as_str(), "a/b");
        assert_eq!(PathName::within(&folder, "/b").unwrap().as_str(), "b");
        assert_eq!(PathName::within(&folder, ".").unwrap().as_str(), "a");
    }

    #[test]
    fn the_parent_of_a_name_at_the_root_is_the_root() {
        assert!(PathName::new("a").unwrap().parent().unwrap().is_root());
        assert_eq!(PathName::new("/").unwrap().parent(), None);
    }
}
