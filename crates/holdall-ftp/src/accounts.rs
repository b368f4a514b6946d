//! Who may log in, and to what.

mod guarded;
mod homes;
mod password;
mod single_user;
#[cfg(test)]
mod testing;
mod users;
mod users_file;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use holdall::Secret;
use holdall::pathio::{AbstractPathIo, Connection};

use crate::limits::AccountLimits;
use crate::permissions::Permissions;

pub use guarded::{Guarded, LockoutOptions};
pub use homes::Homes;
pub use password::{PasswordHash, PasswordHashError, generated_password};
pub use single_user::{Nobody, SingleUser, WithAnonymous};
pub use users_file::UsersFile;

/// Decides who may log in.
///
/// One instance serves all sessions of a server, at the same time.
#[async_trait]
pub trait Accounts: Send + Sync + 'static {
    /// Checks a login and gives the account that it opens.
    ///
    /// It may take its time, as the check of a password hash or the slowing of a
    /// guesser does; the session waits, and gives it up after
    /// [`ServerOptions::login_timeout`](crate::ServerOptions::login_timeout). An
    /// unknown user must take as long as a wrong password.
    ///
    /// # Errors
    ///
    /// Why not. The client is told no more than that the login failed, unless the
    /// reason is one that it can do something about.
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused>;
}

#[async_trait]
impl<A: Accounts + ?Sized> Accounts for Arc<A> {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        A::log_in(self, login).await
    }
}

/// An attempt to log in.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Login<'a> {
    /// The name from `USER`.
    pub user: &'a str,
    /// The password from `PASS`; may be empty.
    pub password: &'a Secret,
    /// From where, to which address, and whether encrypted. It names no user yet.
    pub connection: &'a Connection,
}

impl<'a> Login<'a> {
    /// An attempt of `user`.
    pub const fn new(user: &'a str, password: &'a Secret, connection: &'a Connection) -> Self {
        Self {
            user,
            password,
            connection,
        }
    }
}

/// What a login opens.
#[derive(Clone)]
#[non_exhaustive]
pub struct Account {
    /// The user's name, as it stands in logs and counts for limits.
    pub name: String,
    /// The files that the user sees; its root is the user's `/`.
    pub home: Arc<dyn AbstractPathIo>,
    /// What the user may do where.
    pub permissions: Permissions,
    /// How much the user may do at once.
    pub limits: AccountLimits,
}

impl Account {
    /// An account with `home`, all of which may be read and written, and without
    /// limits.
    pub fn new(name: impl Into<String>, home: Arc<dyn AbstractPathIo>) -> Self {
        Self {
            name: name.into(),
            home,
            permissions: Permissions::read_write(),
            limits: AccountLimits::default(),
        }
    }

    /// Says what the user may do where.
    #[must_use]
    pub fn with_permissions(mut self, permissions: Permissions) -> Self {
        self.permissions = permissions;
        self
    }

    /// Says how much the user may do at once.
    #[must_use]
    pub fn with_limits(mut self, limits: AccountLimits) -> Self {
        self.limits = limits;
        self
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("name", &self.name)
            .field("permissions", &self.permissions)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Why a login was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginRefused {
    /// There is no such user, or the password is another. Which of the two is told
    /// to nobody.
    WrongCredentials,
    /// The user may not come from this address.
    AddressNotAllowed,
    /// Too many attempts failed; later ones may succeed.
    LockedOut,
    /// This user must use TLS.
    TlsRequired,
    /// Who may log in cannot be found out now. The text is for the log.
    Unavailable(String),
}

impl LoginRefused {
    /// The reason's name in snake case, as it stands in logs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::LockedOut => "locked_out",
            Self::TlsRequired => "tls_required",
            Self::Unavailable(_) => "unavailable",
        }
    }
}

impl fmt::Display for LoginRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongCredentials => f.write_str("the user or the password is wrong"),
            Self::AddressNotAllowed => f.write_str("the user may not come from this address"),
            Self::LockedOut => f.write_str("too many attempts failed: try again later"),
            Self::TlsRequired => f.write_str("this user must use TLS: send AUTH TLS first"),
            Self::Unavailable(reason) => write!(f, "the accounts cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for LoginRefused {}
