//! The terms of one call: may it wait, and is its caller still there?

use std::sync::atomic::{AtomicU8, Ordering};

use super::refusal::{Outcome, Refusal};

/// A call's terms: whether it may wait, and whether its caller is still there.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallContext<'a> {
    nowait: bool,
    gate: Option<&'a CommitGate>,
}

impl<'a> CallContext<'a> {
    /// A call that may wait and cannot be cancelled.
    pub const UNBOUND: CallContext<'static> = CallContext {
        nowait: false,
        gate: None,
    };

    /// A call on the caller's own thread: what is not at hand is
    /// [`Refusal::WouldWait`], and nothing has changed then.
    pub(crate) const fn without_waiting() -> Self {
        Self {
            nowait: true,
            gate: None,
        }
    }

    /// A call that `gate` can still cancel.
    pub(crate) const fn gated(gate: &'a CommitGate) -> Self {
        Self {
            nowait: false,
            gate: Some(gate),
        }
    }

    /// Whether an answer that is not at hand must be [`Refusal::WouldWait`].
    pub const fn must_not_wait(self) -> bool {
        self.nowait
    }

    /// Whether the caller gave up: long work looks now and then and returns
    /// [`Refusal::Cancelled`].
    pub fn is_cancelled(self) -> bool {
        self.gate.is_some_and(CommitGate::is_cancelled)
    }

    /// Passes the point of no return. A driver calls this once per change, as
    /// the last thing before the change becomes visible, holding whatever lock
    /// keeps later calls on the same key behind this one until the change is
    /// done.
    ///
    /// # Errors
    ///
    /// [`Refusal::Cancelled`] where the caller gave up before: nothing may
    /// change then.
    pub fn commit(self) -> Outcome<()> {
        match self.gate {
            Some(gate) if !gate.commit() => Err(Refusal::Cancelled),
            _ => Ok(()),
        }
    }
}

/// Decides between a caller that gives up and a change that commits: exactly
/// one of them wins.
#[derive(Debug, Default)]
pub(crate) struct CommitGate(AtomicU8);

const OPEN: u8 = 0;
const COMMITTED: u8 = 1;
const CANCELLED: u8 = 2;

impl CommitGate {
    /// Whether the change may be made: true also when it was committed before.
    fn commit(&self) -> bool {
        match self
            .0
            .compare_exchange(OPEN, COMMITTED, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => true,
            Err(state) => state == COMMITTED,
        }
    }

    /// Gives up, unless the change is committed already.
    pub(crate) fn cancel(&self) {
        let _ = self
            .0
            .compare_exchange(OPEN, CANCELLED, Ordering::AcqRel, Ordering::Acquire);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire) == CANCELLED
    }
}
