//! Failed logins are slowed, and locked out.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{Account, Accounts, Login, LoginRefused};

/// How failed logins are slowed and locked out.
///
/// ```
/// use holdall_ftp::LockoutOptions;
/// use std::time::Duration;
///
/// let mut options = LockoutOptions::default();
/// options.attempts = 3;
/// options.lockout = Duration::from_secs(3600);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockoutOptions {
    /// How many logins of one user from one address may fail before they are
    /// locked out; 10. With 0 nobody is.
    pub attempts: u32,
    /// How long they are locked out, and how long failures count; 15 minutes.
    pub lockout: Duration,
    /// How long the first refusal is held back; each later one twice as long; a
    /// quarter of a second.
    pub first_delay: Duration,
    /// How long a refusal is held back at most; 4 seconds.
    pub longest_delay: Duration,
    /// How many users and addresses are remembered at most, some 150 bytes each;
    /// 10,000. Those that failed longest ago are forgotten first.
    pub remembered: usize,
}

impl Default for LockoutOptions {
    fn default() -> Self {
        Self {
            attempts: 10,
            lockout: Duration::from_secs(15 * 60),
            first_delay: Duration::from_millis(250),
            longest_delay: Duration::from_secs(4),
            remembered: 10_000,
        }
    }
}

/// Accounts whose failed logins are slowed, and locked out after some.
///
/// Failures count for a user and an address together, so that nobody can lock
/// others out; for IPv6 the network of 64 bits is the address, since one machine
/// has all of it. Logins of one user from one address are tried one after the
/// other: trying many at once is no way around the count. A login that succeeds
/// clears it.
pub struct Guarded<A> {
    inner: A,
    options: LockoutOptions,
    /// By a keyed hash, so that a long name takes no memory.
    records: Mutex<HashMap<u64, Arc<Record>>>,
    hasher: RandomState,
}

/// What is remembered of one user at one address.
struct Record {
    /// Held while a login is tried.
    turn: tokio::sync::Mutex<()>,
    failures: Mutex<Failures>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl<A> Guarded<A> {
    /// Guards `inner`.
    pub fn new(inner: A, options: LockoutOptions) -> Self {
        Self {
            inner,
            options,
            records: Mutex::new(HashMap::new()),
            hasher: RandomState::new(),
        }
    }

    fn key(&self, login: &Login<'_>) -> u64 {
        let address = login.connection.peer.map(|peer| network(peer.ip()));
        self.hasher.hash_one((login.user, address))
    }

    fn record(&self, key: u64) -> Arc<Record> {
        let mut records = self.records.lock();
        if !records.contains_key(&key) && records.len() >= self.options.remembered {
            self.forget_some(&mut records);
        }
        let record = records.entry(key).or_insert_with(|| {
            Arc::new(Record {
                turn: tokio::sync::Mutex::new(()),
                failures: Mutex::new(Failures {
                    count: 0,
                    last: Instant::now(),
                }),
            })
        });
        Arc::clone(record)
    }

    /// Drops what no longer counts, or else the older half.
    fn forget_some(&self, records: &mut HashMap<u64, Arc<Record>>) {
        let before = records.len();
        records.retain(|_, record| self.still_counts(*record.failures.lock()));
        if records.len() < before {
            return;
        }
        let mut times: Vec<Instant> = records
            .values()
            .map(|record| record.failures.lock().last)
            .collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = *median;
        records.retain(|_, record| record.failures.lock().last > median);
    }

    fn still_counts(&self, failures: Failures) -> bool {
        failures.count > 0 && failures.last.elapsed() < self.options.lockout
    }

    fn is_locked_out(&self, record: &Record) -> bool {
        let mut failures = record.failures.lock();
        if !self.still_counts(*failures) {
            failures.count = 0;
        }
        self.options.attempts > 0 && failures.count >= self.options.attempts
    }

    /// Counts a failure, and says how long its refusal is held back.
    fn count(&self, record: &Record) -> Duration {
        let mut failures = record.failures.lock();
        failures.count = failures.count.saturating_add(1);
        failures.last = Instant::now();
        let doubled = 2_u32.saturating_pow(failures.count - 1);
        let delay = self.options.first_delay.saturating_mul(doubled);
        delay.min(self.options.longest_delay)
    }

    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.records.lock().len()
    }
}

#[async_trait]
impl<A: Accounts> Accounts for Guarded<A> {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        let key = self.key(&login);
        let record = self.record(key);
        let _turn = record.turn.lock().await;
        if self.is_locked_out(&record) {
            return Err(LoginRefused::LockedOut);
        }
        // Counted before it is known, so that leaving early helps nobody.
        let delay = self.count(&record);
        let answer = self.inner.log_in(login).await;
        match &answer {
            Ok(_) => {
                record.failures.lock().count = 0;
                self.records.lock().remove(&key);
            }
            Err(LoginRefused::WrongCredentials | LoginRefused::AddressNotAllowed) => {
                hold_back(delay).await;
            }
            Err(_) => {
                let mut failures = record.failures.lock();
                failures.count = failures.count.saturating_sub(1);
            }
        }
        answer
    }
}

impl<A> std::fmt::Debug for Guarded<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guarded")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a guesser is slowed by time; nothing is waited for"
)]
async fn hold_back(delay: Duration) {
    tokio::time::sleep(delay).await;
}

