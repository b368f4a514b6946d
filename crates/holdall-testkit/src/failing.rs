//! A driver that fails where it is told to.

use std::sync::atomic::{AtomicUsize, Ordering};

use holdall::driver::{CallContext, Driver, Outcome, Refusal};

use crate::interposed::{Interposed, Interposer};

/// A driver whose primitives can be made to fail, one at a time.
///
/// ```
/// use holdall::driver::Refusal;
/// use holdall::{AsyncStore, AsyncDriverBackend, ErrorKind, MemoryDriver};
/// use holdall_testkit::FailingDriver;
///
/// # #[tokio::main] async fn main() -> holdall::Result<()> {
/// let driver = FailingDriver::new(MemoryDriver::named("memory"), || {
///     Refusal::failed(ErrorKind::StorageFull, "no room")
/// });
/// let switch = driver.switch();
/// let store = AsyncStore::new(AsyncDriverBackend::from_driver(driver), "")?;
/// switch.fail_after(0); // the very next primitive
/// let error = store.write("a.txt", "text").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::StorageFull);
/// # Ok(()) }
/// ```
pub type FailingDriver<D> = Interposed<D, Fails>;

/// Decides which primitive fails; clones decide together.
#[derive(Debug, Clone, Default)]
pub struct Switch(std::sync::Arc<AtomicUsize>);

impl Switch {
    /// Lets `successes` primitives succeed and fails the one after them, once.
    pub fn fail_after(&self, successes: usize) {
        self.0.store(successes.saturating_add(1), Ordering::SeqCst);
    }

    /// Lets all primitives succeed.
    pub fn disarm(&self) {
        self.0.store(0, Ordering::SeqCst);
    }

    /// Whether the failure is still to come.
    pub fn is_armed(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }

    /// Counts one primitive; true where it is the one that fails.
    fn is_due(&self) -> bool {
        let counted = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        counted == Ok(1)
    }
}

/// Fails a primitive when its [`Switch`] says so.
pub struct Fails {
    switch: Switch,
    refusal: Box<dyn Fn() -> Refusal + Send + Sync>,
}

impl std::fmt::Debug for Fails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fails")
            .field("switch", &self.switch)
            .finish_non_exhaustive()
    }
}

impl<D: Driver> Interposed<D, Fails> {
    /// `driver` with a failure of the kind that `refusal` makes; none until the
    /// [switch](Self::switch) is armed.
    pub fn new(driver: D, refusal: impl Fn() -> Refusal + Send + Sync + 'static) -> Self {
        let interposer = Fails {
            switch: Switch::default(),
            refusal: Box::new(refusal),
        };
        Self::around(driver, interposer)
    }

    /// What arms the failure.
    pub fn switch(&self) -> Switch {
        self.interposer().switch.clone()
    }
}

impl Interposer for Fails {
    async fn before(&self, _cx: CallContext<'_>) -> Outcome<()> {
        if self.switch.is_due() {
            return Err((self.refusal)());
        }
        Ok(())
    }

    async fn after(&self) {}
}
