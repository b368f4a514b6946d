//! Users from a file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use holdall::ErrorKind;
use holdall::registry::ConfigDocument;
use parking_lot::Mutex;

use super::password::Checker;
use super::users::{User, Users};
use super::{Account, AccountLimits, Accounts, Homes, Login, LoginRefused};

/// Users from a TOML file with argon2 hashes.
///
/// ```toml
/// [users.alice]
/// password_hash = "$argon2id$v=19$m=19456,t=2,p=1$..."
///
/// [users.scanner]
/// password_hash = "$argon2id$v=19$m=19456,t=2,p=1$..."
/// home = "/scans"
/// access = "none"
/// permissions = { "/incoming" = "write-only" }
/// allowed_addresses = ["192.0.2.0/24", "2001:db8::7"]
/// require_tls = true
/// max_sessions = 2
/// upload_rate = "10 MiB"
/// ```
///
/// The file is read at each login, and what it says counts from then on; sessions
/// that are logged in go on. If a file that was changed is faulty, the log says
/// where, and what it said before still counts.
///
/// Checks of passwords run on threads for blocking work, a few at a time. An
/// unknown user takes as long as a wrong password.
pub struct UsersFile {
    path: PathBuf,
    homes: Box<dyn Homes>,
    checker: Checker,
    limits: AccountLimits,
    loaded: Mutex<Loaded>,
}

/// What the file said.
struct Loaded {
    users: Arc<Users>,
    /// The text that was read last, for better or worse; none where it could not
    /// be read. A fault is told once.
    text: Option<String>,
}

impl UsersFile {
    /// Reads the file. What it does not limit is limited as `limits` says. It reads
    /// in place.
    ///
    /// # Errors
    ///
    /// [`NotFound`](holdall::ErrorKind::NotFound) and
    /// [`PermissionDenied`](holdall::ErrorKind::PermissionDenied) as the system
    /// says; [`InvalidArgument`](holdall::ErrorKind::InvalidArgument) for anything
    /// that does not belong there, with its line and the nearest key.
    pub fn open(
        path: impl Into<PathBuf>,
        homes: impl Homes,
        limits: AccountLimits,
    ) -> holdall::Result<Self> {
        let path = path.into();
        let text = read(&path)?;
        let users = parse(&text, &path, limits)?;
        Ok(Self {
            homes: Box::new(homes),
            checker: Checker::new(),
            limits,
            loaded: Mutex::new(Loaded {
                users: Arc::new(users),
                text: Some(text),
            }),
            path,
        })
    }

    /// Checks the text of a file: whether it can be read once it is in place at
    /// `path`, which messages name.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](holdall::ErrorKind::InvalidArgument), as
    /// [`UsersFile::open`].
    pub fn check(text: &str, path: impl AsRef<Path>) -> holdall::Result<()> {
        parse(text, path.as_ref(), AccountLimits::default()).map(drop)
    }

    /// The text of a file without fault: for programs that change it.
    ///
    /// # Errors
    ///
    /// As [`UsersFile::open`].
    pub fn checked_text(path: impl AsRef<Path>) -> holdall::Result<String> {
        let text = read(path.as_ref())?;
        Self::check(&text, path)?;
        Ok(text)
    }

    /// The users that the file names now; those that it named before where it
    /// cannot be read or is faulty.
    async fn users(&self) -> Arc<Users> {
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || read(&path)).await;
        let mut loaded = self.loaded.lock();
        match read {
            Ok(Ok(text)) if loaded.text.as_ref() == Some(&text) => {}
            Ok(Ok(text)) => self.replace(&mut loaded, text),
            Ok(Err(error)) => {
                if loaded.text.take().is_some() {
                    tracing::error!(%error, "the users of before still count");
                }
            }
            // The runtime ends.
            Err(_) => {}
        }
        Arc::clone(&loaded.users)
    }

    fn replace(&self, loaded: &mut Loaded, text: String) {
        match parse(&text, &self.path, self.limits) {
            Ok(users) => {
                tracing::info!(file = %self.path.display(), users = users.len(), "users read");
                loaded.users = Arc::new(users);
            }
            Err(error) => tracing::error!(%error, "the users of before still count"),
        }
        loaded.text = Some(text);
    }

    async fn account(&self, name: &str, user: &User) -> Result<Account, LoginRefused> {
        let home = self.homes.home(&user.home).await;
        let home = home.map_err(|error| {
            LoginRefused::Unavailable(format!("the home '/{}': {error}", user.home.as_str()))
        })?;
        Ok(Account::new(name, home)
            .with_permissions(user.permissions.clone())
            .with_limits(user.limits))
    }
}

fn read(path: &Path) -> holdall::Result<String> {
    std::fs::read_to_string(path).map_err(|error| {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
            io::ErrorKind::InvalidData => ErrorKind::InvalidArgument,
            _ => ErrorKind::Other,
        };
        let message = format!("{}: the users cannot be read: {error}", path.display());
        holdall::Error::new(kind, message).with_source(error)
    })
}

