//! Calls of a backend that blocks, each in one hop to the pool.

use std::sync::Arc;

use super::abandoned::{Abandoned, Places};
use crate::backend::Backend;
use crate::error::{Operation, Result};
use crate::pool::Queue;

/// A backend that blocks, and what is known of its calls.
pub(super) struct Calls {
    pub(super) backend: Arc<dyn Backend>,
    abandoned: Arc<Abandoned>,
    /// Of this adapter alone.
    pub(super) threads: Arc<Queue>,
}

impl Calls {
    pub(super) fn new(backend: Arc<dyn Backend>) -> Self {
        Self {
            backend,
            abandoned: Arc::default(),
            threads: Queue::foreign(),
        }
    }

    /// Fills in the place of a failure that the backend did not tell.
    pub(super) fn told<T>(&self, operation: Operation, path: &str, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.located(operation, path, self.backend.name()))
    }

    /// A call that changes nothing.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        call: impl FnOnce(&dyn Backend) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let backend = Arc::clone(&self.backend);
        let result = self.threads.run(move || call(&*backend)).await;
        self.told(operation, path, result.and_then(|result| result))
    }

    /// A call that changes what is at `paths`, the first of which is named by
    /// its errors.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        operation: Operation,
        paths: &[&str],
        call: impl FnOnce(&dyn Backend) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let places = Places::of(paths);
        self.abandoned.settled(&places).await;
        let (_watched, running) = self.abandoned.begin(places);
        let call = move |backend: &dyn Backend| {
            let result = call(backend);
            drop(running);
            result
        };
        let path = paths.first().copied().unwrap_or_default();
        self.look(operation, path, call).await
    }
}
