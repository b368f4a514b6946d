//! The terms of one call: may it wait, and is its caller still there?

use std::sync::atomic::{AtomicBool, Ordering};

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
        if self.is_cancelled() {
            return Err(Refusal::Cancelled);
        }
        Ok(())
    }
}

/// Whether the caller of a step has given up: then nothing more of it commits,
/// also where a step of many changes has committed some of them.
#[derive(Debug, Default)]
pub(crate) struct CommitGate(AtomicBool);

impl CommitGate {
    /// Gives up; a change that is committed already is not taken back.
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
