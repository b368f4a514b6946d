//! What the sessions of a server share.

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use holdall::pathio::Connection;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use crate::accounts::{Account, Accounts};
use crate::observer::{Event, Observer, SessionInfo};
use crate::options::ServerOptions;

pub(crate) struct Shared {
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) options: ServerOptions,
    observer: Option<Arc<dyn Observer>>,
    next_id: AtomicU64,
    open: AtomicUsize,
    /// How many sessions each user is logged in with.
    seats: Mutex<HashMap<String, usize>>,
}

impl Shared {
    pub(super) fn new(
        accounts: Arc<dyn Accounts>,
        options: ServerOptions,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        Self {
            accounts,
            options,
            observer,
            next_id: AtomicU64::new(1),
            open: AtomicUsize::new(0),
            seats: Mutex::new(HashMap::new()),
        }
    }

    pub(super) fn introduce(&self, stream: &TcpStream, peer: SocketAddr) -> SessionInfo {
        let mut connection = Connection::new().with_peer(canonical(peer));
        if let Ok(local) = stream.local_addr() {
            connection = connection.with_local(canonical(local));
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        SessionInfo { id, connection }
    }

    pub(crate) fn observe(&self, session: &SessionInfo, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer.observe(session, event);
        }
    }

    pub(super) fn sessions(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Counts a session until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Presence {
        self.open.fetch_add(1, Ordering::Relaxed);
        Presence(Arc::clone(self))
    }

    /// Takes one of the sessions that the account may have at once, if one is free.
    pub(crate) fn take_seat(self: &Arc<Self>, account: &Account) -> Option<Seat> {
        let mut seats = self.seats.lock();
        let taken = seats.get(&account.name).copied().unwrap_or(0);
        if account.limits.sessions.is_some_and(|limit| taken >= limit) {
            return None;
        }
        seats.insert(account.name.clone(), taken + 1);
        Some(Seat {
            shared: Arc::clone(self),
            user: account.name.clone(),
        })
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("options", &self.options)
            .field("sessions", &self.sessions())
            .finish_non_exhaustive()
    }
}

/// That a session is open.
pub(crate) struct Presence(Arc<Shared>);

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// That a session is logged in as a user.
pub(crate) struct Seat {
    shared: Arc<Shared>,
    user: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.shared.seats.lock();
        if let Some(taken) = seats.get_mut(&self.user) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.user);
            }
        }
    }
}

/// An IPv4 address as such, also where it came to a listener for both versions.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
