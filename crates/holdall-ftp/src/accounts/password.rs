//! Passwords: their hashes, their check, and generated ones.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use holdall::Secret;
use serde::Deserialize;
use tokio::sync::Semaphore;

/// An argon2 hash of a password, as a PHC string such as
/// `$argon2id$v=19$m=19456,t=2,p=1$...`. `Debug` does not show it.
///
/// ```
/// use holdall::Secret;
/// use holdall_ftp::PasswordHash;
///
/// let hash: PasswordHash = "$argon2id$v=19$m=8,t=1,p=1$c29tZSBzYWx0\
///                           $yjVYRyo7O9nITb4ayYkXUQ".parse().map_err(|_| "not a hash")?;
/// assert!("hunter2".parse::<PasswordHash>().is_err());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct PasswordHash(phc::PasswordHash);

impl PasswordHash {
    /// Hashes `password` with a new salt, by Argon2id with the parameters of
    /// [OWASP](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html):
    /// 19 MiB of memory and two passes. It takes some 20 milliseconds, in place.
    ///
    /// # Errors
    ///
    /// [`PasswordHashError`] where the system gives no random numbers.
    pub fn of(password: &Secret) -> Result<Self, PasswordHashError> {
        let hash = Argon2::default().hash_password(password.reveal().as_bytes());
        hash.map(Self)
            .map_err(|_| PasswordHashError("the system gives no random numbers"))
    }

    /// Whether it is that of `password`. It takes as long as the hash's parameters
    /// say, in place.
    pub fn matches(&self, password: &Secret) -> bool {
        let password = password.reveal().as_bytes();
        Argon2::default().verify_password(password, &self.0).is_ok()
    }

    /// How much work a check is: the blocks of memory that it fills.
    pub(super) fn cost(&self) -> u64 {
        Params::try_from(&self.0).map_or(0, |params| {
            u64::from(params.m_cost()) * u64::from(params.t_cost())
        })
    }

    /// A hash with the parameters of [`PasswordHash::of`], of no known password.
    pub(super) fn decoy() -> Result<Self, PasswordHashError> {
        DECOY.parse()
    }
}

/// The salt and the hash are random bytes.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$9rXP0yXDLLP0VsM1x3aGWA\
                     $ms0mHOkfKM3Q1u3Yq4HNjjqy3aGfWLSyfvfYPc4hJrE";

impl FromStr for PasswordHash {
    type Err = PasswordHashError;

    fn from_str(text: &str) -> Result<Self, PasswordHashError> {
        let refused =
            PasswordHashError("this must be an argon2 hash: make one with 'holdall user add'");
        let hash = phc::PasswordHash::new(text).map_err(|_| refused)?;
        let is_argon2 = hash.algorithm.as_str().starts_with("argon2");
        if is_argon2 && hash.hash.is_some() && Params::try_from(&hash).is_ok() {
            Ok(Self(hash))
        } else {
            Err(refused)
        }
    }
}

impl fmt::Display for PasswordHash {
    /// The PHC string: for the file of users, and nowhere else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

impl<'de> Deserialize<'de> for PasswordHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Secret::deserialize(deserializer)?;
        text.reveal().parse().map_err(serde::de::Error::custom)
    }
}

/// Why there is no hash. It holds nothing of the password or the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordHashError(&'static str);

impl fmt::Display for PasswordHashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for PasswordHashError {}

/// Checks passwords on threads for blocking work, only a few at a time: a check
/// takes a core and tens of megabytes.
pub(super) struct Checker {
    turns: Arc<Semaphore>,
}

impl Checker {
    /// As many checks at a time as there are cores, but at most four.
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new(cores.min(4))),
        }
    }

    /// Whether `hash` is that of `password`. The turn lasts until the check ends,
    /// also where nobody waits for it any more.
    pub(super) async fn matches(&self, password: &Secret, hash: &PasswordHash) -> bool {
        let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else {
            return false;
        };
        let (password, hash) = (password.clone(), hash.clone());
        let check = tokio::task::spawn_blocking(move || {
            let matches = hash.matches(&password);
            drop(turn);
            matches
        });
        check.await.unwrap_or(false)
    }
}

/// The characters of generated passwords: none looks like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A random password of 24 letters and digits, with 120 bits of chance.
///
/// # Errors
///
/// [`PasswordHashError`] where the system gives no random numbers.
pub fn generated_password() -> Result<Secret, PasswordHashError> {
    let mut chance = [0_u8; 24];
    getrandom::fill(&mut chance)
        .map_err(|_| PasswordHashError("the system gives no random numbers"))?;
    let letters = chance
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    Ok(Secret::new(
        letters
            .map(|letter| char::from(*letter))
            .collect::<String>(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_alone_also_after_a_round_trip() {
        let hash = PasswordHash::of(&Secret::new("hunter2")).unwrap();
        let read: PasswordHash = hash.to_string().parse().unwrap();
        assert!(read.matches(&Secret::new("hunter2")));
        assert!(!read.matches(&Secret::new("hunter3")));
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        let password = Secret::new("hunter2");
        let [a, b] = [(); 2].map(|()| PasswordHash::of(&password).unwrap().to_string());
        assert_ne!(a, b);
    }

    #[test]
    fn the_decoy_costs_what_a_new_hash_costs() {
        let new = PasswordHash::of(&Secret::new("x")).unwrap();
        assert_eq!(PasswordHash::decoy().unwrap().cost(), new.cost());
    }

    #[test]
    fn what_is_no_argon2_hash_is_refused_and_not_quoted() {
        for text in [
            "hunter2",
            "",
            "$2b$12$abc",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZSBzYWx0",
        ] {
            let error = text.parse::<PasswordHash>().unwrap_err().to_string();
            assert!(
                error.contains("argon2") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_hash_does_not_show_in_debug() {
        let hash = PasswordHash::decoy().unwrap();
        assert_eq!(format!("{hash:?}"), "PasswordHash(***)");
    }

    #[test]
    fn generated_passwords_differ() {
        let [a, b] = [(); 2].map(|()| generated_password().unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(a.reveal().len(), 24);
    }
}
