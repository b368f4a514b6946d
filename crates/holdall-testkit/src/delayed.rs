//! A driver whose every primitive waits.

use std::future::poll_fn;
use std::task::Poll;

use holdall::driver::{CallContext, Driver, Execution, Outcome, Refusal};

use crate::interposed::{Interposed, Interposer};

/// A driver that waits before and after each primitive of another.
///
/// It says that its calls wait, as a network client's do, and is not ready at
/// least once per primitive. So every await point of the contract kernel
/// becomes real, whatever the driver beneath: a call can be dropped at each,
/// and others get their turn.
///
/// ```
/// use holdall::{AsyncStore, AsyncDriverBackend, MemoryDriver};
/// use holdall_testkit::Delayed;
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let driver = Delayed::new(MemoryDriver::named("slow-memory"), 2);
/// let store = AsyncStore::new(AsyncDriverBackend::from_driver(driver), "")?;
/// store.write("a.txt", "text").await?;
/// # Ok(()) }
/// ```
pub type Delayed<D> = Interposed<D, Yields>;

/// Gives way to other tasks a number of times.
#[derive(Debug, Clone, Copy)]
pub struct Yields(usize);

impl<D: Driver> Interposed<D, Yields> {
    /// `driver` with `turns` turns for other tasks before and after each
    /// primitive, and at least one.
    pub fn new(driver: D, turns: usize) -> Self {
        Self::around(driver, Yields::of(turns))
    }
}

impl Yields {
    /// So many turns for others, and at least one.
    pub(crate) fn of(turns: usize) -> Self {
        Self(turns.max(1))
    }

    pub(crate) async fn give_way(self) {
        let mut turns = self.0;
        poll_fn(|cx| {
            if turns == 0 {
                return Poll::Ready(());
            }
            turns -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

impl Interposer for Yields {
    fn execution(&self, _own: Execution) -> Execution {
        Execution::Waits
    }

    async fn before(&self, cx: CallContext<'_>) -> Outcome<()> {
        self.give_way().await;
        if cx.is_cancelled() {
            return Err(Refusal::Cancelled);
        }
        Ok(())
    }

    async fn after(&self) {
        self.give_way().await;
    }
}