fn parse(text: &str, path: &Path, limits: AccountLimits) -> holdall::Result<Users> {
    Users::read(&ConfigDocument::from_toml_of(text, path)?, limits)
}

#[async_trait]
impl Accounts for UsersFile {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        let users = self.users().await;
        let user = users.get(login.user);
        let hash = user.map_or(&users.decoy, |user| &user.password_hash);
        let matches = self.checker.matches(login.password, hash).await;
        let user = user
            .filter(|_| matches)
            .ok_or(LoginRefused::WrongCredentials)?;
        let connection = login.connection;
        if !user.may_come_from(connection.peer.map(|peer| peer.ip())) {
            return Err(LoginRefused::AddressNotAllowed);
        }
        if user.require_tls && !connection.encrypted {
            return Err(LoginRefused::TlsRequired);
        }
        self.account(login.user, user).await
    }
}

impl fmt::Debug for UsersFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsersFile")
            .field("path", &self.path)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use holdall::Secret;
    use holdall::pathio::Connection;
    use tempfile::TempDir;

    use super::*;
    use crate::Access;
    use crate::accounts::testing::{Nothing, PASSWORD, cheap_hash};

    /// A file of users in a folder of its own.
    struct Sandbox {
        folder: TempDir,
    }

    impl Sandbox {
        fn new(text: &str) -> Self {
            let folder = TempDir::new().unwrap();
            let sandbox = Self { folder };
            sandbox.write(text);
            sandbox
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("users.toml")
        }

        fn write(&self, text: &str) {
            std::fs::write(self.path(), text.replace("HASH", &cheap_hash())).unwrap();
        }

        fn open(&self) -> holdall::Result<UsersFile> {
            UsersFile::open(self.path(), Nothing, AccountLimits::default())
        }
    }

    async fn log_in(
        users: &UsersFile,
        user: &str,
        password: &str,
    ) -> Result<Account, LoginRefused> {
        log_in_from(users, user, password, &Connection::new()).await
    }

    async fn log_in_from(
        users: &UsersFile,
        user: &str,
        password: &str,
        connection: &Connection,
    ) -> Result<Account, LoginRefused> {
        users
            .log_in(Login::new(user, &Secret::new(password), connection))
            .await
    }

    const ANN: &str = "[users.ann]\npassword_hash = 'HASH'\n";

    #[tokio::test]
    async fn a_user_logs_in_with_the_password_alone() {
        let users = Sandbox::new(ANN);
        let users = users.open().unwrap();
        let account = log_in(&users, "ann", PASSWORD).await.unwrap();
        assert_eq!(account.name, "ann");
        assert_eq!(account.permissions, crate::Permissions::read_write());
        for (user, password) in [("ann", "wrong"), ("ann", ""), ("bob", PASSWORD), ("", "")] {
            let refused = log_in(&users, user, password).await.unwrap_err();
            assert_eq!(refused, LoginRefused::WrongCredentials, "{user}");
        }
    }

    #[tokio::test]
    async fn a_user_gets_what_the_file_says() {
        let sandbox = Sandbox::new(&format!(
            "{ANN}home = '/ann'\naccess = 'read-only'\nmax_sessions = 2\n\
             upload_rate = '10 MiB'\ndownload_rate = 5000\n\
             [users.ann.permissions]\n'/in' = 'write-only'\n'in/done' = 'none'\n"
        ));
        let users = sandbox.open().unwrap();
        let account = log_in(&users, "ann", PASSWORD).await.unwrap();
        assert_eq!(account.permissions.of("/a"), Access::READ);
        assert_eq!(account.permissions.of("/in/a"), Access::WRITE);
        assert_eq!(account.permissions.of("/in/done/a"), Access::NONE);
        assert_eq!(account.limits.sessions, Some(2));
        assert_eq!(account.limits.upload_rate.unwrap().get(), 10 << 20);
        assert_eq!(account.limits.download_rate.unwrap().get(), 5000);
    }

    #[tokio::test]
    async fn what_the_file_does_not_limit_is_limited_as_for_all() {
        let sandbox = Sandbox::new(&format!(
            "{ANN}[users.bob]\npassword_hash = 'HASH'\nmax_sessions = 9\n"
        ));
        let limits = AccountLimits {
            sessions: Some(3),
            ..AccountLimits::default()
        };
        let users = UsersFile::open(sandbox.path(), Nothing, limits).unwrap();
        let sessions = async |user| {
            log_in(&users, user, PASSWORD)
                .await
                .unwrap()
                .limits
                .sessions
        };
        assert_eq!(
            (sessions("ann").await, sessions("bob").await),
            (Some(3), Some(9))
        );
    }

    #[tokio::test]
    async fn a_change_of_the_file_counts_at_the_next_login() {
        let sandbox = Sandbox::new(ANN);
        let users = sandbox.open().unwrap();
        log_in(&users, "ann", PASSWORD).await.unwrap();
        sandbox.write(&ANN.replace("ann", "bob"));
        log_in(&users, "bob", PASSWORD).await.unwrap();
        let gone = log_in(&users, "ann", PASSWORD).await.unwrap_err();
        assert_eq!(gone, LoginRefused::WrongCredentials);
    }

    #[tokio::test]
    async fn a_faulty_or_missing_file_leaves_what_it_said_before() {
        let sandbox = Sandbox::new(ANN);
        let users = sandbox.open().unwrap();
        for text in ["[users", "[users.ann]\npasword_hash = 'HASH'\n"] {
            sandbox.write(text);
            log_in(&users, "ann", PASSWORD).await.unwrap();
        }
        std::fs::remove_file(sandbox.path()).unwrap();
        log_in(&users, "ann", PASSWORD).await.unwrap();
        sandbox.write(&ANN.replace("ann", "bob"));
        log_in(&users, "bob", PASSWORD).await.unwrap();
    }

    #[tokio::test]
    async fn a_user_comes_only_from_allowed_addresses() {
        let sandbox = Sandbox::new(&format!(
            "{ANN}allowed_addresses = ['192.0.2.0/24', '2001:db8::7']\n\
             [users.bob]\npassword_hash = 'HASH'\nallowed_addresses = []\n"
        ));
        let users = sandbox.open().unwrap();
        let from = async |user, peer: &str| {
            let connection = Connection::new().with_peer(peer.parse().unwrap());
            log_in_from(&users, user, PASSWORD, &connection)
                .await
                .map(drop)
        };
        assert_eq!(from("ann", "192.0.2.9:1").await, Ok(()));
        assert_eq!(from("ann", "[2001:db8::7]:1").await, Ok(()));
        for (user, peer) in [
            ("ann", "192.0.3.9:1"),
            ("ann", "[2001:db8::8]:1"),
            ("bob", "192.0.2.9:1"),
        ] {
            let refused = from(user, peer).await;
            assert_eq!(
                refused,
                Err(LoginRefused::AddressNotAllowed),
                "{user} {peer}"
            );
        }
        let unknown = log_in(&users, "ann", PASSWORD).await.unwrap_err();
        assert_eq!(unknown, LoginRefused::AddressNotAllowed);
    }

    #[tokio::test]
    async fn a_user_who_must_use_tls_is_told_so_after_the_password() {
        let sandbox = Sandbox::new(&format!("{ANN}require_tls = true\n"));
        let users = sandbox.open().unwrap();
        let plain = log_in(&users, "ann", PASSWORD).await.unwrap_err();
        assert_eq!(plain, LoginRefused::TlsRequired);
        let wrong = log_in(&users, "ann", "wrong").await.unwrap_err();
        assert_eq!(wrong, LoginRefused::WrongCredentials);
        let encrypted = Connection::new().with_encrypted(true);
        log_in_from(&users, "ann", PASSWORD, &encrypted)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_home_that_cannot_be_had_is_for_the_log() {
        let sandbox = Sandbox::new(&format!("{ANN}home = 'missing'\n"));
        let users = sandbox.open().unwrap();
        let refused = log_in(&users, "ann", PASSWORD).await.unwrap_err();
        let LoginRefused::Unavailable(reason) = refused else {
            panic!("{refused}");
        };
        assert!(reason.contains("/missing"), "{reason}");
    }

    #[test]
    fn a_slip_is_told_with_its_line_and_the_nearest_name() {
        for (line, told) in [
            (
                "acess = 'none'",
                ":3: users.ann: unknown key 'acess'; did you mean 'access'?",
            ),
            (
                "access = 'readonly'",
                ":3: users.ann.access: there is no 'readonly'; did you mean 'read-only'?",
            ),
            (
                "home = '../x'",
                ":3: users.ann.home: this must be a path without '..'",
            ),
            (
                "allowed_addresses = ['192.0.2.0/24', '192.0.2.0/33']",
                ":3: users.ann.allowed_addresses[1]: this must be an address",
            ),
            (
                "upload_rate = 'fast'",
                ":3: users.ann.upload_rate: this must be bytes a second",
            ),
            (
                "max_sessions = -1",
                ":3: users.ann.max_sessions: this value is not possible",
            ),
            ("password_hash = 'x'", ":3: "),
        ] {
            let sandbox = Sandbox::new(&format!("{ANN}{line}\n"));
            let error = sandbox.open().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{line}");
            assert!(error.message().contains(told), "{line}: {error}");
            assert!(!error.message().contains("argon2id$"), "{error}");
        }
    }

    #[test]
    fn a_hash_is_required_and_never_quoted() {
        let sandbox = Sandbox::new("[users.ann]\nhome = '/'\n");
        let error = sandbox.open().unwrap_err();
        assert!(
            error.message().contains("'password_hash' is missing"),
            "{error}"
        );
        let sandbox = Sandbox::new("[users.ann]\npassword_hash = 'hunter2'\n");
        let error = sandbox.open().unwrap_err();
        assert!(
            error
                .message()
                .contains(":2: users.ann.password_hash: this must be an argon2")
        );
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_not_found() {
        let sandbox = Sandbox::new("");
        std::fs::remove_file(sandbox.path()).unwrap();
        assert_eq!(sandbox.open().unwrap_err().kind(), ErrorKind::NotFound);
    }
}
