//! One user, and guests.

use async_trait::async_trait;
use holdall::Secret;
use subtle::ConstantTimeEq;

use super::{Account, Accounts, Login, LoginRefused};

/// One user with one password, for a server that is started for an hour.
///
/// The password is compared in constant time, apart from its length.
#[derive(Debug, Clone)]
pub struct SingleUser {
    account: Account,
    password: Secret,
}

impl SingleUser {
    /// Opens `account` to whoever gives its name and `password`.
    pub fn new(account: Account, password: Secret) -> Self {
        Self { account, password }
    }
}

#[async_trait]
impl Accounts for SingleUser {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        let (given, known) = (login.password.reveal(), self.password.reveal());
        let password = given.as_bytes().ct_eq(known.as_bytes());
        let user = login.user.as_bytes().ct_eq(self.account.name.as_bytes());
        if bool::from(user & password) {
            Ok(self.account.clone())
        } else {
            Err(LoginRefused::WrongCredentials)
        }
    }
}

/// The names that guests log in with (RFC 1635), in any case.
const GUESTS: [&str; 2] = ["anonymous", "ftp"];

/// Lets guests in, with any password, besides the users of other accounts.
#[derive(Debug, Clone)]
pub struct WithAnonymous<A> {
    others: A,
    account: Account,
}

impl<A> WithAnonymous<A> {
    /// Opens `account` to `anonymous` and `ftp`, and asks `others` for everybody
    /// else.
    pub fn new(others: A, account: Account) -> Self {
        Self { others, account }
    }
}

#[async_trait]
impl<A: Accounts> Accounts for WithAnonymous<A> {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        let is_guest = |name: &&str| name.eq_ignore_ascii_case(login.user);
        if GUESTS.iter().any(is_guest) {
            return Ok(self.account.clone());
        }
        self.others.log_in(login).await
    }
}

/// Nobody: for a server that has guests alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

#[async_trait]
impl Accounts for Nobody {
    async fn log_in(&self, _: Login<'_>) -> Result<Account, LoginRefused> {
        Err(LoginRefused::WrongCredentials)
    }
}