/// What one machine has of addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use holdall::Secret;
    use holdall::pathio::Connection;

    use super::*;
    use crate::accounts::testing::{Fixed, PASSWORD};

    async fn attempt(
        guarded: &Guarded<Fixed>,
        user: &str,
        from: &str,
        password: &str,
    ) -> Result<(), LoginRefused> {
        let peer = SocketAddr::new(from.parse().unwrap(), 1);
        let connection = Connection::new().with_peer(peer);
        let password = Secret::new(password);
        let login = Login::new(user, &password, &connection);
        guarded.log_in(login).await.map(drop)
    }

    fn guarded(options: LockoutOptions) -> Guarded<Fixed> {
        Guarded::new(Fixed::new("ann"), options)
    }

    fn three_attempts() -> LockoutOptions {
        LockoutOptions {
            attempts: 3,
            ..LockoutOptions::default()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_some_failures_even_the_password_is_refused_until_time_has_passed() {
        let guarded = guarded(three_attempts());
        for _ in 0..3 {
            let refused = attempt(&guarded, "ann", "192.0.2.1", "wrong").await;
            assert_eq!(refused, Err(LoginRefused::WrongCredentials));
        }
        let locked = attempt(&guarded, "ann", "192.0.2.1", PASSWORD).await;
        assert_eq!(locked, Err(LoginRefused::LockedOut));
        tokio::time::advance(Duration::from_secs(15 * 60)).await;
        assert_eq!(
            attempt(&guarded, "ann", "192.0.2.1", PASSWORD).await,
            Ok(())
        );
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_locks_out_others_or_the_same_user_elsewhere() {
        let guarded = guarded(three_attempts());
        for _ in 0..3 {
            attempt(&guarded, "ann", "192.0.2.1", "wrong")
                .await
                .unwrap_err();
        }
        assert_eq!(
            attempt(&guarded, "ann", "192.0.2.2", PASSWORD).await,
            Ok(())
        );
        let other = attempt(&guarded, "bob", "192.0.2.1", "wrong").await;
        assert_eq!(other, Err(LoginRefused::WrongCredentials));
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_of_64_bits_is_one_address() {
        let guarded = guarded(three_attempts());
        for last in 1..=3 {
            let from = format!("2001:db8::{last}");
            attempt(&guarded, "ann", &from, "wrong").await.unwrap_err();
        }
        let locked = attempt(&guarded, "ann", "2001:db8::4", PASSWORD).await;
        assert_eq!(locked, Err(LoginRefused::LockedOut));
        assert_eq!(
            attempt(&guarded, "ann", "2001:db8:0:1::4", PASSWORD).await,
            Ok(())
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_clears_the_count() {
        let guarded = guarded(three_attempts());
        for _ in 0..3 {
            attempt(&guarded, "ann", "192.0.2.1", "wrong")
                .await
                .unwrap_err();
            attempt(&guarded, "ann", "192.0.2.1", "wrong")
                .await
                .unwrap_err();
            attempt(&guarded, "ann", "192.0.2.1", PASSWORD)
                .await
                .unwrap();
        }
        assert_eq!(guarded.remembered(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn many_attempts_at_once_are_no_way_around_the_count() {
        let guarded = guarded(three_attempts());
        let attempts = (0..20).map(|_| attempt(&guarded, "ann", "192.0.2.1", "wrong"));
        let answers = futures::future::join_all(attempts).await;
        let tried = answers
            .iter()
            .filter(|answer| **answer == Err(LoginRefused::WrongCredentials));
        assert_eq!(tried.count(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn many_logins_at_once_with_the_password_all_succeed() {
        let guarded = guarded(three_attempts());
        let attempts = (0..20).map(|_| attempt(&guarded, "ann", "192.0.2.1", PASSWORD));
        let answers = futures::future::join_all(attempts).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_is_given_up_counts() {
        let guarded = guarded(three_attempts());
        for _ in 0..3 {
            let attempt = attempt(&guarded, "ann", "192.0.2.1", "wrong");
            // The refusal is held back longer than that.
            let given_up = tokio::time::timeout(Duration::from_millis(1), attempt).await;
            given_up.unwrap_err();
        }
        let locked = attempt(&guarded, "ann", "192.0.2.1", PASSWORD).await;
        assert_eq!(locked, Err(LoginRefused::LockedOut));
    }

    #[tokio::test(start_paused = true)]
    async fn each_refusal_is_held_back_twice_as_long_as_the_one_before() {
        let guarded = guarded(LockoutOptions::default());
        let mut delays = Vec::new();
        for _ in 0..7 {
            let start = Instant::now();
            attempt(&guarded, "ann", "192.0.2.1", "wrong")
                .await
                .unwrap_err();
            // The clock stands still but for sleeps.
            delays.push(start.elapsed().as_millis());
        }
        assert_eq!(delays, [250, 500, 1000, 2000, 4000, 4000, 4000]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_is_bounded_and_the_latest_stay() {
        let options = LockoutOptions {
            remembered: 10,
            ..three_attempts()
        };
        let guarded = guarded(options);
        for number in 0..100 {
            let user = format!("user{number}");
            attempt(&guarded, &user, "192.0.2.1", "wrong")
                .await
                .unwrap_err();
            assert!(guarded.remembered() <= 10);
        }
        for _ in 0..2 {
            attempt(&guarded, "user99", "192.0.2.1", "wrong")
                .await
                .unwrap_err();
        }
        let locked = attempt(&guarded, "user99", "192.0.2.1", "wrong").await;
        assert_eq!(locked, Err(LoginRefused::LockedOut));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lockout_can_be_switched_off() {
        let options = LockoutOptions {
            attempts: 0,
            ..LockoutOptions::default()
        };
        let guarded = guarded(options);
        for _ in 0..50 {
            let refused = attempt(&guarded, "ann", "192.0.2.1", "wrong").await;
            assert_eq!(refused, Err(LoginRefused::WrongCredentials));
        }
    }
}
