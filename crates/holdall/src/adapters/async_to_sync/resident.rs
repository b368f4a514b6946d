//! A value of the wrapped backend that stays on the private thread.

use std::sync::{Arc, mpsc as answers};

use futures::future::{BoxFuture, FutureExt};
use tokio::sync::mpsc;

use super::private::Private;
use crate::error::{Operation, Result};

/// A place on the private thread, empty at first, for a stream, listing, reader
/// or writer. One call at a time works on it; dropping the resident drops what
/// is in the place, on the private thread.
pub(super) struct Resident<T> {
    private: Arc<Private>,
    operation: Operation,
    path: String,
    jobs: mpsc::UnboundedSender<Job<T>>,
}

type Job<T> = Box<dyn for<'a> FnOnce(&'a mut Option<T>) -> BoxFuture<'a, ()> + Send>;

impl<T: Send + 'static> Resident<T> {
    pub(super) fn new(private: &Arc<Private>, operation: Operation, path: &str) -> Self {
        let (jobs, mut queue) = mpsc::unbounded_channel::<Job<T>>();
        private.spawn(async move {
            let mut place = None;
            while let Some(job) = queue.recv().await {
                job(&mut place).await;
            }
        });
        Self {
            private: Arc::clone(private),
            operation,
            path: path.to_owned(),
            jobs,
        }
    }

    /// Runs `job` on what is in the place and waits for its answer.
    pub(super) fn call<R: Send + 'static>(
        &self,
        job: impl for<'a> FnOnce(&'a mut Option<T>) -> BoxFuture<'a, Result<R>> + Send + 'static,
    ) -> Result<R> {
        let _permit = self.private.enter(self.operation, &self.path)?;
        let (answer, answered) = answers::sync_channel(1);
        let job: Job<T> = Box::new(move |place| {
            let result = job(place);
            async move {
                let _ = answer.send(result.await);
            }
            .boxed()
        });
        // A job that cannot be sent is dropped, and with it the sender.
        let _ = self.jobs.send(job);
        match answered.recv() {
            Ok(result) => result,
            Err(_) => Err(self.gone()),
        }
    }

    /// What is told where the place is gone or empty: the backend panicked, or
    /// the runtime ended.
    pub(super) fn gone(&self) -> crate::error::Error {
        self.private.unanswered(self.operation, &self.path)
    }
}
