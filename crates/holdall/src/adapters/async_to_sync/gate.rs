//! Who may call, and when the last call is over.
//!
//! One lock holds whether calls are admitted and how many are under way, so
//! that no call slips in behind a close: a call is either counted before the
//! gate closes, and the close waits for it, or it is refused.

use std::sync::PoisonError;
use std::time::Instant;

use super::sync::{Condvar, Mutex, MutexGuard};

pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    is_open: bool,
    in_flight: usize,
    /// The closing is over, whether it was carried through or given up.
    is_settled: bool,
}

/// A call under way: the gate counts it until it is dropped.
pub(super) struct Permit<'a>(&'a Gate);

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                is_open: true,
                in_flight: 0,
                is_settled: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Lets a call in; `None` once the gate is closed.
    pub(super) fn admit(&self) -> Option<Permit<'_>> {
        let mut state = self.lock();
        state.is_open.then(|| {
            state.in_flight += 1;
            Permit(self)
        })
    }

    /// Refuses all calls from here on. Whether the gate was open: then the
    /// closing is the caller's to carry out.
    pub(super) fn close(&self) -> bool {
        std::mem::take(&mut self.lock().is_open)
    }

    /// Waits until no call is under way; the number of those that are at the
    /// deadline.
    pub(super) fn wait_idle(&self, deadline: Option<Instant>) -> usize {
        let state = self.wait_while(deadline, |state| state.in_flight > 0);
        state.in_flight
    }

    /// Tells those who wait that the closing is over.
    pub(super) fn settle(&self) {
        self.lock().is_settled = true;
        self.changed.notify_all();
    }

    /// Waits until the closing is over; whether it is at the deadline.
    pub(super) fn wait_settled(&self, deadline: Option<Instant>) -> bool {
        let state = self.wait_while(deadline, |state| !state.is_settled);
        state.is_settled
    }

    fn wait_while(
        &self,
        deadline: Option<Instant>,
        waits: impl Fn(&State) -> bool,
    ) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        while waits(&state) {
            state = match deadline {
                None => {
                    let woken = self.changed.wait(state);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    let woken = self.changed.wait_timeout(state, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement, also if one panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.in_flight -= 1;
        if state.in_flight == 0 {
            self.0.changed.notify_all();
        }
    }
}
