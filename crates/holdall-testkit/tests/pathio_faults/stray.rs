//! Calls that happen although they were dropped.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use holdall::pathio::PathIoResult;

type Call = BoxFuture<'static, PathIoResult<()>>;

/// The calls that were dropped and have not happened yet.
///
/// They land once a later write has ended, and not whenever a scheduler gets to
/// them: one that lands at once is as good as one that was never dropped, and no
/// case could find it.
#[derive(Clone, Default)]
pub(crate) struct Strays(Arc<Mutex<Vec<Call>>>);

impl Strays {
    /// Runs `call` after an await point, at which a drop makes a stray of it.
    pub(crate) async fn run(&self, call: Call) -> PathIoResult<()> {
        let mut guard = Guard {
            strays: self.clone(),
            call: Some(call),
        };
        tokio::task::yield_now().await;
        guard.call.take().unwrap().await
    }

    /// Lets what was dropped happen.
    pub(crate) async fn land(&self) -> PathIoResult<()> {
        let calls = std::mem::take(&mut *self.0.lock().unwrap());
        for call in calls {
            call.await?;
        }
        Ok(())
    }
}

struct Guard {
    strays: Strays,
    call: Option<Call>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            self.strays.0.lock().unwrap().push(call);
        }
    }
}
