//! Logging in and out.

use std::sync::Arc;

use holdall::Secret;
use holdall::pathio::{AbstractPathIo, TimedPathIo};
use tokio::time::Instant;

use super::Session;
use super::outcome::{Answer, End, Refusal};
use super::state::LoggedIn;
use crate::accounts::{Account, Login, LoginRefused};
use crate::observer::Event;
use crate::protocol::Reply;
use crate::server::Phase;

impl Session {
    pub(super) fn user(&mut self, name: String) -> Answer {
        if self.shared.options.require_tls && !self.info.connection.encrypted {
            return Err(Refusal::new(530, "Send AUTH TLS first."));
        }
        self.log_out();
        self.state.claimed_user = Some(name);
        // The same for everybody, so that nobody learns who has an account.
        Ok(Reply::new(331, "Send the password."))
    }

    pub(super) async fn pass(&mut self, password: Secret) -> Answer {
        let Some(user) = self.state.claimed_user.take() else {
            return Err(Refusal::new(503, "Send USER first."));
        };
        match self.check(&user, &password).await? {
            Ok(account) => self.enter(account),
            Err(refused) => self.turn_down(&user, &refused),
        }
    }

    async fn check(
        &mut self,
        user: &str,
        password: &Secret,
    ) -> Result<Result<Account, LoginRefused>, End> {
        let login = Login::new(user, password, &self.info.connection);
        let deadline = self.login_deadline();
        let mut phase = self.phase.clone();
        tokio::select! {
            checked = self.shared.accounts.log_in(login) => Ok(checked),
            () = tokio::time::sleep_until(deadline) => Err(self.out_of_patience()),
            _ = Phase::wait_for_end(&mut phase) => Err(End::server_stopping()),
        }
    }

    fn enter(&mut self, account: Account) -> Answer {
        let Some(seat) = self.shared.take_seat(&account) else {
            let (user, reason) = (account.name.as_str(), "too_many_sessions");
            tracing::warn!(user, reason, "the login was refused");
            self.observe(&Event::LoginFailed { user, reason });
            return Err(Refusal::new(
                530,
                "You have too many sessions; end another first.",
            ));
        };
        let connection = self.info.connection.clone().with_user(&account.name);
        self.info.connection = connection.clone();
        self.state.failed_logins = 0;
        let home = account.home.for_connection(connection);
        self.state.login = Some(LoggedIn {
            io: self.timed(home),
            permissions: account.permissions,
            limits: account.limits,
            _seat: seat,
        });
        let encrypted = self.info.connection.encrypted;
        tracing::info!(user = account.name, encrypted, "logged in");
        self.observe(&Event::LoggedIn);
        Ok(Reply::new(230, "Logged in."))
    }

    /// No call of the storage may hold a session for ever.
    fn timed(&self, home: Arc<dyn AbstractPathIo>) -> Arc<dyn AbstractPathIo> {
        Arc::new(TimedPathIo::new(home, self.shared.options.storage_timeout))
    }

    fn turn_down(&mut self, user: &str, refused: &LoginRefused) -> Answer {
        let reason = refused.as_str();
        tracing::warn!(user, reason, error = %refused, "the login was refused");
        self.observe(&Event::LoginFailed { user, reason });
        self.state.failed_logins += 1;
        if self.state.failed_logins >= self.shared.options.login_attempts {
            let end = End::with(421, "Too many logins failed.", "too_many_failed_logins");
            return Err(end.into());
        }
        Err(match refused {
            LoginRefused::TlsRequired => Refusal::new(530, "Send AUTH TLS first."),
            LoginRefused::Unavailable(_) => {
                Refusal::new(451, "Nobody can log in now; try again later.")
            }
            _ => Refusal::new(530, "The login failed."),
        })
    }

    pub(super) fn reinitialize(&mut self) -> Answer {
        if self.info.connection.encrypted {
            return Err(Refusal::new(502, "Not over TLS: make a new connection."));
        }
        self.log_out();
        Ok(Reply::new(220, "Ready for a new user."))
    }

    /// Forgets who is logged in. The next login has its own time.
    pub(super) fn log_out(&mut self) {
        if self.state.is_logged_in() {
            self.begun = Instant::now();
        }
        self.state.log_out();
        self.info.connection.user = None;
    }
}
