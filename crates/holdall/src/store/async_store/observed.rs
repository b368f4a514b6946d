//! Calls in their spans.

use std::future::Future;

use tracing::Instrument;

use super::AsyncStore;
use crate::error::{Operation, Result};
use crate::store::observe::Concluded;

impl AsyncStore {
    /// Runs a backend's call in a span, rebases its error and reports it.
    pub(super) async fn observed<T: Concluded>(
        &self,
        operation: Operation,
        path: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let span = self.base.span(operation, path);
        let result = call.instrument(span.clone()).await;
        self.base.conclude(&span, operation, path, result)
    }
}
