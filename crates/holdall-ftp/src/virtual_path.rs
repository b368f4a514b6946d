//! Paths as a user sees them.

use std::fmt;

/// An absolute path below the user's `/`, without `.`, `..` and doubled slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VirtualPath(String);

impl VirtualPath {
    /// The user's `/`.
    pub(crate) fn root() -> Self {
        Self("/".to_owned())
    }

    /// What `argument` means here. `..` is resolved by the text alone, and stays
    /// at `/` above it.
    pub(crate) fn resolve(&self, argument: &str) -> Self {
        let mut path = if argument.starts_with('/') {
            Self(String::new())
        } else {
            Self(self.0.trim_end_matches('/').to_owned())
        };
        for name in argument.split('/') {
            match name {
                "" | "." => {}
                ".." => path.drop_name(),
                name => {
                    path.0.push('/');
                    path.0.push_str(name);
                }
            }
        }
        if path.0.is_empty() {
            return Self::root();
        }
        path
    }

    fn drop_name(&mut self) {
        let end = self.0.rfind('/').unwrap_or(0);
        self.0.truncate(end);
    }

    /// The path, with a leading `/`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the user's `/`.
    pub(crate) fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// The last name; empty for the root.
    pub(crate) fn name(&self) -> &str {
        holdall::pathio::file_name(&self.0)
    }

    /// The folder that it lies in; the root's is itself.
    pub(crate) fn parent(&self) -> Self {
        self.resolve("..")
    }

    /// The path of a name in this folder, whatever the name.
    pub(crate) fn join(&self, name: &str) -> Self {
        Self(holdall::pathio::join(&self.0, name))
    }
}

impl fmt::Display for VirtualPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_resolved_by_text_and_stop_at_the_root() {
        let folder = VirtualPath::root().resolve("a/b");
        for (argument, path) in [
            ("c", "/a/b/c"),
            ("/c", "/c"),
            ("../c", "/a/c"),
            ("../../../c", "/c"),
            ("..", "/a"),
            ("../..", "/"),
            ("/..", "/"),
            ("./x//y/.", "/a/b/x/y"),
            ("", "/a/b"),
            ("...", "/a/b/..."),
            (" ", "/a/b/ "),
        ] {
            assert_eq!(folder.resolve(argument).as_str(), path, "{argument}");
        }
    }
}
