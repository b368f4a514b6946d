//! Files that are being given up: a call that begins later waits until they have
//! taken back what they are to take back.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

/// How many are on their way out.
#[derive(Clone)]
pub(super) struct Leavers(Arc<watch::Sender<usize>>);

impl Leavers {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// Waits until nobody is.
    pub(super) async fn gone(&self) {
        if *self.0.borrow() > 0 {
            // It cannot fail while there is a sender.
            let _ = self.0.subscribe().wait_for(|leavers| *leavers == 0).await;
        }
    }
}

/// One on its way out, until this is dropped.
struct Leaver(Leavers);

impl Leaver {
    fn new(leavers: &Leavers) -> Self {
        leavers.0.send_modify(|leavers| *leavers += 1);
        Self(leavers.clone())
    }
}

impl Drop for Leaver {
    fn drop(&mut self) {
        self.0.0.send_modify(|leavers| *leavers -= 1);
    }
}

/// Goes with a file wherever it goes, and is dropped after it.
#[derive(Clone, Default)]
pub(super) struct Tag(Arc<Mutex<Option<Leaver>>>);

/// What the owner of a file keeps: once it is dropped, the file is on its way out
/// until its tag is dropped.
pub(super) struct Stub {
    tag: Tag,
    leavers: Leavers,
}

impl Stub {
    pub(super) fn new(tag: &Tag, leavers: &Leavers) -> Self {
        Self {
            tag: tag.clone(),
            leavers: leavers.clone(),
        }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        *self.tag.0.lock() = Some(Leaver::new(&self.leavers));
    }
}
