//! Who may log in, as the options say.

use std::sync::Arc;

use holdall::Secret;
use holdall::pathio::PathName;
use holdall_ftp::{
    Account, AccountLimits, Accounts, ByteRate, Guarded, Homes, LockoutOptions, Nobody,
    Permissions, SingleUser, UsersFile, WithAnonymous, generated_password,
};

use super::homes::ServedHomes;
use super::options::Options;
use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// The name of the single user, where none was given.
const USER: &str = "holdall";

/// Who may log in, and what to tell of it.
pub(super) struct Admitted {
    pub(super) accounts: Arc<dyn Accounts>,
    /// A user whose password was made up.
    pub(super) invented: Option<(String, Secret)>,
}

/// The accounts that `options` describe, below `homes`.
pub(super) async fn admitted(options: &Options, homes: ServedHomes) -> Result<Admitted> {
    let homes = Arc::new(homes);
    let mut invented = None;
    let users: Arc<dyn Accounts> = match &options.users_file {
        Some(file) => {
            refuse_a_single_user(options)?;
            let users = UsersFile::open(file, Arc::clone(&homes), limits(options));
            Arc::new(users.map_err(|error| Failure::from(&error))?)
        }
        None if guests(options) && !names_a_user(options) => Arc::new(Nobody),
        None => {
            let (user, password) = single_user(options, &homes).await?;
            invented = password;
            Arc::new(user)
        }
    };
    let everybody: Arc<dyn Accounts> = if guests(options) {
        Arc::new(WithAnonymous::new(users, guest(options, &homes).await?))
    } else {
        users
    };
    Ok(Admitted {
        accounts: Arc::new(Guarded::new(everybody, lockout(options))),
        invented,
    })
}

/// Whether anything is said of a single user.
fn names_a_user(options: &Options) -> bool {
    options.user.is_some() || options.password.is_some()
}

/// What is said of a single user would not hold for those of a file.
fn refuse_a_single_user(options: &Options) -> Result<()> {
    if names_a_user(options) {
        return Err(Failure::new(
            Exit::Usage,
            "users come from --users-file or are the one of --user and its password, not both",
        ));
    }
    if options.read_only.unwrap_or(false) {
        let failure = Failure::new(
            Exit::Usage,
            "--read-only is for a single user, not for those of --users-file",
        );
        return Err(failure.with_hint("give each its access with 'holdall user add --access'"));
    }
    Ok(())
}

fn guests(options: &Options) -> bool {
    options.anonymous.unwrap_or(false)
}

async fn single_user(
    options: &Options,
    homes: &ServedHomes,
) -> Result<(SingleUser, Option<(String, Secret)>)> {
    let name = options.user.clone().unwrap_or_else(|| USER.to_owned());
    let (password, invented) = match &options.password {
        Some(password) => (password.clone(), None),
        None => {
            let password = generated_password()
                .map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
            (password.clone(), Some((name.clone(), password)))
        }
    };
    let permissions = if options.read_only.unwrap_or(false) {
        Permissions::read_only()
    } else {
        Permissions::read_write()
    };
    let account = account(&name, homes, &PathName::default()).await?;
    let account = account
        .with_permissions(permissions)
        .with_limits(limits(options));
    Ok((SingleUser::new(account, password), invented))
}

async fn guest(options: &Options, homes: &ServedHomes) -> Result<Account> {
    let home = PathName::new(options.anonymous_home.as_deref().unwrap_or("/"))
        .map_err(|error| Failure::new(Exit::Usage, format!("the home of guests: {error}")))?;
    Ok(account("anonymous", homes, &home)
        .await?
        .with_permissions(Permissions::read_only())
        .with_limits(limits(options)))
}

async fn account(name: &str, homes: &ServedHomes, home: &PathName) -> Result<Account> {
    let home = homes
        .home(home)
        .await
        .map_err(|error| Failure::new(Exit::Other, format!("the home of '{name}': {error}")))?;
    Ok(Account::new(name, home))
}

/// The limits of users of whom nothing else is said.
fn limits(options: &Options) -> AccountLimits {
    let mut limits = AccountLimits::new();
    limits.sessions = options.max_sessions_per_user;
    limits.upload_rate = options.upload_rate.map(ByteRate::per_second);
    limits.download_rate = options.download_rate.map(ByteRate::per_second);
    limits
}

fn lockout(options: &Options) -> LockoutOptions {
    let mut lockout = LockoutOptions::default();
    lockout.attempts = options.lockout_attempts.unwrap_or(lockout.attempts);
    lockout.lockout = options.lockout_time.map_or(lockout.lockout, |time| time.0);
    lockout
}
