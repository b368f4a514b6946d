//! What a user may do where.

/// What may be done with the files and folders of a subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Access {
    /// Whether files can be fetched and folders listed.
    pub read: bool,
    /// Whether files and folders can be made, changed, renamed and removed.
    pub write: bool,
}

impl Access {
    /// Nothing.
    pub const NONE: Self = Self {
        read: false,
        write: false,
    };
    /// Reading alone.
    pub const READ: Self = Self {
        read: true,
        write: false,
    };
    /// Writing alone, as into a letter box: nothing can be listed or fetched.
    pub const WRITE: Self = Self {
        read: false,
        write: true,
    };
    /// Everything.
    pub const READ_WRITE: Self = Self {
        read: true,
        write: true,
    };

    /// Whether all that `other` allows is allowed, too.
    pub const fn covers(self, other: Self) -> bool {
        (self.read || !other.read) && (self.write || !other.write)
    }
}

/// What a user may do where: an [`Access`] for the whole home, and others for
/// subtrees of it. The rule with the longest path that a path lies in decides.
///
/// ```
/// use holdall_ftp::{Access, Permissions};
///
/// let permissions = Permissions::read_only()
///     .with_rule("/incoming", Access::WRITE)
///     .with_rule("/incoming/done", Access::NONE);
/// assert_eq!(permissions.of("/reports/q1.csv"), Access::READ);
/// assert_eq!(permissions.of("/incoming/a"), Access::WRITE);
/// assert_eq!(permissions.of("/incoming/done"), Access::NONE);
/// assert_eq!(permissions.of("/incoming-too"), Access::READ);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    whole: Access,
    /// Paths without slashes at either end, and what holds in them.
    rules: Vec<(String, Access)>,
}

impl Permissions {
    /// The same for the whole home.
    pub const fn new(whole: Access) -> Self {
        Self {
            whole,
            rules: Vec::new(),
        }
    }

    /// Everything, everywhere.
    pub const fn read_write() -> Self {
        Self::new(Access::READ_WRITE)
    }

    /// Reading alone, everywhere.
    pub const fn read_only() -> Self {
        Self::new(Access::READ)
    }

    /// Lets `access` hold at `path` and below. A later rule for the same path takes
    /// the place of an earlier one; one for `/` that of the whole home's.
    #[must_use]
    pub fn with_rule(mut self, path: &str, access: Access) -> Self {
        let path = names(path).collect::<Vec<_>>().join("/");
        if path.is_empty() {
            self.whole = access;
            return self;
        }
        self.rules.retain(|(known, _)| *known != path);
        self.rules.push((path, access));
        self
    }

    /// What may be done at `path`.
    pub fn of(&self, path: &str) -> Access {
        self.rules
            .iter()
            .filter(|(rule, _)| lies_in(path, rule))
            .max_by_key(|(rule, _)| rule.len())
            .map_or(self.whole, |(_, access)| *access)
    }

    /// Whether what stands at `from` may be given the path `to`.
    ///
    /// Both must be writable, and nothing may become readable by it that was not.
    /// No rule may begin below either path: a folder would leave it behind.
    pub fn allow_rename(&self, from: &str, to: &str) -> bool {
        let (before, after) = (self.of(from), self.of(to));
        let rule_below = |path: &str| {
            let rules = &mut self.rules.iter();
            rules.any(|(rule, _)| lies_in(rule, path) && !lies_in(path, rule))
        };
        before.write
            && after.write
            && (before.read || !after.read)
            && !rule_below(from)
            && !rule_below(to)
    }
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

/// Whether `path` is `folder` or lies in it.
fn lies_in(path: &str, folder: &str) -> bool {
    let mut path = names(path);
    names(folder).all(|name| path.next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_decides() {
        let permissions = Permissions::new(Access::NONE)
            .with_rule("a/b", Access::READ_WRITE)
            .with_rule("/a/", Access::READ);
        assert_eq!(permissions.of("/"), Access::NONE);
        assert_eq!(permissions.of("/a/x"), Access::READ);
        assert_eq!(permissions.of("/a/b/c"), Access::READ_WRITE);
        assert_eq!(permissions.of("/ab"), Access::NONE);
    }

    #[test]
    fn a_rename_never_makes_anything_readable() {
        let permissions = Permissions::read_write().with_rule("box", Access::WRITE);
        assert!(permissions.allow_rename("/a", "/b"));
        assert!(permissions.allow_rename("/a", "/box/a"));
        assert!(!permissions.allow_rename("/box/a", "/a"));
    }

    #[test]
    fn a_folder_is_not_renamed_away_from_a_rule() {
        let permissions = Permissions::read_write().with_rule("a/b", Access::READ);
        assert!(!permissions.allow_rename("/a", "/c"));
        assert!(!permissions.allow_rename("/c", "/a"));
        assert!(permissions.allow_rename("/a/c", "/a/d"));
    }
}
