//! Changes to a file of users: comments and order stay, and what would not be read
//! is not written.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use holdall_ftp::{PasswordHash, UsersFile};
use serde::Serialize;
use tempfile::NamedTempFile;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, value};

use super::User;
use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// A file of users that is being changed.
pub(super) struct UsersDocument {
    path: PathBuf,
    document: DocumentMut,
}

/// A user, for a listing.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) home: String,
    pub(super) access: String,
}

impl UsersDocument {
    /// The file, or an empty one where there is none.
    pub(super) fn open_or_new(path: &Path) -> Result<Self> {
        match fs::exists(path) {
            Ok(false) => Ok(Self {
                path: path.to_owned(),
                document: DocumentMut::new(),
            }),
            _ => Self::open(path),
        }
    }

    /// The file, which has to be there and without fault.
    pub(super) fn open(path: &Path) -> Result<Self> {
        // A link stays one: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let text = UsersFile::checked_text(&path).map_err(|error| Failure::from(&error))?;
        Ok(Self {
            document: parsed(&text)?,
            path,
        })
    }

    /// Fails where the user is there.
    pub(super) fn check_absent(&self, name: &str) -> Result<()> {
        match self.user(name) {
            None => Ok(()),
            Some(_) => Err(self
                .failure(
                    Exit::AlreadyExists,
                    &format!("there is a user '{}'", name.escape_debug()),
                )
                .with_hint("change the password with 'holdall user password', or remove the user")),
        }
    }

    /// Fails where the user is not there.
    pub(super) fn check_present(&self, name: &str) -> Result<()> {
        match self.user(name) {
            Some(_) => Ok(()),
            None => Err(self.failure(
                Exit::NotFound,
                &format!("there is no user '{}'", name.escape_debug()),
            )),
        }
    }

    /// Adds a user, who is not there yet.
    pub(super) fn add(&mut self, user: &User, hash: &PasswordHash) -> Result<()> {
        let mut entry = entry_of(user, hash);
        if self.document.is_empty() {
            // A comment in a file without users stays above the first.
            let above = self.document.trailing().as_str().unwrap_or_default();
            entry.decor_mut().set_prefix(above);
            self.document.set_trailing("");
        }
        let users = self.document.entry("users").or_insert_with(|| {
            let mut table = Table::new();
            // Without a line of its own: [users.NAME] is enough.
            table.set_implicit(true);
            Item::Table(table)
        });
        let added = users
            .as_table_like_mut()
            .map(|users| users.insert(&user.name, Item::Table(entry)));
        added
            .map(drop)
            .ok_or_else(|| self.failure(Exit::Usage, "'users' is no table"))
    }

    /// Replaces the hash of a user.
    pub(super) fn set_password(&mut self, name: &str, hash: &PasswordHash) -> Result<()> {
        self.check_present(name)?;
        let users = self
            .document
            .get_mut("users")
            .and_then(Item::as_table_like_mut);
        let user = users
            .and_then(|users| users.get_mut(name))
            .and_then(Item::as_table_like_mut);
        if let Some(user) = user {
            user.insert("password_hash", value(hash.to_string()));
        }
        Ok(())
    }

    /// Takes a user out.
    pub(super) fn remove(&mut self, name: &str) -> Result<()> {
        self.check_present(name)?;
        if let Some(users) = self
            .document
            .get_mut("users")
            .and_then(Item::as_table_like_mut)
        {
            users.remove(name);
        }
        Ok(())
    }

    /// All users, by name.
    pub(super) fn rows(&self) -> Vec<Row> {
        let users = self.document.get("users").and_then(Item::as_table_like);
        let entries = users.into_iter().flat_map(|users| users.iter());
        let mut rows: Vec<Row> = entries
            .map(|(name, user)| {
                let text = |key: &str, default: &str| {
                    let found = user.get(key).and_then(Item::as_str);
                    found.unwrap_or(default).to_owned()
                };
                Row {
                    name: name.to_owned(),
                    home: text("home", "/"),
                    access: text("access", "read-write"),
                }
            })
            .collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        rows
    }

    /// Puts the file in place, at once, readable for its owner alone if it is new.
    pub(super) fn save(&self) -> Result<()> {
        let text = self.document.to_string();
        UsersFile::check(&text, &self.path).map_err(|error| Failure::from(&error))?;
        replace(&self.path, &text).map_err(|error| {
            let exit = match error.kind() {
                io::ErrorKind::NotFound => Exit::NotFound,
                io::ErrorKind::PermissionDenied => Exit::PermissionDenied,
                io::ErrorKind::StorageFull => Exit::StorageFull,
                _ => Exit::Other,
            };
            self.failure(exit, &format!("the users cannot be written: {error}"))
        })
    }

    fn user(&self, name: &str) -> Option<&Item> {
        self.document.get("users").and_then(|users| users.get(name))
    }

    fn failure(&self, exit: Exit, message: &str) -> Failure {
        Failure::at(self.path.display().to_string(), exit, message)
    }
}

fn parsed(text: &str) -> Result<DocumentMut> {
    // It was read before: what is left are limits of the editor.
    text.parse()
        .map_err(|_| Failure::new(Exit::Usage, "the file of users cannot be edited"))
}

/// What was said of the user; what was not is left to the server.
fn entry_of(user: &User, hash: &PasswordHash) -> Table {
    let mut entry = Table::new();
    entry.insert("password_hash", value(hash.to_string()));
    if let Some(home) = &user.home {
        entry.insert("home", value(home));
    }
    let read_only = user.read_only.then_some(super::Access::ReadOnly);
    if let Some(access) = user.access.or(read_only) {
        entry.insert("access", value(access.name()));
    }
    if !user.permissions.is_empty() {
        let rules = user
            .permissions
            .iter()
            .map(|(path, access)| (path, access.name()));
        entry.insert("permissions", value(rules.collect::<InlineTable>()));
    }
    if !user.allowed_addresses.is_empty() {
        entry.insert(
            "allowed_addresses",
            value(user.allowed_addresses.iter().collect::<Array>()),
        );
    }
    if user.require_tls {
        entry.insert("require_tls", value(true));
    }
    if let Some(sessions) = user.max_sessions {
        entry.insert("max_sessions", value(i64::from(sessions)));
    }
    let rates = [
        ("upload_rate", user.upload_rate),
        ("download_rate", user.download_rate),
    ];
    for (key, rate) in rates {
        if let Some(rate) = rate {
            let rate = i64::try_from(rate.per_second().get()).unwrap_or(i64::MAX);
            entry.insert(key, value(rate));
        }
    }
    entry
}

/// Replaces the file in one step, with the mode and the owner that it had.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    if let Ok(before) = fs::metadata(path) {
        fs::set_permissions(file.path(), before.permissions())?;
        keep_owner(file.path(), &before)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Else a server that is not run by who adds users could not read them any more.
#[cfg(unix)]
fn keep_owner(path: &Path, before: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let now = fs::metadata(path)?;
    if (now.uid(), now.gid()) == (before.uid(), before.gid()) {
        return Ok(());
    }
    chown(path, Some(before.uid()), Some(before.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}
