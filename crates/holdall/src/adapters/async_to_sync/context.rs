//! Whether the caller is an async task, which must never be blocked.

use std::task::{Context, Poll, Waker};

use tokio::runtime::Handle;
use tokio::task::coop;

/// More than the most that a task can do before it is to yield: tokio counts
/// it in a byte.
const MAX_BUDGET: usize = 256;

/// Whether this thread certainly polls a future of a tokio runtime.
///
/// That a runtime is known here does not tell: it is on the threads of
/// `spawn_blocking`, in `block_in_place`, and wherever a handle was entered,
/// and there blocking is fine. What does tell is tokio's budget for
/// cooperation: it has an end in the poll of a task or of `block_on`, and none
/// anywhere else. A future under `unconstrained` passes as not certain.
pub(super) fn polls_a_future() -> bool {
    Handle::try_current().is_ok() && is_budget_limited()
}

/// Spends the budget to see whether it ends, and gives it all back.
fn is_budget_limited() -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    // When dropped, it restores the budget to what it is now.
    let Poll::Ready(_before) = coop::poll_proceed(&mut cx) else {
        return true;
    };
    for _ in 0..MAX_BUDGET {
        if !coop::has_budget_remaining() {
            return true;
        }
        if let Poll::Ready(spent) = coop::poll_proceed(&mut cx) {
            spent.made_progress();
        }
    }
    false
}
